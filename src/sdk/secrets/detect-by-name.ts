import type { Credential } from './credential.ts';
import type { CredentialKind } from './formats.ts';
import type { NameEvidence } from './known-names.ts';
import { isFormLabel, isOrdinary, isPlaceholder } from './placeholders.ts';
import {
  hasSigns,
  isDisguised,
  isMixed,
  isOfManyWords,
  isPassphraseOfWords,
  isUserAndPassword,
  isWalletPhrase,
  isWeakLiteral,
  looksLikeKey,
  looksRandom,
  speaksOfItself,
} from './strength.ts';

/** Shortest text that counts as a password. */
const shortestPassword = 3;
/** Of 16 bytes in base64. */
const shortestHash = 22;
/** A PIN has four digits; fewer are a setting. */
const numericPassword = /^\d{4,}$/;
const pin = /^\d{4,12}$/;

/** Judges a text by what its name says; undefined where it is none. */
export function detectByName(
  evidence: NameEvidence,
  text: string,
  isVariable = false,
): Credential | undefined {
  // `login.password: Password` is what a form shows.
  if (text.length < shortestPassword || isFormLabel(text, isVariable) || isPlaceholder(text))
    return undefined;
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
  if (
    /^(?:private|encryption) key$/.test(kind) &&
    /^(?:(?:0x)?[\dA-F]{8}|(?:0x)?[\dA-F]{16}|[\dA-F]{40})$/.test(text)
  )
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
