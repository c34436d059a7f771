import type { Cases, Document } from './case.ts';
import { alnum, base64, hex, opaque, uuid } from './values.ts';

/** A second lot of files of programs, labelled after the detector had learned from the first and before it saw these. */
const documents: readonly Document[] = [
  ['micronaut:\n  datasource:\n    default:\n      username: shop\n      password: Ahorn-Blatt\n', 1],
  [
    '[database]\nsql_alchemy_conn = postgresql+psycopg2://airflow:Ahorn-Blatt@db/airflow\n\n[core]\nfernet_key = ' +
      opaque(32) +
      '\n',
    2,
  ],
  [
    'c.JupyterHub.cookie_secret = "' +
      hex(64) +
      '"\nc.ConfigurableHTTPProxy.auth_token = "' +
      hex(64) +
      '"\n',
    2,
  ],
  ['mail:\n  smtp:\n    host: smtp.example.com\n    user: shop\n    pass: Ahorn-Blatt\n', 1],
  ['influx:\n  org: shop\n  token: ' + opaque(64) + '\n', 1],
  [
    '[influxdb2]\n  [[outputs.influxdb_v2]]\n    urls = ["http://influx:8086"]\n    token = "' +
      opaque(64) +
      '"\n',
    1,
  ],
  [
    '[[inputs.sqlserver]]\n  servers = ["Server=db;Port=1433;User Id=telegraf;Password=Ahorn-Blatt;app name=telegraf;"]\n',
    1,
  ],
  [
    'logstash.output {\n  elasticsearch { hosts => ["es:9200"] user => "logstash" password => "Ahorn-Blatt" }\n}\n',
    1,
  ],
  [
    'sinks:\n  es:\n    type: elasticsearch\n    auth:\n      strategy: basic\n      user: vector\n      password: Ahorn-Blatt\n',
    1,
  ],
  ['consul {\n  address = "consul:8500"\n  token   = "' + uuid() + '"\n}\n', 1],
  [
    'acl {\n  tokens {\n    initial_management = "' + uuid() + '"\n  }\n}\nencrypt = "' + opaque(32) + '"\n',
    2,
  ],
  ['storage "postgresql" {\n  connection_url = "postgres://vault:Ahorn-Blatt@db:5432/vault"\n}\n', 1],
  ['etcd:\n  username: root\n  password: "Ahorn-Blatt"\n', 1],
  ['zookeeper.sasl.digest=super:Ahorn-Blatt\nuser_super="Ahorn-Blatt"\n', 0],
  [
    'Server {\n  org.apache.zookeeper.server.auth.DigestLoginModule required\n  user_admin="Ahorn-Blatt9";\n};\n',
    1,
  ],
  ['cassandra:\n  authenticator: PasswordAuthenticator\n  username: cassandra\n  password: cassandra\n', 1],
  [
    'proxysql:\n  mysql_users = ( { username = "app", password = "Ahorn-Blatt", default_hostgroup = 0 } )\n',
    1,
  ],
  ['[mysqld]\nwsrep_sst_auth = "sst:Ahorn-Blatt9"\n', 1],
  ["CHANGE MASTER TO MASTER_HOST='db-0', MASTER_USER='repl', MASTER_PASSWORD='Ahorn-Blatt';\n", 1],
  ["CREATE SUBSCRIPTION s CONNECTION 'host=db user=repl password=AhornBlatt' PUBLICATION p;\n", 1],
  ["CREATE USER MAPPING FOR app SERVER s OPTIONS (user 'app', password 'Ahorn-Blatt');\n", 1],
  ['listeners:\n  - type: mqtt\nmqtt_username: iot\nmqtt_password: AhornBlatt\n', 1],
  [
    'connection bridge\naddress mqtt.example.com:8883\nremote_username shop\nremote_password Ahorn-Blatt9\n',
    1,
  ],
  ['auth:\n  htpasswd: |\n    admin:$2y$05$' + alnum(53) + '\n', 1],
  [
    'http:\n  secret: ' +
      alnum(32) +
      '\nstorage:\n  s3:\n    accesskey: ' +
      alnum(20) +
      '\n    secretkey: ' +
      alnum(40) +
      '\n',
    3,
  ],
  ['harborAdminPassword: Harbor12345\nexternalURL: https://harbor.example.com\n', 1],
  ['[server]\nLFS_JWT_SECRET = ' + alnum(43) + '\n[security]\nINTERNAL_TOKEN = ' + alnum(105) + '\n', 2],
  ['gitlab_rails["smtp_password"] = "Ahorn-Blatt"\n', 1],
  [
    'jenkins:\n  securityRealm:\n    local:\n      users:\n        - id: admin\n          password: AhornBlatt\n',
    1,
  ],
  ['unifiedjenkins:\n  credentials:\n    - string:\n        id: sonar\n        secret: ' + hex(40) + '\n', 1],
  ['sonar.jdbc.username=sonar\nsonar.jdbc.password=sonar\n', 1],
  ['bot_token: MTE' + alnum(23) + '.' + alnum(6) + '.' + alnum(38) + '\n', 1],
  ['registration_shared_secret: ' + alnum(40) + '\nturn_shared_secret: ' + alnum(40) + '\n', 2],
  ['<user username="admin" password="Ahorn-Blatt" roles="manager-gui"/>\n', 1],
  [
    '<Resource name="jdbc/shop" type="javax.sql.DataSource" username="shop" password="Ahorn-Blatt" url="jdbc:mysql://db/shop"/>\n',
    1,
  ],
  ['<property name="hibernate.connection.password">Ahorn-Blatt</property>\n', 1],
  ['<bean class="ds"><property name="password" value="Ahorn-Blatt"/></bean>\n', 1],
  ['rclone:\n[s3]\ntype = s3\naccess_key_id = ' + alnum(20) + '\nsecret_access_key = ' + alnum(40) + '\n', 2],
  ['RESTIC_REPOSITORY=rest:https://backup:Ahorn-Blatt@backup.example.com/\nRESTIC_PASSWORD=Ahorn-Blatt\n', 2],
  ['wpa_passphrase=AhornBlatt\nssid=lab\n', 1],
  ['vrrp_instance VI_1 {\n  authentication {\n    auth_type PASS\n    auth_pass Ahorn9\n  }\n}\n', 1],
  ['neighbor 10.0.0.1 password Ahorn-Blatt9\n', 1],
  ['snmp-server community Ahorn-Blatt9 ro\n', 1],
  ['createUser monitor SHA "Ahorn-Blatt9" AES "Ahorn-Blatt8"\n', 1],
  ['kind: Secret\nstringData:\n  password: Ahorn-Blatt\n', 1],
  ['kind: Secret\ndata:\n  password: ' + base64('Ahorn-Blatt') + '\n', 1],
  // and what holds none
  ['micronaut:\n  datasource:\n    default:\n      password: ${JDBC_PASSWORD:`${VAULT_PASSWORD}`}\n', 0],
  ['[core]\nfernet_key_cmd = cat /secrets/fernet\nsql_alchemy_conn_secret = airflow/db\n', 0],
  ['c.JupyterHub.cookie_secret_file = "/srv/cookie"\nc.Authenticator.auto_login = True\n', 0],
  ['outputs:\n  token: "$INFLUX_TOKEN"\n  token_file: /secrets/influx\n', 0],
  ['output { elasticsearch { user => "logstash" password => "${ES_PWD}" } }\n', 0],
  ['consul {\n  token = "{{ with secret \\"consul/creds/app\\" }}{{ .Data.token }}{{ end }}"\n}\n', 0],
  ['seal "awskms" {\n  region = "eu-west-1"\n  kms_key_id = "' + uuid() + '"\n}\n', 0],
  [
    'authenticator: PasswordAuthenticator\nauthorizer: CassandraAuthorizer\ncredentials_validity_in_ms: 2000\n',
    0,
  ],
  [
    'plugins:\n  - name: key-auth\n    config:\n      key_names: [apikey, x-api-key]\n      hide_credentials: true\n',
    0,
  ],
  [
    'jwt_authn:\n  providers:\n    shop:\n      issuer: https://id.example.com\n      forward_payload_header: x-jwt-payload\n      from_params: [access_token]\n',
    0,
  ],
  [
    'tls_certificate_sds_secret_configs:\n  - name: server_cert\n    sds_config: { path: /etc/envoy/sds.yaml }\n',
    0,
  ],
  [
    'groups:\n- name: auth\n  rules:\n  - alert: TokenErrors\n    expr: rate(token_validation_errors_total[5m]) > 0.1\n    labels: { severity: page }\n',
    0,
  ],
  ['redactionPatterns:\n  - "(?i)password=[^&]+"\n  - "(?i)authorization: bearer .+"\n', 0],
  ['audit:\n  omitFields: [password, token, secret]\n  level: metadata\n', 0],
  ['features:\n  password-reset: true\n  api-keys: false\n  token-exchange: preview\n', 0],
  ['fields:\n  - { name: password, type: password, label: Password, required: true }\n', 0],
  ["INSERT INTO settings (name, value) VALUES ('password_min_length', '12');\n", 0],
  ['<property name="hibernate.connection.password">${db.password}</property>\n', 0],
  ['<user username="${tomcat.user}" password="${tomcat.password}" roles="manager-gui"/>\n', 0],
  [
    'accessKeyIdSecretRef:\n  name: aws\n  key: access-key-id\nsecretAccessKeySecretRef:\n  name: aws\n  key: secret-access-key\n',
    0,
  ],
  ['  - secretKey: password\n    remoteRef: { key: shop/db, property: password }\n', 0],
  ['argocd-vault-plugin: enabled\npassword: <path:secret/data/shop#password>\n', 0],
  ['for token in $(cat tokens.txt); do revoke "$token"; done\n', 0],
  ['if (password !== confirmation) throw new Error("passwords do not match");\n', 0],
  ['password = getpass.getpass("Password: ")\n', 0],
  ['token, err := jwt.Parse(raw, keyFunc)\n', 0],
  ['auth.users.hash_algorithm = bcrypt\nauth.session.key_rotation = 24h\n', 0],
  ['release: shop-7d9f8b6c5d\nbuild: ' + uuid() + '\netag: "' + hex(32) + '"\n', 0],
];

export const furtherFiles = { documents } satisfies Cases;
