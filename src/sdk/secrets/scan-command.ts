import { detectCredential, detectFormat, type Credential, type NamedValue } from './detect.ts';
import { mayDirect, scanDirective } from './directives.ts';
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

/** A password that only its place in the command line tells: `rabbitmqctl change_password guest …`. */
function scanPlaces(words: readonly string[]): readonly CommandFinding[] {
  if (words.length < 3 || words.length > mostWords) return nothing;
  // Scripts and quoted commands were read as texts already.
  const line = words
    .map((word: unknown) => (typeof word === 'string' && !/\s/.test(word) ? word : '-'))
    .join(' ');
  const found = mayDirect(line) ? scanDirective(line) : undefined;
  const word = found === undefined ? -1 : words.findLastIndex((text) => text.endsWith(found.secret()));
  return found === undefined || word < 0 ? nothing : [{ word, ...found }];
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
    if (found !== undefined) return { key, ...found };
  }
  if (typeof before === 'string' && before.startsWith('-') && !word.startsWith('-') && flag.test(before)) {
    const found = detectCredential({ name: before, value: word, resolve });
    if (found !== undefined) return { key: before, ...found };
  }
  if (/\s/.test(word)) {
    const [found] = scanText('', word);
    if (found !== undefined) {
      const { key: place, kind, confidence, evidence, secret } = found;
      return { ...(place === undefined ? {} : { key: place }), kind, confidence, evidence, secret };
    }
  }
  return detectFormat(word);
}
