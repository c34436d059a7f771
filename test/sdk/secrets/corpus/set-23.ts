import type { Cases, Command, Document, Field, Pair } from './case.ts';
import {
  alnum,
  base64,
  base64url,
  hex,
  join,
  number,
  opaque,
  upper,
  uuid,
} from './values.ts';

const token = (payload: string) =>
  join(base64url('{"alg":"HS256","typ":"JWT"}'), '.', base64url(payload), '.', alnum(43));

/** What the twenty-third blind set taught, of small manifests of vendors, formats and near misses. */
const pairs: readonly Pair[] = [
  // Keys that vendors put into pages and apps, and the ones beside them that they do not.
  ['POSTHOG_API_KEY', join('phc', '_', alnum(43)), null],
  ['POSTHOG_PERSONAL_API_KEY', join('phx', '_', alnum(43)), '*'],
  ['DD_CLIENT_TOKEN', join('pub', hex(32)), null],
  ['DATADOG_RUM_CLIENT_TOKEN', join('pub', hex(32)), null],
  ['DD_API_KEY', hex(32), '*'],
  ['SUPABASE_ANON_KEY', token('{"iss":"supabase","ref":"shop","role":"anon"}'), null],
  ['SUPABASE_SERVICE_KEY', token('{"iss":"supabase","ref":"shop","role":"service_role"}'), '*'],
  ['LAUNCHDARKLY_MOBILE_KEY', join('mob', '-', uuid()), null],
  ['BRAINTREE_TOKENIZATION_KEY', join('production', '_', hex(8), '_', hex(16)), null],
  ['BRAINTREE_PRIVATE_KEY', hex(32), '*'],
  ['ALGOLIA_SEARCH_API_KEY', hex(32), null],
  ['TYPESENSE_SEARCH_ONLY_API_KEY', alnum(32), null],
  ['ALGOLIA_ADMIN_API_KEY', hex(32), '*'],
  ['BING_SEARCH_API_KEY', hex(32), '*'],
  ['VITE_PUSHER_APP_KEY', hex(20), null],
  ['PUSHER_APP_SECRET', hex(20), '*'],
  // The secret half of `ak` and `sk`.
  ['OBS_SK', upper(40), 'secret key'],
  ['volc-sk', base64(alnum(38)), 'secret key'],
  ['OBS_AK', upper(20), null],
  ['TABLE_SK', 'CUSTOMER#PROFILE', null],
  ['LOCALE_SK', 'sk-SK', null],
  // Webhooks and functions whose key is in the query.
  ['HOOK', `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${uuid()}`, 'webhook URL'],
  ['RESIZE', `https://shop.azurewebsites.net/api/resize?code=${alnum(54)}==`, 'webhook URL'],
  ['DOCS', 'https://example.com/webhooks/send?key=orders', null],
  ['CALLBACK', `https://example.com/callback?code=${hex(8)}&state=a`, null],
  // Headers of telemetry.
  ['OTEL_EXPORTER_OTLP_HEADERS', `x-honeycomb-team=${alnum(22)}`, '*'],
  ['OTEL_EXPORTER_OTLP_HEADERS', `x-honeycomb-team=${alnum(22)},x-honeycomb-dataset=shop`, '*'],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'x-honeycomb-team=$(HONEYCOMB_KEY)', null],
  // Short for password; who asks a directory; words with signs; secrets of telephones and tunnels.
  ['DB_PSWD', 'ahorn', 'password'],
  ['SHOP_PASSW', 'ahorn', 'password'],
  ['DB_PWORD', 'ahorn', 'password'],
  ['LDAP_BIND_CRED', 'ahorn', 'password'],
  ['SHOP_CRED', 'ahorn$b1att', '*'],
  ['API_TOKEN', 'ah0rn!laub', '*'],
  ['TOKEN_TYPE_NAME', 'ArrowToken$1', null],
  ['MY_TOKEN', 'shop-token-2', null],
  ['SIP_SECRET', 'ahorn77', '*'],
  ['JWT_SECRET', 'secret', '*'],
  ['WIFI_PSK', 'ahorn am bach', '*'],
  ['AUTH_SALT', '#k2&P+q9; R7}T`w(X)s4M=z:Y^e]0vN', '*'],
  // A whole document in base64.
  ['SETTINGS_B64', base64('db:\n  user: shop\n  password: ahornblatt\n'), '*'],
  ['SETTINGS', base64(`{"api":{"clientSecret":"${hex(32)}"}}`), '*'],
  ['TARGET', base64('postgres://shop:ahornblatt@db/shop'), '*'],
  ['GREETING', base64('Welcome to the shop: your password is never shown.'), null],
  ['SETTINGS_B64', base64('db:\n  user: shop\n  password: ${DB_PASSWORD}\n'), null],
  // Lists of words that nobody may take, and cut-off examples.
  ['PASSWORD_BLACKLIST', 'password,ahorn1,qwerty', null],
  ['PASSWORD_DENYLIST', 'ahorn,birke', null],
  ['OPENAI_API_KEY', 'sk-...', null],
];

const documents: readonly Document[] = [
  // Lines of crontab begin like comments of programs.
  ['*/5 * * * * root /usr/bin/fetch --user shop --pass ahornblatt ftp.example.com\n', 1],
  ['* 3 * * 1-5 root mysqldump -uroot -pahornblatt shop\n', 1],
  ['* * * jan,jul mon-fri shop PGPASSWORD=ahornblatt psql -h db\n', 1],
  ['*/5 * * * * root /usr/bin/fetch --pass-file /run/pw\n', 0],
  [
    '/**\n * password: what the user typed\n * @param token string as it came\n * --pass ahornblatt is an example\n */\n',
    0,
  ],
  // Texts with numbers.
  ['password.short=The password must have 8 characters\npassword.rule=Use 1 digit and 1 symbol\n', 0],
  ['password.weak=Min. 8 Zeichen\npassword.sent=Sent to {0}\n', 0],
  ['{"password": "8 characters or more"}\n', 0],
  ['password: 新密码需要8到20位字符\ntoken: 8文字以上で入力してください\n', 0],
  ['db.password=Ahorn8\n', 1],
  ['password: 密码123456\n', 1],
  // Tables of settings.
  ["INSERT INTO settings (name, value) VALUES ('smtp_password', 'Ahorn-7');\n", 1],
  [
    "INSERT INTO wp_options (option_name, option_value, autoload) VALUES ('siteurl', 'x', 'yes'), ('mailserver_pass', 'Ahorn7', 'yes');\n",
    1,
  ],
  ["UPDATE settings SET value = 'Ahorn7' WHERE name = 'smtp_password';\n", 1],
  ["INSERT INTO translations (key, value) VALUES ('password', 'Losung'), ('token', 'Kennung');\n", 0],
  ["INSERT INTO settings (name, value) VALUES ('password_min_length', '12'), ('smtp_host', 'mail');\n", 0],
  ["UPDATE settings SET value = '30' WHERE name = 'password_max_age';\n", 0],
  // Blocks with a name of their own.
  ['client switches {\n  ipaddr = 10.2.0.0/16\n  secret = ahornblatt\n}\n', 1],
  ['home_server "north" {\n  secret = ahornblatt\n}\n', 1],
  ['resource "aws_ssm_parameter" "db_password" {\n  type  = "SecureString"\n  value = "ahornblatt7"\n}\n', 1],
  ['resource "kubernetes_ingress" "shop" {\n  secret = "web-tls"\n}\n', 0],
  ['output "db_password" {\n  value = module.db.password\n}\n', 0],
  [`key rndc-key { algorithm hmac-sha256; secret "${opaque(32)}"; };\n`, 1],
  ['acl api { allow "shop"; token "readers"; }\n', 0],
  // Names and values in braces.
  ['env:\n- {name: DB_PASSWORD, value: ahornblatt}\n- {name: LOG_LEVEL, value: info}\n', 1],
  [`headers:\n- header: {key: x-api-key, value: ${alnum(28)}}\n`, 1],
  ['env:\n- {name: DB_PASSWORD, value: $(PW)}\n- {name: TOKEN, value: web-tls}\n', 0],
  [`if ngx.var.http_x_api_key ~= "${alnum(28)}" then\n`, 1],
  // What a request must have.
  ['if ($http_x_admin_token != "Ahorn-2291") { return 403; }\n', 1],
  ["if ($arg_api_key = 'ahornblatt') {\n  return 200;\n}\n", 1],
  ['if ($http_x_api_key = "") { return 401; }\nif ($cookie_token != $secret) {\n', 0],
  ['if ($http_x_token_type = "bearer") { set $b 1; }\nif ($http_accept = "application/json") {\n', 0],
  // Files and their hashes.
  [`{\n  "/src/secrets/index.ts": "${hex(40)}",\n  "assets/api-key.js": "${hex(10)}",\n}\n`, 0],
  ['config/shop/db.password: ahornblatt\n', 1],
  // `ak` and `sk`.
  [`obs:\n  ak: ${upper(20)}\n  sk: ${upper(40)}\n`, 1],
  [`{"ak":"${upper(20)}","sk":"${alnum(40)}"}\n`, 1],
  [`See https://example.com/story?source=friends&sk=${hex(32)}\n`, 0],
  [`exporters:\n  otlp:\n    headers:\n      x-honeycomb-team: ${alnum(22)}\n`, 1],
];

const fields: readonly Field[] = [
  ['bundle.b64', base64('DB_USER=shop\nDB_PASSWORD=ahornblatt\n'), 1],
  ['bundle.b64', base64('DB_USER=shop\nDB_PASSWORD=\n'), 0],
  ['ca.b64', base64(`-----BEGIN CERTIFICATE-----\nMII${alnum(61)}\n-----END CERTIFICATE-----\n`), 0],
  ['number.b64', base64(`token bucket of ${number(4)} tokens, no names`), 0],
];

const commands: readonly Command[] = [
  [['ttyd', '-c', 'shop:ahornblatt', 'bash'], 1],
  [['ttyd', '-c', '$(CREDENTIAL)', 'bash'], 0],
  [['gotty', '--credential', 'shop:ahornblatt', 'top'], 1],
  [['transmission-remote', '-n', 'shop:ahornblatt', '-l'], 1],
  [['openssl', 'passwd', '-6', 'ahornblatt'], 1],
  [['openssl', 'passwd', '-6', '-stdin'], 0],
];

export const set23 = { pairs, documents, commands, fields } satisfies Cases;
