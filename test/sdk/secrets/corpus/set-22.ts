import type { Cases, Command, Document, Field, Pair } from './case.ts';
import { alnum, base64, hex, join, number, opaque, upper, uuid } from './values.ts';

const bytes = (count: number) => Array.from({ length: count }, () => number(2)).join(', ');

/** What the twenty-second blind set taught, of whole manifests of programs that clusters run. */
const pairs: readonly Pair[] = [
  // What counts where the variable is not set.
  ['SPRING_DATASOURCE_PASSWORD', '${DB_PASSWORD:kastanie}', 'password'],
  ['CMD', 'PGPASSWORD=${PGPASSWORD:-kastanie} psql', '*'],
  ['SPRING_DATASOURCE_PASSWORD', '${DB_PASSWORD:}', null],
  ['SPRING_DATASOURCE_PASSWORD', '${DB_PASSWORD:?is not set}', null],
  ['SPRING_DATASOURCE_PASSWORD', '${DB_PASSWORD:-$OTHER}', null],
  ['SPRING_DATASOURCE_PASSWORD', '${vault:secret/db#password}', null],
  ['SPRING_DATASOURCE_PASSWORD', '${secret:shop/db}', null],
  // An address as the user, and what Go's drivers put behind the sign.
  ['EMAIL_URL', 'smtp+tls://post@example.com:kastanie@smtp.example.com:587', 'password in a URL'],
  ['SMTP', 'smtp://post@example.com@smtp.example.com:587', null],
  ['GIT', 'ssh://git@example.com:2222/shop.git', null],
  ['DATA_SOURCE_NAME', 'exporter:kastanie@(mysql:3306)/', '*'],
  ['DATA_SOURCE_NAME', 'exporter@(mysql:3306)/', null],
  ['DATA_SOURCE_NAME', 'exporter:$(PW)@(mysql:3306)/', null],
  // Flags with a colon.
  ['extra_params', '--o:ssl.enable=false --o:admin_console.password=kastanie7', 'password'],
  ['extra_params', '--o:ssl.enable=false --o:admin_console.password=$(PW)', null],
  // Keys that have a mark, or the form of something else.
  ['GATEWAY_MASTER_KEY', 'sk-1234', '*'],
  ['GATEWAY_API_KEY', 'sk-kastanie', '*'],
  ['CAPTCHA_SECRET_KEY', `0x${hex(40)}`, 'secret key'],
  ['TOKEN_ADDRESS', `0x${hex(40)}`, null],
  ['VAULT_SECRET_ID', uuid(), '*'],
  ['VAULT_ROLE_ID', uuid(), null],
  ['AWS_SECRET_ID', 'prod/db', null],
  ['NATS_SEED', join('SU', 'AC', upper(54)), 'NATS seed'],
  ['NATS_NKEY', join('U', upper(55)), null],
  ['AUTHORIZATION', `ApiKey ${opaque(30)}`, '*'],
  ['AUTHORIZATION', 'ApiKey $(API_KEY)', null],
  ['AUTHORIZATION', 'RBAC Node', null],
  ['AUTHORIZATION', 'OAuth oauth_token=234lsdkf8s', null],
  // Words that somebody disguised.
  ['SHOP_API_KEY', 'Kast4nie-Blatt', '*'],
  ['SHOP_TOKEN', 'kast4nie-Blatt', '*'],
  ['SHOP_TOKEN', 'OAuth2Token', null],
  ['SHOP_TOKEN', 'Base64UrlToken', null],
  ['SHOP_API_KEY', 'MyK8sKey', null],
  ['SHOP_SECRET', 'shop-tls-v2a', null],
  ['SHOP_SECRET', 'X509Certificate', null],
  ['SHOP_CREDENTIALS', 'Shop1nternal', null],
  // What is no credential.
  ['ADMIN_PASSWORD_SECRET_KEY', 'admin-password', null],
  ['DB_PASSWORD_SECRET_KEY', 'password', null],
  ['MAPBOX_TOKEN', join('pk.eyJ', '1IjoiYWNtZSJ9.', alnum(22)), null],
  ['MAPBOX_TOKEN', join('sk.eyJ', alnum(60), '.', alnum(22)), '*'],
  ['PASSWORD_SENDER', 'wiki@example.com', null],
  ['DB_PASSWORD', '@{vault:db_password}', null],
  ['PASSWORD_QUERY', 'SELECT password FROM users', null],
];

const documents: readonly Document[] = [
  ['spring:\n  datasource:\n    password: ${DB_PASSWORD:kastanie}\n', 1],
  ['password: ${DB_PASSWORD:-kastanie7}\nurl: ${DB_URL:jdbc:h2:mem}\n', 1],
  ['spring.datasource.password=${DB_PASSWORD:kastanie}\n', 1],
  ['jwt:\n  secret: ${JWT_SECRET:' + alnum(40) + '}\n', 1],
  ['DB_PASSWORD="${DB_PASSWORD:-kastanie}"\n', 1],
  [': "${DB_PASSWORD:=kastanie}"\n', 1],
  ['password: ${DB_PASSWORD:}\nsecret: ${TLS_SECRET:web-tls}\n', 0],
  [': "${DB_PASSWORD:?is not set}"\necho "${DB_PASSWORD:0:2}" "${PASSWORD:+set}"\n', 0],
  ['password: ${DB_PASSWORD:#{null}}\npassword: ${DB_PASSWORD:${OTHER}}\n', 0],
  ['DB_PASSWORD="${DB_PASSWORD:-$(cat /run/db)}"\nTOKEN=${TOKEN:-}\n', 0],
  // JSON, JAAS and settings in a text of their own.
  ['"config": "{\\"user\\":\\"shop\\",\\"password\\":\\"kastanie7\\"}"\n', 1],
  ['"consumer.jaas": "PlainLoginModule required username=\\"shop\\" password=\\"kastanie7\\";",\n', 1],
  [`environment = ["AUTH={\\"auths\\":{\\"r\\":{\\"auth\\":\\"${base64('ci:kastanie')}\\"}}}"]\n`, 1],
  ['"config": "{\\"password\\":\\"${DB_PASSWORD}\\",\\"passwordFile\\":\\"/run/db\\"}"\n', 0],
  ['{"expr": "sum(kube_secret_info{secret=\\"web-tls\\", token=\\"access\\"})"}\n', 0],
  // A list of one.
  ['"bindCredential": ["kastanie.7"],\n', 1],
  ['"bindCredential": ["${LDAP_PASSWORD}"],\n"credentials": ["password"]\n', 0],
  // Base64 that ends before a bracket.
  [`- aescbc: {keys: [{name: key1, secret: ${opaque(32)}}]}\n`, 1],
  [`{name: shop, token: ${opaque(31)}}\n`, 1],
  // Calls that take a password.
  ['source.setPassword("kastanie");\n', 1],
  ['.withPassword("kastanie")\n.setKeyStorePassword("kastanie");\n', 2],
  ['source.setPassword(password);\nfield.setPasswordVisible("no");\nform.getPassword("shop");\n', 0],
  ['$p = ConvertTo-SecureString "kastanie" -AsPlainText -Force\n', 1],
  ['$p = ConvertTo-SecureString "$plain" -AsPlainText -Force\n', 0],
  // A user and a password in a line of words.
  ['poll imap.example.com user "shop@example.com" password "kastanie7" is info here ssl\n', 1],
  ['The user must enter a password that has 8 characters\n', 0],
  // Servers of directories and mail, of tunnels.
  ['syncrepl rid=1 bindmethod=simple binddn="cn=r,dc=shop" credentials=kastanie searchbase="dc=shop"\n', 1],
  ['anna : EAP "kastanie"\nanna : XAUTH "kastanie"\n', 2],
  ['anna : RSA key.pem\n', 0],
  ['enable_password = "kastanie";\n', 1],
  ['enable_password = true;\nenable_password_login: local\n', 0],
  [`advanced:\n  network_key: [${bytes(16)}]\n`, 1],
  [`zwave_network_key: "${Array.from({ length: 16 }, () => `0x${hex(2)}`).join(', ')}"\n`, 1],
  [`advanced:\n  network_key: GENERATE\n  ext_pan_id: [${bytes(8)}]\n`, 0],
  [`-----BEGIN USER NKEY SEED-----\n${join('SU', 'AB', upper(54))}\n------END USER NKEY SEED------\n`, 1],
  [`vault write auth/approle/login role_id=${uuid()} secret_id=${uuid()}\n`, 1],
  [`generic_secret:\n  secret:\n    inline_bytes: ${opaque(32)}\n`, 1],
  ['session:\n  secret: unsecure_session_secret\n', 1],
  [`<header><name>Authorization</name><value>ApiKey ${opaque(30)}</value></header>\n`, 1],
  // Words that somebody disguised.
  ['proxy_set_header X-Api-Key Kast4nie-Blatt;\nheaders:\n  X-Auth-Token: kast4nie-Blatt\n', 2],
  ['kind: Token\ntoken: Http2Token\nsecret: Utf8Text\napi_key: Shop2\n', 0],
  // What is no credential.
  ["password_query = SELECT user, password FROM mailbox WHERE username = '%u'\n", 0],
  ['$wgPasswordSender = "wiki@example.com";\n', 0],
  ['password = "@{vault:shop_pw}"\npassword = "@{secretstore:mqtt_password}"\n', 0],
  [`{ matchHost: 'docker.io', username: 'shop', encrypted: { password: 'wcFMA${alnum(120)}' } },\n`, 0],
  ['env:\n  secrets-manager: {DB_PW: prod/db:password}\n', 0],
  ['env:\n  secrets-manager:\n    DB_PASSWORD: prod/db:password\n', 0],
];

const fields: readonly Field[] = [
  ['credentials.yml.enc', `${opaque(90)}--${opaque(12)}--${opaque(16)}`, 0],
  ['master.key', hex(32), 1],
];

const commands: readonly Command[] = [
  [['sh', '-c', 'PGPASSWORD=${PGPASSWORD:-kastanie} psql -h db'], 1],
  [['sh', '-c', 'PGPASSWORD=${PGPASSWORD:?is not set} psql -h db'], 0],
  [['sh', '-c', 'PGPASSWORD=${PGPASSWORD:-} psql -h db'], 0],
  [['shop', '--api-key', 'Kast4nie-Blatt'], 1],
  [['shop', '--tls-secret', 'web-tls', '--token', 'OAuth2Token'], 0],
];

export const set22 = { pairs, documents, commands, fields } satisfies Cases;
