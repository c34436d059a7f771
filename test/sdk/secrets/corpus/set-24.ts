import type { Cases, Command, Document, Field, Pair } from './case.ts';
import { base64, hex } from './values.ts';

/** What the twenty-fourth blind set taught, of full-size manifests of one program each. */
const pairs: readonly Pair[] = [
  // Words with hyphens and capitals, which names of objects have not.
  ['SHOP_API_KEY', 'ulmen-Allee', '*'],
  ['SHOP_TOKEN', 'Ulmen-Allee-7', '*'],
  ['OAUTH_CLIENT_SECRET', 'Ulmen-Allee', '*'],
  ['SHOP_TOKEN', 'X-Shop-Token', null],
  ['SHOP_TOKEN', 'Shop-Session', null],
  ['TLS_SECRET', 'Web-Front', null],
  ['SHOP_API_KEY', 'ulmen-allee-7', null],
  ['CLIENT_SECRET', 'Client-Secret', null],
  // Words with blanks where the secret stands in full.
  ['SESSION_SECRET', 'drei ulmen 17', '*'],
  ['JWT_SECRET', 'ulm3n an der allee', '*'],
  ['WEB_SECRET', 'web tls 2', null],
  ['SESSION_SECRET', 'secret of session 1', null],
  // Two words and a number.
  ['DB_PASSWORD', 'Alte Ulme 7', 'password'],
  ['DB_PASSWORD', 'Minimum length 8', null],
  ['DB_PASSWORD', 'Not below 12', 'password'],
  ['PASSWORD_TEXT', 'Password version 2', null],
  ['DB_PASSWORD', 'Alte Ulme steht', null],
  // Weak ones that vendors write.
  ['GATEWAY_API_KEY', 'token-abc123', '*'],
  ['WEB_SECRET_KEY', 't0p-secret', '*'],
  ['GUEST_JWT_SECRET', 'shop-guest-secret-change-me', '*'],
  ['WEB_SECRET_KEY', 'temporary_key', '*'],
  // A key of an unknown kind in one word.
  ['SHOP_JOINKEY', hex(32), '*'],
  ['SHOP_CACHEKEY', hex(32), null],
  ['SHOP_HOTKEY', 'ctrl-shift-k', null],
  // Settings with colons.
  ['USER_CREATE', `username:ulme,machine:false,token:${hex(32)}`, '*'],
  ['USER_CREATE', 'username:ulme,machine:false,token:$(TOKEN)', null],
  // Of Java: a property that is no password by its end.
  ['SOLR_OPTS', '-Dsolr.log=/log -Dbasicauth=ulme:allee17', '*'],
  ['SOLR_OPTS', '-Dsolr.log=/log -Dbasicauth=ulme:$(PW)', null],
];

const documents: readonly Document[] = [
  // Names of headers state the credential.
  ['headers:\n  X-Api-Key: ulmenallee\n  X-Tenant: web-front\n', 1],
  ['request.headers.X-Api-Token = "ulmenallee"\n', 1],
  ['allow_headers = ["X-Api-Key", "X-Auth-Token"]\napi_key_header: X-Api-Key\n', 0],
  ['headers:\n  X-Api-Key: ${API_KEY}\n  X-Auth-Token: $http_x_auth_token\n  X-Api-Token: true\n', 0],
  // Short ones in a header or a query.
  ['headers => { "Authorization" => "Bearer ulm3n-Weg" }\n', 1],
  ['Authorization: [Bearer ulm3nallee]\n', 1],
  ['Authorization: Bearer authentication\nauthorization: "Bearer {token}"\nAuthorization: Bearer OAuth2\n', 0],
  ['curl -s "https://shop.example.com/x?access_token=ulm3nweg"\n', 1],
  ['endpoint: https://shop.example.com/hook?apikey=Ulm7nW9g\n', 1],
  ['url: https://shop.example.com/x?token=refresh&api_key=demo\n', 0],
  ['[![coverage](https://codecov.io/gh/shop/web/graph/badge.svg?token=Ulm7nW9gXa)](https://codecov.io)\n', 0],
  // Sections and files that list accounts.
  ['[admins]\nulme = allee-17\n', 1],
  ['[admins]\n;ulme = allee\n[log]\nlevel = info\n', 0],
  ['[users]\nulme = allee17, operator, viewer\n', 1],
  ['[users]\nallow_sign_up = false\nauto_assign_org_role = Viewer\nhidden_users = anna, bruno\n', 0],
  ['[roles]\noperator = shop:*, web:*\n', 0],
  // Routers.
  ['username noc privilege 15 secret 0 ulmenallee\nenable password 7 094F471A1A0A\n', 2],
  ['ip ospf message-digest-key 1 md5 ulme7\nradius-server host 10.0.0.6 key ulmenallee\n', 2],
  ['crypto isakmp key ulmenallee address 203.0.113.9\nntp authentication-key 1 md5 ulme7\n', 2],
  ['ntp trusted-key 1\nip ospf authentication message-digest\nservice password-encryption\ncrypto key generate rsa\n', 0],
  // A key beside others in braces.
  [`api: {site: eu.example.com, key: ${hex(32)}}\n`, 1],
  [`cache: {site: eu.example.com, key: ${hex(32)}}\n`, 0],
  // Calls.
  ["jwt.sign({ sub: id }, 'ulmenallee', { expiresIn: '1h' });\n", 1],
  ["jwt.sign({ sub: id }, process.env.JWT_SECRET, { algorithm: 'HS256' });\n", 0],
  ["jwt.decode(token, key, algorithms=['HS256'])\njwt.decode(token, 'HS256')\n", 0],
  ["db.auth('ulme', 'allee17');\n", 1],
  ["db.auth('ulme', passwordPrompt());\n", 0],
  // A constant of Python under a name in quotes.
  ["SIMPLE_JWT = {'SIGNING_KEY': SECRET_KEY, 'AUTH_HEADER_TYPES': ('Bearer',)}\n", 0],
  ["SIMPLE_JWT = {'SIGNING_KEY': 'Ulmen-Allee-7', 'AUTH_HEADER_TYPES': ('Bearer',)}\n", 1],
  // strongSwan: what opens a key.
  ['gw.example.com : RSA gw.key "ulmenallee"\n', 1],
  ['gw.example.com : RSA gw.key\n', 0],
  // Commands whose password stands at a place.
  ['sqlldr userid=shop/ulmenallee control=/sql/l.ctl\nrman target sys/ulmenallee@ora\n', 2],
  ['sqlldr userid=shop/$PW control=/sql/l.ctl\nrman target /\n', 0],
  ['mc admin user add local ulme ulmenallee\n', 1],
  ['mc admin user list local\nmc admin user add local ulme "$PW"\n', 0],
  ['consul kv put shop/db/password ulmenallee\n', 1],
  ['consul kv put shop/db/password "$PW"\nconsul kv put shop/db/host db.example.com\n', 0],
  ['echo "ulmenallee" | bin/elasticsearch-keystore add --stdin bootstrap.password\n', 1],
  ['cat /run/pw | bin/elasticsearch-keystore add --stdin bootstrap.password\n', 0],
];

const fields: readonly Field[] = [
  ['realm.properties', '# user: password, role\nulme: allee17, admin\nanna: OBF:1v2j1uum, viewer\n', 2],
  ['realm.properties', '# none\n', 0],
];

const commands: readonly Command[] = [
  [['curl', '-H', 'X-Ping-Key: ulm3nallee', 'https://example.com'], 1],
  [['curl', '-H', 'X-Ping-Key: $(KEY)', 'https://example.com'], 0],
  [['airflow', 'users', 'create', '--username', 'ulme', '-p', 'ulmenallee'], 1],
  [['airflow', 'webserver', '-p', '8080'], 0],
  [['elasticsearch-users', 'useradd', 'ulme', '-p', 'ulmenallee'], 1],
  [['elasticsearch-users', 'useradd', 'ulme', '-r', 'superuser'], 0],
  [['solr', '-Dbasicauth=ulme:allee17'], 1],
  [['sh', '-c', `echo ${base64('ulme')} | base64 -d`], 0],
];

export const set24 = { pairs, documents, commands, fields } satisfies Cases;
