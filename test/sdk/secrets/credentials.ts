import { githubChecksum } from '../../../src/sdk/secrets/checksum.ts';

/**
 * Labelled names and values. Every credential is made up; prefixes are put together here so that scanners of this
 * repository find none.
 */
export const join = (...parts: readonly string[]) => parts.join('');
/** Text that looks random and is the same in every run. */
export function random(
  length: number,
  alphabet = 'k3JqZ8vXw2LmN7bTfR4dYh6GsPc9AeUx5Q1aBoKjWiMnDyVtH0SrCgEpFzIlOu',
): string {
  return Array.from({ length }, (_, index) => alphabet[(index * 7 + length * 5 + 3) % alphabet.length]).join(
    '',
  );
}
export const hex = (length: number) => random(length, '3f9a0c7e5b1d8264');
const upper = (length: number) => random(length, 'K7QX2MZ5RT4VBN6WJH3PLDFY');
const base64 = (text: string) => Buffer.from(text).toString('base64');
export const base64url = (text: string) => Buffer.from(text).toString('base64url');

export const jwt = join(
  base64url('{"alg":"HS256","typ":"JWT"}'),
  '.',
  base64url('{"sub":"1234567890","name":"Jane"}'),
  '.',
  random(43),
);
const github = random(30);
export const pem = join(
  '-----BEGIN RSA PRIVATE ',
  'KEY-----\n',
  random(64),
  '\n',
  random(64),
  '\n-----END RSA PRIVATE ',
  'KEY-----\n',
);
const opaque = random(32);

/** Name, value and the kind that must be found. */
export const credentials: readonly (readonly [name: string | undefined, value: string, kind: string])[] = [
  // Formats, without any help from the name.
  ...(
    [
      [join('AK', 'IA', upper(16)), 'AWS access key'],
      [join('AS', 'IA', upper(16)), 'AWS access key'],
      [join('AI', 'za', random(35)), 'Google API key'],
      [join('GOC', 'SPX-', random(28)), 'Google API key'],
      [join('gh', 'p_', github, githubChecksum(github)), 'GitHub token'],
      [join('gh', 'o_', random(36)), 'GitHub token'],
      [join('gh', 's_', random(36)), 'GitHub token'],
      [join('gh', 'u_', random(36)), 'GitHub token'],
      [join('gh', 'r_', random(36)), 'GitHub token'],
      [join('github', '_pat_', random(22), '_', random(59)), 'GitHub token'],
      [join('gl', 'pat-', random(20)), 'GitLab token'],
      [join('gl', 'dt-', random(20)), 'GitLab token'],
      [join('xo', 'xb-', '123456789012-', random(24)), 'Slack token'],
      [join('xo', 'xp-', '123456789012-', random(30)), 'Slack token'],
      [
        join('https://hooks.slack', '.com/services/T', upper(8), '/B', upper(8), '/', random(24)),
        'Slack webhook',
      ],
      [join('sk', '_live_', random(24)), 'Stripe key'],
      [join('rk', '_test_', random(24)), 'Stripe key'],
      [join('wh', 'sec_', random(32)), 'Stripe key'],
      [join('np', 'm_', random(36)), 'npm token'],
      [join('py', 'pi-AgEIcHlwaS5vcmc', random(60)), 'PyPI token'],
      [join('S', 'G.', random(22), '.', random(43)), 'SendGrid key'],
      [join('S', 'K', hex(32)), 'Twilio key'],
      [join('sk', '-', random(48)), 'OpenAI key'],
      [join('sk', '-proj-', random(60)), 'OpenAI key'],
      [join('sk', '-ant-api03-', random(90)), 'Anthropic key'],
      [join('hv', 's.', random(28)), 'Vault token'],
      [join('hv', 'b.', random(60)), 'Vault token'],
      [
        join(
          'DefaultEndpointsProtocol=https;AccountName=x;Account',
          'Key=',
          random(86),
          '==;EndpointSuffix=core.windows.net',
        ),
        'Azure storage key',
      ],
      [
        join(
          'Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccess',
          'Key=',
          random(43),
          '=',
        ),
        'Azure storage key',
      ],
      [
        join(
          'https://x.blob.core.windows.net/c?sv=2023-01-01&se=2027-01-01&sp=r&si',
          'g=',
          random(43),
          '%3D',
        ),
        'Azure SAS token',
      ],
      [join('abc8', 'Q~', random(34)), 'Azure client secret'],
      [join('dop', '_v1_', hex(64)), 'DigitalOcean token'],
      [join('h', 'f_', random(34)), 'Hugging Face token'],
      [join('dckr', '_pat_', random(27)), 'Docker Hub token'],
      [join('da', 'pi', hex(32)), 'Databricks token'],
      [join('shp', 'at_', hex(32)), 'Shopify token'],
      [join('gl', 'sa_', random(32), '_', hex(8)), 'Grafana token'],
      [join('NR', 'AK-', upper(27)), 'New Relic key'],
      [join('123456789', ':AA', random(33)), 'Telegram token'],
      [join('AGE-SECRET', '-KEY-1', upper(58)), 'age key'],
      [jwt, 'JSON Web Token'],
      [`Bearer ${jwt}`, 'JSON Web Token'],
      [`Authorization: Bearer ${random(40)}`, 'bearer token'],
      [`Authorization: Basic ${base64('admin:hunter2')}`, 'basic authentication'],
      [`basic ${base64(':pw1')}`, 'basic authentication'],
      [pem, 'private key'],
      [pem.replaceAll('RSA ', ''), 'private key'],
      [pem.replaceAll('RSA', 'OPENSSH'), 'private key'],
      [pem.replaceAll('\n', '\\n'), 'private key'],
      [base64(pem), 'private key'],
      [
        JSON.stringify({
          type: 'service_account',
          private_key: pem.replaceAll('RSA ', ''),
          client_email: 'a@b.c',
        }),
        'Google service account key',
      ],
      [JSON.stringify({ auths: { 'ghcr.io': { auth: base64('robot:hunter2') } } }), 'registry credentials'],
      ['postgres://app:hunter2@db:5432/app', 'password in a URL'],
      ['postgresql+asyncpg://app:p4ss@db/app?sslmode=require', 'password in a URL'],
      ['redis://:hunter2@redis:6379/0', 'password in a URL'],
      ['amqp://guest:guest@rabbit:5672', 'password in a URL'],
      ['mongodb+srv://root:changeme@cluster0.example.net/db', 'password in a URL'],
      ['https://user:p%40ss@example.com/', 'password in a URL'],
      ['jdbc:mysql://root:secret1@db/app', 'password in a URL'],
      ['http://a:b@c,http://admin:s3cr3t@d', 'password in a URL'],
      ['Server=db;Database=app;User Id=sa;Password=Str0ng!;', 'password in a connection string'],
      ['Data Source=db;Uid=sa;Pwd=hunter2', 'password in a connection string'],
      ['host=db user=app password=hunter2 dbname=app', 'password in a connection string'],
      ['jdbc:postgresql://db/app?user=app&password=hunter2', 'password in a connection string'],
      [`https://api.example.com/v1?access_token=${random(32)}`, 'credential in a URL'],
    ] as const
  ).map(([value, kind]) => [undefined, value, kind] as const),
  // A format counts under any name.
  ['KEY_ID', join('AK', 'IA', upper(16)), 'AWS access key'],
  ['DESCRIPTION', join('gh', 'p_', github, githubChecksum(github)), 'GitHub token'],
  ['TOKEN_URL', 'https://admin:hunter2@id.example.com/token', 'password in a URL'],
  ['DATABASE_URL', 'postgres://app:$(DB_PASSWORD)x@db/app?fallback=redis://:pw1@r', 'password in a URL'],
  // Passwords: whatever stands there.
  ['PASSWORD', 'hunter2', 'password'],
  ['DB_PASSWORD', 'changeme', 'password'],
  ['DB_PASSWORD', 'n8n', 'password'],
  ['DB_PASSWORD', 'odoo', 'password'],
  ['SA_PASSWORD', 'Your_password123', 'password'],
  ['BASIC_AUTH', 'admin:tulip', 'credential'],
  [undefined, 'cache:6380,password=tulip,ssl=True', 'password in a connection string'],
  ['DB_PASSWORD', 'password', 'password'],
  ['POSTGRES_PASSWORD', 'postgres', 'password'],
  ['MYSQL_ROOT_PASSWORD', 'root', 'password'],
  ['dbPassword', 'admin', 'password'],
  ['spring.datasource.password', 'sa1', 'password'],
  ['redis-password', 'correct horse battery staple', 'password'],
  ['PGPASSWORD', 'pgpw', 'password'],
  ['MYSQL_PWD', 'S3cure', 'password'],
  ['SMTP_PASS', 'mail-2024', 'password'],
  ['ADMIN_PASSWORD', '123456', 'password'],
  ['PASSWORD', '1234', 'password'],
  ['PASSWORD1', 'abc', 'password'],
  ['PASSWORD_PROD', 'Winter2024!', 'password'],
  ['KEY_PASSPHRASE', 'open sesame', 'password'],
  ['--password', 'hunter2', 'password'],
  ['ftp_passwd', '$ecret', 'password'],
  ['userPassword', 'p@ss/word', 'password'],
  ['HTPASSWD', join('admin:$apr', '1$abc$', random(22)), 'password hash'],
  ['ADMIN_PASSWORD_HASH', join('$2', 'y$10$', random(53)), 'password hash'],
  ['REDIS_PASSWORD', opaque, 'password'],
  // Secrets, tokens and keys: text that looks made by a machine, or that everybody knows.
  ['CLIENT_SECRET', opaque, 'secret'],
  ['OAUTH_CLIENT_SECRET', '0c9a4d2e-7b31-4f58-9e6a-1d2c3b4a5f60', 'secret'],
  ['clientsecret', hex(32), 'secret'],
  ['JWT_SECRET', 'supersecret', 'secret'],
  ['SESSION_SECRET', 'keyboardcat', 'secret'],
  ['SECRET', 'changeme', 'secret'],
  ['APP_SECRET', 'mysecret123', 'secret'],
  ['COOKIE_SECRET', random(24), 'secret'],
  ['DJANGO_SECRET_KEY', join('django-insecure-', random(40), '&+x'), 'secret key'],
  ['SECRET_KEY_BASE', hex(128), 'secret key'],
  ['SECRET_KEY', 'changeme', 'secret key'],
  ['AWS_SECRET_ACCESS_KEY', join(random(20), '/', random(19)), 'AWS access key'],
  ['AWS_SECRET_ACCESS_KEY', join('/', random(18), '/', random(20)), 'AWS access key'],
  ['aws_secret_key', random(40), 'AWS access key'],
  ['ACCESS_TOKEN', random(40), 'token'],
  ['authToken', hex(40), 'token'],
  ['VAULT_TOKEN', join('s.', random(24)), 'token'],
  ['TELEGRAM_BOT_TOKEN', random(35), 'token'],
  ['TOKEN', 'a1b2c3d4e5f6', 'token'],
  ['GITHUB_TOKEN_CI', hex(40), 'token'],
  ['X-Auth-Token', hex(32), 'token'],
  ['API_KEY', 'abc123def456', 'API key'],
  ['apiKey', hex(32), 'API key'],
  ['apikey', random(24), 'API key'],
  ['DD_API_KEY', hex(32), 'API key'],
  ['DD_APP_KEY', hex(40), 'API key'],
  ['API_KEY_V2', hex(32), 'API key'],
  ['APP_KEY', `base64:${random(43)}=`, 'API key'],
  ['NEW_RELIC_LICENSE_KEY', join(hex(36), 'NRAL'), 'API key'],
  ['ENCRYPTION_KEY', hex(64), 'encryption key'],
  ['signingKey', `${random(43)}=`, 'encryption key'],
  ['MEILI_MASTER_KEY', random(20), 'encryption key'],
  ['STORAGE_ACCOUNT_KEY', `${random(86)}==`, 'access key'],
  ['PRIVATE_KEY', random(64), 'private key'],
  ['AZURE_CREDENTIALS', random(40), 'credential'],
  ['BASIC_AUTH', 'admin:hunter2', 'credential'],
  ['MINIO_SECRET_KEY', 'minioadmin', 'secret key'],
  ['API_TOKEN', 'abc123', 'token'],
  ['REDIS_AUTH', random(20), 'credential'],
  ['_auth', base64('deploy:hunter2x9'), 'credential'],
  ['PASSWORD_SALT', hex(32), 'secret'],
  ['ENCRYPTION_KEY', 'abcdefghijklmnopqrstuvwxyz', 'encryption key'],
];
