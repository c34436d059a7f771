import type { Cases, Document } from './case.ts';
import { alnum, base64, certificate, hex, join, jwt, makers, opaque, privateKey } from './values.ts';

/** One line in the ways of each format. */
const shapes: readonly ((key: string, value: string) => string)[] = [
  (key, value) => `# settings\nserver:\n  port: 8080\n  ${key}: ${value}\n  timeout: 30s\n`,
  (key, value) => `{\n  "port": 8080,\n  "${key}": "${value}",\n  "debug": false\n}\n`,
  (key, value) => `PORT=8080\n${key}=${value}\nLOG_LEVEL=info\n`,
  (key, value) => `server.port=8080\nshop.${key} = ${value}\nlogging.level=INFO\n`,
  (key, value) => `[server]\nport = 8080\n\n[shop]\n${key} = "${value}"\n`,
  (key, value) => `<config>\n  <port>8080</port>\n  <${key}>${value}</${key}>\n</config>\n`,
  (key, value) => `<settings>\n  <add key="${key}" value="${value}"/>\n</settings>\n`,
  (key, value) => `#!/bin/sh\nset -eu\nexport ${key}='${value}'\nexec /shop\n`,
];
const everywhere = (key: string, value: string, count: number): readonly Document[] =>
  shapes.map((shape) => [shape(key, value), count] as const);

const byName: readonly Document[] = [
  ...everywhere('password', 'hunter2', 1),
  ...everywhere('db_password', alnum(16), 1),
  ...everywhere('client_secret', hex(32), 1),
  ...everywhere('api_key', alnum(32), 1),
];
/** Formats of one line, each in one kind of document. */
const byFormat: readonly Document[] = makers.flatMap(([, make], index) => {
  const value = make();
  if (/["\n]/.test(value)) return [];
  const shape = shapes[index % shapes.length];
  return shape === undefined ? [] : [[shape('setting', value), 1] as const];
});

const block = (key: string, mark: string, lines: readonly string[]) =>
  `name: shop\n${key}: ${mark}\n${lines.map((line) => `  ${line}`).join('\n')}\nport: 8080\n`;

const single: readonly Document[] = [
  // YAML block scalars.
  [block('password', '|', ['hunter2']), 1],
  [block('dbPassword', '|-', ['correct-horse-9']), 1],
  [block('clientSecret', '>-', [hex(32)]), 1],
  [block('apiToken', '>', [alnum(40)]), 1],
  [block('encryptionKey', '|2', [opaque(32)]), 1],
  [block('tls.key', '|', privateKey('RSA ').trim().split('\n')), 1],
  // Several at once.
  ['db:\n  username: shop\n  password: hunter2\ncache:\n  password: Tulip99\n', 2],
  ['A_PASSWORD=one1\nB_PASSWORD=two2\nC_PASSWORD=three3\n', 3],
  ['users:\n  - name: admin\n    password: "hunter2" # the old one\n', 1],
  ['db: { host: db, user: shop, password: hunter2 }\n', 1],
  ['{"db":{"host":"db","user":"shop","password":"hunter2"}}\n', 1],
  [`machine git.example.com\nlogin ci\npassword ${alnum(20)}\n`, 1],
  [`machine git.example.com login ci password ${alnum(20)}\n`, 1],
  [
    `[default]\naws_access_key_id = ${join('AK', 'IA', 'Q3EGRZ7XPLM2VT5K')}\naws_secret_access_key = ${opaque(30)}\n`,
    2,
  ],
  [`//registry.example.com/:_authToken=${alnum(40)}\nalways-auth=true\n`, 1],
  [`db:5432:shop:app:${alnum(16)}\n`, 1],
  [`curl -H "Authorization: Bearer ${jwt()}" https://api.example.com\n`, 1],
  ['curl -sf -u shop:Tulip99 https://api.example.com/health\n', 1],
  ['mysql -h db -u root -phunter2 shop < dump.sql\n', 1],
  ['mysqldump --user=root --password=hunter2 shop\n', 1],
  ['redis-cli -h cache -a hunter2 ping\n', 1],
  ['PGPASSWORD=hunter2 psql -h db -U shop -c "select 1"\n', 1],
  ['sshpass -p hunter2 ssh deploy@host\n', 1],
  ['docker login -u robot -p Tulip99 registry.example.com\n', 1],
  ['requirepass hunter2\nmaxmemory 256mb\n', 1],
  ['masterauth Tulip99\n', 1],
  ["ALTER USER shop WITH PASSWORD 'hunter2';\n", 1],
  ["CREATE USER 'shop'@'%' IDENTIFIED BY 'hunter2';\n", 1],
  [`<server>\n  <username>ci</username>\n  <password>Tulip99</password>\n</server>\n`, 1],
  ['spring:\n  datasource:\n    url: jdbc:postgresql://db/shop?user=app&password=hunter2\n', 1],
  [`datasources:\n  - url: postgres://shop:${alnum(12)}@db/shop\n`, 1],
  [`proxy_set_header Authorization "Basic ${base64('shop:Tulip99')}";\n`, 1],
  ['sasl.jaas.config=org.apache.kafka.Plain required username="app" password="hunter2";\n', 1],
  [`# old: ${join('gl', 'pat-', alnum(20))}\nport: 8080\n`, 1],
  [`type: service_account\nprivate_key: "${privateKey('').replaceAll('\n', '\\n')}"\n`, 1],
  ['const password = "hunter2";\n', 1],
  ['$db_password = "Tulip99";\n', 1],
  ['password: !!str hunter2\n', 1],
  ['password:\n  hunter2\nport: 8080\n', 1],
  ['- name: DB_PASSWORD\n  value: hunter2\n', 1],
  ['[{"name":"DB_PASSWORD","value":"hunter2"}]\n', 1],
  ['shop:$apr1$k3J9x2Lm$7bTf4dYh6GsPc9AeUx5Q1.\n', 1],
];

const placeholders: readonly Document[] = [
  ...['${DB_PASSWORD}', '$(DB_PASSWORD)', '<your-password>', '{{ .Values.password }}', '********'].flatMap(
    (value) => everywhere('password', value, 0),
  ),
  ...everywhere('token_url', 'https://id.example.com/token', 0),
  ...everywhere('password_file', '/run/secrets/db', 0),
  ...everywhere('secret_name', 'db-credentials', 0),
  ...everywhere('token_ttl', '3600', 0),
];

const harmless: readonly Document[] = [
  [`ca.crt: |\n${certificate()}`, 0],
  [block('passwordPolicy', '|', ['minLength: 12', 'maxAge: 90d']), 0],
  [block('password', '|', ['${DB_PASSWORD}']), 0],
  [block('tokenScript', '|', ['curl -sf "$TOKEN_URL" > /tmp/token', 'cat /tmp/token']), 0],
  [block('authorizationPolicy', '|', ['package authz', 'default allow = false']), 0],
  [block('authKeys', '|', [`ssh-ed25519 AAAA${alnum(64)} ops`]), 0],
  ['password: |\n  The password is chosen by the user and must have twelve characters.\nport: 1\n', 0],
  ['password:\nuser: shop\n', 0],
  ['password: ""\n', 0],
  ['password: ~\n', 0],
  ['password:\n  secretKeyRef:\n    name: db\n    key: password\n', 0],
  ['password:\n  minLength: 12\n  requireDigits: true\n', 0],
  ['- name: DB_PASSWORD\n  valueFrom:\n    secretKeyRef: { name: db, key: password }\n', 0],
  ['- name: TOKEN_URL\n  value: https://id.example.com/token\n', 0],
  ['apiVersion: v1\nkind: Secret\nmetadata: { name: db-credentials }\n', 0],
  ['spec:\n  secretName: db-credentials\n  tokenTTL: 1h\n', 0],
  ['# Set the password in the Secret db-credentials, never here.\nport: 8080\n', 0],
  ['# password: choose your own\n', 0],
  ['To change your password: open the settings and follow the link.\n', 0],
  ['Tokens are rotated daily; the secret is kept in Vault.\n', 0],
  ['if [ -z "$PASSWORD" ]; then echo "no password"; exit 1; fi\n', 0],
  ['export PASSWORD="$(cat /run/secrets/password)"\n', 0],
  ['PASSWORD=$(cat /run/secrets/password)\n', 0],
  ['PASSWORD=`cat /run/secrets/password`\n', 0],
  ['TOKEN=$(curl -sf http://vault:8200/v1/token)\n', 0],
  ['mysql -h db -u root -p"$MYSQL_ROOT_PASSWORD" shop\n', 0],
  ['mysql -h db -u root -p shop < dump.sql\n', 0],
  ['mysql -h db -P 3306 --protocol=tcp shop\n', 0],
  ['mkdir -parents-ok /data && cp -pr /a /b\n', 0],
  ['ssh -p 2222 deploy@host\n', 0],
  ['docker run -p 8080:80 registry.example.com/shop\n', 0],
  ['tar -pxzf data.tar.gz && psql -p5432 -h db\n', 0],
  ['curl -u "$USER:$PASSWORD" https://api.example.com\n', 0],
  ['curl -H "Authorization: Bearer $TOKEN" https://api.example.com\n', 0],
  ['redis-cli -h cache -a "$REDIS_PASSWORD" ping\n', 0],
  ['log_format main "$remote_addr $http_authorization";\n', 0],
  ['proxy_set_header Authorization $http_authorization;\n', 0],
  ['const password = process.env.DB_PASSWORD;\n', 0],
  ['password = os.environ["DB_PASSWORD"]\n', 0],
  ['token := r.Header.Get("Authorization")\n', 0],
  ['def check(password, token): return verify(password, token)\n', 0],
  ['auth:\n  type: oauth2\n  scopes: [read, write]\n', 0],
  ['oauth:\n  clientId: shop-web\n  tokenUrl: https://id.example.com/token\n', 0],
  [`images:\n  - registry.example.com/shop@sha256:${hex(64)}\n`, 0],
  [`{"commit":"${hex(40)}","built":"2026-01-01T00:00:00Z"}\n`, 0],
  ['messages:\n  password.reset: Reset your password\n  token.expired: The token has expired\n', 0],
  ['label.password=Passwort\nlabel.forgot=Passwort vergessen?\n', 0],
  ['password.encoder=org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder\n', 0],
  ['auth_basic "Members only";\nauth_basic_user_file /etc/nginx/htpasswd;\n', 0],
  ['lexer:\n  tokens: [identifier, number, string]\n', 0],
  ['rules:\n  - apiGroups: [""]\n    resources: [secrets]\n    verbs: [get]\n', 0],
  ['scrape_configs:\n  - bearer_token_file: /var/run/secrets/token\n', 0],
  ['ssl_certificate_key /etc/tls/tls.key;\nssl_password_file /etc/tls/pass;\n', 0],
  ['password: *db-password\n', 0],
  ['password: &pw ${PW}\n', 0],
  ["ALTER USER shop WITH PASSWORD :'password';\n", 0],
  ['requirepass ${REDIS_PASSWORD}\n', 0],
  ['password requisite pam_pwquality.so retry=3\n', 0],
];

const documents: readonly Document[] = [
  ...byName,
  ...byFormat,
  ...single,
  ...placeholders,
  ...harmless,
];

export const ownDocuments = { documents } satisfies Cases;
