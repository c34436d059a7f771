import type { LineFinding } from './directives.ts';
import { nameEvidence } from './names.ts';
import { detectNamed, unquote } from './scan-line.ts';
import { looksRandom } from './strength.ts';

/** A name whose value stands on a line below. */
export interface NameAbove {
  readonly key: string;
  readonly indent: number;
  /** `- name: KEY` and `type: password` above `value: …`, `key: |` above its text, `keys:` above `- …`. */
  readonly shape: 'name' | 'block' | 'list';
}

const nameEntry =
  /^(?:- |\{ ?)?["']?(?:name|key|type)["']?\s{0,4}[:=]\s{0,4}["']?(?<key>[\w.-]{1,128})["']?,?$|^(?:<property>)?<(?:name|key)>(?<tag>[\w.-]{1,128})<\/(?:name|key)>$/i;
const valueEntry =
  /^["']?value["']?\s{0,4}[:=]\s{0,4}(?<value>\S.*)$|^<(?:value|string)>(?<text>[^<]{1,4096})<\/(?:value|string)>(?:<\/property>)?$/i;
const blockStart = /^(?:- )?["']?(?<key>[\w./-]{1,128})["']?:(?: [|>][-+\d]{0,2})?$/;
const listStart = /^["']?(?<key>[\w./-]{1,128})["']?\s{0,4}[:=](?:\s{0,4}\[)?$/;
const item = /^(?:- (?<entry>["']?[^\s:{["']{1,4096}["']?)|(?<quoted>"[^"]{1,4096}"|'[^']{1,4096}'),?)$/;

/** The name in a line, where its value can only come below. */
export function nameAbove(line: string, indent: number): NameAbove | undefined {
  const name = nameEntry.exec(line)?.groups;
  if (name !== undefined) return { key: name['key'] ?? name['tag'] ?? '', indent, shape: 'name' };
  const block = blockStart.exec(line)?.groups?.['key'];
  if (block !== undefined) return { key: block, indent, shape: line.endsWith(':') ? 'list' : 'block' };
  const list = listStart.exec(line)?.groups?.['key'];
  return list === undefined ? undefined : { key: list, indent, shape: 'list' };
}

/** Whether a line is one entry of a list, and a word: `- abc`, `"abc",`. */
export function isItem(line: string): boolean {
  return item.test(line);
}

/** Judges a line by the name above it. */
export function scanBelow(
  { key, indent, shape }: NameAbove,
  line: string,
  indentBelow: number,
  next: string | undefined,
): LineFinding | undefined {
  if (shape === 'name') {
    const { value, text } = valueEntry.exec(line)?.groups ?? {};
    return value === undefined && text === undefined
      ? undefined
      : detectNamed(key, text ?? unquote(value ?? ''));
  }
  const entry = shape === 'list' ? item.exec(line)?.groups : undefined;
  if (entry !== undefined && indentBelow >= indent) {
    // Lists of words are names of fields, Secrets and rules.
    const value = unquote(entry['entry'] ?? entry['quoted'] ?? '');
    return looksRandom(value) ? detectNamed(key, value) : undefined;
  }
  // More than one line is a document, and one with a key of its own a mapping.
  const isAlone = next === undefined || next.trim() === '' || next.search(/\S/) <= indent;
  if (indentBelow <= indent || !isAlone || /^(?:- |["']?[\w./-]{1,128}["']?:(?:\s|$))/.test(line))
    return undefined;
  return detectNamed(key, unquote(line));
}

/** Names that say nothing without the one that they stand under. */
const nested =
  /^(?:- )?["']?(?<key>key|value|default|secret|credentials|inline(?:_?(?:string|bytes))?|plain(?:_?text)?)["']?\s{0,4}(?:=>|[:=])\s{0,4}(?<value>\S.*)$/i;
/** Any name, with a value that a machine may have made. */
const random =
  /^["']?(?<key>[\w.-]{1,128})["']?\s{0,4}(?:=>|[:=])\s{0,4}(?<value>["']?[\w+/=-]{20,128}["']?),?$/;
/** What stands under these is one of them: `tokens { agent = "…" }`. */
const collection = /^(?:tokens|secrets|passwords|api_?keys)$/i;
const mapping =
  /^(?:- |variable )?["']?(?<key>[\w.-]{1,128})["']?\s{0,4}(?:=>|[:=])?\s{0,4}[{[]?$|^\[(?<section>[\w.-]{1,128})\]$|^\w{1,64}(?:\s{1,4}"?[\w-]{1,64}"?)?\s{1,4}"?(?<label>[\w.:/-]{1,128})"?\s{0,4}\{$/;
/** Lines above that are searched for that name. */
const farthest = 20;

/** `jwt:` above `key: …`, `[jwt]` above `key = …`, `"password": {` above `"value": …`, `tokens {` above any key. */
export function scanUnderParent(
  lines: readonly string[],
  index: number,
  line: string,
  indent: number,
): LineFinding | undefined {
  const isNested = nested.test(line);
  const { key, value = '' } = (isNested ? nested : random).exec(line)?.groups ?? {};
  if (key === undefined || (!isNested && !looksRandom(unquote(value)))) return undefined;
  const parent = parentOf(lines, index, line, indent);
  if (parent === undefined || (!isNested && !collection.test(parent))) return undefined;
  if (key.toLowerCase() === 'secret') return scanSecret(parent, line, unquote(value));
  return detectNamed(`${parent}.${key}`, unquote(value));
}

/** What keeps a secret of its own, and refers to no object: `cookie:` above `secret: tulip`. */
const keeper = /^(?:jwt|hmac|csrf|cookies?|sessions?|signing|encryption|crypto|webhooks?)$/i;

/** `secret = tulip` of a file with sections or braces, or under one of these; elsewhere it may name an object. */
function scanSecret(parent: string, line: string, value: string): LineFinding | undefined {
  if (!keeper.test(parent) && !/^secret\s{0,4}=(?![=>])/i.test(line)) return undefined;
  const found = detectNamed('webhook.secret', value);
  return found === undefined ? undefined : { ...found, key: 'secret' };
}

function parentOf(lines: readonly string[], index: number, line: string, indent: number): string | undefined {
  for (let above = index - 1; above >= Math.max(0, index - farthest); above--) {
    const shown = (lines[above] ?? '').slice(0, 256);
    const depth = shown.search(/\S/);
    const candidate = shown.trim();
    const { section, label, key = label } = mapping.exec(candidate)?.groups ?? {};
    if (depth < 0) continue;
    if (section !== undefined) return section;
    const isEntry = candidate.startsWith('- ');
    // A list may stand as far to the left as its name.
    if (depth > indent || (depth === indent && (!line.startsWith('- ') || isEntry))) continue;
    // The first key of the same entry: `- name: admin` above `  key: …`.
    if (key === undefined && isEntry && depth + 2 === indent) continue;
    return key;
  }
  return undefined;
}

/** `HTTP_Passwd Tulip`, `password Tulip`: two words that could be prose. */
const twoWords = /^(?<key>[A-Z_][\w.-]{1,127})\s{1,16}["']?(?<value>[^\s"';]{3,256})["']?;?$/i;
const userLine = /^(?:[\w.-]{1,64}[_.-])?(?:user|login|username|account)\s{1,16}\S{1,256}$/i;

/** `secret_key: minio-tulip`, which alone may be the key of a Secret. */
const secretKey = /^(?:- )?["']?(?:[\w-]{1,64}[._-])?secret[._-]?key["']?\s{0,4}[:=]\s{0,4}(?<value>\S.*)$/i;
const accessKey =
  /^(?:- )?["']?(?:[\w-]{1,64}[._-])?access[._-]?key(?:[._-]?id)?["']?\s{0,4}[:=]\s{0,4}["']?[\w$]/i;

/** The secret half of a pair of keys, as stores of objects have them. */
function scanBesideAccessKey(lines: readonly string[], index: number, line: string): LineFinding | undefined {
  const value = secretKey.exec(line)?.groups?.['value'];
  if (value === undefined) return undefined;
  const beside = [lines[index - 1], lines[index + 1]];
  return beside.some((other) => other !== undefined && accessKey.test(other.slice(0, 512).trim()))
    ? detectNamed('secret_access_key', unquote(value))
    : undefined;
}

/** `user_NAME="password"` of JAAS. */
const jaasUser = /^user_[\w.-]{1,64}\s?=\s?"(?<value>[^"]{3,256})";?$/;

/** A user of a server whose login module stands above it (Kafka, ZooKeeper). */
function scanJaas(lines: readonly string[], index: number, line: string): LineFinding | undefined {
  const value = jaasUser.exec(line)?.groups?.['value'];
  if (value === undefined) return undefined;
  const above = lines.slice(Math.max(0, index - farthest), index);
  return above.some((other) => /LoginModule\s{1,4}required/.test(other.slice(0, 512)))
    ? detectNamed('password', value)
    : undefined;
}

/** `user:password`; for `RANDOM` cloud-init puts a text of its own. */
const account = /^[\w.-]{1,64}:(?!(?:RANDOM|R)$)(?<value>[^\s:]{3,256})$/;

/** A line of what chpasswd(8) reads, under its name: in cloud-init, or what a script gives it. */
function scanChpasswd(lines: readonly string[], index: number, line: string): LineFinding | undefined {
  const value = account.exec(line)?.groups?.['value'];
  if (value === undefined) return undefined;
  const above = lines.slice(Math.max(0, index - farthest), index);
  return above.some((other) => other.slice(0, 512).includes('chpasswd'))
    ? detectNamed('password', value)
    : undefined;
}

/** A password beside a user (`.netrc`, Fluentd, Fluent Bit) or a key, where every text counts. */
export function scanBesideUser(
  lines: readonly string[],
  index: number,
  line: string,
): LineFinding | undefined {
  if (line.startsWith('user_')) return scanJaas(lines, index, line);
  if (/secret/i.test(line)) return scanBesideAccessKey(lines, index, line);
  if (!/\s/.test(line)) return scanChpasswd(lines, index, line);
  const { key, value } = twoWords.exec(line)?.groups ?? {};
  if (key === undefined || value === undefined || nameEvidence(key)?.kind !== 'password') return undefined;
  const beside = [lines[index - 1], lines[index + 1]];
  return beside.some((other) => other !== undefined && userLine.test(other.slice(0, 512).trim()))
    ? detectNamed(key, value)
    : undefined;
}
