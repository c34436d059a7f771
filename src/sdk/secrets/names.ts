import { remember } from '../remember.ts';
import { clueFinder } from './clues.ts';
import { each } from './format.ts';
import type { CredentialKind } from './formats.ts';
import { known, publicKeys, type NameEvidence } from './known-names.ts';
import { beginnings, foreign, foreignKey, latinHint, mayTellForeign, withoutAccents } from './languages.ts';

/** Before `pin`: what has one that is a password, and no leg of a chip. */
const pinOwners = 'hsm|sim|pkcs|user|so|card|token';

/** Parts of words that a telling name must contain. */
const hint = new RegExp(
  `pass|pwd|pswd?|pword|pw(?![a-z])|(?<![a-z])sk(?![a-z])|psk|secret|token|key|cred|auth|salt|pepper|cookie|bearer|licen[cs]e|seed|encrypt|pat(?![a-z])|mnemonic|phrase|jwt|honeycomb-team|(?:${pinOwners})\\d{0,2}[_.-]?pin(?![a-z])|${latinHint}`,
  'i',
);
const findHints = clueFinder([
  ['pass', 'pwd', 'psw', 'pword', 'psk', 'secret', 'token', 'key', 'cred', 'auth', 'salt', 'pepper'],
  ['cookie', 'bearer', 'licence', 'license', 'seed', 'encrypt', 'pat', 'mnemonic', 'phrase', 'jwt', 'b-team'],
  [...beginnings, '_sk', '-sk', '.sk', ' sk', '"sk', '\nsk', 'sk:', 'sk=', 'sk"'],
  ['_pin', '-pin'],
  // `pw` at the end of a word.
  each('pw', ' !"#$%&\'()*+,-./0123456789:;<=>?@[\\]^_`{|}~\t\n\r'),
]);
/** Longest name that is looked at; env names, keys and flags are far shorter. */
const longestName = 256;

/** Names of one word, also at the end of a longer one (`PGPASSWORD`, `clientsecret`); in other languages, too. */
const passwordWord = new RegExp(`(?:password|passwd|passphrase|passcode|${foreign.password})s?$|^passe$`);
const shortPasswordWord =
  /^(?!(?:by|com|encom|user|get|ask|read|set|gen|hash|tres|sur|over|under|multi|low|high|band|one|two|single|first|last|no|skip|allow|check)pass$)[a-z]{0,16}pass$|^(?:psw|pswd|passw|masterauth|authtok|(?:db|pg|sql|user|admin|root|ldap|smtp)?pword)$|pwd$|pw$/;
const tokenWord = new RegExp(`(?:token|${foreign.token})s?$`);
const secretWord = new RegExp(`(?:secret|${foreign.secret})s?$`);
const keyWord = /(api|app|access|secret|private|auth|encryption|signing|master|account|storage)keys?$/;

/** What kind of key a key is; a key of any other kind (`PARTITION_KEY`, `CACHE_KEY`) opens nothing. */
const keyKinds: ReadonlyMap<string, CredentialKind> = new Map([
  ...words(
    'api app application agent server license integration subscription functions ingest ingestion write',
    'API key',
  ),
  ...words('access account storage auth service deploy admin root', 'access key'),
  ...words('private ssh rsa dsa ecdsa ed gpg pgp tls ssl', 'private key'),
  ...words('encryption encrypt decryption signing sign signature master hmac aes', 'encryption key'),
  ...words(
    'jwt session cookie cipher crypt crypto fernet unseal recovery webhook hash shared preshared',
    'encryption key',
  ),
  ...words('secret', 'secret key'),
]);

/** Keys that open nothing: places in tables, objects and queues, and what the world may know. */
const ordinaryKeys = new Set(
  [
    'primary foreign partition sort row column index range shard composite natural unique candidate surrogate',
    'cache object s3 blob storage prefix message event record binding dedup deduplication idempotency',
    'group map lookup label annotation metric config i18n translation locale feature flag property json yaml',
    'public pub publishable site host known authorized recv trusted signed kms cmk backup bucket path sdk client browser search',
  ].flatMap((line) => line.split(' ')),
);

/** A secret of these is a text of its own, not the name of a Secret object. */
const literalSecret = new Set(
  'jwt session cookie client app signing webhook encryption hmac oauth shared api auth token consumer access sip turn coturn radius chap ipsec l2tp totp otp tsig rpc authenticate'.split(
    ' ',
  ),
);

/** After the telling word, also as a plural: the name of something about the credential, not the credential. */
const about = new Set(
  [
    'file filename path dir directory folder mount volume location store keystore truststore',
    'url uri endpoint host hostname port server address addr domain issuer jwks',
    'id identifier identity name key label annotation selector ref reference alias title',
    'timeout ttl expiry expiration expire expired exp lifetime duration age interval period delay days',
    'hours minutes seconds secs millis ms rotation rotate refresh renew renewal grace leeway skew',
    'enable enabled disable disabled required require optional allowed allow supported active mandatory',
    'broker count length len size limit max min maximum minimum num number quota rate usage budget cost',
    'header scheme compliance realm type kind policy policies version prefix suffix algorithm',
    'algo alg method mode format encoding charset field column attribute attr param parameter',
    'source src provider backend engine manager operator controller class classes plugin driver factory connector',
    'stdin fd audience aud scope claim env var variable template pattern regex regexp validator validation rule rules',
    'strength complexity iterations rounds factor stacking encoder decoder history retries retry attempts tries status state description comment note help prompt',
    'hint question placeholder message error reset recovery again change changed updated created at by check checker',
    'user username account email namespace arn context index group role region project org',
    'checksum fingerprint digest thumbprint cache caching cluster bytes bits chars rotated revision',
    'command cmd authentication authenticator authorization encryption encryptor hashing hasher hashed login signin grant flow',
    'blacklist denylist blocklist whitelist allowlist list dictionary banned forbidden',
    'service review request response exchange introspection sync syncer generator script query sender',
  ].flatMap((line) => line.split(' ')),
);
function isAbout(word: string): boolean {
  return about.has(word) || about.has(word.replace(/s$/, ''));
}
const hashWords = new Set(['hash', 'hashes', 'sha', 'md', 'bcrypt']);
/** A word is none, but how it is made or where it is kept. */
const passwordHash: NameEvidence = { kind: 'password hash', expects: 'random' };
/** Behind it: which of several of its kind it is. */
const places = new Set('prod production staging stage dev test qa uat live primary replica'.split(' '));
/** Up to two words before it: a key that everybody may know, a number of tokens, what Helm restarts pods with. */
const harmless = new Set(
  'public pub publishable max min maximum minimum num number checksum ref forbidden banned'.split(' '),
);

/** Whether a text may hold a telling name in ASCII, as all keys of Kubernetes are: the filter for lines and documents. */
export function mayTell(text: string): boolean {
  return (findHints(text).length > 0 || endsShort(text)) && hint.test(text);
}

/** Asked of every text: an expression would take longer than all clues together. */
function endsShort(text: string): boolean {
  // The bit that tells small letters from capitals.
  const [before, last] = [text.charCodeAt(text.length - 2) | 32, text.charCodeAt(text.length - 1) | 32];
  return (before === 112 && last === 119) || (before === 115 && last === 107);
}

/**
 * What a name (of a variable, a key, a flag) says about its value; undefined where it says nothing, or names
 * something about a credential rather than the credential (`TOKEN_URL`, `PASSWORD_MIN_LENGTH`, `API_KEY_HEADER`).
 * Never throws.
 *
 * @example
 * nameEvidence('dbPassword'); // { kind: 'password', expects: 'literal' }
 * nameEvidence('SECRETS_DIR'); // undefined
 */
export function nameEvidence(name: string): NameEvidence | undefined {
  return evidenceOf(name);
}

/** Before it: a switch, or what a page does. */
const verbs = new Set('enable disable allow skip show hide forgot update'.split(' '));

/** The name of a file, beside which its hash stands: `"src/secrets/index.ts": "…"`. */
const sourceFile = /[\w-]\.(?:[cm]?[jt]sx?|css|html?|json|ya?ml|py|go|rb|java|php|sh|md|svg|png|wasm|map)$/i;

/** The same few names come with every review. */
const evidenceOf = remember(4_096, (name): NameEvidence | undefined => {
  if (!mayTell(name) && !mayTellForeign(name)) return undefined;
  if (sourceFile.test(name)) return undefined;
  const parts = wordsOf(name.replace(/^-D(?=[a-z])/, ''));
  const plain = name.toLowerCase().replace(/[^a-z\d]+/g, '');
  const ofOneProgram = known.find(([end]) => plain.endsWith(end))?.[1];
  if (ofOneProgram !== undefined) return ofOneProgram;
  if (verbs.has(parts[0] ?? '') || publicKeys.test(plain)) return undefined;
  for (let index = parts.length - 1; index >= 0; index--) {
    const evidence = evidenceAt(parts, index);
    if (evidence === undefined) {
      const word = parts[index] ?? '';
      // `inline_bytes` of Envoy is the text itself.
      if (word === 'bytes' && parts[index - 1] === 'inline') continue;
      // A hash of a password can be guessed, one of a random text cannot.
      if (hashWords.has(word) ? !passwordWord.test(parts[index - 1] ?? '') : isAbout(word)) return undefined;
      continue;
    }
    if (parts.slice(Math.max(0, index - 2), index).some((word) => harmless.has(word))) return undefined;
    return hashWords.has(parts[index + 1] ?? '') ? passwordHash : evidence;
  }
  return undefined;
});

/** Between words: punctuation, `dbPassword`, `APIKey`. Letters of other scripts belong to words. */
const boundary = /[^a-zA-Z0-9\xaa-\u1fff\u3041-\ud7ff]+|(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/;

/** `dbRootPassword2`, `DB_ROOT_PASSWORD` and `--db-root-password` are db, root, password. */
function wordsOf(name: string): readonly string[] {
  return withoutAccents(name.slice(-longestName))
    .split(boundary)
    .map((word) => word.toLowerCase().replace(/(?<!\d)\d+$/, ''))
    .filter((word) => word !== '');
}

function evidenceAt(parts: readonly string[], index: number): NameEvidence | undefined {
  const word = parts[index] ?? '';
  const before = parts[index - 1] ?? '';
  // `MAT_KHAU` and `PASS_WORD` are two words.
  if (passwordWord.test(word) || passwordWord.test(before + word))
    return { kind: 'password', expects: 'literal' };
  if (shortPasswordWord.test(word)) {
    // `PASS_THROUGH` is a verb; only at the end it is a password.
    return parts.slice(index + 1).every((after) => places.has(after))
      ? { kind: 'password', expects: 'literal' }
      : undefined;
  }
  if (secretWord.test(word)) {
    const owner = word.replace(secretWord, '') || before;
    return { kind: 'secret', expects: literalSecret.has(owner) ? 'literal' : 'random' };
  }
  if (tokenWord.test(word)) return { kind: 'token', expects: 'random' };
  if (word === 'pin' && isPinOwner.test(before)) return { kind: 'password', expects: 'pin' };
  const joined = keyWord.exec(word)?.[1];
  const kind = keyKinds.get(joined ?? (/^keys?$/.test(word) ? before : ''));
  if (kind !== undefined) return keyEvidence(parts, index, kind);
  if (opensSomething(word, before) || foreignKey.test(word)) return { kind: 'API key', expects: 'key' };
  const both = `${before} ${word}`;
  return otherWords.find(([known]) => known.test(word) || known.test(both))?.[1];
}

const isPinOwner = new RegExp(`^(?:${pinOwners})$`);

/** A key of a kind nobody knows, in two words or one (`ROUTING_KEY`, `joinkey`). */
function opensSomething(word: string, before: string): boolean {
  const owner = /^keys?$/.test(word) ? before : (/^([a-z]{3,20})keys?$/.exec(word)?.[1] ?? '');
  return owner !== '' && !ordinaryKeys.has(owner);
}

function keyEvidence(
  parts: readonly string[],
  index: number,
  kind: CredentialKind,
): NameEvidence | undefined {
  // `DB_PASSWORD_SECRET_KEY`: under which key a Secret holds it.
  if (kind === 'secret key' && passwordWord.test(parts[index - 2] ?? '')) return undefined;
  // `AWS_SECRET_ACCESS_KEY` names the text itself, too.
  const before = parts[index - 1] ?? '';
  const isSecret =
    kind === 'secret key' || sharedKey.test(before) || (before === 'access' && parts[index - 2] === 'secret');
  return { kind: ofCloud(parts, kind), expects: isSecret ? 'literal' : 'random' };
}

/** Both sides were told the same text. */
const sharedKey = /^(?:pre)?shared$/;

const otherWords: readonly (readonly [word: RegExp, evidence: NameEvidence])[] = [
  [/^basic ?auth$/, { kind: 'credential', expects: 'pair' }],
  [/^authorization credentials$/, { kind: 'credential', expects: 'literal' }],
  // Of Keycloak, and of what asks a directory.
  [/^bind ?cred(?:ential)?s?$/, { kind: 'password', expects: 'literal' }],
  [/^(?:(?:http|proxy|rpc)?auth|creds)$/, { kind: 'credential', expects: 'pair' }],
  [/^(?:credentials?|cred|authorization)$/, { kind: 'credential', expects: 'random' }],
  [
    /^mnemonic$|^(?:backup|recovery|secret|seed|wallet) phrase$/,
    { kind: 'wallet phrase', expects: 'phrase' },
  ],
  // What clouds of China call the secret half of `ak` and `sk`.
  [/^sk$/, { kind: 'secret key', expects: 'key' }],
  [/(?:salt|pepper)s?$/, { kind: 'secret', expects: 'random' }],
  [/psk$/, { kind: 'encryption key', expects: 'literal' }],
  [/^(?:bearer|pat)$/, { kind: 'token', expects: 'random' }],
  [/^cookie$/, { kind: 'credential', expects: 'cookies' }],
  // The option of erl; the header is of two words.
  [/^setcookie$/, { kind: 'credential', expects: 'text' }],
  [/^(?:licen[cs]e|seed)$/, { kind: 'API key', expects: 'key' }],
  // Of Consul, Nomad and Serf, for what members tell each other.
  [/^encrypt$/, { kind: 'encryption key', expects: 'key' }],
];

/** `AWS_SECRET_ACCESS_KEY` has no format of its own to tell it by. */
function ofCloud(parts: readonly string[], kind: CredentialKind): CredentialKind {
  return parts.includes('aws') && (kind === 'access key' || kind === 'secret key') ? 'AWS access key' : kind;
}

function words(list: string, kind: CredentialKind): [string, CredentialKind][] {
  return list.split(' ').map((word) => [word, kind]);
}
