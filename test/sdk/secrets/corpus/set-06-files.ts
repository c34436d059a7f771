import type { Cases, Document } from './case.ts';
import { harmlessCompanyFiles } from './set-06-harmless.ts';
import {
  alnum,
  base64,
  certificate,
  hex,
  join,
  jwt,
  letters,
  number,
  opaque,
  privateKey,
  upper,
  uuid,
} from './values.ts';

/** Sixth blind set: files in ConfigMaps, labelled before the detector saw them. */
const withCredential: readonly Document[] = [
  [
    'spring:\n  datasource:\n    url: jdbc:postgresql://db:5432/shop\n    username: shop\n    password: Holunder12\n  jpa:\n    open-in-view: false\n',
    1,
  ],
  ['spring:\n  rabbitmq:\n    host: rabbit\n    password: guest\n  redis:\n    password: Kastanie-9\n', 2],
  ['spring.mail.host=smtp.example.com\nspring.mail.username=shop\nspring.mail.password=Postkutsche\n', 1],
  [
    'spring.datasource.url=jdbc:sqlserver://sql;databaseName=shop;user=sa;password=Pa55w0rd!;encrypt=true\n',
    1,
  ],
  [`jwt:\n  secret: ${alnum(64)}\n  expiration-ms: 86400000\n`, 1],
  [
    'eureka:\n  client:\n    serviceUrl:\n      defaultZone: http://eureka:Lindenbluete@discovery:8761/eureka/\n',
    1,
  ],
  [
    join(
      '{"ConnectionStrings":{"Default":"Server=sql;Database=Shop;User Id=app;Pass',
      'word=Mirabelle-8"},"Logging":{"LogLevel":{"Default":"Warning"}}}',
    ),
    1,
  ],
  [
    `{\n  "Jwt": {\n    "Issuer": "https://id.example.com",\n    "Key": "${alnum(48)}"\n  },\n  "AllowedHosts": "*"\n}\n`,
    1,
  ],
  [
    '{\n  "AzureAd": {\n    "ClientId": "' +
      uuid() +
      '",\n    "ClientSecret": "' +
      join(alnum(3), '8', 'Q~', alnum(34)) +
      '"\n  }\n}\n',
    1,
  ],
  ['{"Smtp":{"Host":"smtp.example.com","Port":587,"User":"shop","Password":"Postkutsche"}}', 1],
  ['APP_ENV=production\nDB_HOST=mysql\nDB_PASSWORD=secret\nMAIL_PASSWORD=null\n', 1],
  [`APP_NAME=Shop\nAPP_KEY=base64:${opaque(32)}\nPUSHER_APP_SECRET=${hex(20)}\n`, 2],
  [
    `# prod\nexport DATABASE_URL="postgres://shop:Holunder12@db/shop"\nexport SECRET_KEY_BASE='${hex(128)}'\n`,
    2,
  ],
  [
    'production:\n  adapter: postgresql\n  database: shop\n  username: shop\n  password: "Quittengelee"\n  pool: 5\n',
    1,
  ],
  [`production:\n  secret_key_base: ${hex(128)}\n`, 1],
  [
    `SECRET_KEY = '${letters(50, 'abcdefghijklmnop0123456789!@#^&*(-_=+')}'\nDEBUG = False\nDATABASES = {\n    'default': {\n        'NAME': 'shop',\n        'PASSWORD': 'Holunder12',\n    }\n}\n`,
    2,
  ],
  [
    "<?php\ndefine( 'DB_USER', 'wordpress' );\ndefine( 'DB_PASSWORD', 'wordpress' );\ndefine( 'DB_HOST', 'mysql' );\n",
    1,
  ],
  [`<?php\ndefine('AUTH_KEY', '${letters(64, 'abcdefghijkLMNOP0123456789!@#^&*()-_=+')}');\n`, 1],
  [
    "<?php\n$CONFIG = array(\n  'dbtype' => 'pgsql',\n  'dbpassword' => 'Wolkenlos',\n  'instanceid' => 'oc1x2y3z',\n);\n",
    1,
  ],
  ["module.exports = {\n  db: { host: 'db', user: 'app', password: 'Holunder12' },\n  port: 3000,\n};\n", 1],
  [
    'upstream api { server api:8080; }\nserver {\n  listen 80;\n  location / {\n    proxy_set_header Authorization "Basic ' +
      base64('api:Ringelblume') +
      '";\n    proxy_pass http://api;\n  }\n}\n',
    1,
  ],
  ['location /grafana/ {\n  proxy_set_header X-Api-Key ' + alnum(32) + ';\n}\n', 1],
  [
    'global\n  daemon\nuserlist ops\n  user admin insecure-password Tannenzapfen\nfrontend stats\n  bind :8404\n',
    1,
  ],
  ['listen stats\n  bind :8404\n  stats enable\n  stats auth admin:Tannenzapfen\n', 1],
  [
    '[databases]\nshop = host=db port=5432 dbname=shop user=app password=Holunder12\n\n[pgbouncer]\nauth_type = md5\nauth_file = /etc/pgbouncer/userlist.txt\n',
    1,
  ],
  ['"shop" "Holunder12"\n', 1],
  ['bind 0.0.0.0\nprotected-mode yes\nrequirepass Kastanie-9\nmasterauth Kastanie-9\nappendonly yes\n', 2],
  ['user default off\nuser shop on >Kastanie-9 ~shop:* +@all\n', 1],
  [
    join(
      'global:\n  resolve_timeout: 5m\n  slack_api_url: https://hooks.slack',
      '.com/services/T',
      upper(8),
      '/B',
      upper(8),
      '/',
      alnum(24),
      '\nroute:\n  receiver: ops\n',
    ),
    1,
  ],
  [
    `receivers:\n  - name: oncall\n    pagerduty_configs:\n      - service_key: ${hex(32)}\n        severity: critical\n`,
    1,
  ],
  [`receivers:\n  - name: oncall\n    pagerduty_configs:\n      - routing_key: ${join('R', alnum(31))}\n`, 1],
  [
    `receivers:\n  - name: og\n    opsgenie_configs:\n      - api_key: ${uuid()}\n        responders:\n          - name: ops\n            type: team\n`,
    1,
  ],
  [
    'global:\n  smtp_smarthost: smtp.example.com:587\n  smtp_auth_username: alerts\n  smtp_auth_password: Postkutsche\n',
    1,
  ],
  [
    join(
      'receivers:\n  - name: chat\n    telegram_configs:\n      - bot_token: ',
      number(10),
      ':A',
      'A',
      alnum(33),
      '\n        chat_id: -100123456\n',
    ),
    1,
  ],
  [
    `receivers:\n  - name: hook\n    webhook_configs:\n      - url: https://hook.example.com/alert\n        http_config:\n          authorization:\n            credentials: ${alnum(40)}\n`,
    1,
  ],
  [
    'scrape_configs:\n  - job_name: node\n    basic_auth:\n      username: prom\n      password: Lindenbluete\n    static_configs:\n      - targets: [node:9100]\n',
    1,
  ],
  [`remote_write:\n  - url: https://mimir.example.com/api/v1/push\n    bearer_token: ${alnum(44)}\n`, 1],
  ['[OUTPUT]\n    Name es\n    Host elastic\n    HTTP_User fluent\n    HTTP_Passwd Lindenbluete\n', 1],
  [`[OUTPUT]\n    Name  splunk\n    Match *\n    Splunk_Token ${uuid()}\n    TLS On\n`, 1],
  [`[OUTPUT]\n    Name datadog\n    apikey ${hex(32)}\n    dd_service shop\n`, 1],
  [
    '<match **>\n  @type elasticsearch\n  host elastic\n  user fluentd\n  password Lindenbluete\n</match>\n',
    1,
  ],
  [
    'output {\n  elasticsearch {\n    hosts => ["https://elastic:9200"]\n    user => "logstash"\n    password => "Lindenbluete"\n  }\n}\n',
    1,
  ],
  [
    'input {\n  jdbc {\n    jdbc_connection_string => "jdbc:mysql://db/shop"\n    jdbc_user => "ro"\n    jdbc_password => "Ahornsirup"\n  }\n}\n',
    1,
  ],
  ['output.elasticsearch:\n  hosts: ["elastic:9200"]\n  username: beats\n  password: Lindenbluete\n', 1],
  [`output.elasticsearch:\n  api_key: "${join(alnum(20), ':', alnum(22))}"\n`, 1],
  [
    'KafkaServer {\n  org.apache.kafka.common.security.plain.PlainLoginModule required\n  username="admin"\n  password="admin-secret"\n  user_admin="admin-secret";\n};\n',
    2,
  ],
  [
    'Client {\n  org.apache.zookeeper.server.auth.DigestLoginModule required\n  username="kafka"\n  password="Fliederbusch7";\n};\n',
    1,
  ],
  [
    'security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="app" password="Fliederbusch7";\n',
    1,
  ],
  [
    'ssl.truststore.location=/etc/kafka/trust.jks\nssl.truststore.password=confluent\nssl.keystore.password=confluent\nssl.key.password=confluent\n',
    3,
  ],
  ['[shop]\nDriver = PostgreSQL\nServername = db\nUID = shop\nPWD = Holunder12\n', 1],
  [`[Interface]\nAddress = 10.8.0.2/32\nPrivateKey = ${opaque(32)}\nDNS = 10.8.0.1\n`, 1],
  [
    `[Interface]\nPrivateKey = ${opaque(32)}\n[Peer]\nPublicKey = ${opaque(32)}\nPresharedKey = ${opaque(32)}\n`,
    2,
  ],
  [
    `[backup]\ntype = s3\nprovider = Minio\naccess_key_id = minio\nsecret_access_key = ${alnum(40)}\nendpoint = http://minio:9000\n`,
    1,
  ],
  [`[sftp]\ntype = sftp\nhost = files.example.com\nuser = shop\npass = ${alnum(32)}\n`, 1],
  [
    join(
      '[default]\naws_access_key_id = AK',
      'IA',
      upper(16),
      '\naws_secret_access_key = ',
      alnum(40),
      '\nregion = eu-central-1\n',
    ),
    2,
  ],
  [`[default]\nregion = eu-west-1\naws_session_token = ${alnum(120)}\n`, 1],
  [
    join(
      '{\n  "type": "service_account",\n  "project_id": "shop",\n  "private_key_id": "',
      hex(40),
      '",\n  "private_',
      'key": "',
      privateKey('').replaceAll('\n', '\\n'),
      '",\n  "client_email": "sa@shop.iam.gserviceaccount.com"\n}\n',
    ),
    1,
  ],
  [
    `{"tenantId":"${uuid()}","subscriptionId":"${uuid()}","aadClientId":"${uuid()}","aadClientSecret":"${join(alnum(3), '8', 'Q~', alnum(34))}"}`,
    1,
  ],
  [
    '[Global]\nauth-url = https://keystone.example.com:5000/v3\nusername = k8s\npassword = Ahornsirup\ntenant-name = shop\n',
    1,
  ],
  [
    '[VirtualCenter "vc.example.com"]\nuser = "k8s@vsphere.local"\npassword = "Ahornsirup"\ndatacenters = "DC1"\n',
    1,
  ],
  [`apiVersion: v1\nkind: Config\nusers:\n  - name: deployer\n    user:\n      token: ${jwt()}\n`, 1],
  [
    `users:\n  - name: admin\n    user:\n      client-certificate-data: ${base64(certificate())}\n      client-key-data: ${base64(privateKey('RSA '))}\n`,
    1,
  ],
  ['machine git.example.com\nlogin ci\npassword Tannenzapfen\n', 1],
  [
    join(
      '//registry.npmjs.org/:_auth',
      'Token=np',
      'm_',
      alnum(36),
      '\nregistry=https://registry.npmjs.org/\n',
    ),
    1,
  ],
  [
    '[distutils]\nindex-servers = corp\n\n[corp]\nrepository = https://pypi.corp.example.com\nusername = ci\npassword = Tannenzapfen\n',
    1,
  ],
  ['[global]\nindex-url = https://ci:Tannenzapfen@pypi.corp.example.com/simple\n', 1],
  [
    '<settings><servers><server><id>nexus</id><username>ci</username><password>Tannenzapfen</password></server></servers></settings>',
    1,
  ],
  [
    '<Context>\n  <Resource name="jdbc/shop" type="javax.sql.DataSource" username="shop" password="Holunder12" url="jdbc:oracle:thin:@db:1521/XE"/>\n</Context>\n',
    1,
  ],
  ['<tomcat-users>\n  <user username="admin" password="tomcat" roles="manager-gui"/>\n</tomcat-users>\n', 1],
  [
    join(
      '<configuration><connectionStrings><add name="Shop" connectionString="Data Source=sql;Initial Catalog=Shop;User ID=sa;Pass',
      'word=Pa55w0rd!"/></connectionStrings></configuration>',
    ),
    1,
  ],
  [
    '<appSettings>\n  <add key="SmtpPassword" value="Postkutsche"/>\n  <add key="PageSize" value="50"/>\n</appSettings>\n',
    1,
  ],
  [
    '[security]\nadmin_user = admin\nadmin_password = prom-operator\n[smtp]\nenabled = true\npassword = """Postkutsche"""\n',
    2,
  ],
  [
    'apiVersion: 1\ndatasources:\n  - name: Postgres\n    type: postgres\n    user: grafana\n    secureJsonData:\n      password: Lindenbluete\n',
    1,
  ],
  [
    'connectors:\n  - type: ldap\n    config:\n      host: ldap:636\n      bindDN: cn=ro,dc=example,dc=com\n      bindPW: ReadOnly2023\n',
    1,
  ],
  [
    `staticClients:\n  - id: grafana\n    redirectURIs: [https://grafana.example.com/login/generic_oauth]\n    name: Grafana\n    secret: ${alnum(32)}\n`,
    1,
  ],
  [
    `client_id = "proxy"\nclient_secret = "${alnum(32)}"\ncookie_secret = "${opaque(32)}"\nemail_domains = ["*"]\n`,
    2,
  ],
  ['[program:worker]\ncommand=/app/worker\nenvironment=DB_HOST="db",DB_PASSWORD="Holunder12"\n', 1],
  ['[unix_http_server]\nusername = admin\npassword = Tannenzapfen\n', 1],
  ['admin:$apr1$' + alnum(8) + '$' + alnum(22) + '\n', 1],
  [`#!/bin/sh\nset -e\nexport PGPASSWORD=Holunder12\npsql -h db -U shop -c 'select 1'\n`, 1],
  [`#!/bin/bash\ncurl -s -H "Authorization: Bearer ${alnum(40)}" https://api.example.com/v1/jobs\n`, 1],
  ["CREATE USER shop WITH PASSWORD 'Holunder12';\nGRANT ALL ON DATABASE shop TO shop;\n", 1],
  ["CREATE USER 'repl'@'%' IDENTIFIED BY 'Ahornsirup';\nFLUSH PRIVILEGES;\n", 1],
  [`kind: Secret\napiVersion: v1\nmetadata:\n  name: db\nstringData:\n  password: Holunder12\n`, 1],
  [`kind: Secret\napiVersion: v1\nmetadata:\n  name: db\ndata:\n  password: ${base64('Holunder12')}\n`, 1],
  [`loki:\n  storage:\n    s3:\n      s3: s3://loki:${alnum(30)}@minio:9000/loki\n`, 1],
  [
    `local_resource:\n  objstore:\n    type: S3\n    config:\n      bucket: thanos\n      access_key: thanos\n      secret_key: ${alnum(40)}\n`,
    1,
  ],
  ['mqtt:\n  server: mqtt://mosquitto\n  user: z2m\n  password: Regenbogen5\n', 1],
  [
    `[[runners]]\n  name = "k8s"\n  url = "https://git.example.com/"\n  token = "${join('gl', 'rt-', alnum(20))}"\n  executor = "kubernetes"\n`,
    1,
  ],
  [`unifiedDatabase:\n  dsn: "user=app password=Holunder12 host=db dbname=shop"\n`, 1],
  [`[mysqld]\nbind-address=0.0.0.0\n[client]\nuser=root\npassword=S0nnenblume\n`, 1],
  [
    join(
      '{"auths":{"registry.example.com":{"username":"ci","pass',
      'word":"Tannenzapfen","auth":"',
      base64('ci:Tannenzapfen'),
      '"}}}',
    ),
    1,
  ],
  [
    `tls.crt: |\n${certificate().replace(/^/gm, '  ')}\ntls.key: |\n${privateKey('').replace(/^/gm, '  ')}\n`,
    1,
  ],
];

const documents: readonly Document[] = [
  ...withCredential,
  ...harmlessCompanyFiles.map((text) => [text, 0] as const),
];

export const set06Files = { documents } satisfies Cases;
