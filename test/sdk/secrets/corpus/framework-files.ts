import type { Cases, Document } from './case.ts';
import { alnum, base64, hex, join, letters, opaque, privateKey, upper, uuid } from './values.ts';

const lowerDigits = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Settings of frameworks. */
const documents: readonly Document[] = [
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
  // What clients of registries, databases and clouds keep.
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

export const frameworkFiles = { documents } satisfies Cases;
