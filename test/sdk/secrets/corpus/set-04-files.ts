import type { Cases, Document } from './case.ts';
import { alnum, hex, join, opaque, upper, uuid } from './values.ts';

/** The files of the fourth blind set, see set-04.ts. */
const documents: readonly Document[] = [
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
  ['rocommunity ' + 'pub1ic-7x' + '\ncreateUser monitor SHA marmalade9 AES marmalade9\n', 2],
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

export const set04Files = { documents } satisfies Cases;
