import type { Cases, Command, Document, Field, Pair } from './case.ts';
import { alnum, hex, join } from './values.ts';

/** What the twentieth blind set taught, and files of other programs: the rules behind misses and false alarms. */
const pairs: readonly Pair[] = [
  // One setting or header, or some, as the value of a variable.
  ['OTEL_EXPORTER_OTLP_HEADERS', `api-key=${hex(32)}`, '*'],
  ['OTEL_EXPORTER_OTLP_HEADERS', `x-tenant=shop,x-api-key=${alnum(24)}`, '*'],
  ['EXTRA_HEADER', `X-Auth-Token: ${alnum(24)}`, '*'],
  ['EXTRA_VARS', 'db_user=shop,db_password=kastanie', '*'],
  ['EXTRA_VARS', 'db_password=kastanie', '*'],
  ['OVERRIDES', 'db.password: kastanie', '*'],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'api-key=$(API_KEY)', null],
  ['OTEL_RESOURCE_ATTRIBUTES', `service.name=shop,service.instance.id=${hex(32)}`, null],
  ['SELECTOR', 'secret=shop-tls', null],
  ['LABELS', 'app=shop,password-rotation=weekly', null],
  ['AUTH_SCHEME', 'token=jwt,ttl=10m', null],
  ['HEADER_NAME', 'X-Auth-Token: Bearer', null],
  ['MESSAGE', 'password: required', null],
  ['FEATURE_GATES', 'SecretRotation=true,TokenRequest=false', null],
  // Oracle's easy connect.
  ['ORACLE_DSN', 'shop/Kastanie7@db:1521/XE', '*'],
  ['TNS', 'shop/kastanie@//db.example.com:1521/XEPDB1', '*'],
  ['TNS', 'shop/${PW}@db:1521/XE', null],
  ['TNS', 'shop@db:1521/XE', null],
  ['TNS', '/@db:1521/XE', null],
  ['THEME_TOKEN', '#d0d0d0', null],
  // A token of a further vendor.
  ['SQUARE', join('EAAA', alnum(60)), 'Square token'],
];

const documents: readonly Document[] = [
  // Jetty and Java's properties in XML; Redis.
  ['<Set name="KeyStorePassword">kastanie7</Set>\n', 1],
  ['<prop key="db.password">kastanie7</prop>\n', 1],
  ['<Set name="KeyStorePath">/etc/jetty/store.p12</Set>\n<Put name="passwordFile">/run/db</Put>\n', 0],
  ['redis-cli CONFIG SET requirepass kastanie7\n', 1],
  ['redis-cli CONFIG SET requirepass "$REDIS_PASSWORD"\nredis-cli CONFIG SET maxmemory 100mb\n', 0],
  // What a program takes where the variable is not set.
  ["EMAIL_HOST_PASSWORD = os.environ.get('EMAIL_PASSWORD', 'kastanie')\n", 1],
  ['password = os.getenv("DB_PASSWORD", "kastanie")\n', 1],
  ["DB_PASSWORD = os.environ.get('DB_PASSWORD') or 'kastanie'\n", 1],
  ["password = ENV.fetch('DB_PASSWORD', 'kastanie')\n", 1],
  ["password = ENV['DB_PASSWORD'] || 'kastanie'\n", 1],
  ["  password: process.env.DB_PASSWORD || 'kastanie',\n", 1],
  ["const pw = process.env.DB_PASSWORD ?? 'kastanie';\n", 1],
  ["'password' => env('DB_PASSWORD', 'kastanie'),\n", 1],
  ["'password' => $_ENV['DB_PASSWORD'] ?? 'kastanie',\n", 1],
  ["$password = getenv('DB_PASSWORD') ?: 'kastanie';\n", 1],
  ["PASSWORD = env.str('DB_PASSWORD', default='kastanie')\n", 1],
  ['password = System.getenv().getOrDefault("DB_PASSWORD", "kastanie")\n', 1],
  ["DB_PASSWORD = os.environ.get('DB_PASSWORD', '')\n", 0],
  ["DB_PASSWORD = os.environ.get('DB_PASSWORD', None)\n", 0],
  ["DB_PASSWORD = os.environ['DB_PASSWORD']\n", 0],
  ["TOKEN_TTL = os.environ.get('TOKEN_TTL', '15m')\n", 0],
  ["const pw = process.env.DB_PASSWORD || '';\n", 0],
  ["const secret = process.env.TLS_SECRET || 'web-tls';\n", 0],
  ["const pw = process.env.DB_PASSWORD || fail('DB_PASSWORD is not set');\n", 0],
  ["password = ENV.fetch('DB_PASSWORD') { raise 'no password' }\n", 0],
  // Texts with a letter before the quotes.
  ["CREATE LOGIN shop WITH PASSWORD = N'Kastanie', CHECK_POLICY = OFF;\n", 1],
  ["ALTER LOGIN sa WITH PASSWORD=N'Kastanie-7';\n", 1],
  ["connect(user='shop', password=b'kastanie')\n", 1],
  ["CREATE LOGIN shop WITH PASSWORD = N'$(PW)';\n", 0],
  // Assignments of make.
  [`DEPLOY_TOKEN ?= ${hex(40)}\n`, 1],
  [`DEPLOY_TOKEN::=${hex(40)}\n`, 1],
  ['DEPLOY_TOKEN ?= $(shell cat token)\n', 0],
  // Accounts that a script makes.
  ['realm.createAccount("admin", "kastanie")\n', 1],
  ["User.objects.create_superuser('admin', 'admin@example.com', 'kastanie')\n", 1],
  ["User.objects.create_user('anna', 'anna@example.com', password='kastanie')\n", 1],
  ['realm.createAccount("admin", password)\n', 0],
  ["User.objects.create_superuser('admin', 'admin@example.com', os.environ['PW'])\n", 0],
  // What chpasswd(8) reads.
  ['chpasswd:\n  expire: false\n  list: |\n    root:kastanie\n    anna:RANDOM\n', 1],
  ['chpasswd <<EOF\nroot:kastanie\nEOF\n', 1],
  ['chpasswd <<EOF\nroot:${PW}\nanna:$PW\nEOF\n', 0],
  ['image:kastanie\n', 0],
  // What a name has for a value, spelled in another way than `value`.
  [`generic_secret:\n  secret:\n    inline_string: "${alnum(32)}"\n`, 1],
  ['password:\n  plain: kastanie\n', 1],
  ['password:\n  inline: kastanie\n', 1],
  ['{"password": {"plainText": "kastanie"}}\n', 1],
  ['generic_secret:\n  secret:\n    filename: /etc/token\n', 0],
  ['password:\n  plain: false\n', 0],
  ['body:\n  inline_string: kastanie\n', 0],
  // Program text hands on what has a name of its own.
  ['connect(\n    user=user,\n    password=password,\n)\n', 0],
  ['connect(\n    password=db_password,\n)\n', 0],
  ['{\n  "user": user,\n  "password": password,\n}\n', 0],
  ['connect({\n  password: dbPassword,\n});\n', 0],
  ['{\n  user: shop,\n  password: kastanie,\n}\n', 1],
  ['connect(\n    password=certs[0][2],\n)\n', 0],
  ['connect(user=creds[0], password=creds[1])\n', 0],
  ["'password' => $dbPwd,\n", 0],
  ["'pass' => $config,\n", 0],
  ['$password = $dbPwd;\n', 0],
  ['def connect(host=None, user=None, password=None):\n', 0],
  ['username = password = None\n', 0],
  // Groups of digits between colons.
  ['00:16:3e:ab:cd:ef\n', 0],
  ['AB:12:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF\n', 0],
  ['1f:32:49:f2:7f:ed:80:62:2e:49:b7:ce:84:b9:c1:c5:1a:f6:\n', 0],
  ['fd00:10:96:0:ab:cd:ef:1\n', 0],
  ['daemon:*:19000:0:99999:7:::\n', 0],
  ['2026-08-01T00:00:00Z/2026-08-02T00:00:00Z\n', 0],
  ['12:30:45.120:worker:started\n', 0],
  ['db:5432:shop:shop:kastanie\n*:*:*:shop:kastanie\n', 2],
  // Keys by their fingerprints, colors, and settings that a script writes as root.
  [`gpg --batch --recv-keys ${hex(40).toUpperCase()}\n`, 0],
  [`apt-key adv --keyserver keys.example.com --recv-keys ${hex(40)}\n`, 0],
  ['{"token": "#d0d0d0", "secret": "#AB0909FF"}\n', 0],
  ['echo fs.inotify.max_user_watches=524288 | sudo tee -a /etc/sysctl.conf\n', 0],
  // Paths, versions and what a test says when it passes.
  ['private_key = $dir/private/cakey.pem\n', 0],
  ['{\n  "minipass": "^7.0.4",\n  "gopass": "~1.15.3"\n}\n', 0],
  ['{\n  "pass": "L’élément a un attribut alt",\n  "fail": "L’élément n’a pas d’attribut alt"\n}\n', 0],
  ['jetty.httpConfig.requestCookieCompliance=RFC6265\n', 0],
  ['$token = IdentityService::getAccessToken($scopes);\n', 0],
  ['echo kastanie | sudo -S reboot\necho kastanie | sudo -u root -S reboot\n', 2],
];

const fields: readonly Field[] = [
  ['rsyncd.secrets', 'backup:kastanie\n', 1],
  ['.curlrc', 'user = "shop:kastanie"\nsilent\n', 1],
  ['curlrc', '--proxy-user shop:kastanie\n-u shop:kastanie\n', 2],
  ['mac', '00:16:3e:ab:cd:ef', 0],
  ['fingerprint', 'AB:12:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF', 0],
  ['.curlrc', 'user = "shop:"\nuser-agent = "a:b"\nurl = "https://example.com"\n', 0],
  ['app.secrets', 'image:kastanie\n', 0],
];

const commands: readonly Command[] = [
  [['shell', '-c', "User.objects.create_superuser('a', 'a@example.com', 'kastanie')"], 1],
  [['run', `--headers=x-tenant=shop,api-key=${alnum(24)}`], 1],
  [['run', '--extra-vars', 'db_user=shop,db_password=kastanie'], 1],
  [['sqlcl', 'shop/kastanie@db:1521/XE'], 1],
  [['redis-cli', 'CONFIG', 'SET', 'requirepass', 'kastanie7'], 1],
  [['redis-cli', 'CONFIG', 'SET', 'requirepass', '$(REDIS_PASSWORD)'], 0],
  [['run', '--config', '{"db":{"user":"shop","password":"kastanie7"}}'], 1],
  [['run', '{"db":{"passwordFile":"/run/db","password":"${DB_PASSWORD}"}}'], 0],
  [['run', '--range=from=2026-08-01T00:00:00Z,to=2026-08-02T00:00:00Z'], 0],
  [['run', '--labels=app=shop,secret=shop-tls', '--feature-gates=TokenRequest=true,SecretRotation=false'], 0],
];

export const set20 = { pairs, documents, commands, fields } satisfies Cases;
