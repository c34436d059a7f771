import { textInBase64 } from '../base64.ts';
import { accountScanner, sectionScanner } from './account-files.ts';
import type { Credential } from './credential.ts';
import { detectCredential, detectStated } from './detect.ts';
import { detectFormat } from './detect-format.ts';
import { mayDirect, type LineFinding } from './directives.ts';
import { formatsFor, shortestFormat } from './formats.ts';
import { mayTellForeign } from './languages.ts';
import { mayTell } from './names.ts';
import { mayRun } from './programs.ts';
import {
  isItem,
  nameAbove,
  scanBelow,
  scanBesideUser,
  scanUnderParent,
  type NameAbove,
} from './scan-context.ts';
import { scanLine } from './scan-line.ts';
import { isWalletPhrase, looksLikeKey } from './strength.ts';

/** A credential inside a document. */
export interface TextFinding extends LineFinding {
  /** 1 for the first line. */
  readonly line: number;
}

/** Characters of a document that are searched: a quarter of what an object may hold, 10 to 30 ms of work. */
const longestDocument = 262_144;
/** Characters of one line that are searched. */
const longestLine = 16_384;
/** Findings in one document: who has that many needs no longer list. */
const mostFindings = 50;

/**
 * Looks for credentials in a document: the value of a ConfigMap key, a script in `args`. It reads line by line
 * (`.env`, properties, ini, YAML, JSON, XML, shell) without a parser for any of them, the first 262,144 characters,
 * 16,384 of a line, and reports at most 50, one per line; of a document in base64 one. Never throws, never tells a
 * value.
 *
 * @example
 * scanText('app.properties', 'url=jdbc:x\ndb.password=hunter2');
 * // [{ line: 2, key: 'db.password', kind: 'password', … }]
 */
export function scanText(key: string, text: string): readonly TextFinding[] {
  const document = text.length > longestDocument ? text.slice(0, longestDocument) : text;
  const found = scanDocument(key, document);
  if (found.length > 0 || !encoded.test(document)) return found;
  const inside = textInBase64(document);
  // A word has no names of its own.
  if (inside === undefined || !/[:=]/.test(inside)) return found;
  return scanDocument(key, inside)
    .slice(0, 1)
    .map((finding) => ({ ...finding, line: 1 }));
}

/**
 * Judges a header of an HTTP request. No object can be named in one, so a word under `X-Admin-Secret` or `X-Api-Key`
 * is the credential itself. Never throws, never tells the value.
 *
 * @example
 * detectHeader('X-Admin-Secret', 'hunter'); // { kind: 'secret', … }
 * detectHeader('X-CSRF-Token', 'fetch'); // undefined
 */
export function detectHeader(name: string, value: string): Credential | undefined {
  return scanText('header', `${name}: ${value}`)[0] ?? detectStated(name, value);
}

/** Base64 from end to end, of a document that was written into one line or several. */
const encoded = /^[A-Z\d+/=\r\n]{24,}$/i;

function scanDocument(key: string, document: string): readonly TextFinding[] {
  // Nearly every label is one short word.
  const scanAccount =
    document.length >= shortestFormat && /[:= ,;]/.test(document) ? accountScanner(key) : undefined;
  if (scanAccount === undefined && !mayTell(key) && !mayHold(document)) return [];
  const whole = detectWhole(key, document);
  if (whole !== undefined) return [{ line: 1, key, ...whole }];
  // `JWT_SECRET: {"type":"HS256","key":"…"}`: what the members are of.
  const isObject = document.startsWith('{') && !document.includes('\n');
  return [...scanLines(isObject ? `${key}: ${document}` : document, scanAccount)].slice(0, mostFindings);
}

/** A file that holds one value: `proxy.psk`; in a key file, which is one over all of its lines. */
function detectWhole(key: string, document: string): Credential | undefined {
  const value = document.trim();
  if (value === document ? !value.includes('\n') : /^[^\s=:]+={0,2}$/.test(value) || isWalletPhrase(value)) {
    const found = detectCredential({ name: key, value });
    if (found !== undefined) return found;
  }
  if (!/key[-_.]?file$/i.test(key) || value.length > 2048) return undefined;
  const joined = value.replaceAll('\n', '');
  return looksLikeKey(joined) ? detectCredential({ name: 'member key', value: joined }) : undefined;
}

/** Characters of base64 in which a key is looked for: RSA of 8192 bits has 6,300, certificates may come before it. */
const longestKey = 32_768;

/**
 * Looks for a private key in bytes that are no text, given in base64: DER as `openssl -outform der` writes it, a key
 * store, a keytab.
 * Never throws, never tells a value.
 */
export function scanBytes(encoded: string): readonly TextFinding[] {
  const found = detectFormat(encoded.slice(0, longestKey));
  return found === undefined ? [] : [{ line: 1, ...found }];
}

/**
 * Whether a value is a text with names of its own: several lines, JSON, flags (`--requirepass x --port 6379`),
 * statements (`url 'x'; password 'y'`) or settings (`x-tenant=a,api-key=b`, `X-Api-Key: b`, `user:a,token:b`), has
 * `${VAR:default}`, or is base64. Never throws.
 */
export function isDocument(value: string): boolean {
  return /\n|^\s*[[{]|(?:^|\s)--?[a-z][\w.:-]*[\s=]|;\s|^[a-z][\w.-]*(?:=(?!=)|: |:[^\s,:/]{1,256},[a-z][\w.-]*:)\S|\$\{[\w.-]{1,128}:|^[a-z\d+/]{24,}={0,2}$/i.test(
    value,
  );
}

/** The filter for documents and lines. */
function mayHold(text: string): boolean {
  return (
    mayTell(text) || formatsFor(text).length > 0 || mayRun(text) || mayDirect(text) || mayTellForeign(text)
  );
}

function* scanLines(
  document: string,
  scanAccount: ReturnType<typeof accountScanner>,
): Generator<TextFinding> {
  const inBlocks = new Set<number>();
  for (const { finding, lines } of findBlocks(document)) {
    yield finding;
    for (let line = 0; line < lines; line++) inBlocks.add(finding.line + line);
  }
  const lines = document.split('\n');
  let above: NameAbove | undefined;
  const scanSection = sectionScanner();
  let count = 0;
  for (const [index, whole] of lines.entries()) {
    const line = whole.slice(0, longestLine).trim();
    if (line === '' || inBlocks.has(index + 1)) continue;
    const indent = whole.search(/\S/);
    const below = above === undefined ? undefined : scanBelow(above, line, indent, lines[index + 1]);
    // A list goes on under its name.
    if (above?.shape !== 'list' || !isItem(line)) above = mayTell(line) ? nameAbove(line, indent) : undefined;
    const found =
      below ??
      scanAccount?.(line) ??
      (mayHold(line) ? scanLine(line) : undefined) ??
      scanUnderParent(lines, index, line, indent) ??
      scanBesideUser(lines, index, line) ??
      scanSection(line);
    if (found === undefined) continue;
    yield { line: index + 1, ...found };
    if (++count >= mostFindings) return;
  }
}

/** Private keys go over many lines; reported where they begin. */
function findBlocks(document: string): readonly { readonly finding: TextFinding; readonly lines: number }[] {
  const found: { finding: TextFinding; lines: number }[] = [];
  for (const { 0: block, index } of document.matchAll(
    /-----BEGIN (?:[A-Z ]{0,40}PRIVATE KEY|OpenVPN Static key)[\s\S]*?(?:-----END|$)|PuTTY-User-Key-File(?:(?!PuTTY-User-Key-File)[\s\S]){0,8192}?Private-MAC/g,
  )) {
    const lines = block.split('\n').length;
    const credential = lines > 1 ? detectFormat(block) : undefined;
    if (credential === undefined) continue;
    found.push({ finding: { line: document.slice(0, index).split('\n').length, ...credential }, lines });
    if (found.length >= mostFindings) break;
  }
  return found;
}
