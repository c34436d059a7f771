import type { Cases, Command, Document, Field, Pair } from './case.ts';

/** What the twenty-seventh blind set taught, of full-size manifests of many trades and languages. */
const pairs: readonly Pair[] = [
  // No form is in a variable, whatever the script.
  ['PGPASSWORD', 'выдра', 'password'],
  ['DB_PASSWORD', 'カワウソ', 'password'],
  ['LOGIN_PASSWORD', 'Пароль', null],
  ['login.password', 'Выдра', null],
  ['忘记密码', '忘记密码？', null],
  // Of one program.
  ['http-server.https.keystore.key', 'Otter^Hedge', 'password'],
  ['http-server.https.keystore.key', '/etc/trino/keystore.pem', null],
  ['java.naming.security.credentials', 'Otter-7', 'password'],
  ['session_redis_auth', 'Otter-Hedge-7', 'credential'],
  ['session_redis_auth', 'true', null],
  ['DUO_INTEGRATION_KEY', 'DIQ8Z1MVX5RW2KJT7NYP', null],
  ['LIVEKIT_KEYS', 'APIq8Z1mVx5Rw2: KjT7nYpLc0sEo9uHd3fBgA6iXeWvQtUkZr4N2mPq7vBx', 'LiveKit secret'],
  ['LIVEKIT_KEYS', 'APIq8Z1mVx5Rw2: $(SECRET)', null],
];

const documents: readonly Document[] = [
  ['{:db {:user "web" :password "Otter_Hedge"}\n :s3 {:bucket "web" :secret-key "q8Z1mVx5Rw2KjT7nYpLc0sEo9uHd3fBg"}}\n', 2],
  ['{:db {:user "web" :password #env PGPASSWORD}\n :token-ttl "30s" :password-file "/run/pw"}\n', 0],
  ['modparam("auth", "secret", "q8Z1mVx5Rw2KjT7nYpLc0sEo")\n', 1],
  ['modparam("auth", "nonce_expire", 300)\nmodparam("tls", "private_key", "/etc/tls/tls.key")\n', 0],
  ['<credential-reference clear-text="Otter-Hedge-7"/>\n', 1],
  ['<credential-reference clear-text="${env.PW}"/>\n<credential-reference store="web" alias="db"/>\n', 0],
  ['createUser -e 0x8000000001020304 web SHA "otterhedge7" AES "plumcanyon7"\n', 1],
  ['createUser -e 0x8000000001020304 web\nrouser web priv\n', 0],
  ['command_line $USER1$/check_mysql -H $HOSTADDRESS$ -u web -p otter+hedge\n', 1],
  ['command_line $USER1$/check_snmp -H $HOSTADDRESS$ -L authPriv -U web -A otterhedge7 -X plumcanyon7\n', 1],
  ['command_line $USER1$/check_mysql -H $HOSTADDRESS$ -u web -p $USER9$\n', 0],
  ['command_line $USER1$/check_disk -w 10% -p /var -A -i /proc\n', 0],
  ['http_filters:\n  - hmac: { secret: { inline_bytes: "q8Z1mVx5Rw2KjT7nYpLc0sEo9uHd3fBgA6iXeWvQ=" } }\n', 1],
  ['lua: { source_code: { inline_string: "function envoy_on_request(handle) end" } }\n', 0],
  // Which attribute of a directory is which.
  ['pass_attrs = uid=user,userPassword=password\nuser_attrs = home=home,apiToken=token\n', 0],
];

const fields: readonly Field[] = [
  ['postfix-sasl-password.cf', '@example.com web@example.com:q8Z1mVx5\n[smtp.example.com]:587 web:otterhedge\n', 2],
  ['postfix-sasl-password.cf', '# relay, user:password\n@example.com web@example.com:$RELAY_PW\n', 0],
  ['devices.csv', 'eui,name,app_key\n042c358beb27eb57,pump,9a03580a69d735a560d077f88f7a3b98\n', 1],
  ['users.csv', 'user;password;role\nweb;otterhedge;admin\nops;;viewer\n', 1],
  ['users.csv', 'user,password_changed,role\nweb,2026-01-31,admin\n', 0],
  ['codes.csv', 'code,label,text\nq8Z1mVx5Rw2KjT7nYpLc0sEo,a,b\n', 0],
];

const commands: readonly Command[] = [
  [['check_mysql', '-H', 'db', '-u', 'web', '-p', 'otterhedge'], 1],
  [['check_disk', '-w', '10%', '-p', '/var'], 0],
];

export const set27 = { pairs, documents, commands, fields } satisfies Cases;
