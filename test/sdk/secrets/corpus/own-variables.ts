import type { Cases, Pair } from './case.ts';
import { alnum, hex, makers, number, opaque, upper } from './values.ts';

/** Pairs that hold a credential. */

/** Under names that say nothing, what they hold must be told by its format alone. */
const neutralNames = ['SETTING', 'VALUE_1', 'app.config', 'X_UPSTREAM'];
/** A fixed name may win over the format in the words of the message, so the kind is left open. */
const tellingNames = ['API_TOKEN', 'SERVICE_CREDENTIALS'];

const byFormat: readonly Pair[] = makers.flatMap(([kind, make], index) => [
  [neutralNames[index % neutralNames.length], make(), kind] as const,
  [neutralNames[(index + 1) % neutralNames.length], make(), kind] as const,
  [tellingNames[index % tellingNames.length], make(), '*'] as const,
]);

/** As people choose passwords; none of them looks random. */
const chosen = [
  'hunter2',
  'changeme',
  'Sommer2024!',
  'postgres',
  'correct-horse-battery',
  'S3cr3t!',
  'shop',
  'p@ss w0rd',
];
const passwordNames = [
  'DB_PASSWORD',
  'POSTGRES_PASSWORD',
  'MYSQL_ROOT_PASSWORD',
  'PGPASSWORD',
  'REDIS_PASS',
  'spring.datasource.password',
  'adminPassword',
  'SMTP_PASSWD',
  'LDAP_BIND_PW',
  'KEYSTORE_PASSPHRASE',
  'RABBITMQ_DEFAULT_PASS',
  'ELASTIC_PASSWORD',
  'sa_pwd',
];
const passwords: readonly Pair[] = passwordNames.flatMap((name, index) => [
  [name, chosen[index % chosen.length] ?? '', 'password'] as const,
  [name, alnum(16), 'password'] as const,
  [name, number(6), 'password'] as const,
]);

const generated: readonly Pair[] = (
  [
    ['JWT_SECRET', 'secret'],
    ['SESSION_SECRET', 'secret'],
    ['CLIENT_SECRET', 'secret'],
    ['OAUTH_CLIENT_SECRET', 'secret'],
    ['SECRET_KEY', 'secret key'],
    ['DJANGO_SECRET_KEY', 'secret key'],
    ['SECRET_KEY_BASE', 'secret key'],
    ['AWS_SECRET_ACCESS_KEY', 'AWS access key'],
    ['API_KEY', 'API key'],
    ['DD_API_KEY', 'API key'],
    ['datadog.apiKey', 'API key'],
    ['ENCRYPTION_KEY', 'encryption key'],
    ['COOKIE_KEY', 'encryption key'],
    ['STORAGE_ACCOUNT_KEY', 'access key'],
    ['SERVICE_TOKEN', 'token'],
    ['x-auth-token', 'token'],
    ['CONSUL_HTTP_TOKEN', 'token'],
    ['PASSWORD_SALT', 'secret'],
  ] as const
).flatMap(([name, kind]) => [
  [name, hex(32), kind] as const,
  [name, opaque(32), kind] as const,
  [name, alnum(24), kind] as const,
]);

const single: readonly Pair[] = [
  ['JWT_SECRET', 'supersecret', 'secret'],
  ['SECRET_KEY', 'insecure-dev-key', 'secret key'],
  ['JWT_SECRET', 'my-jwt-signing-secret', 'secret'],
  ['API_KEY', 'changeme', 'API key'],
  ['ADMIN_TOKEN', 'admin-token', 'token'],
  ['GRAFANA_ADMIN_CREDENTIALS', 'admin:admin', 'credential'],
  ['NEO4J_AUTH', 'neo4j/hunter2', 'password'],
  ['FLOWER_BASIC_AUTH', 'flower:Tulip99', 'credential'],
  ['HTPASSWD', `shop:$apr1$${alnum(8)}$${alnum(22)}`, '*'],
  ['PIN_PASSCODE', '4711', 'password'],
  ['AWS_SESSION_TOKEN', opaque(120), '*'],
  ['LICENSE_KEY', `${upper(5)}-${upper(5)}-${upper(5)}-${upper(5)}`, 'API key'],
  ['ROOT_PASSWORD_HASH', `$2b$12$${alnum(53)}`, 'password hash'],
  ['DB_PASS', '$ecret123', 'password'],
  ['DB_PASSWORD', '/Xy9+kQ2vT7mB4n', 'password'],
  ['DB_PASSWORD', 'true-north-42', 'password'],
  ['MARIADB_PASSWORD', 'root', 'password'],
  ['KAFKA_SASL_JAAS_CONFIG', 'PlainLoginModule required username="app" password="hunter2";', '*'],
  ['JAVA_OPTS', '-Xmx512m -Djavax.net.ssl.keyStorePassword=hunter2 -Dfile.encoding=UTF-8', '*'],
  ['CURL_ARGS', '-H "Authorization: Token 9f86d081884c7d659a2feaa0c55ad015"', '*'],
];

const pairs: readonly Pair[] = [...byFormat, ...passwords, ...generated, ...single];

export const ownVariables = { pairs } satisfies Cases;
