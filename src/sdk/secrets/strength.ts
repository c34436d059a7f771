import { isOrdinary, isPlaceholder } from './placeholders.ts';

/** Weak ones that people leave in place, where the name alone would ask for more. */
const weak =
  /^keyboard ?cat$|^(?:temporary_key|somerandomtoken)$|[-_]change[-_]?me$|^not[-_ ](?:an?[-_ ])?(?:very[-_ ]|so[-_ ])?(?:secure|safe)[-_ ]|^(?:please[-_ ]?)?change[-_ ]?(?:me|it)(?![a-z])|super[-_ ]?(?:[a-z]{1,16}[-_ ])?secret|^(?:(?:my|our|the|super|t[o0]p|very|admin|root|test|dev|demo|default|some|not)[-_]?)*(?:change[-_]?(?:me|it)|pa(?:\$\$|ss)w[o0]rd|s[3e]cr[3e]t|letmein|hunter2|qwerty|insecure|token|123456|testing123|test123|abc123)(?:[-_]?(?:please|key|token|secret|password|value|dev|test|abc123|123|1234|\d{1,2}|!))*$/i;

/** Whether a value is one of the weak ones everybody knows: `changeme`, `supersecret`, `admin123`. */
export function isWeakLiteral(value: string): boolean {
  return value.length <= 64 && weak.test(value) && !/^(?:token|secret|password)$/i.test(value);
}

/** Words that no object has in its name, but people write into a text that they know to be a key. */
const aboutItself =
  /^(?:this|very|please|must|should|least|enough|really|insecure|unsecure|unsafe|characters|chars|long)$/i;

/** Whether a text is a key that somebody wrote by hand and that speaks of itself: `please-use-a-long-key`. */
export function speaksOfItself(value: string): boolean {
  if (value.length < 16 || value.length > 128) return false;
  const parts = value.split(/[-_\s]|(?<=[a-z])(?=[A-Z])/);
  if (parts.length < 3) return false;
  return parts.some((part) => (parts.length > 3 ? aboutItself : /^(?:in|un)secure$/i).test(part));
}

/** Short for long words, and names of formats, that have digits between small letters. */
const digitWords = /k8s|i18n|l10n|a11y|e2e|b2[bc]|p2p|base64|oauth2|md5|sha\d|x509|utf8|http2|web3/i;

/**
 * Whether a text is a word that somebody disguised: a digit between small letters and a capital besides
 * (`Tul1p-Garden`). Names of objects have no capitals, and names in programs have digits at the end of their words.
 */
export function isDisguised(value: string): boolean {
  return (
    /^[\w!@#$%^&*+~-]{8,64}$/.test(value) &&
    /[a-z]\d{1,2}[a-z]/.test(value) &&
    /[A-Z]/.test(value) &&
    !digitWords.test(value)
  );
}

/** What the name of a header, a key or a kind says, all of which may have capitals. */
const ofNames =
  /token|key|secret|auth|cred|csrf|xsrf|header|session|cookie|bearer|basic|pass|user|name|type|^x-/i;

/**
 * Whether a text is words with hyphens between them, some with a capital: names of objects have none, and those of
 * headers have one at each word and no digits.
 *
 * @param isText whether nothing is named here, so that `Tulip-Garden` counts, and not only `tulip-Garden` and
 *   `Tulip-Garden-7`
 */
export function isMixed(value: string, isText: boolean): boolean {
  const parts = value.split('-');
  return (
    value.length >= 8 &&
    value.length <= 64 &&
    parts.length > 1 &&
    parts.every((part) => /^[A-Z]?[a-z\d]+$/.test(part)) &&
    /-[A-Z]/.test(value) &&
    (isText || /^[a-z]/.test(value) || /\d/.test(value)) &&
    !ofNames.test(value)
  );
}

/** Whether a text is words with hyphens or digits, and none that is said of a credential: `tulip-7`, `tulip-garden`. */
export function isWordWithSign(value: string): boolean {
  return (
    /^(?=.{0,63}[a-z])(?:(?=.{0,63}\d)[\w!+~-]{6,64}|[a-z\d]+(?:-[a-z\d]+)+)$/i.test(value) &&
    !ofNames.test(value)
  );
}

/** Whether a text is six words or more with hyphens: objects have shorter names, or such that say what they are. */
export function isOfManyWords(value: string): boolean {
  return /^[a-z]{1,16}(?:[-_][a-z\d]{1,16}){5,15}$/i.test(value) && !ofNames.test(value);
}

/** What a sentence about a password has and a passphrase has not. */
const prose =
  /\b(?:the|an?|is|are|be|to|of|for|from|your?|use|must|not|and|or|if|when|with|this|that|vault)\b|pass|secret|token|key|code/;

/** Whether a text is six to ten words in small letters that tell nothing, as dice choose them. */
export function isPassphraseOfWords(value: string): boolean {
  return /^[a-z]{2,16}(?: [a-z]{2,16}){5,9}$/.test(value) && !prose.test(value);
}

/** Whether letters of a text have a digit between them (`t3ns`), as no word has: what is left of `%3A` is none. */
export function isBroken(value: string): boolean {
  return /[a-z]\d{1,3}[a-z]/i.test(value.replace(/%[\da-f]{2}/gi, '')) && !digitWords.test(value);
}

/** Whether a text is a word with a digit and a sign in it (`sp$ringt1me`): objects, files and settings have no such names. */
export function hasSigns(value: string): boolean {
  return (
    /^[\w!$^&+~-]{8,64}$/.test(value) &&
    /[a-z]/i.test(value) &&
    /\d/.test(value) &&
    /[A-Za-z\d](?:[!^&][A-Za-z\d]|\$[a-z])|[A-Za-z\d]!$/.test(value)
  );
}

/** Lengths in words that phrases of wallets have: https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki */
const phraseLengths = new Set([12, 15, 18, 21, 24]);

/** Whether a text is the phrase of a wallet: so many words of three to eight letters, which prose never has in a row. */
export function isWalletPhrase(value: string): boolean {
  return /^[a-z]{3,8}(?: [a-z]{3,8}){11,23}$/.test(value) && phraseLengths.has(value.split(' ').length);
}

/** Longest text that is judged: nothing random-looking that is longer is one word. */
const longest = 4096;

/**
 * Whether a text looks made by a machine: digits among letters, hexadecimal, base64. Names of objects (`web-tls`,
 * `app-secret-5gk9t7bdkk`, `api.example.com`) and words in camel case are not. Never throws.
 *
 * @example
 * looksRandom('9f86d081884c7d65'); // true
 * looksRandom('my-app-secret-v2'); // false
 */
export function looksRandom(value: string): boolean {
  if (value.length < 6 || value.length > longest) return false;
  if (isSalt(value)) return true;
  if (/[\s<>]/.test(value)) return false;
  // Braces are of templates and JSON, but for salts made of all the signs there are.
  if (/[{}]/.test(value) && (value.length < 32 || /["']/.test(value))) return false;
  if (isName(value) || /^[^@\s]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(value)) return false;
  if (uuid.test(value)) return true;
  const digits = value.replace(/\D+/g, '').length;
  const letters = /[a-z]/i.test(value);
  if (digits === 0) return letters && isUnbroken(value);
  if (!letters) return false;
  if (value.length < 8) return digits >= 3;
  return digits >= 4 || value.length >= 16 || changes(value) >= 3;
}

/** All the signs of a keyboard and no word, as generators of salts write them: https://api.wordpress.org/secret-key/1.1/salt/ */
function isSalt(value: string): boolean {
  if (value.length < 32 || value.length > 128 || /[a-z]{6}|["'\n]/.test(value)) return false;
  return (
    /[a-z]/.test(value) &&
    /[A-Z]/.test(value) &&
    /\d/.test(value) &&
    new Set(value.replace(/[\w\s]/g, '')).size >= 10
  );
}

/** Without any digit: a long run without separators that is no camel case, or with the symbols of base64. */
function isUnbroken(value: string): boolean {
  if (value.length < 16) return false;
  if (/[+=~!#$%^&*]/.test(value)) return true;
  if (value.length < 20 || /[-_./:,]/.test(value)) return false;
  const capitals = value.replace(/[^A-Z]+/g, '').length;
  return capitals === 0 || capitals === value.length || value.length / capitals < 3;
}

/** Whether a text is as long and as random as a key that a machine made, and no UUID: those name things more often. */
export function looksLikeKey(value: string): boolean {
  if (uuid.test(value) || !/^[\w+/=~-]{24,1024}$/.test(value)) return false;
  return /\d/.test(value) && /[a-z]/i.test(value) && looksRandom(value);
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Whether a text is `user:password`: the password is weak, the user's own name, or has digits and is no port; any
 * password where the name says that it is such a pair, and not two settings (`ldap:simple`).
 */
export function isUserAndPassword(value: string, isPair: boolean): boolean {
  const [user = '', password = '', ...rest] = value.split(':', 3);
  if (rest.length > 0 || !/^[\w.@-]{1,64}$/.test(user) || !/^[^\s/]{4,128}$/.test(password)) return false;
  if (isPair) return !isPlaceholder(password) && !isOrdinary(password) && !isOrdinary(user);
  return isWeakLiteral(password) || password === user || (/\d/.test(password) && /\D/.test(password));
}

/** How often digits and letters take turns. */
function changes(value: string): number {
  return value.split(/(?<=\d)(?=\D)|(?<=\D)(?=\d)/).length - 1;
}

const word = /^(?:[a-z]+|[A-Z]+|[A-Z][a-z]+)\d{0,3}$/;
const suffix = /^[a-z0-9]{1,10}$/;

/** Words joined by separators, as objects, hosts and variables are called; the last may be a generated suffix. */
function isName(value: string): boolean {
  const parts = value.split(/[-._/:]/);
  if (parts.length < 2 || parts.length > 16) return false;
  const numbers = parts.filter((part) => /^\d{3,}$/.test(part)).length;
  return (
    numbers <= 1 &&
    parts.every(
      (part, index) =>
        (word.test(part) && part.length <= 20) ||
        /^\d{1,5}$/.test(part) ||
        (index > 1 && index >= parts.length - 2 && suffix.test(part)),
    )
  );
}
