import type { Cases, Command, Document, Pair } from './case.ts';
import {
  alnum,
  base64url,
  hex,
  join,
  letters,
  number,
  opaque,
  privateKey,
  upper,
  uuid,
} from './values.ts';

const lowerDigits = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Keys, URLs of chat services, headers and scripts. */
const documents: readonly Document[] = [
  [privateKey('ENCRYPTED '), 1],
  [privateKey('DSA '), 1],
  [
    '-----BEGIN PGP PRIVATE ' +
      'KEY BLOCK-----\n\nlQOYBF' +
      alnum(58) +
      '\n' +
      alnum(64) +
      '\n=AbCd\n-----END PGP PRIVATE ' +
      'KEY BLOCK-----\n',
    1,
  ],
  [
    'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: ops\nPublic-Lines: 2\n' +
      alnum(64) +
      '\n' +
      alnum(12) +
      '\nPrivate-Lines: 1\n' +
      alnum(64) +
      '\nPrivate-MAC: ' +
      hex(64) +
      '\n',
    1,
  ],
  [
    '# created: 2026-01-02T00:00:00Z\n# public key: age1' +
      letters(58, lowerDigits) +
      '\n' +
      join('AGE-SECRET', '-KEY-1', letters(58, 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L')) +
      '\n',
    1,
  ],
  ['{"kty":"RSA","kid":"1","n":"' + alnum(80) + '","e":"AQAB","d":"' + alnum(80) + '"}\n', 1],
  ['{"kty":"oct","k":"' + alnum(43) + '","alg":"HS256"}\n', 1],
  ['webhook: https://discord' + '.com/api/webhooks/' + number(18) + '/' + alnum(68) + '\n', 1],
  [
    'url: https://example.webhook.office' +
      '.com/webhookb2/' +
      uuid() +
      '@' +
      uuid() +
      '/IncomingWebhook/' +
      hex(32) +
      '/' +
      uuid() +
      '\n',
    1,
  ],
  ['mattermost_webhook: https://chat.example.com/hooks/' + letters(26, lowerDigits) + '\n', 1],
  [
    'url: https://chat.googleapis' +
      '.com/v1/spaces/AAAA' +
      alnum(7) +
      '/messages?key=' +
      join('AI', 'za', alnum(35)) +
      '&token=' +
      alnum(43) +
      '\n',
    1,
  ],
  [
    'telegram_url: https://api.telegram.org/bot' + join(number(10), ':A', 'A', alnum(33)) + '/sendMessage\n',
    1,
  ],
  ['url: https://hooks.zapier' + '.com/hooks/catch/' + number(7) + '/' + letters(7, lowerDigits) + '/\n', 1],
  ['healthcheck: https://user:' + alnum(9) + '@status.example.com/ping\n', 1],
  [
    'session: ' +
      join(base64url('{"alg":"HS512"}'), '.', base64url('{"user":"ops","exp":1999999999}'), '.', alnum(86)) +
      '\n',
    1,
  ],
  ['Cookie: JSESSIONID=' + upper(32) + '; Path=/\n', 1],
  ['curl -s -H "PRIVATE-TOKEN: ' + alnum(20) + '" https://git.example.com/api/v4/projects\n', 1],
  ['wget --header="X-Vault-Token: ' + alnum(26) + '" http://vault:8200/v1/secret/data/shop\n', 1],
  ['wget --user=ops --password=Dach-Stuhl https://files.example.com/a.tgz\n', 1],
  ['az login --service-principal -u shop -p Dach-Stuhl9 --tenant example\n', 1],
  ['echo "Dach-Stuhl9" | docker login --username ci --password-stdin registry.example.com\n', 1],
  ['vault login ' + join('hv', 's.', alnum(24)) + '\n', 1],
  ['smbclient //files/share -U shop%Dach-Stuhl9 -c ls\n', 1],
  ['openssl enc -aes-256-cbc -pass pass:Dach-Stuhl9 -in a -out b\n', 1],
  ['htpasswd -bc /etc/nginx/.htpasswd admin Dach-Stuhl9\n', 1],
  ['mount -t cifs //files/share /mnt -o username=shop,password=Dach-Stuhl\n', 1],
];

/** The variables and flags that images of well-known programs take. */
const pairs: readonly Pair[] = [
  ['MONGO_INITDB_ROOT_PASSWORD', 'Spatzen-Nest', '*'],
  ['MSSQL_SA_PASSWORD', 'yourStrong(!)Password', '*'],
  ['GF_SECURITY_ADMIN_PASSWORD', 'admin', '*'],
  ['GF_DATABASE_URL', 'mysql://grafana:Spatzen-Nest@db:3306/grafana', '*'],
  ['KEYCLOAK_ADMIN_PASSWORD', 'admin', '*'],
  ['KC_BOOTSTRAP_ADMIN_PASSWORD', 'Spatzen-Nest', '*'],
  ['RAILS_MASTER_KEY', hex(32), '*'],
  ['SECRET_KEY_BASE', hex(128), '*'],
  ['DJANGO_SECRET_KEY', letters(50, lowerDigits + '!@#$%^&*(-_=+)'), '*'],
  ['CELERY_BROKER_URL', 'amqp://celery:Spatzen-Nest@mq:5672//', '*'],
  ['SENTRY_DSN', `https://${hex(32)}:${hex(32)}@sentry.example.com/2`, '*'],
  ['HASURA_GRAPHQL_ADMIN_SECRET', 'myadminsecretkey', '*'],
  ['HASURA_GRAPHQL_JWT_SECRET', `{"type":"HS256","key":"${alnum(32)}"}`, '*'],
  ['N8N_ENCRYPTION_KEY', alnum(24), '*'],
  ['TYPESENSE_API_KEY', 'xyz-Probe-1234', '*'],
  ['MEILI_MASTER_KEY', alnum(43), '*'],
  ['OPENAI_API_KEY', join('sk', '-', alnum(48)), '*'],
  ['TWILIO_AUTH_TOKEN', hex(32), '*'],
  ['DD_API_KEY', hex(32), '*'],
  ['NEW_RELIC_LICENSE_KEY', `${hex(36)}NRAL`, '*'],
  ['LDAP_ADMIN_PASSWORD', 'admin', '*'],
  ['DRONE_RPC_SECRET', hex(32), '*'],
  ['AWS_SECRET_ACCESS_KEY', opaque(30), '*'],
  ['ARM_CLIENT_SECRET', join(alnum(3), '7', 'Q~', alnum(34)), '*'],
  ['CLOUDFLARE_API_TOKEN', alnum(40), '*'],
  ['MAILGUN_KEY', join('key', '-', hex(32)), '*'],
  ['DATABASE_DSN', 'shop:Spatzen-Nest@tcp(db:3306)/shop?parseTime=true', '*'],
  ['MONGO_URI', 'mongodb://root:Spatzen-Nest@mongo-0,mongo-1/shop?authSource=admin', '*'],
  ['JDBC_URL', 'jdbc:oracle:thin:shop/Spatzen-Nest@//db:1521/ORCL', '*'],
  ['ODBC', 'Driver={PostgreSQL};Server=db;Database=shop;Uid=shop;Pwd=Spatzen-Nest;', '*'],
  ['JAVA_OPTS', '-Djavax.net.ssl.trustStorePassword=Beton-Mischer -Xmx512m', '*'],
  ['GIT_URL', `https://oauth2:${join('gl', 'pat-', alnum(20))}@git.example.com/shop.git`, '*'],
  ['WORDPRESS_AUTH_SALT', letters(64, lowerDigits + '!@#$%^&*'), '*'],
  ['COOKIE_KEY', alnum(32), '*'],
  ['MM_WEBHOOK', `https://discord.com/api/webhooks/${number(18)}/${alnum(68)}`, '*'],
  ['ADMIN_CREDENTIALS', 'admin:Spatzen-Nest9', '*'],
];

const commands: readonly Command[] = [
  [['minio', 'server', '--address', ':9000', '--secret-key', alnum(40)], 1],
  [['vault', 'server', '-dev', '-dev-root-token-id=root-4711-token'], 1],
  [['grafana-server', 'cfg:security.admin_password=Feuer-Werk'], 1],
  [['sh', '-c', "psql postgresql://app:Feuer-Werk@db/shop -c 'select 1'"], 1],
  [['oauth2-proxy', '--client-id=shop', `--client-secret=${alnum(32)}`, `--cookie-secret=${opaque(32)}`], 2],
  [['nats-server', '--user', 'app', '--pass', 'Feuer-Werk'], 1],
  [['redis-exporter', '--redis.addr=redis://cache:6379', '--redis.password=Feuer-Werk'], 1],
  [['kafka-ui', '--spring.security.user.password=Feuer-Werk'], 1],
  [['curl', '-sH', `X-Auth-Token: ${hex(40)}`, 'http://127.0.0.1:8080/health'], 1],
  [['sh', '-c', 'mc alias set local http://minio:9000 minio Feuer-Werk9'], 1],
  [['mysqladmin', 'ping', '-h', '127.0.0.1', '-u', 'root', '-pFeuer-Werk'], 1],
  [['mongosh', 'mongodb://root:Feuer-Werk@127.0.0.1/admin', '--eval', 'db.adminCommand("ping")'], 1],
];

export const programVariables = { pairs, documents, commands } satisfies Cases;
