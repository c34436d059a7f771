import { detectCredential, detectFlagged, detectStated } from './detect.ts';
import { detectFormat } from './detect-format.ts';
import { scanDirective, scanLastWords, withKey, type LineFinding } from './directives.ts';
import { compared, leading, patterns } from './line-patterns.ts';
import { nameEvidence } from './names.ts';
import { isCall, isFormLabel } from './placeholders.ts';
import { scanShell } from './programs.ts';
import { looksLikeKey, looksRandom } from './strength.ts';

/** `Too short`, `Min. 8 characters`, `Sent on {date}`, as the texts of a page are written. */
const words = /^\p{Lu}[\p{L}'’]*[.:]?(?:,? (?:[\p{L}'’-]+|\d{1,4}(?:-\d{1,4})?|\{\w{0,32}\}))+[.?!…]?$/u;

/** The first credential in one line of a document, without the white space around it. */
export function scanLine(line: string): LineFinding | undefined {
  // A commented-out line may hold a real token, but its words are explanation.
  if (isComment(line)) return scanRegistry(line) ?? detectFormat(line) ?? scanCommentedOut(line);
  if (numericMember.test(line)) return undefined;
  const directive = scanDirective(line);
  if (directive !== undefined) return directive;
  const { key, value } = leading.exec(line)?.groups ?? {};
  const text = unquote(value ?? '');
  if (isHarmless(key ?? '', value ?? '', text)) return undefined;
  return (
    detectNamed(key, text) ??
    // What a call is given may be one; the call itself is none.
    scanInside(isCall(text) ? text : line) ??
    // A command in quotes has flags of its own.
    (line.includes('--') ? scanInside(line.replace(/["']/g, ' ')) : undefined) ??
    scanEscaped(line) ??
    scanShell(line) ??
    scanLastWords(line) ??
    detectFormat(line)
  );
}

function isComment(line: string): boolean {
  return /^(?:[#;]|\*[\s/]|\/\/|<!--)/.test(line) && !schedule.test(line);
}

/** When a line of crontab(5) runs; comments of programs begin with the same sign. */
const schedule = /^\*(?:\/\d{1,2})?(?:\s{1,8}(?:[\d*][\d*,/-]{0,64}|[a-z]{3}(?:[,-][a-z]{3}){0,6})){4}\s/i;

/** `peer { id = a  secret = "tulip" }` and `<Connector secret="tulip"/>`: what `secret = tulip` is in braces of several lines. */
const ownSecret = /[{<][^{}<>]{0,512}?[\s,{]secret\s{0,4}=\s{0,4}"(?<value>[^\s"]{3,256})"/i;

function scanOwnSecret(line: string): LineFinding | undefined {
  if (!/secret\s{0,4}="?/i.test(line)) return undefined;
  const found = detectNamed('webhook.secret', ownSecret.exec(line)?.groups?.['value'] ?? '');
  return found === undefined ? undefined : { ...found, key: 'secret' };
}

/** JSON, JAAS or settings in a text of their own: `"{\"password\":\"…\"}"`, `'host=db password=''…'''`. */
function scanEscaped(line: string): LineFinding | undefined {
  const quote = /[:=]\s?\\"/.test(line) ? '\\"' : /=''[^\s']/.test(line) ? "''" : undefined;
  if (quote === undefined) return undefined;
  const text = line.replaceAll(quote, '"');
  return scanInside(text) ?? detectFormat(text);
}

/** `"password": 3645804,` of JSON: how often or how many. */
const numericMember = /^"[\w./-]{1,128}"\s{0,16}:\s{0,16}-?\d[\d.]{0,64},?$/;

/** What must not be searched further: its first word would be a value of its own. */
function isHarmless(key: string, value: string, text: string): boolean {
  // An object keeps what it was given: `self.password = password`.
  if (/^(?:self|this)\./.test(key)) return /^[\w.]+;?$/.test(value);
  // Which attribute of a directory is which: `pass_attrs = uid=user,userPassword=password`.
  if (/attr(?:ibute)?s?$/i.test(key) && /^["']?\w/.test(value)) return true;
  // A variable of PHP; a name that stands for a password in a list of arguments: `password=db_password,`.
  if (/^\$[a-z_]\w*[,;]$/i.test(value)) return true;
  if (/^[a-z_]+,$/i.test(value) && nameEvidence(text) !== undefined) return true;
  // The shell, where it is one, has no dots in names.
  return isFormLabel(text) || (key.includes('.') && words.test(text));
}

/** A setting that was commented out, with a value that a machine made: people explain with words. */
function scanCommentedOut(line: string): LineFinding | undefined {
  const { key, value } = leading.exec(line.replace(/^[#;/*]{1,8}\s{0,8}/, ''))?.groups ?? {};
  const text = unquote(value ?? '');
  return text.length >= 12 && looksRandom(text) ? detectNamed(key, text) : undefined;
}

/** `//registry.example.com/:_authToken=…` of an .npmrc begins like a comment. */
function scanRegistry(line: string): LineFinding | undefined {
  const { key, value } =
    /^\/\/[^\s:]{1,256}(?::\d{1,5})?[^\s:]{0,256}:_?(?<key>authToken|password|auth)\s?=\s?(?<value>\S+)/.exec(
      line,
    )?.groups ?? {};
  return detectNamed(key, unquote(value ?? ''));
}

function scanInside(line: string): LineFinding | undefined {
  for (const pattern of /[!=~]=/.test(line) ? [compared, ...patterns] : patterns) {
    for (const { 0: match, groups = {}, index } of line.matchAll(pattern)) {
      const before = line.slice(Math.max(0, index - 2), index);
      if (isNoValue(line, before, match, groups)) continue;
      const quoted = groups['double'] ?? groups['single'];
      const { entry } = groups;
      if (entry !== undefined && !looksLikeKey(entry)) continue;
      const value = entry ?? groups['value'] ?? quoted ?? groups['bare'] ?? '';
      const found =
        detectNamed(nameIn(groups), value) ??
        (match.startsWith('--') ? detectFlag(groups['key'], value) : undefined) ??
        // `--header="X-Api-Key: …"`
        (quoted !== undefined && /[:=]/.test(quoted) ? scanInside(quoted) : undefined);
      if (found !== undefined) return found;
    }
  }
  return scanOwnSecret(line);
}

function detectFlag(flag = '', value: string): LineFinding | undefined {
  const found = detectFlagged(flag, value);
  return found === undefined ? undefined : withKey(flag, found);
}

type Groups = Readonly<Record<string, string | undefined>>;

/** What looks like a name and its value and is something else. */
function isNoValue(line: string, before: string, match: string, groups: Groups): boolean {
  const quoted = groups['double'] ?? groups['single'];
  return (
    // `${VAR:?password: not set}`.
    before === ':?' ||
    // Of a link that somebody shared.
    (groups['key'] === 'sk' && /[?&]$/.test(before)) ||
    isProse(line, before, match, groups) ||
    isScope(before, match, groups) ||
    isArgument(before, groups) ||
    isAmount(before, match, groups) ||
    isConstant(match, groups) ||
    (quoted !== undefined && isMisread(quoted, groups['between']))
  );
}

/**
 * `"Password: " pw && echo "…`: from the end of one text to the start of the next; `PASSWORD :'app_password'`: a
 * variable of psql.
 */
function isMisread(quoted: string, between = ''): boolean {
  return quoted.startsWith(' ') || /\s:$/.test(between);
}

function nameIn({ parent, key, name }: Groups): string | undefined {
  return parent === undefined ? (key ?? name) : `${parent}.${key ?? ''}`;
}

/**
 * In a sentence a word after `password:` is a word; YAML in braces and what a machine made is none. What begins in quotes
 * with the name is a sentence, also in the braces of a shell: `{ echo "PASSWORD: must be set"; }`.
 */
function isProse(line: string, before: string, match: string, { key = '', between, bare }: Groups): boolean {
  return (
    bare !== undefined &&
    between?.includes(':') === true &&
    !/\d/.test(bare) &&
    !looksRandom(bare) &&
    (!line.includes('{') || (/["']$/.test(before) && match.startsWith(`${key}: `)))
  );
}

/** `"password:reset"`: a permission or an event, in quotes from end to end. */
function isScope(before: string, match: string, { key = '', bare }: Groups): boolean {
  return (
    bare !== undefined && /["']$/.test(before) && match === `${key}:${bare}` && /^[a-z_.*-]+$/i.test(bare)
  );
}

/**
 * `login(user, password=password)`, `{user:user,password:password}`, `{Password:"password"}`: program text hands on
 * what has the name of the parameter. YAML and TOML put a space before a text in quotes.
 */
function isArgument(before: string, { key, between, double, single, bare }: Groups): boolean {
  const value = double ?? single ?? bare;
  if (key === undefined || value?.toLowerCase() !== key.toLowerCase() || !/[([{,]\s?$/.test(before))
    return false;
  return bare === undefined ? between === ':' : true;
}

/** `{'SIGNING_KEY': SECRET_KEY}` of Python: the name in quotes, the value a constant of that name. */
function isConstant(match: string, { bare }: Groups): boolean {
  return (
    bare !== undefined &&
    /^[A-Z][A-Z\d]*(?:_[A-Z\d]+)+$/.test(bare) &&
    /^[\w.-]+["']/.test(match) &&
    nameEvidence(bare) !== undefined
  );
}

/** The same as `numericMember`, anywhere in a line. */
function isAmount(before: string, match: string, { bare }: Groups): boolean {
  return bare !== undefined && before.endsWith('"') && numericMember.test(`"${match}`);
}

/** Judges a key and a value from a document. */
export function detectNamed(key: string | undefined, value: string): LineFinding | undefined {
  if (key === undefined) return undefined;
  const found =
    detectCredential({ name: key, value }) ??
    (header.test(key) || isProperty(key) ? detectStated(key, value) : undefined);
  return found === undefined ? undefined : withKey(key, found);
}

/** `X-Api-Key`, also behind what holds the headers (`headers.X-Api-Key`): no object can be named there. */
const header = /(?:^|\.)X-[A-Z][\w-]{0,127}$/;

/** `shop.web.jwt.secret`: a setting of a program that must stand in full, and no field that names an object. */
function isProperty(key: string): boolean {
  return /\.[\w-]+\./.test(key) && nameEvidence(key)?.expects === 'literal';
}

/** Takes off quotes, the comma or semicolon after a value, a comment, and YAML's tag or anchor. */
export function unquote(text: string): string {
  const value = text.replace(
    /^(?:!(?!(?:vault|secret|env|file|include|ref|sub|getatt)\b)!?[a-z]{1,16}|&[\w-]{1,64})\s{1,4}(?=\S)/,
    '',
  );
  // What a command prints.
  if (/^`[^`]*\s/.test(value)) return '';
  const triple = /^("{3}|'{3})(?<text>[^"']{1,4096})\1/.exec(value)?.groups?.['text'];
  if (triple !== undefined) return triple;
  const quote = value.charAt(0);
  if (quote === '"' || quote === "'" || quote === '`') {
    const end = value.indexOf(quote, 1);
    return value.slice(1, end < 0 ? undefined : end);
  }
  const comment = value.search(/\s#/);
  return (comment < 0 ? value : value.slice(0, comment)).replace(/[,;]$/, '').trim();
}
