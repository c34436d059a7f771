import type { Field } from './corpus-cluster-fields.ts';
import type { Command } from './corpus-commands.ts';
import type { Document } from './corpus-documents.ts';
import {
  alnum,
  base64,
  hex,
  join,
  letters,
  number,
  opaque,
  upper,
  uuid,
  type Pair,
} from './corpus-values.ts';

/**
 * Fourth blind set: products and styles that the first three had not, labelled after the detector had learned from the
 * third and before it was measured with these.
 */
const variables: readonly (readonly [name: string, value: string])[] = [
  ['GHOST__DATABASE__CONNECTION__PASSWORD', 'marmalade'],
  ['NEXTCLOUD_ADMIN_PASSWORD', 'nextcloud'],
  [
    'MATTERMOST_SQLSETTINGS_DATASOURCE',
    join('postgres://mmuser:', 'mmuser_password', '@db:5432/mattermost?sslmode=disable'),
  ],
  ['SUPERSET_SECRET_KEY', opaque(42)],
  ['METABASE_EMBEDDING_SECRET_KEY', hex(64)],
  ['MB_DB_PASS', 'tiger'],
  ['PLAUSIBLE_SECRET_KEY_BASE', opaque(48)],
  ['POSTHOG_SECRET', hex(32)],
  ['TEMPORAL_AUTH_TOKEN', alnum(48)],
  ['AUTHENTIK_SECRET_KEY', alnum(50)],
  ['AUTHENTIK_POSTGRESQL__PASSWORD', 'p4ssw0rd'],
  ['ZITADEL_MASTERKEY', alnum(32)],
  ['ORY_SECRETS_SYSTEM', alnum(32)],
  ['SECRETS_COOKIE', alnum(32)],
  ['SUPABASE_SERVICE_ROLE_KEY', alnum(60)],
  ['APPWRITE_OPENSSL_KEY_V1', 'your-favourite-cheese-2'],
  ['DIRECTUS_KEY', uuid()],
  ['DIRECTUS_ADMIN_PASSWORD', 'd1r3ctu5'],
  ['WP_ADMIN_PASS', 'Marmalade is 4 breakfast'],
  ['MAGENTO_CRYPT_KEY', hex(32)],
  ['SHOPWARE_APP_SECRET', hex(32)],
  ['SQUARE_ACCESS_TOKEN', join('EAAA', alnum(60))],
  ['KLARNA_PASSWORD', alnum(16)],
  ['MOLLIE_API_KEY', join('live_', alnum(30))],
  ['RAZORPAY_KEY_SECRET', alnum(24)],
  ['PLAID_SECRET', hex(30)],
  ['FCM_SERVER_KEY', join('AAAA', alnum(7), ':APA91b', alnum(134))],
  ['ONESIGNAL_REST_API_KEY', base64(uuid())],
  ['VAPID_PRIVATE_KEY', alnum(43)],
  ['LINEAR_API_KEY', join('lin', '_api_', alnum(40))],
  ['NOTION_TOKEN', join('secret', '_', alnum(43))],
  ['JIRA_PAT', alnum(44)],
  ['AZURE_DEVOPS_EXT_PAT', letters(52, 'abcdefghijklmnopqrstuvwxyz234567')],
  ['BUILDKITE_AGENT_TOKEN', hex(50)],
  ['CIRCLE_TOKEN', hex(40)],
  ['NETLIFY_AUTH_TOKEN', join('nfp', '_', alnum(36))],
  ['FASTLY_API_KEY', alnum(32)],
  ['OVH_APPLICATION_SECRET', hex(32)],
  ['SCW_SECRET_KEY', uuid()],
  ['LINODE_CLI_TOKEN', hex(64)],
  ['BACKBLAZE_APPLICATION_KEY', join('K003', alnum(27))],
  ['SNOWFLAKE_PASSWORD', 'Snow+White7'],
  [
    'PLANETSCALE_DATABASE_URL',
    join('mysql://', alnum(20), ':psc', 'ale_pw_', alnum(43), '@eu.connect.psdb.cloud/shop'),
  ],
  ['UPSTASH_REDIS_REST_TOKEN', join('AX', alnum(50), '=')],
  ['QDRANT__SERVICE__API_KEY', 'qdrant-local-9'],
  ['MQTT_PASS', 'mosquitto'],
  ['FTP_USER_PASS', 'ftpuser'],
  ['SAMBA_USER', 'scans;badpass'],
  ['VNC_PW', '20232023'],
  ['PIHOLE_WEBPASSWORD', 'pihole'],
  ['WIREGUARD_PRIVATE_KEY', opaque(32)],
  ['GRAYLOG_PASSWORD_SECRET', alnum(96)],
  ['GRAYLOG_ROOT_PASSWORD_SHA2', hex(64)],
  ['ROLLBAR_ACCESS_TOKEN', hex(32)],
  ['BUGSNAG_API_KEY', hex(32)],
  ['AMPLITUDE_API_SECRET', hex(32)],
  ['SEGMENT_WRITE_KEY', alnum(32)],
  ['STATSIG_SERVER_SECRET', join('secret', '-', alnum(43))],
  ['SPRING_APPLICATION_JSON', '{"spring":{"datasource":{"password":"marmalade"}}}'],
  ['VCAP_SERVICES', `{"redis":[{"credentials":{"host":"r","password":"${alnum(20)}"}}]}`],
];

const harmlessVariables: readonly (readonly [name: string, value: string])[] = [
  ['GHOST__DATABASE__CONNECTION__PASSWORD', '$(GHOST_DB_PASSWORD)'],
  ['NEXTCLOUD_TRUSTED_DOMAINS', 'cloud.shop.example'],
  ['MB_PASSWORD_COMPLEXITY', 'strong'],
  ['MB_PASSWORD_LENGTH', '12'],
  ['TEMPORAL_TLS_KEY', '/etc/temporal/tls/tls.key'],
  ['ZITADEL_MASTERKEY_FILE', '/run/zitadel/masterkey'],
  ['SUPABASE_PUBLIC_URL', 'https://supabase.shop.example'],
  ['PAYPAL_CLIENT_ID', join('A', alnum(79))],
  ['SQUARE_LOCATION_ID', upper(13)],
  ['STRIPE_PRICE_ID', join('price_', alnum(24))],
  ['STRIPE_ACCOUNT', join('acct_', alnum(16))],
  ['GA_MEASUREMENT_ID', 'G-7QX2MZ5RT4'],
  ['AUTH0_AUDIENCE', 'https://api.shop.example/'],
  ['AUTH0_CLIENT_ID', alnum(32)],
  ['COGNITO_USER_POOL_ID', join('eu-central-1_', alnum(9))],
  ['OKTA_DOMAIN', 'shop.okta.com'],
  ['PASSKEYS_ENABLED', 'true'],
  ['PASSPORT_STRATEGY', 'jwt'],
  ['PASSENGER_APP_ENV', 'production'],
  ['SEED_DATA', 'true'],
  ['RANDOM_SEED', '42'],
  ['SEED_HOSTS', 'es-0.es,es-1.es,es-2.es'],
  ['PATTERN', '^/api/v[0-9]+/.*$'],
  ['COOKIE_DOMAIN', '.shop.example'],
  ['COOKIE_SAMESITE', 'Lax'],
  ['COOKIE_MAX_AGE', '604800'],
  ['BEARER_FORMAT', 'JWT'],
  ['BEARER_METHODS_SUPPORTED', 'header'],
  ['LICENSE_ACCEPTED', 'yes'],
  ['LICENSE', 'BSD-3-Clause-Clear'],
  ['KEYBOARD_LAYOUT', 'de_CH'],
  ['MONKEY', 'business'],
  ['KEYCLOAK_URL', 'https://id.shop.example/realms/shop'],
  ['KEYSPACE', 'orders_v2'],
  ['KEYVAULT_NAME', 'kv-shop-prod-euw'],
  ['HOTKEY', 'ctrl+shift+p'],
  ['KEY_FORMAT', 'user:{id}:cart'],
  ['SECRETS_PROVIDER', 'csi'],
  ['SECRET_PROVIDER_CLASS', 'shop-kv-sync'],
  ['TLS_SECRET', 'wildcard-shop-example-2026'],
  ['IMAGE_PULL_SECRET', 'ghcr-pull'],
  ['DB_SECRET', 'prod/shop/postgres'],
  ['CREDENTIALS', '/var/run/secrets/gcp/key.json'],
  ['AUTH_PROXY', 'http://oauth2-proxy.auth.svc:4180'],
  ['AUTHZ_POLICY', 'package authz\ndefault allow = false'],
  ['TOKEN_REVIEW_API', 'authentication.k8s.io/v1'],
  ['STOP_TOKENS', '<|endoftext|>'],
  ['TOKEN_BUCKET_CAPACITY', '100'],
  ['PRICE_PER_1K_TOKENS', '0.0025'],
  ['TOKEN_CONTRACT_ADDRESS', `0x${hex(40)}`],
  ['SALT_MASTER', 'salt.ops.example'],
  ['SALT_LENGTH', '16'],
  ['UPDATE_CHANNEL_UUID', uuid()],
  ['DEPLOYMENT_HASH', hex(64)],
  ['POD_UID', uuid()],
  ['TRACEPARENT', `00-${hex(32)}-${hex(16)}-01`],
  ['PROXY_PASS', 'http://backend:8080'],
  ['SSH_HOST_KEY_ALGORITHMS', 'ssh-ed25519,rsa-sha2-512'],
  ['WEBHOOK_URL', 'https://hooks.shop.example/orders'],
  ['ALLOW_PASSWORD_LOGIN', 'false'],
];

export const platformPairs: readonly Pair[] = [
  ...variables.map(([name, value]): Pair => [name, value, '*']),
  ...harmlessVariables.map(([name, value]): Pair => [name, value, null]),
];

const bash = (line: string, count: number): Command => [['bash', '-ec', line], count];

export const platformCommands: readonly Command[] = [
  bash('clickhouse-client --user default --password tiger -q "select 1"', 1),
  bash('cqlsh -u cassandra -p cassandra -e "describe keyspaces"', 1),
  bash("mariadb -uroot -ptiger -e 'create database if not exists shop'", 1),
  bash(join('pg_dump "postgresql://backup:', 'tiger', '@db/shop" | gzip > /backup/a.gz'), 1),
  bash('AWS_SECRET_ACCESS_KEY=' + alnum(40) + ' aws s3 sync /data s3://shop', 1),
  bash('restic -r s3:https://minio/backup --password-command "echo tiger" snapshots', 1),
  bash('nats pub orders hi --user shop --password tiger', 1),
  bash('mosquitto_pub -h mqtt -u shop -P tiger -t a -m b', 1),
  bash("echo 'root:tiger' | chpasswd && /usr/sbin/sshd -D", 1),
  bash('keytool -importkeystore -srckeystore a.p12 -srcstorepass tiger99 -destkeystore b.jks', 1),
  bash('openssl pkcs12 -export -in c.pem -out c.p12 -passout pass:tiger99', 1),
  bash(
    'kcadm.sh config credentials --server http://localhost:8080 --realm master --user admin --password tiger',
    1,
  ),
  bash('influx setup --username admin --token ' + opaque(32) + ' --force', 1),
  bash('curl -XPOST -d \'{"username":"admin","password":"tiger"}\' http://localhost/login', 1),
  bash(
    'curl -X POST "https://api.telegram.org/bot' + join(number(10), ':A', 'A', alnum(33)) + '/sendMessage"',
    1,
  ),
  bash('argocd login argocd.shop.example --username admin --password tiger99 --grpc-web', 1),
  bash('az login --service-principal -u app -p ' + alnum(34) + ' --tenant shop', 1),
  [['mysqld_exporter', '--mysqld.username=exporter:tiger@(db:3306)/'], 1],
  [['/bin/elasticsearch_exporter', join('--es.uri=https://elastic:', 'tiger', '@es:9200')], 1],
  [['minio', 'server', '/data', '--address', ':9000'], 0],
  bash('cqlsh -u "$CASSANDRA_USER" -p "$CASSANDRA_PASSWORD" -e "describe keyspaces"', 0),
  bash('clickhouse-client --password "$(cat /run/secrets/ch)" -q "select 1"', 0),
  bash('curl -XPOST -d "{\\"password\\":\\"$PASSWORD\\"}" http://localhost/login', 0),
  bash('until nc -z db 5432; do echo waiting for password store; sleep 1; done', 0),
  bash('keytool -list -keystore /certs/a.jks -storepass "$STOREPASS" | grep alias', 0),
  bash('for key in a b c; do echo "$key"; done', 0),
  bash('unzip -P /tmp/archive.zip -d /data', 0),
  bash('zip -r backup.zip /data && ab -n 100 http://localhost/', 0),
  bash('tar -C /src -xpf app.tar && chown -R app:app /src', 0),
  bash('kubectl create token default --duration=1h > /tmp/token', 0),
  bash('sudo -u postgres psql -c "select 1" | passwd-check', 0),
  bash('echo "changing the owner" | sudo tee /etc/motd', 0),
  [['/app', '--cookie-name', 'sid', '--cookie-domain=.shop.example', '--bearer-only'], 0],
  [['/external-secrets', '--enable-secrets-caching', '--concurrent=1', '--loglevel=info'], 0],
  [['/token-exchange', '--subject-token-type=urn:ietf:params:oauth:token-type:jwt'], 0],
  [['/server', '--license=/etc/license.lic', '--seed', '20260114', '--key', 'orders'], 0],
  [['vault', 'agent', '-config=/etc/vault/agent.hcl', '-exit-after-auth'], 0],
  [['/keda', '--metrics-service-address=keda:9666', '--key-dir=/certs', '--ca-secret-name=kedaorg-certs'], 0],
];

export const platformFiles: readonly Document[] = [
  ['[mysqld]\nuser=mysql\n\n[client]\nuser=backup\npassword="tiger"\n', 1],
  ['admin_user: admin\nadmin_password: marmalade\nsession:\n  key: ' + hex(48) + '\n', 2],
  ['jwt:\n  signing:\n    key: ' + opaque(48) + '\n    algorithm: HS512\n', 1],
  ['[jwt]\nissuer = "shop"\nkey = "' + alnum(40) + '"\n', 1],
  ['auth:\n  api_keys:\n  - ' + alnum(32) + '\n  - ' + alnum(32) + '\n', 2],
  ['{\n  "tokens": [\n    "' + hex(40) + '",\n    "' + hex(40) + '"\n  ]\n}\n', 2],
  ['<property>\n  <name>fs.s3a.secret.key</name>\n  <value>' + alnum(40) + '</value>\n</property>\n', 1],
  ['<bean>\n  <property name="password" value="tiger"/>\n</bean>\n', 1],
  ['<hudson.security>\n  <apiToken>' + hex(34) + '</apiToken>\n</hudson.security>\n', 1],
  ['variable "db_password" {\n  type    = string\n  default = "marmalade9"\n}\n', 1],
  ['resource "aws_db_instance" "shop" {\n  username = "shop"\n  password = "marmalade9"\n}\n', 1],
  [
    'traefik:\n  http:\n    middlewares:\n      auth:\n        digestAuth:\n          users:\n          - "admin:traefik:' +
      hex(32) +
      '"\n',
    1,
  ],
  ['pgbouncer:\n[databases]\nshop = host=db user=shop password=tiger dbname=shop\n', 1],
  [
    'tls-auth ta.key 1\n<tls-auth>\n-----BEGIN OpenVPN Static key V1-----\n' +
      hex(32) +
      '\n' +
      hex(32) +
      '\n-----END OpenVPN Static key V1-----\n</tls-auth>\n',
    1,
  ],
  ['client shop {\n  ipaddr = 10.0.0.0/8\n  secret = testing123\n}\n', 1],
  ['bob  Cleartext-Password := "marmalade"\n     Reply-Message := "Hello"\n', 1],
  ['rocommunity ' + 'pub1ic-7x' + '\ncreateUser monitor SHA marmalade9 AES marmalade9\n', 1],
  ['relayhost = [smtp.shop.example]:587\nsmtp_sasl_password_maps = static:shop:marmalade9\n', 1],
  ['transports:\n  dsn: "smtp://shop:marm9lade@smtp.shop.example:587"\n', 1],
  [
    '@Configuration\nclass Shop {\n  DataSource db() { return builder().username("shop").password("marmalade9").build(); }\n}\n',
    1,
  ],
  ['const client = new Client({ user: "shop", password: "marmalade" });\n', 1],
  ['conn = psycopg2.connect(host="db", user="shop", password="marmalade")\n', 1],
  [
    'use Mix.Config\nconfig :shop, Shop.Repo,\n  username: "shop",\n  password: "marmalade",\n  secret_key_base: "' +
      alnum(64) +
      '"\n',
    2,
  ],
  [
    "Rails.application.credentials\nproduction:\n  adapter: postgresql\n  password: <%= ENV['DB_PASSWORD'] %>\n  secret_key_base: " +
      hex(128) +
      '\n',
    1,
  ],
  ['local:\n  users:\n    - name: admin\n      password: "{noop}marmalade"\n', 1],
  [
    'export VAULT_TOKEN=' +
      join('hv', 's.', alnum(24)) +
      '\nexport AWS_ACCESS_KEY_ID=' +
      join('AK', 'IA', upper(16)) +
      '\n',
    2,
  ],
  [
    '[default]\naws_access_key_id = ' +
      join('AK', 'IA', upper(16)) +
      '\naws_secret_access_key = ' +
      opaque(30) +
      '\n',
    2,
  ],
  ['loki:\n  storage:\n    s3: s3://' + upper(20) + ':' + alnum(40) + '@eu-central-1/loki\n', 1],
  [
    'telegraf:\n[[outputs.influxdb_v2]]\n  urls = ["http://influx:8086"]\n  token = "' + opaque(64) + '"\n',
    1,
  ],
  ['auth_basic_users: |\n  shop:$apr1$' + alnum(8) + '$' + alnum(22) + '\n', 1],
  ['#DB_PASSWORD=' + alnum(24) + '\nDB_HOST=db\n', 1],
  ['cookie: {\n  secure: true,\n  secret: "' + alnum(32) + '"\n}\n', 1],
  // Without.
  ['jwt:\n  signing:\n    key: jwt-signing-key\n    algorithm: HS512\n', 0],
  ['jwt:\n  header: Authorization\n  prefix: Bearer\n  expiration: 86400\n', 0],
  ['auth:\n  api_keys:\n  - name: web\n    scopes: [read]\n  secrets:\n  - shop-api-key-2\n', 0],
  ['tokens:\n- NUMBER\n- IDENTIFIER\n- STRING_LITERAL\nkeywords:\n- password\n', 0],
  ['{"tokens": ["eos", "bos"], "secretKeys": ["dbPassword", "apiToken"], "redact": ["*.password"]}', 0],
  [
    '<property>\n  <name>yarn.resourcemanager.keytab</name>\n  <value>/etc/security/keytabs/rm.service.keytab</value>\n</property>\n<property>\n  <name>hadoop.kms.authentication.token.validity</name>\n  <value>36000</value>\n</property>\n',
    0,
  ],
  [
    'variable "db_password" {\n  type      = string\n  sensitive = true\n}\noutput "token" {\n  value = var.token\n}\n',
    0,
  ],
  ['rules:\n- apiGroups: [""]\n  resources: ["secrets", "tokenreviews"]\n  verbs: ["get", "list"]\n', 0],
  ['partition:\n  key: customerId\ncache:\n  key: orders-v2\nsort:\n  key: createdAt\n', 0],
  ['labels:\n  key: node-role.kubernetes.io/control-plane\n  operator: Exists\n  value: "true"\n', 0],
  ['i18n:\n  password: Passwort\n  passwordRepeat: Passwort wiederholen\n  token: Zugangscode\n', 0],
  ['form:\n  fields:\n  - key: password\n    label: Password\n    type: password\n', 0],
  ['cookies:\n  consent: required\n  names: [sid, csrf_token]\n  secure: true\n', 0],
  ['license: MIT\nlicenses:\n- name: Apache-2.0\n  url: https://www.apache.org/licenses/LICENSE-2.0\n', 0],
  [
    'go.sum\nexample.com/jwt v5.2.1 h1:' +
      opaque(32) +
      '\nexample.com/token v1.0.0/go.mod h1:' +
      opaque(32) +
      '\n',
    0,
  ],
  [
    '"node_modules/jsonwebtoken": {\n  "version": "9.0.2",\n  "integrity": "sha512-' + opaque(64) + '"\n}\n',
    0,
  ],
  [
    '"node_modules/js-cookie": {\n  "version": "3.0.5"\n},\n"cookie": "^0.7.2",\n"@types/passport": "^1.0.16"\n',
    0,
  ],
  [
    'dashboard:\n  uid: ' +
      alnum(12) +
      '\n  panels:\n  - expr: sum(rate(token_errors_total{job="auth"}[5m])) by (reason)\n',
    0,
  ],
  [
    'groups:\n- name: secrets\n  rules:\n  - alert: SecretExpires\n    expr: secret_age_days > 80\n    annotations:\n      summary: Rotate the password of {{ $labels.secret }}\n',
    0,
  ],
  [
    'pam_unix.so sha512 shadow nullok\nauth required pam_unix.so\npassword requisite pam_pwquality.so retry=3 minlen=12\n',
    0,
  ],
  [
    'PermitRootLogin prohibit-password\nPasswordAuthentication no\nHostKey /etc/ssh/ssh_host_ed25519_key\nAuthorizedKeysFile .ssh/authorized_keys\n',
    0,
  ],
  [
    '# To rotate: token = <new token>\n# api_key: your-api-key\n# secret: see https://wiki.shop.example/secrets\nkey: value\n',
    0,
  ],
  [
    '#password_hash_algorithm = sha256\n#session_token_length = 64\n;secret_backend = vault-kv-v2-production\n',
    0,
  ],
  [
    'map $http_x_token $ok {\n  default 0;\n  "~^[a-f0-9]{32}$" 1;\n}\nlimit_req_zone $http_authorization zone=tokens:10m rate=5r/s;\n',
    0,
  ],
  [
    'spec:\n  secretName: shop-tls\n  privateKey:\n    algorithm: ECDSA\n    size: 256\n    rotationPolicy: Always\n',
    0,
  ],
  [
    'function login(password, token) {\n  const key = cache.key(password);\n  return fetch("/login", { headers: { "X-Token": token } });\n}\n',
    0,
  ],
  [
    'if password == "":\n    raise ValueError("password must not be empty")\ntoken = request.headers.get("Authorization")\n',
    0,
  ],
  [
    'type User struct {\n\tPassword string `json:"password" validate:"required,min=12"`\n\tToken    string `json:"-"`\n}\n',
    0,
  ],
  ['message Login {\n  string password = 1;\n  string token = 2;\n}\n', 0],
  [
    'users: ENC[AES256_GCM,data:' + alnum(20) + ',iv:' + alnum(43) + '=,tag:' + alnum(22) + '==,type:str]\n',
    0,
  ],
  ['storageClass: premium\nkeyRing: projects/shop/locations/europe-west6/keyRings/shop/cryptoKeys/db\n', 0],
  [
    'oauth:\n  client_id: ' +
      uuid() +
      '\n  authorize_url: https://id.shop.example/authorize\n  token_url: https://id.shop.example/token\n',
    0,
  ],
  ['TOKENIZER=wordpiece\nVOCAB_SHA256=' + hex(64) + '\nPAD_TOKEN=[PAD]\nSEP_TOKEN=[SEP]\n', 0],
];

export const platformFields: readonly Field[] = [
  ['postgres-postgres-password', 'marmalade', 1],
  ['rabbitmq-erlang-cookie', alnum(32), 1],
  ['license-key', join(upper(6), '-', upper(6), '-', upper(6), '-', upper(6)), 1],
  ['X-Vault-Token', join('hv', 's.', alnum(24)), 1],
  ['kubeconfig', 'users:\n- name: a\n  user:\n    password: marmalade\n    username: admin\n', 1],
  ['server-snippet', 'set $api_key "' + alnum(32) + '";', 1],
  ['X-Api-Key', alnum(20), 1],
  ['cookie-affinity', 'route', 0],
  ['auth-tls-secret', 'shop/ca-secret', 0],
  ['secret-id', uuid(), 0],
  ['release-token-hash', hex(64), 0],
  ['license', 'GPL-3.0-or-later', 0],
  ['auth-signin', 'https://oauth2.shop.example/start?rd=$escaped_request_uri', 0],
  ['seed', 'true', 0],
];
