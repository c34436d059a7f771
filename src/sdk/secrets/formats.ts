import { hasBasicUser, hasJwtHeader } from './encodings.ts';
import { hasGithubChecksum } from './checksum.ts';
import { looksRandom } from './strength.ts';

/** What was found, in words for a message. */
export type CredentialKind =
  | (typeof formats)[number]['kind']
  | 'Google service account key'
  | 'password'
  | 'secret'
  | 'secret key'
  | 'token'
  | 'API key'
  | 'access key'
  | 'private key'
  | 'encryption key'
  | 'credential';

/** A value whose shape alone gives it away. */
export interface Format {
  readonly kind: string;
  /** A piece of the pattern without which there is no match; all of them make the one filter. */
  readonly trigger: string;
  /** Finds the credential; the group `secret` is what must not be shown, the whole match where there is none. */
  readonly pattern: RegExp;
  /** For shapes that other things share: looks inside the secret, and at the text around it. */
  readonly check?: (secret: string, text: string) => boolean;
  /** For shapes with a checksum: whether it is right, which leaves no doubt. */
  readonly proof?: (secret: string) => boolean;
  /** People write these themselves, so `password` is a password here and no placeholder. */
  readonly handmade?: true;
}

/*
 * Every pattern begins at a boundary or at a fixed text and repeats with a bound where it could begin again inside
 * its own match: time stays in proportion to the text.
 * Sources: the vendors' pages on their token formats, and the public rule sets of secret scanners.
 */
export const formats = [
  {
    kind: 'private key',
    trigger: '-----BEGIN [A-Z ]{0,40}PRIVATE KEY',
    // To the end of the text where the end mark was cut off. PGP says BLOCK.
    pattern:
      /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?<secret>[\s\S]*?)(?:-----END [A-Z ]{0,40}PRIVATE KEY|$)/g,
    check: (secret: string) => /[\w+/]{16}/.test(secret),
  },
  {
    // Base64 of `-----BEGIN … PRIVATE KEY-----`: RSA, PKCS #8, EC, OpenSSH, encrypted.
    kind: 'private key',
    trigger: 'LS0tLS1CRUdJTiB',
    pattern: /LS0tLS1CRUdJTiB(?:SU0EgUFJJVk|QUklWQVRFI|FQyBQUklW|PUEVOU1NII|FTkNSWVBUR)[\w+/=]{20,}/g,
  },
  {
    kind: 'AWS access key',
    trigger: 'A[KS]IA[A-Z0-9]{16}',
    pattern: /(?<![A-Za-z0-9])A[KS]IA[A-Z0-9]{16}(?![A-Za-z0-9])/g,
  },
  {
    kind: 'Google API key',
    trigger: 'AIza|GOCSPX-|ya29\\.',
    pattern: /(?<![\w-])(?:AIza[\w-]{35}|GOCSPX-[\w-]{28}|ya29\.[\w-]{20,})(?![\w-])/g,
  },
  {
    kind: 'GitHub token',
    trigger: 'gh[opsur]_|github_pat_',
    pattern: /(?<![A-Za-z0-9])(?:gh[opsur]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})\b/g,
    proof: hasGithubChecksum,
  },
  {
    kind: 'GitLab token',
    trigger: '\\bgl(?:pat|dt|rtr?|ptt|cbt|imt|ft|soat|agent|oas)-',
    pattern: /(?<![\w-])gl(?:pat|dt|rtr?|ptt|cbt|imt|ft|soat|agent|oas)-[\w.-]{20,}/g,
  },
  {
    kind: 'Slack token',
    trigger: 'xox[abeoprs]|xapp-',
    pattern: /(?<![\w-])(?:xox[abeoprs](?:\.xox[bp])?-[A-Za-z0-9-]{10,}|xapp-\d-[A-Za-z0-9-]{20,})/g,
    check: (secret: string) => /\d/.test(secret),
  },
  {
    kind: 'Slack webhook',
    trigger: 'hooks\\.slack\\.com',
    pattern: /hooks\.slack\.com\/(?:services|workflows|triggers)\/(?<secret>[A-Za-z0-9+/]{20,})/g,
  },
  {
    kind: 'Stripe key',
    trigger: '[rs]k_(?:live|test)_|whsec_',
    pattern: /(?<![A-Za-z0-9])(?:[rs]k_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/=]{24,})/g,
  },
  {
    kind: 'npm token',
    trigger: 'npm_[A-Za-z0-9]{36}',
    pattern: /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36}\b/g,
    proof: hasGithubChecksum,
  },
  { kind: 'PyPI token', trigger: 'pypi-A', pattern: /(?<![\w-])pypi-A[\w-]{30,}/g },
  {
    kind: 'SendGrid key',
    trigger: 'SG\\.[\\w-]{16}',
    pattern: /(?<![\w.-])SG\.[\w-]{16,32}\.[\w-]{16,64}(?![\w-])/g,
  },
  { kind: 'Twilio key', trigger: 'SK[0-9a-f]{32}', pattern: /\bSK[0-9a-f]{32}\b/g },
  { kind: 'Anthropic key', trigger: 'sk-ant-', pattern: /(?<![\w-])sk-ant-[\w-]{20,}/g },
  {
    kind: 'OpenAI key',
    trigger: '\\bsk-[A-Za-z0-9]',
    // Many other providers of the same interface have taken over the prefix.
    pattern: /(?<![\w-])sk-[\w-]{20,}/g,
    check: (secret: string) => /\d/.test(secret) && /[A-Z0-9]{16}/i.test(secret),
  },
  {
    kind: 'Vault token',
    trigger: 'hv[bsr]\\.',
    pattern: /(?<![\w.-])hv[bsr]\.[\w-]{20,}/g,
  },
  {
    kind: 'Azure storage key',
    trigger: 'AccountKey|SharedAccessKey',
    pattern: /(?:AccountKey|SharedAccessKey)=(?<secret>[A-Za-z0-9+/]{30,}={0,2})/g,
  },
  {
    kind: 'Azure SAS token',
    trigger: '\\bsig=',
    pattern: /\bsig=(?<secret>[\w%+/=-]{30,})/g,
    check: (_secret: string, text: string) => /\bs[ervp]=/.test(text),
  },
  {
    kind: 'Azure client secret',
    trigger: '\\dQ~',
    pattern: /(?<![\w.~-])[\w.~]{3}\dQ~[\w.~-]{31,34}(?![\w.~-])/g,
  },
  { kind: 'DigitalOcean token', trigger: 'do[opr]_v1_', pattern: /\bdo[opr]_v1_[a-f0-9]{64}\b/g },
  { kind: 'Hugging Face token', trigger: '\\bhf_', pattern: /\bhf_[A-Za-z0-9]{30,40}\b/g },
  { kind: 'Docker Hub token', trigger: 'dckr_pat_', pattern: /\bdckr_[op]at_[\w-]{20,}/g },
  { kind: 'Databricks token', trigger: '\\bdapi[0-9a-f]', pattern: /\bdapi[a-f0-9]{32}\b/g },
  {
    kind: 'Shopify token',
    trigger: 'shp(?:at|ca|pa|ss)_',
    pattern: /\bshp(?:at|ca|pa|ss)_[a-f0-9]{32}\b/gi,
  },
  { kind: 'Grafana token', trigger: 'glsa_', pattern: /\bglsa_[A-Z0-9]{32}_[a-f0-9]{8}\b/gi },
  { kind: 'New Relic key', trigger: 'NRAK-', pattern: /\bNRAK-[A-Z0-9]{27}\b/g },
  { kind: 'Telegram token', trigger: ':AA[\\w-]{33}', pattern: /\b\d{8,10}:AA[\w-]{33}(?![\w-])/g },
  { kind: 'age key', trigger: 'AGE-SECRET-KEY-', pattern: /AGE-SECRET-KEY-1[0-9A-Z]{58}\b/g },
  {
    kind: 'JSON Web Token',
    trigger: '(?<![\\w-])eyJ[\\w-]{5,2000}\\.eyJ',
    pattern: /(?<![\w-])eyJ[\w-]{5,2000}\.eyJ[\w-]{2,}\.[\w-]*/g,
    check: hasJwtHeader,
  },
  {
    kind: 'registry credentials',
    trigger: '"auths?"\\s{0,64}:',
    pattern: /"auth"\s{0,64}:\s{0,64}"(?<secret>[A-Za-z0-9+/]{8,}={0,2})"/g,
    check: hasBasicUser,
  },
  {
    kind: 'basic authentication',
    trigger: '\\b[Bb][Aa][Ss][Ii][Cc] [A-Za-z0-9+/]{6}',
    pattern: /\bbasic (?<secret>[A-Z0-9+/]{6,}={0,2})/gi,
    check: hasBasicUser,
  },
  {
    kind: 'bearer token',
    trigger: '\\b[Bb][Ee][Aa][Rr][Ee][Rr] [\\w.~+/-]{16}|[Aa]uthorization: ?[Tt]oken ',
    // GitHub, Django REST and others say `token` instead.
    pattern: /\b(?:bearer|authorization: ?token) (?<secret>[\w.~+/-]{16,}={0,2})/gi,
    check: (secret: string) => /\d/.test(secret),
  },
  {
    kind: 'password in a URL',
    trigger: ':\\/\\/[^\\s\\/?#@:]{0,256}:[^\\s\\/?#]{1,256}@',
    pattern: /:\/\/[^\s/?#@:"'<>]{0,256}:(?<secret>[^\s/?#"']{1,256})@(?!sha\d)/g,
    handmade: true,
  },
  {
    kind: 'password in a connection string',
    trigger: '(?:[Pp]assword|PASSWORD|[Pp]wd|PWD)\\s?=',
    // ADO.NET and ODBC (`Server=…;Password=…`), libpq (`host=… password=…`), JDBC (`…?user=…&password=…`).
    pattern: /(?<![\w.-])(?:password|pwd)\s?=\s?(?<secret>[^\s;&"']{3,256})/gi,
    check: (_secret: string, text: string) =>
      /(?:server|data source|host|user ?id|uid|user|username|database|initial catalog|dbname|endpoint)\s?=/i.test(
        text,
      ),
    handmade: true,
  },
  {
    kind: 'password in options',
    trigger: '-D[\\w.-]{0,128}[Pp]assword=|\\srequired\\s',
    // System properties in JAVA_OPTS, and JAAS: `PlainLoginModule required username="…" password="…";`.
    pattern:
      /(?:(?<![\w-])-D[\w.-]{0,128}password=["']?|\srequired\s[^;]{0,512}?\bpassword=["'])(?<secret>[^\s"';]{3,256})/gi,
    handmade: true,
  },
  {
    kind: 'password hash',
    trigger: '\\$(?:apr1|[156y]|2[abxy])\\$[./A-Za-z0-9]',
    // Of htpasswd and crypt(3): what was hashed can be guessed offline.
    pattern:
      /\$(?:(?:apr1|[156])\$(?:rounds=\d{1,9}\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{22,86}|y\$[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{1,64}\$[./A-Za-z0-9]{43}|2[abxy]\$\d\d\$[./A-Za-z0-9]{53})/g,
  },
  {
    kind: 'credential in a URL',
    trigger: '[?&](?:access_token|auth_token|api_?key|token|client_secret|secret)=[\\w.~%+\\/-]{16}',
    pattern:
      /[?&](?:access_token|auth_token|api_?key|token|client_secret|secret)=(?<secret>[\w.~%+/-]{16,})/gi,
    check: looksRandom,
  },
] as const satisfies readonly Format[];

/** The one filter before all formats. */
export const formatTrigger = new RegExp(formats.map(({ trigger }) => trigger).join('|'));
/** `a://:b@` is no shorter; nor is any token. */
export const shortestFormat = 8;
