import type { Cases, Command, Document, Field, Pair } from './case.ts';
import { alnum, base64, hex, join, number, opaque, upper, uuid } from './values.ts';

/** Fifth blind set, labelled after the detector had learned from the fourth and before it was measured with these. */
const pairs: readonly Pair[] = [
  ['HARBOR_ADMIN_PASSWORD', 'Harbor12345', '*'],
  ['core_secret', alnum(16), '*'],
  ['KEYSTONE_ADMIN_PASSWORD', 'stack', '*'],
  ['OS_APPLICATION_CREDENTIAL_SECRET', alnum(86), '*'],
  ['PGADMIN_DEFAULT_PASSWORD', 'pgadmin', '*'],
  ['WORDPRESS_DB_PASSWORD', 'wordpress', '*'],
  ['JOOMLA_DB_PASSWORD', '12345678', '*'],
  ['DRONE_RPC_SECRET', hex(32), '*'],
  ['DRONE_GITEA_CLIENT_SECRET', join('gto_', alnum(52)), '*'],
  ['WOODPECKER_AGENT_SECRET', hex(64), '*'],
  [
    'ALERTMANAGER_SLACK_URL',
    join('https://hooks.slack', '.com/services/T', 'ABCDEFGH/B', 'ABCDEFGH/', alnum(24)),
    '*',
  ],
  ['VONAGE_API_SECRET', alnum(16), '*'],
  ['SPARKPOST_API_KEY', hex(40), '*'],
  ['ES_PASSWORD', 'elastic', '*'],
  ['OPENSEARCH_INITIAL_ADMIN_PASSWORD', 'myStrongPassword123!', '*'],
  ['TRINO_SHARED_SECRET', opaque(64), '*'],
  ['SOLR_AUTH', 'solr:SolrRocks', '*'],
  ['FLINK_OPTS', '-Dsecurity.ssl.internal.keystore-password=flink77', '*'],
  ['SPRING_RABBITMQ_ADDRESSES', join('amqps://shop:', 'rabb1t', '@mq-0:5671,mq-1:5671'), '*'],
  ['RAILS_SMTP_SETTINGS', '{"user_name":"shop","password":"kangaroo"}', '*'],
  ['SIDEKIQ_WEB_PASSWORD', 'kangaroo', '*'],
  ['HEROKU_API_KEY', uuid(), '*'],
  ['AUTH_JWT_KEY', alnum(40), '*'],
  ['CRYPTO_SECRET', 'change-me-please', '*'],
  ['MY_APP_TOKEN', join(hex(8), '.', hex(32)), '*'],
  ['INTERNAL_API_SECRET', uuid(), '*'],
  ['SHOP_DB_PWD', 'kangaroo', '*'],
  ['ADMIN_PASSWORD_HASH', join('$2b', '$12$', alnum(53)), '*'],
  ['SIGNING_KEY', base64(alnum(24)), '*'],
  ['PROXY_URL', join('socks5://user:', 'kangaroo', '@proxy:1080'), '*'],
  ['HARBOR_SECRET_NAME', 'harbor-core', null],
  ['OS_AUTH_URL', 'https://keystone.shop.example/v3', null],
  ['OS_AUTH_TYPE', 'v3applicationcredential', null],
  ['OS_APPLICATION_CREDENTIAL_ID', hex(32), null],
  ['DRONE_GITEA_CLIENT_ID', uuid(), null],
  ['SIDEKIQ_CONCURRENCY', '10', null],
  ['PASSWORD_RESET_TOKEN_TTL', '30m', null],
  ['AUTH_STRATEGIES', 'jwt,apikey,session', null],
  ['JWT_ISSUER', 'shop', null],
  ['JWT_ALGORITHM', 'RS256', null],
  ['JWT_PUBLIC_KEY_PATH', '/keys/jwt.pub', null],
  ['SECRET_ROTATION_CRON', '0 0 1 * *', null],
  ['CREDENTIAL_HELPER', 'ecr-login', null],
  ['KEYCLOAK_CLIENT', 'shop-frontend', null],
  ['KAFKA_KEY_DESERIALIZER', 'org.apache.kafka.common.serialization.UUIDDeserializer', null],
  ['MESSAGE_KEY', 'order.id', null],
  ['ENCRYPTION_AT_REST', 'true', null],
  ['TOKEN_SYMBOL', 'SHOP', null],
  ['SESSION_TIMEOUT', '1800', null],
  ['ES_SECURITY_ENABLED', 'false', null],
  ['PASSENGER_COUNT_TOPIC', 'passengers-v1', null],
  ['SSL_CERT_DIR', '/etc/ssl/certs', null],
  ['GPG_KEY', upper(40).replace(/[G-Z]/g, 'A'), null],
  ['PYTHON_SHA256', hex(64), null],
  ['DB_PASSWORD', '@@DB_PASSWORD@@', null],
  ['ADMIN_PASSWORD', 'ref+vault://shop/admin#password', null],
  ['HASH_SEED', '0', null],
  ['PAT_REGEX', '^v[0-9]+$', null],
  ['AUTO_UNSEAL', 'awskms', null],
  ['AUTH_SECRET_REF', 'shop-auth', null],
];

const commands: readonly Command[] = [
  [['sh', '-c', 'sqlplus system/oracle@//db:1521/XE @/init.sql'], 1],
  [['sh', '-c', 'mongo admin -u root -p kangaroo --eval "rs.initiate()"'], 1],
  [['sh', '-c', "curl -H 'Authorization: Basic " + base64('admin:kangaroo') + "' http://es:9200"], 1],
  [['sh', '-c', 'REDISCLI_AUTH=kangaroo redis-cli ping'], 1],
  [['sh', '-c', 'wp core install --admin_user=admin --admin_password=kangaroo --url=x'], 1],
  [['celery', '-A', 'shop', '-b', join('redis://:', 'kangaroo', '@cache:6379/1'), 'worker'], 1],
  [['flower', '--basic_auth=admin:kangaroo7'], 1],
  [['/consumer', '--sasl-username', 'shop', '--sasl-password', 'kangaroo'], 1],
  [['etcd', '--initial-cluster-token', 'shop-etcd-cluster'], 0],
  [['celery', '-A', 'shop', '-b', 'redis://cache:6379/1', 'worker'], 0],
  [['sh', '-c', 'mysql -h db -u"$DB_USER" -p"${DB_PASSWORD}" shop < /dump.sql'], 0],
  [['sh', '-c', 'chpasswd < /run/secrets/users && sudo -u app /server'], 0],
  [['k3s', 'server', '--token-file', '/etc/k3s/token', '--secrets-encryption'], 0],
  [['/app', '--sasl-mechanism', 'PLAIN', '--password-stdin', '--keyring', 'default'], 0],
  [['gunicorn', '--keyfile', '/tls/tls.key', '--certfile', '/tls/tls.crt', 'shop:app'], 0],
  [['sh', '-c', 'test "$(cat /etc/hash)" = "' + hex(32) + '" && echo ok'], 0],
];

const documents: readonly Document[] = [
  ['quarkus.datasource.username=shop\nquarkus.datasource.password=kangaroo\n', 1],
  [
    '[DEFAULT]\ntransport_url = rabbit://nova:kangaroo@mq:5672/\n\n[keystone_authtoken]\npassword = kangaroo\n',
    2,
  ],
  [
    'database:\n  dialect: postgres\n  connection:\n    user: ghost\n    password: kangaroo\nmail:\n  options:\n    auth:\n      pass: kangaroo\n',
    2,
  ],
  ['production:\n  primary:\n    url: mysql2://shop:kangaroo@db/shop\n', 1],
  [
    'upstream:\n  consumers:\n  - username: shop\n    keyauth_credentials:\n    - key: ' + alnum(32) + '\n',
    1,
  ],
  [
    '{"server":{"host":"0.0.0.0"},"security":{"jwtSecret":"' +
      alnum(40) +
      '"},\n"smtp":{"pass":"kangaroo"}}\n',
    2,
  ],
  ["INSERT INTO settings VALUES (1);\nCREATE LOGIN shop WITH PASSWORD = 'Kang4roo!';\n", 1],
  ['[auth]\nsecret = "' + hex(32) + '"\n[mail]\nsmtp_pass = kangaroo\n', 2],
  ['sources:\n  pg:\n    dsn: user=vector password=kangaroo host=db\n', 1],
  ['output.elasticsearch:\n  hosts: [es]\n  api_key: "' + alnum(20) + ':' + alnum(22) + '"\n', 1],
  ['output {\n  elasticsearch {\n    user => "elastic"\n    password => "kangaroo"\n  }\n}\n', 1],
  [
    'tls:\n  key: |\n    -----BEGIN EC PRIVATE ' +
      'KEY-----\n    ' +
      alnum(64) +
      '\n    -----END EC PRIVATE ' +
      'KEY-----\n',
    1,
  ],
  [
    'spring:\n  security:\n    oauth2:\n      client:\n        registration:\n          google:\n            client-id: x\n            client-secret: ' +
      alnum(24) +
      '\n',
    1,
  ],
  ['ldap:\n  bindDN: cn=admin,dc=shop\n  bindPassword: kangaroo\n', 1],
  [
    '<connectionStrings>\n  <add name="Shop" connectionString="Server=db;Uid=shop;Pwd=kangaroo;" />\n</connectionStrings>\n',
    1,
  ],
  ['- hosts: all\n  vars:\n    ansible_become_pass: kangaroo\n    ansible_user: root\n', 1],
  ['aws:\n  accessKeyId: ' + join('AK', 'IA', upper(16)) + '\n  secretAccessKey: ' + alnum(40) + '\n', 2],
  ['monitoring:\n  pagerduty:\n    integration_key: ' + hex(32) + '\n', 1],
  ['vrrp_instance a {\n  authentication {\n    auth_type PASS\n    auth_pass k4ngaroo\n  }\n}\n', 1],
  [
    'quarkus.datasource.password=${DB_PASSWORD}\nquarkus.oidc.client-id=shop\nquarkus.oidc.credentials.secret=${OIDC}\n',
    0,
  ],
  [
    'consumers:\n- username: shop\n  key: orders\n  acl: [read]\nplugins:\n- name: key-auth\n  config:\n    key_names: [apikey, x-api-key]\n    hide_credentials: true\n',
    0,
  ],
  ['output.elasticsearch:\n  hosts: [es]\n  api_key: "${ES_API_KEY}"\n  ssl.key: /tls/tls.key\n', 0],
  [
    'spring:\n  security:\n    oauth2:\n      resourceserver:\n        jwt:\n          issuer-uri: https://id.shop.example\n          jwk-set-uri: https://id.shop.example/certs\n',
    0,
  ],
  ['ansible_become_pass: "{{ vault_become_pass }}"\nansible_ssh_private_key_file: ~/.ssh/id_rsa\n', 0],
  [
    'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  labels:\n    pod-template-hash: 6d4cf56db6\nspec:\n  imagePullSecrets:\n  - name: ghcr-7f9c2\n',
    0,
  ],
  [
    'policies:\n  password:\n    min_length: 14\n    special: true\n    dictionary: /usr/share/dict/words\n  tokens:\n    max_age: 90d\n    refresh: true\n',
    0,
  ],
  [
    'de:\n  passwordHint: Mindestens 12 Zeichen\n  tokenInvalid: Der Link ist abgelaufen\n  secretQuestion: Name des ersten Haustiers?\n',
    0,
  ],
  [
    'paths:\n  /token:\n    post:\n      security:\n      - bearerAuth: []\n      requestBody: {$ref: "#/components/schemas/Token"}\n',
    0,
  ],
  [
    'rewrite ^/token/(.*)$ /auth/$1 break;\nproxy_cookie_path / "/; HttpOnly; Secure";\nproxy_set_header X-Api-Key $http_x_api_key;\n',
    0,
  ],
  ['cache_key: $scheme$host$request_uri\nhash_key = "user_id"\nkeys:\n- id\n- created_at\n', 0],
  [
    'resources:\n- digest: ' +
      hex(64) +
      '\n  etag: "' +
      hex(32) +
      '"\n  revision: ' +
      hex(40) +
      '\n  size: ' +
      number(7) +
      '\n',
    0,
  ],
  [
    'known_hosts: |\n  github.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI' +
      alnum(43) +
      '\nsshKeyName: deploy\n',
    0,
  ],
  [
    '#!/bin/bash\ntoken=$(curl -s "$URL/token" | jq -r .access_token)\n: "${PASSWORD:?}"\ncurl -H "X-Token: $token" "$URL"\n',
    0,
  ],
];

const fields: readonly Field[] = [
  ['admin-password', 'kangaroo', 1],
  ['secret_key_base', hex(64), 1],
  ['auth-secret-type', 'auth-map', 0],
  ['content-sha256', hex(64), 0],
];

export const set05 = { pairs, documents, commands, fields } satisfies Cases;
