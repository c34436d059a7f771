import type { Cases, Document } from './case.ts';
import { alnum, base64, certificate, hex, join, jwt, number, opaque, uuid } from './values.ts';

/**
 * Third blind set: files in ConfigMaps of real clusters. A password that is commented out is as readable as any other
 * and counts, unless it is the example that a program ships or a sentence about it.
 */
const credentials: readonly Document[] = [
  [
    'server:\n  port: 8080\nspring:\n  datasource:\n    url: jdbc:postgresql://db/shop\n    username: shop\n    password: Herbst9\n  mail:\n    password: "Fr4nk!furt"\n',
    2,
  ],
  [
    'spring.datasource.username=shop\nspring.datasource.password=welcome1\nserver.ssl.key-store-password=changeit\n',
    2,
  ],
  [`{"db":{"host":"db","user":"shop","password":"Herbst9"},"log":"info"}`, 1],
  [
    `{\n  "ConnectionStrings": {\n    "Shop": "Server=sql;Database=shop;User Id=sa;Password=Str0ng!Pass"\n  },\n  "Jwt": { "Key": "${alnum(48)}" }\n}`,
    2,
  ],
  ['[database]\nhost = "db"\npassword = "Herbst9"\n\n[cache]\nurl = "redis://:Herbst9@cache:6379"\n', 2],
  [`APP_KEY=base64:${opaque(32)}\nDB_HOST=db\nDB_PASSWORD=secret\nMAIL_PASSWORD=null\n`, 2],
  ['#!/bin/sh\nset -eu\nexport PGPASSWORD=Herbst9\npg_dump -h db -U postgres shop > /backup/shop.sql\n', 1],
  ['#!/bin/bash\nDB_PASS="Herbst9"\nmysql -u root -p"$DB_PASS" shop < /init.sql\n', 1],
  ["CREATE USER shop WITH PASSWORD 'Herbst9';\nGRANT ALL ON DATABASE shop TO shop;\n", 1],
  ["CREATE USER 'shop'@'%' IDENTIFIED BY 'Herbst9';\nFLUSH PRIVILEGES;\n", 1],
  ["ALTER ROLE replicator WITH REPLICATION LOGIN ENCRYPTED PASSWORD 'Herbst9';\n", 1],
  ["db.createUser({ user: 'shop', pwd: 'Herbst9', roles: ['readWrite'] });\n", 1],
  ['bind 0.0.0.0\nport 6379\nrequirepass Herbst9\nmasterauth Herbst9\n', 2],
  ['port 26379\nsentinel monitor shop redis-0 6379 2\nsentinel auth-pass shop Herbst9\n', 1],
  ['user default off\nuser shop on >Herbst9 ~shop:* +@all\n', 1],
  ["primary_conninfo = 'host=pg-0 port=5432 user=replicator password=Herbst9'\nmax_connections = 200\n", 1],
  ['"shop" "md5' + hex(32) + '"\n"admin" "Herbst9"\n', 2],
  ['db:5432:shop:app:Herbst9\n', 1],
  ['global\n  stats socket /run/haproxy.sock\nuserlist ops\n  user admin insecure-password Herbst9\n', 1],
  ['listen stats\n  bind :8404\n  stats enable\n  stats auth admin:Herbst9\n', 1],
  [
    join(
      'location / {\n  proxy_set_header Authorization "Basic ',
      base64('shop:Herbst9'),
      '";\n  proxy_pass http://app;\n}\n',
    ),
    1,
  ],
  [
    'scrape_configs:\n- job_name: es\n  basic_auth:\n    username: prometheus\n    password: Herbst9\n  static_configs:\n  - targets: [es:9200]\n',
    1,
  ],
  [
    `remote_write:\n- url: https://mimir.shop.example/api/v1/push\n  authorization:\n    type: Bearer\n    credentials: ${alnum(40)}\n`,
    1,
  ],
  [
    `global:\n  smtp_smarthost: smtp.shop.example:587\n  smtp_auth_password: Herbst9\n  slack_api_url: ${join('https://hooks.slack', '.com/services/T', 'ABCDEFGH/B', 'ABCDEFGH/', alnum(24))}\n`,
    2,
  ],
  [
    `receivers:\n- name: ops\n  pagerduty_configs:\n  - routing_key: ${hex(32)}\n  opsgenie_configs:\n  - api_key: ${uuid()}\n`,
    2,
  ],
  ['[OUTPUT]\n    Name  es\n    Host  es\n    HTTP_User  elastic\n    HTTP_Passwd  Herbst9\n', 1],
  ['[OUTPUT]\n    Name  datadog\n    apikey  ' + hex(32) + '\n    TLS  on\n', 1],
  ['[OUTPUT]\n    Name  splunk\n    Splunk_Token  ' + uuid() + '\n    Host  splunk\n', 1],
  [
    '[security]\nadmin_user = admin\nadmin_password = Herbst9\nsecret_key = ' +
      alnum(20) +
      '\n\n[smtp]\npassword = """#Herbst9;"""\n',
    3,
  ],
  [
    `apiVersion: 1\ndatasources:\n- name: Shop\n  type: postgres\n  user: grafana\n  secureJsonData:\n    password: Herbst9\n- name: Influx\n  secureJsonData:\n    httpHeaderValue1: Token ${alnum(48)}\n`,
    2,
  ],
  ['default_user = shop\ndefault_pass = Herbst9\nlisteners.tcp.default = 5672\n', 1],
  [
    `{"users":[{"name":"shop","password_hash":"${opaque(36)}","hashing_algorithm":"rabbit_password_hashing_sha256","tags":"administrator"}]}`,
    1,
  ],
  [
    'listeners=SASL_SSL://:9093\nssl.keystore.password=changeit\nssl.key.password=changeit\nsasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="admin" password="Herbst9";\n',
    3,
  ],
  [
    'KafkaServer {\n  org.apache.kafka.common.security.plain.PlainLoginModule required\n  username="admin"\n  password="Herbst9"\n  user_admin="Herbst9"\n  user_shop="Laub-77";\n};\n',
    3,
  ],
  ['storage "postgresql" {\n  connection_url = "postgres://vault:Herbst9@db:5432/vault"\n}\n', 1],
  [
    'seal "azurekeyvault" {\n  tenant_id = "' +
      uuid() +
      '"\n  client_id = "' +
      uuid() +
      '"\n  client_secret = "' +
      alnum(34) +
      '"\n}\n',
    1,
  ],
  ['db=postgres\ndb-username=keycloak\ndb-password=Herbst9\nhostname=id.shop.example\n', 1],
  [
    `{"realm":"shop","clients":[{"clientId":"web","secret":"${alnum(32)}"}],"users":[{"username":"a","credentials":[{"type":"password","value":"Herbst9"}]}]}`,
    2,
  ],
  [
    '[database]\nDB_TYPE = postgres\nPASSWD = Herbst9\n\n[security]\nINTERNAL_TOKEN = ' +
      jwt() +
      '\nSECRET_KEY = ' +
      alnum(64) +
      '\n\n[oauth2]\nJWT_SECRET = ' +
      alnum(43) +
      '\n',
    4,
  ],
  [
    'http:\n  middlewares:\n    auth:\n      basicAuth:\n        users:\n        - "admin:$2y$05$' +
      alnum(53) +
      '"\n',
    1,
  ],
  ['admin:$apr1$' + alnum(8) + '$' + alnum(22) + '\nshop:{SHA}' + opaque(20) + '\n', 2],
  [
    `apiVersion: v1\nkind: Config\nusers:\n- name: ci\n  user:\n    token: ${jwt()}\n- name: admin\n  user:\n    client-certificate-data: ${base64(certificate())}\n    client-key-data: ${base64(join('-----BEGIN RSA PRIVATE ', 'KEY-----\n', alnum(64), '\n-----END RSA PRIVATE ', 'KEY-----\n'))}\n`,
    2,
  ],
  [join('{"auths":{"ghcr.io":{"username":"ci","password":"', alnum(20), '"}}}'), 1],
  ['machine git.shop.example login ci password Herbst9\n', 1],
  ['machine api.shop.example\n  login ci\n  password Herbst9\n', 1],
  [
    'registry=https://npm.shop.example/\n//npm.shop.example/:_authToken=' +
      uuid() +
      '\n//npm.shop.example/:email=ci@shop.example\n',
    1,
  ],
  [
    '<configuration>\n  <property>\n    <name>javax.jdo.option.ConnectionPassword</name>\n    <value>Herbst9</value>\n  </property>\n</configuration>\n',
    1,
  ],
  [
    '<servers><server><id>nexus</id><username>ci</username><password>Herbst9</password></server></servers>',
    1,
  ],
  [
    '<Resource name="jdbc/shop" type="javax.sql.DataSource" username="shop" password="Herbst9" url="jdbc:mysql://db/shop"/>\n',
    1,
  ],
  [
    'tomcat-users:\n<tomcat-users>\n  <user username="admin" password="Herbst9" roles="manager-gui"/>\n</tomcat-users>\n',
    1,
  ],
  [
    "<?php\ndefine('DB_PASSWORD', 'Herbst9');\ndefine('AUTH_KEY', '" +
      alnum(32) +
      '&' +
      alnum(31) +
      "');\n$table_prefix = 'wp_';\n",
    2,
  ],
  ["<?php return ['db' => ['user' => 'shop', 'password' => 'Herbst9']];\n", 1],
  [
    "DATABASES = {\n  'default': {\n    'USER': 'shop',\n    'PASSWORD': 'Herbst9',\n  }\n}\nSECRET_KEY = '" +
      alnum(50) +
      "'\n",
    2,
  ],
  ['jenkins:\n  securityRealm:\n    local:\n      users:\n      - id: admin\n        password: Herbst9\n', 1],
  [
    'staticClients:\n- id: web\n  redirectURIs: [https://web.shop.example/cb]\n  secret: ' +
      alnum(30) +
      '\nconnectors:\n- type: ldap\n  config:\n    bindPW: Herbst9\n',
    2,
  ],
  ['dn: cn=admin,dc=shop\nobjectClass: simpleSecurityObject\nuserPassword: {SSHA}' + opaque(24) + '\n', 1],
  ['network={\n  ssid="plant"\n  psk="Herbst9-Laub"\n}\n', 1],
  [
    '[Interface]\nPrivateKey = ' +
      opaque(32) +
      '\nAddress = 10.0.0.2/24\n\n[Peer]\nPublicKey = ' +
      opaque(32) +
      '\nPresharedKey = ' +
      opaque(32) +
      '\n',
    2,
  ],
  ['log: info\n# password: ' + alnum(24) + '\npasswordFile: /run/secrets/db\n', 1],
  ['smtp:\n  host: smtp.shop.example\n  auth:\n    user: shop\n    pass: Herbst9\n', 1],
  ['{:db {:user "shop" :password "Herbst9"}}\n', 1],
  [
    'module.exports = {\n  session: { secret: "keyboard cat", resave: false },\n  apiKey: "' +
      hex(32) +
      '",\n};\n',
    2,
  ],
  [
    'receivers:\n  otlp:\nexporters:\n  otlphttp:\n    headers:\n      api-key: ' +
      hex(36) +
      'NRAL\n      DD-API-KEY: "' +
      hex(32) +
      '"\n',
    2,
  ],
  [
    'xpack.security.authc:\n  realms:\n    ldap:\n      bind_password: Herbst9\nelasticsearch.username: kibana\nelasticsearch.password: Herbst9\n',
    2,
  ],
  ['env:\n- name: DB_PASSWORD\n  value: Herbst9\n- name: LOG\n  value: info\n', 1],
];

const harmless: readonly string[] = [
  'server:\n  port: 8080\nspring:\n  datasource:\n    url: jdbc:postgresql://db/shop\n    username: ${DB_USER}\n    password: ${DB_PASSWORD}\n',
  'security:\n  password:\n    minLength: 12\n    requireDigits: true\n    history: 5\n  token:\n    ttl: 15m\n    issuer: https://id.shop.example\n',
  '{"auth":{"type":"oauth2","clientId":"' + uuid() + '","tokenUrl":"https://id/token","scopes":["openid"]}}',
  '{"password":"","token":null,"secret":{"name":"db","key":"password"}}',
  '[security]\nadmin_user = admin\nadmin_password = $__file{/run/secrets/admin}\nsecret_key = ${GF_SECRET}\ncookie_secure = true\n',
  '# requirepass foobared\n# masterauth <master-password>\nappendonly yes\n',
  '# The password of the database is in the Secret shop-db.\n# password: see the wiki\nhost: db\n',
  "password_encryption = scram-sha-256\nssl_key_file = '/tls/tls.key'\nssl_cert_file = '/tls/tls.crt'\n",
  'local all all trust\nhost all all 0.0.0.0/0 scram-sha-256\nhost all all ::1/128 password\n',
  'log_format main \'$remote_addr - $remote_user [$time_local] "$request" $http_authorization\';\nproxy_pass_header X-CSRF-Token;\nauth_basic_user_file /etc/nginx/.htpasswd;\n',
  'frontend web\n  bind :443 ssl crt /tls/site.pem\n  http-request set-header X-Token %[req.hdr(X-Token)]\n  cookie SRV insert indirect nocache\n',
  'scrape_configs:\n- job_name: api\n  bearer_token_file: /var/run/secrets/kubernetes.io/serviceaccount/token\n  tls_config:\n    key_file: /tls/key.pem\n  relabel_configs:\n  - regex: (.*)secret(.*)\n    action: drop\n',
  'global:\n  smtp_auth_password_file: /run/secrets/smtp\n  slack_api_url_file: /run/secrets/slack\nroute:\n  group_by: [alertname]\n',
  '[FILTER]\n    Name  kubernetes\n    Kube_Token_File  /var/run/secrets/kubernetes.io/serviceaccount/token\n    Merge_Log_Key  log_processed\n    Keep_Log  Off\n',
  'listeners=SASL_SSL://:9093\nsasl.enabled.mechanisms=SCRAM-SHA-512\nssl.keystore.location=/certs/keystore.jks\nssl.keystore.type=JKS\nkey.serializer=org.apache.kafka.common.serialization.StringSerializer\n',
  'ssl.key.password=${file:/run/secrets/kafka:key}\nsasl.jaas.config=${env:KAFKA_JAAS}\n',
  'ui = true\nlistener "tcp" {\n  tls_key_file = "/tls/tls.key"\n}\nseal "awskms" {\n  kms_key_id = "' +
    uuid() +
    '"\n}\ndefault_lease_ttl = "768h"\n',
  'path "secret/data/shop/*" {\n  capabilities = ["read", "list"]\n}\npath "auth/token/create" {\n  capabilities = ["update"]\n}\n',
  'apiVersion: v1\nkind: Config\nusers:\n- name: oidc\n  user:\n    exec:\n      command: kubelogin\n      args: [get-token, --oidc-client-id=kubernetes]\nclusters:\n- cluster:\n    certificate-authority-data: ' +
    base64(certificate()) +
    '\n',
  '{"auths":{},"credsStore":"ecr-login","credHelpers":{"123456789012.dkr.ecr.eu-central-1.amazonaws.com":"ecr-login"}}',
  'registry=https://npm.shop.example/\n//npm.shop.example/:_authToken=${NPM_TOKEN}\nalways-auth=true\n',
  '-----BEGIN CERTIFICATE-----\nMII' + alnum(61) + '\n' + alnum(64) + '\n-----END CERTIFICATE-----\n',
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI' + alnum(43) + ' deploy@shop\n',
  'git.shop.example ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ' + alnum(120) + '\n',
  '<configuration>\n  <property>\n    <name>hadoop.security.authentication</name>\n    <value>kerberos</value>\n  </property>\n  <property>\n    <name>dfs.permissions.superusergroup</name>\n    <value>admin</value>\n  </property>\n</configuration>\n',
  'CREATE TABLE users (id uuid PRIMARY KEY, name text, password text NOT NULL, token varchar(64), created timestamptz);\nCREATE INDEX users_token ON users (token);\n',
  'SELECT password, token FROM users WHERE api_key = $1 AND password_reset_at > now();\n',
  '#!/bin/sh\nset -eu\nPASSWORD="$(cat /run/secrets/db)"\nexport PGPASSWORD="${POSTGRES_PASSWORD:?missing}"\npsql -U postgres -c "ALTER USER app PASSWORD \'$PASSWORD\'"\n',
  '#!/bin/sh\nread -r -s -p "Password: " password\necho "token is ${#TOKEN} characters long"\n',
  'package-lock: {"integrity":"sha512-' +
    opaque(64) +
    '","resolved":"https://npm.shop.example/a.tgz"}\nchecksum: ' +
    hex(64) +
    '\n',
  'images:\n- name: shop\n  digest: sha256:' +
    hex(64) +
    '\n  revision: ' +
    hex(40) +
    '\n  buildId: ' +
    uuid() +
    '\n',
  'creation_rules:\n- kms: arn:aws:kms:eu-central-1:123456789012:key/' +
    uuid() +
    '\n  encrypted_regex: ^(data|stringData)$\n',
  'db_password: ENC[AES256_GCM,data:' +
    alnum(16) +
    '==,iv:' +
    opaque(32) +
    ',tag:' +
    opaque(16) +
    ',type:str]\nsops:\n  version: 3.8.1\n',
  'apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nspec:\n  secretStoreRef:\n    name: vault\n  data:\n  - secretKey: password\n    remoteRef:\n      key: shop/db\n      property: password\n',
  'env:\n- name: DB_PASSWORD\n  valueFrom:\n    secretKeyRef:\n      name: shop-db\n      key: password\n- name: TOKEN_URL\n  value: https://id/token\n',
  'messages:\n  login.password: Password\n  login.password.forgotten: Forgotten your password?\n  token.expired: Your session has expired, please log in again.\n',
  'fields:\n- name: password\n  type: string\n  format: password\n  minLength: 8\n- name: token\n  type: string\n  pattern: ^[A-Za-z0-9]{32}$\n',
  'redact:\n- password\n- authorization\n- x-api-key\n- set-cookie\nkeys: [token, secret]\n',
  'oauth2:\n  client_id: web\n  redirect_uri: https://web.shop.example/callback\n  token_endpoint_auth_method: client_secret_basic\n  grant_types: [client_credentials, refresh_token]\n',
  'tokenizer: standard\nfilters: [lowercase, keyword_marker]\nmax_token_length: 255\nkeyword: secret\n',
  'DB_PASSWORD=<your password>\nAPI_TOKEN=your-token-here\nSECRET_KEY=REPLACE_ME\n',
  "password: \"{{ lookup('env', 'DB_PASSWORD') }}\"\ntoken: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  " +
    number(80) +
    '\n',
  'import os\nPASSWORD = os.getenv("DB_PASSWORD")\nTOKEN_RE = r"^[a-f0-9]{40}$"\ndef get_secret(name: str) -> str:\n    return client.read(name)\n',
  'const token = req.headers["x-token"];\nconst password = config.get("db.password");\nif (!password) throw new Error("no password");\n',
  'jenkins:\n  securityRealm:\n    local:\n      users:\n      - id: admin\n        password: ${ADMIN_PASSWORD}\ncredentials:\n  credentialsId: git-deploy\n',
  'ssl_ciphers: ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384\npassword_hash_algorithm: pbkdf2_sha256\niterations: 600000\n',
];

const documents: readonly Document[] = [
  ...credentials,
  ...harmless.map((text): Document => [text, 0]),
];

export const set03Files = { documents } satisfies Cases;
