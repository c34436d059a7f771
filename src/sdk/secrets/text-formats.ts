import { hasBasicUser, hasJwtHeader, isAnonymous } from './encodings.ts';
import { each, type Format } from './format.ts';
import { isCode } from './placeholders.ts';
import { isBroken, looksRandom } from './strength.ts';

/** Keys, headers, URLs, connection strings and hashes, told by the text around the secret or by their structure. */
export const textFormats = [
  {
    kind: 'private key',
    clues: ['E KEY', 'VPN Static key'],
    // To the end of the text where the end mark was cut off. PGP says BLOCK.
    pattern:
      /-----BEGIN (?:[A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?|OpenVPN Static key V\d)-----(?<secret>[\s\S]*?)(?:-----END [A-Z ]{0,40}PRIVATE KEY|-----END OpenVPN|$)/g,
    // Without an end mark it may be a sentence that explains what belongs here: its words are no base64.
    check: (secret: string, text: string) =>
      /[\w+/]{16}/.test(secret) && (text.includes('-----END') || hasBase64(secret)),
  },
  {
    // Base64 of `-----BEGIN … PRIVATE KEY-----`: RSA, PKCS #8, EC, OpenSSH, encrypted.
    kind: 'private key',
    clues: ['LS0tLS1CRUdJTiB'],
    pattern: /LS0tLS1CRUdJTiB(?:SU0EgUFJJVk|QUklWQVRFI|FQyBQUklW|PUEVOU1NII|FTkNSWVBUR)[\w+/=]{20,}/g,
  },
  {
    // DER in base64 without the lines around it: PKCS #8 (RSA, EC, Ed25519), PKCS #1, SEC 1. What makes a key private
    // is the version before the algorithm, which public keys and certificates do not have.
    kind: 'private key',
    clues: ['BADANBgkq', 'IBAAKC', 'BMGByqGSM', 'BAGByqGSM', 'BQYDK2V', 'HcCAQEE'],
    pattern:
      /(?<![\w+/=-])M(?:II[\w+/]{3}IBA(?:DANBgkqhkiG9w0BAQEF|AKC[AB])|I[GH][\w+/]AgEAMB[AM]GByqGSM49|C4CAQAwBQYDK2V[wu]BCIEI|HcCAQEEI)[\w+/=]{40,}/g,
  },
  {
    // Key stores in base64: JKS and JCEKS whose first entry is a key and no certificate, and the object identifier of
    // a key in PKCS #12 (RFC 7292, pkcs8ShroudedKeyBag) at each of the three ways to begin in base64.
    kind: 'private key',
    clues: ['/u3+7QAAAAI', 'zs7OzgAAAAI', 'KoZIhvcNAQwKAQ', 'qGSIb3DQEMCgEC', 'qhkiG9w0BDAoBA'],
    pattern:
      /(?:(?<![\w+/])(?:\/u3\+7Q|zs7Ozg)AAAAI[\w+/]{5}AAAAA[Qw]|KoZIhvcNAQwKAQ[I-L]|qGSIb3DQEMCgEC|qhkiG9w0BDAoBA[g-v])[\w+/]{64,}={0,2}/g,
  },
  {
    // A keytab of Kerberos in base64: its version, the length of the first entry, and how many parts its name has.
    kind: 'Kerberos key',
    clues: ['BQIAAA'],
    pattern: /(?<![\w+/])BQIAAA[A-D][\w+/]AA[EIM]A[\w+/]{40,}={0,2}/g,
  },
  {
    // Of PuTTY: the lines behind the count.
    kind: 'private key',
    clues: ['Private-Lines'],
    pattern: /Private-Lines: \d{1,3}\s{1,2}(?<secret>[\w+/=]{16,128})/g,
  },
  {
    // A JSON Web Key with its private or symmetric part (RFC 7518, 6).
    kind: 'private key',
    clues: ['"kty'],
    pattern: /"[dk]"\s{0,16}:\s{0,16}"(?<secret>[\w-]{20,})"/g,
    check: (_secret: string, text: string) => /"kty"/.test(text),
  },
  {
    kind: 'Azure storage key',
    clues: ['tKey=', 'sKey='],
    pattern: /(?:AccountKey|SharedAccessKey)=(?<secret>[A-Za-z0-9+/]{30,}={0,2})/g,
  },
  {
    kind: 'LiveKit secret',
    clues: ['API'],
    pattern:
      /(?<![\w-])API[A-Za-z0-9]{10,14}["']?\s{0,4}[:=]\s{0,4}["']?(?<secret>[A-Za-z0-9]{40,64})(?![A-Za-z0-9])/g,
  },
  {
    kind: 'Azure SAS token',
    clues: ['sig='],
    pattern: /\bsig=(?<secret>[\w%+/=-]{30,})/g,
    check: (_secret: string, text: string) => /\bs[ervp]=/.test(text),
  },
  {
    kind: 'credential in a URL',
    clues: ['-Signature='],
    pattern: /[?&]X-(?:Amz|Goog)-Signature=(?<secret>[\da-f]{64,1024})(?![\da-z])/gi,
  },
  {
    kind: 'JSON Web Token',
    clues: ['eyJ'],
    pattern: /(?<![\w-])eyJ[\w-]{5,2000}\.eyJ[\w-]{2,}\.[\w-]*/g,
    check: (token: string) => hasJwtHeader(token) && !isAnonymous(token),
  },
  {
    kind: 'registry credentials',
    clues: ['"auth'],
    pattern: /"auth"\s{0,64}:\s{0,64}"(?<secret>[A-Za-z0-9+/]{8,}={0,2})"/g,
    check: hasBasicUser,
  },
  {
    kind: 'basic authentication',
    clues: ['sic '],
    pattern: /\bbasic (?<secret>[A-Z0-9+/]{6,}={0,2})/gi,
    check: hasBasicUser,
  },
  {
    kind: 'bearer token',
    clues: ['rer ', 'horization'],
    // Others say `token` (GitHub), `ApiKey` (Elasticsearch), `SSWS` (Okta) or `GenieKey` (Opsgenie) instead.
    pattern: /\b(?:bearer|authorization: ?[a-z][\w-]{2,15}) (?<secret>[\w.~+/-]{16,}={0,2})/gi,
    check: (secret: string) => /\d/.test(secret),
  },
  {
    // A shorter one counts in the header itself: elsewhere it may be the word behind it.
    kind: 'bearer token',
    clues: ['horization'],
    needs: 'earer ',
    pattern:
      /\bauthorization["']?\s{0,4}(?:=>|[:=,])\s{0,4}\[?\s?["']?bearer (?<secret>[\w.~+-]{8,15})(?![\w.~+/=-])/gi,
    check: isBroken,
  },
  {
    kind: 'password in a URL',
    clues: ['://'],
    needs: '@',
    pattern:
      /:\/\/[^\s/?#@:"'<>]{0,256}(?:@[\w.-]{1,256})?:(?!\d{1,5},)(?<secret>[^\s/?#"']{1,256})@(?!sha\d)/g,
    handmade: true,
  },
  {
    kind: 'password in a connection string',
    clues: ['sword', 'pwd'],
    needs: '=',
    // ADO.NET and ODBC (`Server=…;Password=…`), libpq (`host=… password=…`), JDBC (`…?user=…&password=…`).
    pattern: /(?<![\w.-])(?:password|pwd)\s?=\s?(?!password[,)])(?<secret>[^\s;&"']{3,256})/gi,
    check: (secret: string, text: string) =>
      !isCode(secret.replace(/[,)].*/, '')) &&
      !/^(?:None|nil|null)\b/.test(secret) &&
      // The client of Redis for .NET begins with the host: `cache:6380,password=…,ssl=True`.
      /(?:server|data source|host|user ?id|uid|user|username|database|initial catalog|dbname|endpoint)\s?=|[\w.-]:\d{2,5},\s?password=/i.test(
        text,
      ),
    handmade: true,
  },
  {
    // Go's driver for MySQL: `user:password@tcp(host)/database`.
    kind: 'password in a connection string',
    clues: ['@tcp(', '@unix('],
    pattern: /(?<![\w.-])[\w.-]{1,64}:(?<secret>[^\s@"']{1,256})@(?:tcp|unix)\(/g,
    handmade: true,
  },
  {
    // The same without a protocol, which is TCP.
    kind: 'password in a connection string',
    clues: each('@(', 'abcdefghijklmnopqrstuvwxyz0123456789'),
    needs: '@(',
    pattern: /(?<![\w.-])[\w.-]{1,64}:(?<secret>[^\s@"']{1,256})@\([\w.-]{1,256}:\d{1,5}\)\//g,
    handmade: true,
  },
  {
    // Of Zigbee and Z-Wave: sixteen bytes, as a list.
    kind: 'network key',
    clues: ['k_key', 'kKey'],
    pattern:
      /(?<![a-z])network_?key["']?\s{0,4}[:=]\s{0,4}["']?\[?\s{0,4}(?<secret>(?:0x[\da-f]{1,2}|\d{1,3})(?:\s?,\s{0,4}(?:0x[\da-f]{1,2}|\d{1,3})){15})(?!\s?,|\w)/gi,
  },
  {
    kind: 'password in a connection string',
    clues: [':thin:', ':oci:'],
    pattern: /:oracle:(?:thin|oci):[\w.-]{1,64}\/(?<secret>[^\s@"']{1,256})@/g,
    handmade: true,
  },
  {
    // Oracle's easy connect, at its port: `user/password@host:1521/service`.
    kind: 'password in a connection string',
    clues: [':1521'],
    needs: '@',
    pattern: /(?<![\w./-])[\w.$#-]{1,64}\/(?<secret>[^\s@"'/]{1,256})@(?:\/\/)?[\w.-]{1,256}:1521\b/g,
    handmade: true,
  },
  {
    kind: 'password in options',
    clues: ['sword'],
    needs: '=',
    // System properties in JAVA_OPTS, and JAAS: `PlainLoginModule required username="…" password="…";`.
    pattern:
      /(?:(?<![\w-])-D[\w.-]{0,128}password=["']?|\srequired\s[^;]{0,512}?\bpassword=["'])(?<secret>[^\s"';]{3,256})/gi,
    handmade: true,
  },
  {
    kind: 'password hash',
    clues: ['$apr1$', '$1$', '$5$', '$6$', '$y$', '$2a', '$2b', '$2x', '$2y'],
    // Of htpasswd and crypt(3): what was hashed can be guessed offline.
    pattern:
      /\$(?:(?:apr1|[156])\$(?:rounds=\d{1,9}\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{22,86}|y\$[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{1,64}\$[./A-Za-z0-9]{43}|2[abxy]\$\d\d\$[./A-Za-z0-9]{53})/g,
  },
  {
    // The PHC string format (https://github.com/P-H-C/phc-string-format), Django's, and that of mosquitto_passwd.
    kind: 'password hash',
    clues: ['$argon2', '$pbkdf2', '$scrypt', 'pbkdf2_sha', '$7$'],
    pattern:
      /(?:\$(?:argon2(?:id|i|d)|pbkdf2(?:-sha\d{1,3})?|scrypt)\$(?:[\w=,.-]{1,64}\$){1,3}|\bpbkdf2_sha\d{1,3}\$\d{1,8}\$[\w+/.-]{1,64}\$|\$7\$\d{1,8}\$[\w+/=]{8,64}\$)[\w+/.=]{27,}/g,
  },
  {
    // Of CouchDB, Werkzeug (Flask, Airflow, Superset), phpass (WordPress) and Drupal.
    kind: 'password hash',
    clues: ['-pbkdf2-', 'pbkdf2:sha', 'scrypt:', '$P$', '$H$', '$S$'],
    pattern:
      /-pbkdf2-[0-9a-f]{40},[0-9a-f]{32},\d{1,8}|\b(?:pbkdf2:sha\d{1,3}:\d{1,8}|scrypt:\d{1,8}:\d{1,2}:\d{1,2})\$\w{8,32}\$[0-9a-f]{40,128}|\$(?:[PH]\$[./A-Za-z0-9]{31}|S\$[./A-Za-z0-9]{52})(?![./\w])/g,
  },
  {
    // Of LDAP and of PostgreSQL.
    kind: 'password hash',
    clues: ['{SHA', '{SSHA', '{SMD5', 'SCRAM-SHA', '"md5'],
    pattern:
      /(?:\{S?(?:SHA|MD5)(?:256|384|512)?\}[A-Za-z0-9+/]{20,}={0,2}|SCRAM-SHA-256\$\d{4,6}:[\w+/=]{8,64}\$[\w+/=]{40,}:[\w+/=]{40,}|"md5[0-9a-f]{32}")/g,
  },
  {
    kind: 'credential in a URL',
    clues: [
      '?access_token',
      '&access_token',
      '?auth_token',
      '&auth_token',
      '?api',
      '&api',
      '?token',
      '&token',
      '?client',
      '&client',
      '?secret',
      '&secret',
    ],
    // Who may see a badge of Codecov may know its token.
    pattern:
      /(?<!\.svg)[?&](?:access_token|auth_token|api_?key|token|client_secret|secret)=(?<secret>[\w.~%+/-]{6,})/gi,
    check: (secret: string) => (secret.length < 16 ? isBroken(secret) : looksRandom(secret)),
  },
  {
    // InfluxDB takes both in the query.
    kind: 'password in a URL',
    clues: ['&p='],
    needs: 'u=',
    pattern: /[?&]u=[^\s&"'#]{1,128}&(?:[^\s&"'#]{1,128}&){0,4}p=(?<secret>[^\s&"'#]{3,256})/g,
    check: (_secret: string, text: string) => /[?&]db=|:8086\b/.test(text),
    handmade: true,
  },
  {
    kind: 'session cookie',
    clues: ['cookie:'],
    pattern: /\bcookie: ?[^\n"']{0,512}?=(?<secret>[\w%.~+/-]{20,})/gi,
    check: looksRandom,
  },
  {
    // Chat services take whoever knows the URL for somebody who may write: the last long part of its path.
    kind: 'webhook URL',
    clues: ['hook'],
    pattern:
      /:\/\/[^\s"'?#<>]{0,256}hooks?(?:b2)?[^\s"'?#<>/]{0,64}\/(?:[^\s"'?#<>/]{1,128}\/){0,4}(?<secret>[\w-]{16,256})(?![\w.])/gi,
    check: (secret: string) => /\d/.test(secret) && looksRandom(secret),
  },
  {
    // WeCom: `…/webhook/send?key=…`; functions of Azure: `…/api/order?code=…`.
    kind: 'webhook URL',
    clues: ['hook', 'azurewebsites'],
    pattern:
      /(?:hooks?[^\s"'?#<>]{0,128}\?(?:[^\s"'#<>]{0,256}&)?(?:key|token|code|secret)|\.azurewebsites\.net\/[^\s"'?#<>]{1,256}\?(?:[^\s"'#<>]{0,256}&)?code)=(?<secret>[\w%.~+/=-]{16,})/gi,
    check: (secret: string) => /\d/.test(secret) && looksRandom(secret),
  },
  {
    kind: 'LaunchDarkly key',
    clues: ['sdk-'],
    pattern: /(?<![\w-])sdk-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g,
  },
] as const satisfies readonly Format[];

function hasBase64(text: string): boolean {
  const runs = text.match(/[\w+/]{16,}/g) ?? [];
  return runs.some((run) => /[A-Z]/.test(run) && /[a-z]/.test(run) && /\d/.test(run));
}
