import { detectCredential, detectFormat, type Credential } from './detect.ts';
import { formatTrigger } from './formats.ts';
import { mayTell } from './names.ts';
import { programTrigger, scanShell } from './programs.ts';
import { looksRandom } from './strength.ts';

/** A credential inside a document. */
export interface TextFinding extends Credential {
  /** 1 for the first line. */
  readonly line: number;
  /** The key it stands under, where it has one. */
  readonly key?: string;
}

/** Characters of a document that are searched: a quarter of what an object may hold, 10 to 30 ms of work. */
const longestDocument = 262_144;
/** Characters of one line that are searched. */
const longestLine = 16_384;
/** Findings in one document: who has that many needs no longer list. */
const mostFindings = 50;

/** `key: value`, `key=value`, `export KEY=…`, `"key": "value",`, `- name=value` up to the end of the line. */
const leading =
  /^(?:- )?(?:export |set |env |ENV |ARG )?-{0,2}["']?(?<key>[\w./-]{1,128})["']?\s{0,16}(?:=>|:=|[:=])\s{0,16}(?<value>\S.*)$/;
/** The same inside a line: scripts, flags, JSON on one line, XML attributes, headers. */
const inner =
  /(?<![\w.-])-{0,2}(?<key>[A-Z_][\w.-]{1,127})["']?(?<between>\s{0,4}(?:=>|:=|[:=])\s{0,4}|(?<=--[\w.-]{1,128})\s{1,4})(?:"(?<double>[^"]{0,4096})"|'(?<single>[^']{0,4096})'|(?<bare>(?![\w.-]{1,128}=[^=\s"'])[^\s"',;&|<>)}\]]{1,4096}))/gi;
/** `<password>…</password>` and `<add key="Password" value="…"/>`. */
const element = /<(?<key>[\w.:-]{1,128})>(?<value>[^<]{1,4096})<\//g;
const pair = /\b(?:key|name)="(?<key>[^"]{1,128})"\s{1,4}value="(?<value>[^"]{1,4096})"/g;

/**
 * Looks for credentials in a document: the value of a ConfigMap key, a script in `args`. It reads line by line
 * (`.env`, properties, ini, YAML, JSON, XML, shell) without a parser for any of them, the first 262,144 characters,
 * 16,384 of a line, and reports at most 50, one per line. Never throws, never tells a value.
 *
 * @example
 * scanText('app.properties', 'url=jdbc:x\ndb.password=hunter2');
 * // [{ line: 2, key: 'db.password', kind: 'password', … }]
 */
export function scanText(key: string, text: string): readonly TextFinding[] {
  const document = text.length > longestDocument ? text.slice(0, longestDocument) : text;
  if (!mayTell(key) && !mayHold(document)) return [];
  if (!document.includes('\n')) {
    const found = detectCredential({ name: key, value: document });
    if (found !== undefined) return [{ line: 1, key, ...found }];
  }
  return [...scanLines(document)].slice(0, mostFindings);
}

/** The filter for documents and lines. */
function mayHold(text: string): boolean {
  return (
    mayTell(text) || formatTrigger.test(text) || programTrigger.test(text) || /\sidentified\s/i.test(text)
  );
}

function* scanLines(document: string): Generator<TextFinding> {
  const blocks = findBlocks(document);
  yield* blocks;
  const inBlocks = new Set(blocks.map(({ line }) => line));
  let count = 0;
  for (const [index, whole] of document.split('\n').entries()) {
    const line = whole.slice(0, longestLine).trim();
    if (line === '' || inBlocks.has(index + 1) || !mayHold(line)) continue;
    const found = scanLine(line);
    if (found === undefined) continue;
    yield { line: index + 1, ...found };
    if (++count >= mostFindings) return;
  }
}

/** Private keys go over many lines; reported where they begin. */
function findBlocks(document: string): readonly TextFinding[] {
  const found: TextFinding[] = [];
  for (const { 0: block, index } of document.matchAll(
    /-----BEGIN [A-Z ]{0,40}PRIVATE KEY[\s\S]*?(?:-----END|$)/g,
  )) {
    if (!block.includes('\n')) continue;
    const credential = detectFormat(block);
    if (credential === undefined) continue;
    found.push({ line: document.slice(0, index).split('\n').length, ...credential });
    if (found.length >= mostFindings) break;
  }
  return found;
}

function scanLine(line: string): Omit<TextFinding, 'line'> | undefined {
  // A commented-out line may hold a real token, but its words are explanation.
  if (/^(?:[#;*]|\/\/|<!--)/.test(line)) return scanRegistry(line) ?? detectFormat(line);
  const config = scanDirective(line);
  if (config !== undefined) return config;
  const start = leading.exec(line)?.groups;
  if (start !== undefined) {
    const found = detectNamed(start['key'], unquote(start['value'] ?? ''));
    if (found !== undefined) return found;
  }
  return (
    scanInside(line) ??
    // A command in quotes has flags of its own.
    (line.includes('--') ? scanInside(line.replace(/["']/g, ' ')) : undefined) ??
    scanShell(line) ??
    detectFormat(line)
  );
}

/** `//registry.example.com/:_authToken=…` of an .npmrc begins like a comment. */
function scanRegistry(line: string): Omit<TextFinding, 'line'> | undefined {
  const { key, value } =
    /^\/\/[^\s:]{1,256}(?::\d{1,5})?[^\s:]{0,256}:_?(?<key>authToken|password|auth)\s?=\s?(?<value>\S+)/.exec(
      line,
    )?.groups ?? {};
  return detectNamed(key, unquote(value ?? ''));
}

/** Words after words, without a sign between them: redis.conf, .netrc, SQL. */
const directives: readonly RegExp[] = [
  /^(?<key>requirepass|masterauth)\s{1,16}(?<value>\S+)$/i,
  /\slogin\s{1,4}\S{1,128}\s{1,4}(?<key>password)\s{1,4}(?<value>\S+)/,
  // A word alone may be prose.
  /^(?<key>password)\s{1,4}(?=[A-Za-z_-]{0,128}\d)(?<value>\S+)$/,
  /\bidentified\s{1,4}(?:with\s{1,4}\S{1,64}\s{1,4})?by\s{1,4}(?<value>'[^']{1,256}')/i,
  /\b(?:with|encrypted|set)\s{1,4}(?<key>password)\s{1,4}(?<value>'[^']{1,256}')/i,
];

function scanDirective(line: string): Omit<TextFinding, 'line'> | undefined {
  for (const directive of directives) {
    const groups = directive.exec(line)?.groups;
    if (groups === undefined) continue;
    const found = detectCredential({ name: 'password', value: unquote(groups['value'] ?? '') });
    if (found !== undefined)
      return { ...(groups['key'] === undefined ? {} : { key: groups['key'] }), ...found };
  }
  return undefined;
}

function scanInside(line: string): Omit<TextFinding, 'line'> | undefined {
  for (const pattern of [pair, element, inner]) {
    for (const { groups } of line.matchAll(pattern)) {
      if (groups !== undefined && isProse(line, groups)) continue;
      const value = groups?.['value'] ?? groups?.['double'] ?? groups?.['single'] ?? groups?.['bare'];
      const found = detectNamed(groups?.['key'], value ?? '');
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** In a sentence a word after `password:` is a word; YAML in braces and anything with a digit is none. */
function isProse(line: string, { between, bare }: Readonly<Record<string, string | undefined>>): boolean {
  return bare !== undefined && between?.includes(':') === true && !/\d/.test(bare) && !line.includes('{');
}

function detectNamed(key: string | undefined, value: string): Omit<TextFinding, 'line'> | undefined {
  if (key === undefined) return undefined;
  const found = detectCredential({ name: key, value });
  if (found === undefined) return undefined;
  // What stands before a colon in somebody's text may be the credential itself.
  return looksRandom(key) || detectFormat(key) !== undefined ? found : { key, ...found };
}

/** Takes off quotes, the comma or semicolon after a value, and a comment. */
function unquote(value: string): string {
  const quote = value.charAt(0);
  if (quote === '"' || quote === "'" || quote === '`') {
    const end = value.indexOf(quote, 1);
    return value.slice(1, end < 0 ? undefined : end);
  }
  const comment = value.search(/\s#/);
  return (comment < 0 ? value : value.slice(0, comment)).replace(/[,;]$/, '').trim();
}
