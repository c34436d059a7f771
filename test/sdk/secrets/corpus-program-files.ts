import type { Command } from './corpus-commands.ts';
import type { Document } from './corpus-documents.ts';
import {
  alnum,
  base64,
  base64url,
  hex,
  join,
  letters,
  number,
  opaque,
  privateKey,
  upper,
  uuid,
  type Pair,
} from './corpus-values.ts';

/** Files of well-known programs and frameworks that hold credentials, written down before the detector had seen any. */

const lowerDigits = 'abcdefghijklmnopqrstuvwxyz0123456789';

const frameworks: readonly Document[] = [
  // Spring
  [
    'spring.datasource.username=shop\nspring.datasource.password=Winter-Garten7\nspring.jpa.hibernate.ddl-auto=none\n',
    1,
  ],
  [
    'spring:\n  redis:\n    host: cache\n    password: tulpenmanie\n  mail:\n    host: smtp.example.com\n    username: shop\n    password: Brief.Taube4\n',
    2,
  ],
  [
    'spring:\n  security:\n    oauth2:\n      client:\n        registration:\n          google:\n            client-id: 4711.apps.example.com\n            client-secret: ' +
      alnum(24) +
      '\n',
    1,
  ],
  [
    'management.endpoints.web.exposure.include=health\njwt.secret=' +
      opaque(48) +
      '\njwt.expiration=86400000\n',
    1,
  ],
  [
    'server:\n  ssl:\n    key-store: classpath:keystore.p12\n    key-store-password: changeit\n    key-alias: shop\n',
    1,
  ],
  [
    'spring.rabbitmq.addresses=amqps://shop:' +
      alnum(18) +
      '@mq-1:5671,amqps://shop:' +
      alnum(18) +
      '@mq-2:5671\n',
    1,
  ],
  ['quarkus.datasource.username=app\nquarkus.datasource.password=quark-us-1\nquarkus.http.port=8080\n', 1],
  ['encrypt.key=' + alnum(32) + '\n', 1],
  // Django and Flask
  [
    "DEBUG = False\nSECRET_KEY = 'django-insecure-" +
      letters(50, lowerDigits + '!@#$%^&*(-_=+)') +
      "'\nALLOWED_HOSTS = ['shop.example.com']\n",
    1,
  ],
  [
    "DATABASES = {\n    'default': {\n        'ENGINE': 'django.db.backends.postgresql',\n        'NAME': 'shop',\n        'USER': 'shop',\n        'PASSWORD': 'kleine-Maus-88',\n        'HOST': 'db',\n    }\n}\n",
    1,
  ],
  [
    "EMAIL_HOST_USER = 'shop@example.com'\nEMAIL_HOST_PASSWORD = '" +
      letters(16, 'abcdefghijklmnop') +
      "'\nEMAIL_PORT = 587\n",
    1,
  ],
  ["app.config['SECRET_KEY'] = '" + hex(48) + "'\napp.config['SESSION_COOKIE_SECURE'] = True\n", 1],
  ['SQLALCHEMY_DATABASE_URI = "postgresql+psycopg2://shop:' + alnum(10) + '@db/shop"\n', 1],
  // Rails
  ['production:\n  secret_key_base: ' + hex(128) + '\n', 1],
  [
    'production:\n  adapter: postgresql\n  database: shop\n  username: shop\n  password: Eisenbahn!9\n  pool: 5\n',
    1,
  ],
  ['config.secret_token = "' + hex(64) + '"\n', 1],
  // Node
  ['SESSION_SECRET=keyboard cat\nPORT=3000\n', 1],
  [
    '{\n  "port": 3000,\n  "cookieSecret": "' +
      alnum(40) +
      '",\n  "db": { "user": "shop", "password": "fisch-im-teich" }\n}\n',
    2,
  ],
  ['NEXTAUTH_SECRET=' + opaque(32) + '\nNEXTAUTH_URL=https://shop.example.com\n', 1],
  ['APP_KEY=base64:' + opaque(32) + '\nAPP_ENV=production\nAPP_DEBUG=false\n', 1],
  ['module.exports = {\n  jwtSecret: "' + alnum(20) + '",\n  expiresIn: "1d",\n};\n', 1],
  [
    "define('DB_USER', 'wordpress');\ndefine('DB_PASSWORD', 'Kater-Karlo-3');\ndefine('AUTH_KEY', '" +
      letters(64, lowerDigits + '{}[]|-+;:,.!') +
      "');\n",
    2,
  ],
  [
    "$CONFIG = array(\n  'instanceid' => 'oc1x2y3z',\n  'passwordsalt' => '" +
      alnum(30) +
      "',\n  'dbpassword' => 'wolkig-9-heiter',\n);\n",
    2,
  ],
  // .NET
  [
    '{\n  "ConnectionStrings": {\n    "Default": "Server=tcp:db,1433;Initial Catalog=shop;User ID=shop;Password=Gr8-Wall;Encrypt=True"\n  }\n}\n',
    1,
  ],
  [
    '<connectionStrings>\n  <add name="Shop" connectionString="Data Source=db;User Id=shop;Password=Ge-Heim2" providerName="System.Data.SqlClient"/>\n</connectionStrings>\n',
    1,
  ],
  [
    '<appSettings>\n  <add key="Smtp:Password" value="brieftaube"/>\n  <add key="Smtp:Port" value="25"/>\n</appSettings>\n',
    1,
  ],
];

const clients: readonly Document[] = [
  // npm, pip, Maven, Gradle, Composer, NuGet, Bundler, Cargo
  ['registry=https://npm.example.com/\n//npm.example.com/:_authToken=' + uuid() + '\n', 1],
  ['//npm.example.com/:username=ci\n//npm.example.com/:_password=' + base64('zwei-Tauben-5') + '\n', 1],
  ['_auth=' + base64('ci:zwei-Tauben-5') + '\nalways-auth=true\n', 1],
  [
    'npmScopes:\n  shop:\n    npmRegistryServer: https://npm.example.com\n    npmAuthToken: ' + uuid() + '\n',
    1,
  ],
  ['[global]\nindex-url = https://ci:' + alnum(14) + '@pypi.example.com/simple\n', 1],
  [
    '[distutils]\nindex-servers = internal\n\n[internal]\nrepository = https://pypi.example.com\nusername = ci\npassword = Schlange44\n',
    1,
  ],
  [
    '<settings>\n  <servers>\n    <server>\n      <id>nexus</id>\n      <username>ci</username>\n      <password>biber-burg</password>\n    </server>\n  </servers>\n</settings>\n',
    1,
  ],
  [
    'signing.keyId=24875D73\nsigning.password=Graupel-7\nsigning.secretKeyRingFile=/root/.gnupg/secring.gpg\n',
    1,
  ],
  [
    '{\n  "http-basic": {\n    "repo.example.com": { "username": "ci", "password": "noten-schluessel" }\n  }\n}\n',
    1,
  ],
  ['{"github-oauth": {"github.com": "' + join('gh', 'o_', alnum(36)) + '"}}\n', 1],
  ['[registries.shop]\nindex = "https://cargo.example.com"\ntoken = "' + alnum(32) + '"\n', 1],
  [
    '<packageSourceCredentials>\n  <shop>\n    <add key="Username" value="ci"/>\n    <add key="ClearTextPassword" value="Kiesel-Stein"/>\n  </shop>\n</packageSourceCredentials>\n',
    1,
  ],
  // netrc, pgpass, my.cnf, git, ssh
  ['machine artifacts.example.com\n  login deploy\n  password Zwetschge12\n', 1],
  ['default login anonymous password ' + alnum(12) + '\n', 1],
  ['*:5432:*:shop:' + alnum(18) + '\n', 1],
  ['localhost:5432:shop:app:Kirsche.22\nlocalhost:5432:stats:app:' + alnum(15) + '\n', 2],
  ['[client]\nuser=root\npassword="Pflaume-9"\nhost=db\n', 1],
  ['https://ci:' + alnum(20) + '@git.example.com\n', 1],
  [
    '[http "https://git.example.com"]\n    extraheader = AUTHORIZATION: basic ' +
      base64('x:' + alnum(30)) +
      '\n',
    1,
  ],
  // clouds
  [
    '[default]\naws_access_key_id=' +
      join('AK', 'IA', upper(16)) +
      '\naws_secret_access_key=' +
      opaque(30) +
      '\nregion=eu-west-1\n',
    2,
  ],
  ['[profile]\naws_session_token = ' + opaque(120) + '\n', 1],
  [
    '{"type":"service_account","project_id":"shop","private_key_id":"' +
      hex(40) +
      '","private_key":"' +
      privateKey('').replaceAll('\n', '\\n') +
      '","client_email":"ci@shop.iam.example.com"}\n',
    1,
  ],
  [
    '{\n  "client_id": "4711-abc.apps.example.com",\n  "client_secret": "' +
      join('GOC', 'SPX-', alnum(28)) +
      '",\n  "refresh_token": "1//0' +
      alnum(60) +
      '",\n  "type": "authorized_user"\n}\n',
    2,
  ],
  [
    '{\n  "tenantId": "' +
      uuid() +
      '",\n  "aadClientId": "' +
      uuid() +
      '",\n  "aadClientSecret": "' +
      join(alnum(3), '8', 'Q~', alnum(34)) +
      '"\n}\n',
    1,
  ],
  [
    'AZURE_STORAGE_CONNECTION_STRING=DefaultEndpointsProtocol=https;AccountName=shop;Account' +
      'Key=' +
      alnum(86) +
      '==;EndpointSuffix=core.example.net\n',
    1,
  ],
  [
    'Endpoint=sb://shop.servicebus.example.net/;SharedAccessKeyName=Root;SharedAccess' +
      'Key=' +
      alnum(43) +
      '=\n',
    1,
  ],
  [
    '[Credentials]\naccess_key = ' + upper(20) + '\nsecret_key = ' + alnum(40) + '\nbucket_location = eu\n',
    2,
  ],
  [
    '[global]\nauth-url="https://keystone.example.com/v3"\nusername="cinder"\npassword="Zimt-Stern"\ntenant-name="shop"\n',
    1,
  ],
  ['dns_cloudflare_api_token = ' + alnum(40) + '\n', 1],
  [
    'dns_rfc2136_name = certbot\ndns_rfc2136_secret = ' +
      opaque(64) +
      '\ndns_rfc2136_algorithm = HMAC-SHA512\n',
    1,
  ],
  ['key "externaldns" {\n  algorithm hmac-sha256;\n  secret "' + opaque(32) + '";\n};\n', 1],
  // Terraform and Pulumi
  ['TF_VAR_db_password=Hafen-Stadt1\nTF_LOG=info\n', 1],
  ['db_username = "shop"\ndb_password = "Hafen-Stadt1"\ninstance_class = "db.t3.medium"\n', 1],
  ['credentials "app.terraform.io" {\n  token = "' + alnum(14) + '.atlasv1.' + alnum(60) + '"\n}\n', 1],
  ['PULUMI_ACCESS_TOKEN=' + join('pu', 'l-', hex(40)) + '\n', 1],
  // kubeconfig, docker
  [
    'users:\n- name: admin\n  user:\n    client-certificate-data: ' +
      base64('-----BEGIN CERTIFICATE-----\n' + alnum(64)) +
      '\n    client-key-data: ' +
      base64(privateKey('RSA ')) +
      '\n',
    1,
  ],
  ['users:\n- name: ci\n  user:\n    token: ' + alnum(64) + '\n', 1],
  ['users:\n- name: ops\n  user:\n    username: ops\n    password: Berg-und-Tal\n', 1],
  [
    '{"auths":{"https://index.docker.io/v1/":{"username":"ci","password":"Wal-Fisch7","auth":"' +
      base64('ci:Wal-Fisch7') +
      '"}}}\n',
    1,
  ],
  [
    '{\n  "auths": {\n    "ghcr.example.com": {\n      "auth": "' +
      base64('ci:' + alnum(36)) +
      '"\n    }\n  }\n}\n',
    1,
  ],
  ['identitytoken: ' + uuid() + '\n', 1],
];

const daemons: readonly Document[] = [
  // observability
  ['[security]\nadmin_user = admin\nadmin_password = Feuer-Werk5\nsecret_key = ' + alnum(20) + '\n', 2],
  [
    'apiVersion: 1\ndatasources:\n  - name: Loki\n    basicAuth: true\n    basicAuthUser: grafana\n    secureJsonData:\n      basicAuthPassword: Holz-Weg\n',
    1,
  ],
  [
    'scrape_configs:\n  - job_name: shop\n    basic_auth:\n      username: prometheus\n      password: Licht-Blick\n',
    1,
  ],
  [
    'remote_write:\n  - url: https://metrics.example.com/api/v1/push\n    authorization:\n      credentials: ' +
      alnum(36) +
      '\n',
    1,
  ],
  ['scrape_configs:\n  - job_name: api\n    bearer_token: ' + alnum(48) + '\n', 1],
  [
    "receivers:\n  - name: chat\n    slack_configs:\n      - api_url: 'https://hooks.slack" +
      '.com/services/T' +
      upper(8) +
      '/B' +
      upper(8) +
      '/' +
      alnum(24) +
      "'\n        channel: '#alerts'\n",
    1,
  ],
  ['receivers:\n  - name: pager\n    pagerduty_configs:\n      - service_key: ' + hex(32) + '\n', 1],
  ['receivers:\n  - name: pager\n    pagerduty_configs:\n      - routing_key: ' + hex(32) + '\n', 1],
  [
    'global:\n  smtp_smarthost: smtp.example.com:587\n  smtp_auth_username: alerts\n  smtp_auth_password: Sturm-Warnung\n',
    1,
  ],
  ['opsgenie_configs:\n  - api_key: ' + uuid() + '\n', 1],
  ['<match **>\n  @type elasticsearch\n  host es\n  user fluentd\n  password Baum-Kuchen\n</match>\n', 1],
  ['[OUTPUT]\n    Name  es\n    Host  es\n    HTTP_User  fluent\n    HTTP_Passwd  Sand-Bank7\n', 1],
  ['[OUTPUT]\n    Name  datadog\n    apikey  ' + hex(32) + '\n    TLS  on\n', 1],
  ['api_key: ' + hex(32) + '\nsite: datadoghq.eu\nlogs_enabled: true\n', 1],
  [
    'output.elasticsearch:\n  hosts: ["https://es:9200"]\n  username: "beats"\n  password: "Herz-Schlag"\n',
    1,
  ],
  [
    'output.elasticsearch:\n  hosts: ["https://es:9200"]\n  api_key: "' + alnum(20) + ':' + alnum(22) + '"\n',
    1,
  ],
  ['license_key: ' + hex(36) + 'NRAL\nlog_level: info\n', 1],
  ['dsn: https://' + hex(32) + ':' + hex(32) + '@sentry.example.com/4\n', 1],
  [
    'exporters:\n  otlphttp:\n    endpoint: https://otel.example.com\n    headers:\n      api-key: ' +
      alnum(40) +
      '\n',
    1,
  ],
  [
    'exporters:\n  otlp:\n    headers:\n      x-honeycomb-team: ' +
      join('hc', 'aik_', letters(58, lowerDigits)) +
      '\n',
    1,
  ],
  ['clients:\n  - url: https://12345:' + alnum(40) + '@logs.example.net/loki/api/v1/push\n', 1],
  // proxies
  [
    'server {\n  location /api {\n    proxy_set_header X-Api-Key "' +
      hex(40) +
      '";\n    proxy_pass http://api;\n  }\n}\n',
    1,
  ],
  ['proxy_set_header Authorization "Bearer ' + alnum(44) + '";\n', 1],
  ['userlist ops\n  user admin insecure-password Stein-Bock\n', 1],
  ['listen stats\n  bind :8404\n  stats enable\n  stats auth admin:Stein-Bock3\n', 1],
  [
    'http:\n  middlewares:\n    auth:\n      basicAuth:\n        users:\n          - "admin:$apr1$' +
      alnum(8) +
      '$' +
      alnum(22) +
      '"\n',
    1,
  ],
  ['ops:$2y$10$' + alnum(53) + '\n', 1],
  [
    'cookie_secret = "' +
      opaque(32) +
      '"\nclient_id = "shop"\nclient_secret = "' +
      alnum(32) +
      '"\nemail_domains = ["*"]\n',
    2,
  ],
  // databases and brokers
  ['bind 0.0.0.0\nuser worker on >Rost-Braten ~jobs:* +@all\n', 1],
  ['masteruser repl\nmasterauth Zeit-Geist\nreplica-read-only yes\n', 1],
  ["primary_conninfo = 'host=db-0 port=5432 user=repl password=Nacht-Falter sslmode=require'\n", 1],
  ['"shop" "md5' + hex(32) + '"\n', 1],
  ['[databases]\nshop = host=db port=5432 dbname=shop user=app password=Tag-Traum\n', 1],
  ['default_user = admin\ndefault_pass = Hasen-Fuss\nlisteners.tcp.default = 5672\n', 1],
  [
    'sasl.mechanism=SCRAM-SHA-512\nsasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="shop" password="Kafka-esk";\n',
    1,
  ],
  ['ssl.truststore.location=/tls/truststore.p12\nssl.truststore.password=Beton-Mischer\n', 1],
  ['authorization {\n  users = [\n    { user: app, password: "Fern-Weh8" }\n  ]\n}\n', 1],
  ['authorization {\n  token: "' + alnum(32) + '"\n}\n', 1],
  ["CREATE ROLE app LOGIN PASSWORD 'Nacht-Falter';\nGRANT ALL ON DATABASE shop TO app;\n", 1],
  ["GRANT REPLICATION SLAVE ON *.* TO 'repl'@'%' IDENTIFIED BY 'Nacht-Falter';\n", 1],
  ['db.createUser({ user: "app", pwd: "Nacht-Falter", roles: ["readWrite"] })\n', 1],
  ['xpack.security.authc.realms.ldap.ldap1.secure_bind_password: Wal-Nuss\n', 1],
  [
    '[elasticsearch]\nelasticsearch.username: kibana\nelasticsearch.password: Apfel-Mus\nxpack.encryptedSavedObjects.encryptionKey: ' +
      alnum(32) +
      '\n',
    2,
  ],
  [
    '<clickhouse>\n  <users>\n    <default>\n      <password>Ofen-Rohr</password>\n    </default>\n  </users>\n</clickhouse>\n',
    1,
  ],
  ['<password_sha256_hex>' + hex(64) + '</password_sha256_hex>\n', 1],
  ['S3_ENDPOINT=http://minio:9000\nMINIO_ROOT_USER=admin\nMINIO_ROOT_PASSWORD=minio123\n', 1],
  // mail, LDAP, identity
  ['smtp_sasl_password_maps = static:shop:Post-Bote\nrelayhost = [smtp.example.com]:587\n', 1],
  ['[smtp.example.com]:587 shop:Post-Bote7\n', 1],
  ['olcRootDN: cn=admin,dc=example,dc=com\nolcRootPW: {SSHA}' + base64(alnum(24)) + '\n', 1],
  ['bindDN: cn=reader,dc=example,dc=com\nbindPW: Geheim-Rat\n', 1],
  [
    'connectors:\n- type: ldap\n  config:\n    host: ldap:389\n    bindPW: Geheim-Rat\nstaticClients:\n- id: shop\n  secret: ' +
      alnum(24) +
      '\n',
    2,
  ],
  ['database "postgresql" \nsuffix "dc=example,dc=com"\nrootpw Kraut-Salat\n', 1],
  ['client radius {\n  ipaddr = 10.0.0.1\n  secret = testing123\n}\n', 1],
  [
    '[Interface]\nPrivateKey = ' +
      alnum(43) +
      '=\nAddress = 10.0.0.2/24\n\n[Peer]\nPublicKey = ' +
      alnum(43) +
      '=\nPresharedKey = ' +
      alnum(43) +
      '=\n',
    2,
  ],
  [': PSK "' + alnum(20) + '"\n', 1],
  ['turn:\n  static-auth-secret: ' + hex(64) + '\n', 1],
  [
    'macaroon_secret_key: "' +
      alnum(50) +
      '"\nform_secret: "' +
      alnum(50) +
      '"\nregistration_shared_secret: "' +
      alnum(50) +
      '"\n',
    3,
  ],
  // Helm-style values, inside a ConfigMap of a GitOps tool
  [
    'postgresql:\n  auth:\n    username: shop\n    password: Wander-Falke\n    postgresPassword: Wander-Falke\n',
    2,
  ],
  ['grafana:\n  adminPassword: prom-operator\n', 1],
  ['redis:\n  auth:\n    enabled: true\n    password: Regen-Wurm\n', 1],
  ['argo-cd:\n  configs:\n    secret:\n      argocdServerAdminPassword: $2a$10$' + alnum(53) + '\n', 1],
  ['gitlab-runner:\n  runnerRegistrationToken: ' + join('GR', '1348941', alnum(20)) + '\n', 1],
  ['env:\n  - name: STRIPE_SECRET_KEY\n    value: ' + join('sk', '_live_', alnum(24)) + '\n', 1],
  ['extraEnv: |\n  - name: KC_DB_PASSWORD\n    value: Schleier-Eule\n', 1],
];

const keysAndHooks: readonly Document[] = [
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

export const programFiles: readonly Document[] = [...frameworks, ...clients, ...daemons, ...keysAndHooks];

/** The variables and flags that images of well-known programs take. */
export const programPairs: readonly Pair[] = [
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
  ['MM_WEBHOOK', `https://discord${'.com'}/api/webhooks/${number(18)}/${alnum(68)}`, '*'],
  ['ADMIN_CREDENTIALS', 'admin:Spatzen-Nest9', '*'],
];

export const programCommands: readonly Command[] = [
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
