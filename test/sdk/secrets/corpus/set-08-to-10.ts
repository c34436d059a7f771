import type { Cases, Command, Document, Pair } from './case.ts';
import { alnum, join, letters, opaque } from './values.ts';

/** Text of every sign that a keyboard has, as generators of salts write it. */
const signs = (length: number) =>
  letters(length, 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789!@#%^&*()-_[]<>~+=,.;:/?| ');

/** What the blind sets 8 to 10, of 966 manifests, taught: the general cases behind their misses and false alarms. */
const pairs: readonly Pair[] = [
  // Ciphertext: sealed-secrets writes the length of its RSA part first, AWS KMS the version.
  ...['AgA', 'AgB', 'AgC', 'AgD', 'AQB'].map((start): Pair => ['DB_PASSWORD', start + opaque(360), null]),
  ['DB_PASSWORD', `AQICAHh${opaque(150)}`, null],
  ['DB_PASSWORD', `Ag${alnum(18)}`, '*'],
  // References.
  ['DB_PASSWORD', '%%env:DB_PASSWORD%%', null],
  ['CLIENT_SECRET', '$oidc.keycloak.clientSecret', null],
  ['CLIENT_SECRET', '$oidc-keycloak:clientSecret', null],
  ['DB_PASSWORD', '$ecret.Passw0rd', '*'],
  // What a page shows.
  ['login.forgotPassword', 'Forgot password?', null],
  ['forgot_password', 'Forgot your password?', null],
  ['login.password', 'Your password', null],
  ['login.password', 'Nouveau mot de passe', null],
  ['login.passphrase', 'Passphrase', null],
  ['DB_PASSWORD', 'my password 1', '*'],
  ['DB_PASSWORD', 'correct horse battery', '*'],
  // Things about a password.
  ['oauth2.passwordConnector', 'local', null],
  ['enablePasswordDB', 'sqlite', null],
  ['config.reset_password_within', '6.hours', null],
  ['DB_PASSWORD', '6.ours', '*'],
  // Words that nobody gives an object.
  ['JWT_SECRET', 'my-super-jwt-secret', '*'],
  ['SESSION_SECRET', 'super-session-secret', '*'],
  ['JWT_SECRET', 'jwt-signing', null],
  ['AUTH_SALT', signs(64), '*'],
  ['AUTH_SALT', 'see the wiki (page 12) <https://wiki.example.com/x?y=1&z=2>, or ask; thanks!', null],
  ['AWS_SECRET_ACCESS_KEY', 'tulip123', '*'],
  ['AWS_SECRET_ACCESS_KEY', 'minio-keys', null],
  ['passwd', 'files systemd', null],
  // Behind the short word, where it is kept.
  ['DB_PASS_PROD', 'tulips', '*'],
  ['FTP_PASS_STAGING', 'tulips', '*'],
  ['REDIS_PW_PRIMARY', 'tulips', '*'],
  ['PASS_PROD_HEADERS', 'x-request-id', null],
  ['DB_PASSWORD', 'Managed externally', null],
  // Hashes in the PHC string format, of Django and of Mosquitto.
  ['USERS', join('$argon2', 'id$v=19$m=65536,t=3,p=4$', alnum(22), '$', alnum(43)), 'password hash'],
  ['USERS', join('$pbkdf2', '-sha512$310000$', alnum(22), '$', alnum(86)), 'password hash'],
  ['USERS', join('$scrypt', '$ln=16,r=8,p=1$', alnum(22), '$', alnum(43)), 'password hash'],
  ['USERS', join('pbkdf2', '_sha256$600000$', alnum(22), '$', opaque(32)), 'password hash'],
  ['USERS', join('shop:$7', '$101$', opaque(12), '$', opaque(64)), 'password hash'],
  ['USERS', '$argon2id$v=19$m=65536,t=3,p=4', null],
  ['HASHER', 'pbkdf2_sha256$600000', null],
];

const documents: readonly Document[] = [
  [`password: AgBy${opaque(400)}\n`, 0],
  ["UPDATE users SET password = crypt(password, gen_salt('bf'));\n", 0],
  ["UPDATE users SET password = crypt('tulip-99', gen_salt('bf'));\n", 1],
  ['user.password.mismatch=The passwords do not match.\nuser.password.short=Too short\n', 0],
  ['cache_peer up.example.com parent 3128 0 login=shop:tulip99\n', 1],
  ['cache_peer up.example.com parent 3128 0 login=PASS\ncache_peer b parent 3128 0 login=*:on\n', 0],
  ['passwd: files systemd\ngroup: files\n', 0],
  ['%any %any : PSK "tulip-2099"\n', 1],
  ['%any %any : PSK "$PSK"\n', 0],
  ['{"admin":["secrets:read","tokens:write","password:reset"]}\n', 0],
  ['curl --header "X-Api-Key:tulip2099x7" -d \'{"a":1}\' https://api.example.com\n', 1],
  // A call is no value, but what it is given may be.
  ['token = Column(String(64), unique=True)\napi_key = models.CharField(max_length=40)\n', 0],
  ['token = connect(user="shop", password="tulip99")\n', 1],
  ['token = connect(password="tulip99")\n', 1],
  // Texts of a page, whose first word is no value.
  ['login.forgotPassword=Forgot password?\nlogin.pass=Pass\nlogin.rules=Short\n', 0],
  ['[login]\nforgot_password = Forgot your password?\nnew_password = New password\n', 0],
  ['[login]\npassword = Your password\nconfirm_password = Please confirm your password\n', 0],
  ['PGPASSWORD=Tulip psql -U app shop\n', 1],
  // Program text: what is handed on has the name of the parameter.
  ['token = get_token(user, password=password)\n', 0],
  ['fetch("/login",{body:JSON.stringify({user:user,password:password})})\n', 0],
  ['return{keys:n,Password:"password",apiKey:t.apiKey}});\n', 0],
  ['connect(host="db", user="shop", password="password")\n', 1],
  ['{ user: shop, password: shop }\n', 1],
  // Settings of several shapes.
  [`define('AUTH_KEY',         '${signs(64)}');\n`, 1],
  ['$env:DB_PASSWORD = "tulip99"\n', 1],
  ['<property><name>fs.s3a.secret.key</name><value>' + opaque(30) + '</value></property>\n', 1],
  ['<property><name>fs.s3a.secret.key</name><value>${env.S3_KEY}</value></property>\n', 0],
  ['{\n  "credentials": [\n    {\n      "type": "password",\n      "value": "tulip99"\n    }\n  ]\n}\n', 1],
  ['fields:\n- type: password\n  name: pw\n  value: ""\n', 0],
  ['parameters:\n- type: password\n  name: pw\n  default: ""\n- type: string\n  value: abc\n', 0],
];

const commands: readonly Command[] = [
  // Words at a place, each in a string of its own.
  [['rabbitmqctl', 'change_password', 'guest', 'tulip99'], 1],
  [['rabbitmqctl', 'change_password', 'guest', '$(RABBIT_PASSWORD)'], 0],
  [['openssl', 'pkcs12', '-in', 'a.p12', '-passin', 'pass:tulip99', '-nodes'], 1],
  [['openssl', 'pkcs12', '-in', 'a.p12', '-passin', 'env:PASS'], 0],
  [['mc', 'alias', 'set', 'local', 'http://minio:9000', 'minio', 'tulip99!'], 1],
  [['mc', 'alias', 'list', 'local'], 0],
  [['aws', 'configure', 'set', 'aws_secret_access_key', opaque(30)], 1],
  [['npm', 'config', 'set', 'registry', 'https://npm.example.com/'], 0],
];

export const set08To10 = { pairs, documents, commands } satisfies Cases;
