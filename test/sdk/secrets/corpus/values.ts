import { githubChecksum } from '../../../../src/sdk/secrets/checksum.ts';

/**
 * Made-up values in the forms of real credentials. All come from one seed, so every run sees the same; prefixes are
 * put together here so that a scanner of this repository finds none.
 */
export const join = (...parts: readonly string[]) => parts.join('');

/** Mulberry32: small, and the same everywhere. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const next = generator(20_260_101);
const lower = 'abcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';

export const letters = (length: number, alphabet: string) =>
  Array.from({ length }, () => alphabet[Math.floor(next() * alphabet.length)] ?? '').join('');
export const alnum = (length: number) => letters(length, lower + lower.toUpperCase() + digits);
export const upper = (length: number) => letters(length, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567');
export const hex = (length: number) => letters(length, '0123456789abcdef');
export const number = (length: number) => letters(length, '123456789');
export const base64 = (text: string) => Buffer.from(text).toString('base64');
export const base64url = (text: string) => Buffer.from(text).toString('base64url');
/** As `openssl rand -base64` writes them. */
export const opaque = (bytes: number) =>
  Buffer.from(Array.from({ length: bytes }, () => Math.floor(next() * 256))).toString('base64');
export const uuid = () => [8, 4, 4, 4, 12].map((length) => hex(length)).join('-');

export const privateKey = (type: string, lines = 4) =>
  join(
    '-----BEGIN ',
    type,
    'PRIVATE ',
    'KEY-----\n',
    Array.from({ length: lines }, () => alnum(64)).join('\n'),
    '\n-----END ',
    type,
    'PRIVATE ',
    'KEY-----\n',
  );
export const certificate = () =>
  `-----BEGIN CERTIFICATE-----\nMII${alnum(61)}\n${alnum(64)}\n-----END CERTIFICATE-----\n`;
export const publicKey = () =>
  `-----BEGIN PUBLIC KEY-----\nMII${alnum(61)}\n${alnum(20)}\n-----END PUBLIC KEY-----\n`;
export const jwt = () =>
  join(base64url('{"alg":"RS256","typ":"JWT"}'), '.', base64url(`{"sub":"${number(9)}"}`), '.', alnum(86));

function github(prefix: string): string {
  const body = alnum(30);
  return join('gh', prefix, '_', body, githubChecksum(body));
}

const dockerAuth = () => base64(`robot:${alnum(20)}`);

/** Every format: what it is called and a maker of values. */
export const makers: readonly (readonly [kind: string, make: () => string])[] = [
  ['GitHub token', () => github('p')],
  ['GitHub token', () => github('s')],
  ['GitHub token', () => join('github', '_pat_', alnum(22), '_', alnum(59))],
  ['GitLab token', () => join('gl', 'pat-', alnum(20))],
  ['GitLab token', () => join('gl', 'rt-', alnum(20))],
  ['GitLab token', () => join('gl', 'cbt-', alnum(24))],
  ['AWS access key', () => join('AK', 'IA', upper(16))],
  ['AWS access key', () => join('AS', 'IA', upper(16))],
  ['Google API key', () => join('AI', 'za', alnum(35))],
  ['Google API key', () => join('GOC', 'SPX-', alnum(28))],
  ['Azure storage key', () => join('AccountName=shop;Account', 'Key=', alnum(86), '==')],
  ['Azure client secret', () => join(alnum(3), '8', 'Q~', alnum(34))],
  ['Slack token', () => join('xo', 'xb-', number(12), '-', number(12), '-', alnum(24))],
  ['Slack token', () => join('xa', 'pp-1-A', upper(10), '-', number(13), '-', hex(64))],
  [
    'Slack webhook',
    () => join('https://hooks.slack', '.com/services/T', upper(8), '/B', upper(8), '/', alnum(24)),
  ],
  ['Stripe key', () => join('sk', '_live_', alnum(24))],
  ['Stripe key', () => join('rk', '_live_', alnum(99))],
  ['Stripe key', () => join('wh', 'sec_', alnum(32))],
  ['npm token', () => join('np', 'm_', alnum(36))],
  ['PyPI token', () => join('py', 'pi-AgEIcHlwaS5vcmc', alnum(120))],
  ['SendGrid key', () => join('S', 'G.', alnum(22), '.', alnum(43))],
  ['Twilio key', () => join('S', 'K', hex(32))],
  ['OpenAI key', () => join('sk', '-proj-', alnum(48))],
  ['Anthropic key', () => join('sk', '-ant-api03-', alnum(93), 'AA')],
  ['Hugging Face token', () => join('h', 'f_', letters(34, lower + lower.toUpperCase()))],
  ['Vault token', () => join('hv', 's.', alnum(90))],
  ['DigitalOcean token', () => join('dop', '_v1_', hex(64))],
  ['Docker Hub token', () => join('dckr', '_pat_', alnum(27))],
  ['Databricks token', () => join('da', 'pi', hex(32))],
  ['Grafana token', () => join('gl', 'sa_', alnum(32), '_', hex(8))],
  ['New Relic key', () => join('NR', 'AK-', upper(27))],
  ['Telegram token', () => join(number(10), ':A', 'A', alnum(33))],
  ['age key', () => join('AGE-SECRET', '-KEY-1', letters(58, 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L'))],
  ['JSON Web Token', jwt],
  ['private key', () => privateKey('RSA ')],
  ['private key', () => privateKey('')],
  ['private key', () => privateKey('OPENSSH ')],
  ['private key', () => base64(privateKey('EC '))],
  ['registry credentials', () => join('{"auths":{"registry.example.com":{"auth":"', dockerAuth(), '"}}}')],
  ['basic authentication', () => join('Basic ', base64(`robot:${alnum(12)}`))],
  ['bearer token', () => join('Bearer ', alnum(40))],
  ['password in a URL', () => join('postgres://shop:', alnum(14), '@db:5432/shop')],
  ['password in a URL', () => join('amqp://guest:', 'guest', '@rabbitmq:5672/')],
  ['password in a URL', () => join('redis://:', alnum(20), '@cache:6379/0')],
  [
    'password in a URL',
    () => join('mongodb+srv://app:', alnum(12), '@cluster0.example.net/?retryWrites=true'),
  ],
  ['password in a URL', () => join('https://ci:', alnum(16), '@git.example.com/shop/orders.git')],
  [
    'password in a connection string',
    () => join('Server=db;Database=shop;User Id=sa;Pass', 'word=', alnum(12)),
  ],
  [
    'password in a connection string',
    () => join('host=db port=5432 dbname=shop user=app pass', 'word=', alnum(12)),
  ],
  ['password in a connection string', () => join('jdbc:mysql://db/shop?user=app&pass', 'word=', alnum(12))],
  ['credential in a URL', () => join('https://api.example.com/v1/hook?to', 'ken=', alnum(32))],
  ['Shopify token', () => join('shp', 'at_', hex(32))],
  [
    'Azure SAS token',
    () =>
      join(
        'https://shop.blob.example.net/c?sv=2024-01-01&se=2027-01-01&sr=c&sp=r&s',
        'ig=',
        alnum(40),
        '%3D',
      ),
  ],
];

