import type { Format } from './format.ts';
import { formatsFor, shortestFormat, type CredentialKind } from './formats.ts';
import type { NameEvidence } from './known-names.ts';
import { nameEvidence } from './names.ts';
import { isFiller, isFormLabel, isOrdinary, isPlaceholder } from './placeholders.ts';
import {
  hasSigns,
  isDisguised,
  isMixed,
  isOfManyWords,
  isPassphraseOfWords,
  isUserAndPassword,
  isWalletPhrase,
  isWeakLiteral,
  isWordWithSign,
  looksLikeKey,
  looksRandom,
  speaksOfItself,
} from './strength.ts';

/** A text that must not be told. A function, so that nothing prints, serializes or compares it by accident. */
export type Concealed = () => string;

/** A credential that was found. It says what it is and never what its value is. */
export interface Credential {
  readonly kind: CredentialKind;
  /** `certain`: a format that nothing else has. `likely`: judged by name and value together. */
  readonly confidence: 'certain' | 'likely';
  /** What gave it away: the value's format or its name. */
  readonly evidence: 'format' | 'name';
  /** For `report`, which keeps a keyed fingerprint of it. */
  readonly secret: Concealed;
}

/** A value to judge, with the name it stands under where it has one. */
export interface NamedValue {
  /** Of the variable, key, flag or header. */
  readonly name?: string | undefined;
  readonly value: string;
  /** The literal text of another variable for `$(VAR)`; undefined where it comes from a Secret or is not known. */
  readonly resolve?: ((variable: string) => string | undefined) | undefined;
}

/** Shortest text that counts as a password. */
const shortestPassword = 3;
/** Of 16 bytes in base64. */
const shortestHash = 22;
/** A PIN has four digits; fewer are a setting. */
const numericPassword = /^\d{4,}$/;
const pin = /^\d{4,12}$/;
/** Characters before and after a match in which the rest of a URL or connection string is looked for. */
const surroundings = 512;
/** Longest value that is searched, in characters; documents are for `scanText`. */
const longestValue = 262_144;

/**
 * Judges a name and a value together and says what credential the value is or holds; undefined where it is none.
 * Never throws, never tells the value. Values are searched up to 262,144 characters.
 *
 * Source of the rule: NSA/CISA Kubernetes Hardening Guidance (secrets are not to be stored in the clear).
 *
 * @example
 * detectCredential({ name: 'DB_PASSWORD', value: 'hunter2' }); // { kind: 'password', … }
 * detectCredential({ name: 'TOKEN_URL', value: 'https://id.example.com/token' }); // undefined
 * detectCredential({ value: 'postgres://app:hunter2@db/app' }); // { kind: 'password in a URL', … }
 */
export function detectCredential({ name, value, resolve }: NamedValue): Credential | undefined {
  const telling = name === undefined ? undefined : nameEvidence(name);
  const refers = resolve !== undefined && value.includes('$(');
  // Nearly every variable ends here.
  if (telling === undefined && !refers && value.length < shortestFormat) return undefined;
  const whole = refers ? expand(value, resolve) : value;
  const text = whole.length > longestValue ? whole.slice(0, longestValue) : whole;
  return detectFormat(text) ?? (telling === undefined ? undefined : detectByName(telling, text.trim()));
}

/**
 * As `detectCredential`, where no object can be named: in the header of a request a word under `X-Admin-Secret` or
 * `X-Api-Key` is the credential itself.
 */
export function detectStated(name: string, value: string): Credential | undefined {
  const kind = nameEvidence(name)?.kind;
  if (kind === undefined || !/^(?:secret|token|API key|access key)$/.test(kind)) return undefined;
  const text = value.trim();
  return detectByName({ kind, expects: isWordWithSign(text) ? 'text' : 'literal' }, text);
}

/**
 * As `detectCredential`, under a flag: `--api-key tulip-7` takes the text itself, since a flag for the name of an
 * object says so (`--secret-name`).
 */
export function detectFlagged(flag: string, value: string): Credential | undefined {
  const { kind, expects } = nameEvidence(flag) ?? {};
  return expects === 'random' &&
    /^(?:token|API key)$/.test(kind ?? '') &&
    /\d/.test(value) &&
    isWordWithSign(value)
    ? detectStated(flag, value)
    : undefined;
}

/** The first credential whose format gives it away. */
export function detectFormat(text: string): Credential | undefined {
  for (const format of formatsFor(text)) {
    // Much cheaper than to ask for all matches.
    if (text.search(format.pattern) < 0) continue;
    for (const { secret } of secretsIn(format, text)) {
      const isCertain = format.handmade !== true && format.proof?.(secret) !== false;
      return {
        kind: ofDocument(format.kind, text),
        confidence: isCertain ? 'certain' : 'likely',
        evidence: 'format',
        secret: () => secret,
      };
    }
  }
  return undefined;
}

/** The places of one format's credentials in a text; `secret` is for the caller's eyes only. */
export function* secretsIn(
  format: Format,
  text: string,
): Generator<{ readonly at: number; readonly secret: string }> {
  const { pattern } = format;
  for (
    let match = matchFrom(pattern, text, 0);
    match !== null;
    match = matchFrom(pattern, text, next(match))
  ) {
    const secret = match.groups?.['secret'] ?? match[0];
    const end = match.index + match[0].length;
    const around = (): string => text.slice(Math.max(0, match.index - surroundings), end + surroundings);
    // Only the last place: `token` may also be part of what stands before it.
    if (isCredential(format, secret, around))
      yield { at: match.index + match[0].lastIndexOf(secret), secret };
  }
}

/** As `matchAll`, which copies the pattern first. */
function matchFrom(pattern: RegExp, text: string, start: number): RegExpExecArray | null {
  pattern.lastIndex = start;
  return pattern.exec(text);
}

function next({ index, 0: whole }: RegExpExecArray): number {
  return index + Math.max(1, whole.length);
}

/** A private key inside a Google credentials file opens a whole project. */
function ofDocument(kind: CredentialKind, text: string): CredentialKind {
  return kind === 'private key' && text.includes('"service_account"') ? 'Google service account key' : kind;
}

/** Whether what matched a format is more than an example of the format. */
function isCredential(format: Format, secret: string, around: () => string): boolean {
  if (isPlaceholder(secret) || format.check?.(secret, around()) === false) return false;
  // `user:PASSWORD@host` is documentation; anything else that somebody wrote by hand counts.
  if (format.handmade === true) return !/^(?:PASS|PASSWORD|PWD|PASSWD|SECRET|TOKEN)$/.test(secret);
  return !isFiller(secret.slice(-16)) && !/x{8}|\*{4}|\.{4}/i.test(secret);
}

function detectByName(evidence: NameEvidence, text: string): Credential | undefined {
  // `login.password: Password` is what a form shows.
  if (text.length < shortestPassword || isFormLabel(text) || isPlaceholder(text)) return undefined;
  const { kind, expects } = evidence;
  const found: Credential = {
    kind: kindOf(kind, text),
    confidence: 'likely',
    evidence: 'name',
    secret: () => text,
  };
  if (isWalletPhrase(text)) return { ...found, kind: 'wallet phrase' };
  if (isPlainPassword(evidence, text)) return found;
  if (expects === 'phrase' || expects === 'pin') return undefined;
  // Of hCaptcha; elsewhere it is an address.
  if (kind === 'secret key' && /^0x[\da-fA-F]{40}$/.test(text)) return found;
  if (isOrdinary(text)) return undefined;
  if (countsAsItIs(evidence, text)) return found;
  if (expects === 'key') return looksLikeKey(text) ? found : undefined;
  // The id or fingerprint of an OpenPGP key, as Git and images built from signed sources keep it.
  if (/^(?:private|encryption) key$/.test(kind) && /^(?:[\dA-F]{16}|[\dA-F]{40})$/.test(text))
    return undefined;
  const token = kind === 'credential' ? behindScheme(text) : text;
  return isTelling(token, expects) || isHandmade(evidence, text) ? found : undefined;
}

/** `rabbitmq-erlang-cookie`: the key of a Secret. */
const namesItself = /-(?:cookie|secret|key|token)s?$/;

/** Whether every text that is no setting counts under the name. */
function countsAsItIs({ kind, expects }: NameEvidence, text: string): boolean {
  return kind === 'password' || (expects === 'text' && !namesItself.test(text));
}

/** Whether a text counts under the name of a password, though it looks like a number or a sentence. */
function isPlainPassword({ kind, expects }: NameEvidence, text: string): boolean {
  if (expects === 'pin') return pin.test(text);
  return kind === 'password' && (numericPassword.test(text) || isPassphraseOfWords(text));
}

/** Whoever writes `changeme` under a hash means the password. */
function kindOf(kind: CredentialKind, text: string): CredentialKind {
  return kind === 'password hash' && text.length < shortestHash ? 'password' : kind;
}

/** Of `ApiKey …` what the scheme takes; a text without a scheme as it is. */
function behindScheme(text: string): string {
  return /^[a-z][\w-]{2,15} ([\w+/.~-]{16,}={0,2})$/i.exec(text)?.[1] ?? text;
}

/** Whether people wrote the text, and no name of an object looks like it. */
function isHandmade({ kind, expects }: NameEvidence, text: string): boolean {
  if (/secret|key$/.test(kind) && speaksOfItself(text)) return true;
  if (kind.endsWith('key') && /^sk-\S{3,}$/.test(text)) return true;
  // Of WPA, which takes blanks.
  if (kind === 'encryption key' && expects === 'literal' && /^(?=.* )\S.{6,61}\S$/.test(text)) return true;
  // No object has this name, where the secret stands in full.
  if (kind === 'secret' && expects === 'literal' && text === 'secret') return true;
  // People do leave it in place.
  if (kind === 'token' && /^(?:root|admin|guest|test|dev)$/.test(text)) return true;
  if (kind === 'credential' && isUserAndPassword(text, expects === 'pair')) return true;
  if (isUnnamed(kind, text, expects === 'literal')) return true;
  return expects === 'literal' && (standsInFull(text) || isPassphrase(text) || isOfCloud(kind, text));
}

/** Whether no object can have the text as its name. */
function isUnnamed(kind: CredentialKind, text: string, isText: boolean): boolean {
  if ((isText || kind === 'encryption key') && isOfManyWords(text)) return true;
  return hasSigns(text) || (kind !== 'credential' && (isDisguised(text) || isMixed(text, isText)));
}

/** Whether everybody knows the text or a machine made it; of cookies whether that is so of any. */
function isTelling(text: string, expects?: NameEvidence['expects']): boolean {
  const cookies = expects === 'cookies' ? valuesOfCookies(text) : undefined;
  if (cookies === undefined) return isWeakLiteral(text) || looksRandom(text);
  return cookies.some((value) => !isPlaceholder(value) && !isOrdinary(value) && isTelling(value));
}

/** The values in a header `Cookie`; undefined where the text is one value and no list of names and values. */
function valuesOfCookies(text: string): readonly string[] | undefined {
  const values = text.split(';').map((cookie) => /^\s*[\w.-]{1,256}=([^=\s].*)$/.exec(cookie)?.[1]);
  return values[0] === undefined ? undefined : values.filter((value) => value !== undefined);
}

/** `secret_access_key: minio-tulip`: of two words and no Secret, which would say what it is. */
function isOfCloud(kind: CredentialKind, text: string): boolean {
  return (
    kind.endsWith('access key') &&
    /^[\w-]{8,}$/.test(text) &&
    !/(?:secret|creds?|credentials?|keys?)$/i.test(text)
  );
}

/** `ugly duckling 3`: no object has blanks in its name. Without a digit or sign, words may explain what belongs here. */
function isPassphrase(text: string): boolean {
  return (
    /^[^\s"'<>{}()%]+(?: [^\s"'<>{}()%]+){1,3}$/.test(text) &&
    text.length >= 8 &&
    /\d|[a-z][@$!&][a-z]/i.test(text) &&
    !/secret|token|key|passw/i.test(text)
  );
}

/** A single word cannot be told from a name: it counts where a secret must stand in full. */
function standsInFull(text: string): boolean {
  // The key under which a Secret holds it: `secretKey: password`, `secretKey: adminPassword`.
  if (/^[a-z]+(?:[A-Z][a-z]+)*$/.test(text) && /(?:password|token|secret|key|username)$/i.test(text)) {
    return /^[a-z]{9,}$/.test(text);
  }
  // Names of objects have no capitals.
  return (
    /^[^-./:_\s]{6,}$/.test(text) ||
    (/^\S{8,}$/.test(text) && /[A-Z]/.test(text) && /[a-z]/.test(text) && /\d/.test(text))
  );
}

/** What the kubelet would put for `$(VAR)`, as long as it is searched: https://kubernetes.io/docs, dependent environment variables. */
function expand(value: string, resolve: NamedValue['resolve']): string {
  let room = longestValue;
  return value.replace(/\$(?:\$|\(([^()\s]{1,256})\))/g, (whole, variable: string | undefined) => {
    // A thousand references to a text of a megabyte make more than a string may hold.
    const known = room > 0 && variable !== undefined ? resolve?.(variable)?.slice(0, room) : undefined;
    room -= known?.length ?? 0;
    return variable === undefined ? '$' : (known ?? whole);
  });
}
