import type { Credential } from './credential.ts';
import { detectCredential, detectFlagged, type NamedValue } from './detect.ts';
import { detectFormat } from './detect-format.ts';
import { scanDirective } from './directives.ts';
import { passwordFlags } from './programs.ts';
import { unquote } from './scan-line.ts';
import { scanText } from './scan-text.ts';

/** A credential among the words of a command. */
export interface CommandFinding extends Credential {
  /** Index of the word that holds it, in the list that was given. */
  readonly word: number;
  /** The flag or variable it belongs to, where it has one. */
  readonly key?: string;
}

/** `--password=x`, `-Dpassword=x`, `PGPASSWORD=x`, `password=x`, `cfg:security.admin_password=x`. */
const assigned = /^-{0,2}[A-Z_][\w.:-]{0,127}$/i;
const flag = /^--?[A-Z][\w.-]{1,127}$/i;

/**
 * Looks for credentials in a command line that is split into words already: `command` and `args` of a container one
 * after the other, so that the program is known when its flags are judged. At most one finding per word, in the
 * order of the words. Never throws, never tells a value.
 *
 * @example
 * scanCommand(['mysql', '--password=hunter2']); // [{ word: 1, key: '--password', kind: 'password', … }]
 */
export function scanCommand(
  words: readonly string[],
  options: { readonly resolve?: NamedValue['resolve'] } = {},
): readonly CommandFinding[] {
  let found: CommandFinding[] | undefined;
  const detectFlag = passwordFlags(options.resolve);
  for (let index = 0; index < words.length; index++) {
    const word: unknown = words[index];
    if (typeof word !== 'string') continue;
    const flagged = detectFlag(words, index);
    const here = detectInWord(word, words[index - 1], options.resolve) ?? flagged;
    if (here !== undefined) (found ??= []).push({ word: index, ...here });
  }
  return found ?? scanPlaces(words);
}

/** Longest command line, in words, of which a word is judged by its place. */
const mostWords = 64;
/** A word of each program that has such places. */
const placed = new Set(
  'rabbitmqctl mc set SET unseal sqlplus expdp impdp htpasswd mosquitto_passwd passwd -pass -passin -passout'.split(
    ' ',
  ),
);

/** A password that only its place in the command line tells: `rabbitmqctl change_password guest …`. */
function scanPlaces(words: readonly string[]): readonly CommandFinding[] {
  if (words.length > mostWords || !words.some(isPlaced)) return nothing;
  // Scripts and quoted commands were read as texts already.
  const found = scanDirective(words.map((word) => (isWord(word) ? word : '-')).join(' '));
  if (found === undefined) return nothing;
  const secret = found.secret();
  const word = words.findLastIndex((text: unknown) => isWord(text) && text.includes(secret));
  return word < 0 ? nothing : [{ word, ...found }];
}

function isPlaced(word: unknown): boolean {
  return typeof word === 'string' && placed.has(word.slice(word.lastIndexOf('/') + 1));
}

function isWord(word: unknown): word is string {
  return typeof word === 'string' && !/\s/.test(word);
}

const nothing: readonly never[] = [];

function detectInWord(
  word: string,
  before: unknown,
  resolve: NamedValue['resolve'],
): Omit<CommandFinding, 'word'> | undefined {
  const sign = word.indexOf('=');
  const key = sign > 0 ? word.slice(0, sign) : '';
  if (key !== '' && assigned.test(key)) {
    const value = word.slice(sign + 1);
    const found = detectCredential({
      name: key,
      // `PGPASSWORD="$PW" psql -h db` is a command line in itself.
      value: /^["']/.test(value) ? unquote(value) : value,
      resolve,
    });
    const flagged = found ?? (key.startsWith('-') ? detectFlagged(key, value) : undefined);
    if (flagged !== undefined) return { key, ...flagged };
    const inside = detectInValue(value, resolve);
    if (inside !== undefined) return inside;
  }
  if (typeof before === 'string' && before.startsWith('-') && !word.startsWith('-') && flag.test(before)) {
    const found = detectCredential({ name: before, value: word, resolve }) ?? detectFlagged(before, word);
    if (found !== undefined) return { key: before, ...found };
  }
  // A script, JSON as a word, `--headers=x-tenant=a,api-key=b`, `--extra-vars user=a,password=b`.
  return (/\s|^\{|=[^=,]*,[^=]*=/.test(word) ? detectInText(word) : undefined) ?? detectFormat(word);
}

/** `API_KEY=…` of `--env=API_KEY=…`, and JSON of `--config={"token":"…"}`. */
function detectInValue(
  value: string,
  resolve: NamedValue['resolve'],
): Omit<CommandFinding, 'word'> | undefined {
  if (value.startsWith('{')) return detectInText(value);
  const key = value.slice(0, Math.max(0, value.indexOf('=')));
  if (!assigned.test(key)) return undefined;
  const found = detectCredential({ name: key, value: value.slice(key.length + 1), resolve });
  return found === undefined ? undefined : { key, ...found };
}

function detectInText(text: string): Omit<CommandFinding, 'word'> | undefined {
  const [found] = scanText('', text);
  if (found === undefined) return undefined;
  const { key, kind, confidence, evidence, secret } = found;
  return { ...(key === undefined ? {} : { key }), kind, confidence, evidence, secret };
}
