import type { Cases, Document } from './case.ts';
import { alnum, base64, hex, join, letters, opaque, upper, uuid } from './values.ts';

const lowerDigits = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Settings of observability, proxies, databases, brokers, mail and directories. */
const documents: readonly Document[] = [
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

export const daemonFiles = { documents } satisfies Cases;
