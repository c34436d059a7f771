import type { Cases, Command, Document, Field, Pair } from './case.ts';
import {
  alnum,
  base64,
  hex,
  join,
  letters,
  opaque,
  privateKey,
  upper,
  uuid,
} from './values.ts';

const digest = (length: number) =>
  letters(length, './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz');

/** What the eleventh and twelfth blind sets taught: the general cases behind misses and false alarms. */
const pairs: readonly Pair[] = [
  // Names in other languages.
  ['MOT_DE_PASSE', 'Ahorn&7', '*'],
  ['CONTRASENA_BD', 'kastanie', '*'],
  ['SENHA_BANCO', 'K@stanie', '*'],
  ['HASLO_DB', 'Winter#19', '*'],
  ['WACHTWOORD', 'tulp12', '*'],
  ['DB_PAROLA', 'ceylan', '*'],
  ['PASSERELLE_URL', 'https://gateway', null],
  ['PASSENGER_APP_ENV', 'production', null],
  // Names that mean something in one program.
  ['NEO4J_AUTH', 'neo4j/letmein!', '*'],
  ['NEO4J_AUTH', 'none', null],
  ['REDISCLI_AUTH', 'kangaroo', '*'],
  ['VAULT_DEV_ROOT_TOKEN_ID', 'root', '*'],
  ['RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS', `-setcookie ${upper(20)}`, '*'],
  ['RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS', '-kernel inet_dist_listen_min 25672', null],
  ['HASURA_GRAPHQL_JWT_SECRET', `{"type":"HS256","key":"${alnum(40)}"}`, '*'],
  ['HASURA_GRAPHQL_JWT_SECRET', '{"type":"RS256","jwk_url":"https://id.example.com/jwks"}', null],
  ['SERF_ENCRYPT', opaque(32), '*'],
  ['ENCRYPT', 'true', null],
  // Key stores and a keytab in base64; one that holds certificates only.
  ['KEYSTORE', join('/u3+7QAAAAIAAAABAAAAAQ', 'AEc2hvcAAAAaIB', alnum(80)), 'private key'],
  ['KEYSTORE', join('zs7OzgAAAAIAAAABAAAAAw', 'ABcwAAAaIBaqE', alnum(80)), 'private key'],
  [
    'KEYSTORE',
    join('MIIJ4AIBAzCCCYoGCSqGSIb3DQEHAaCC', alnum(30), 'qGSIb3DQEM', 'CgEC', alnum(80)),
    'private key',
  ],
  ['TRUSTSTORE', join('/u3+7QAAAAIAAAABAAAAAg', 'ACY2EAAAGiAWp4', alnum(80)), null],
  ['TRUSTSTORE', join('MIIEYgIBAzCCBAwGCSqGSIb3DQEHAaCC', alnum(120)), null],
  ['KEYTAB', join('BQIAAABSAAIAB0FDTUUu', alnum(80)), 'Kerberos key'],
  ['SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO', `shop:${alnum(20)}`, '*'],
  ['INSTANA_AGENT_KEY', alnum(22), '*'],
  ['AGENT_KEY', 'shop-agent', null],
  // Something about a password, whose value is a number or a path.
  ['PASSWORD_HASH_ITERATIONS', '600000', null],
  ['PASSWORD_HASH_ROUNDS', '4096', null],
  ['GIT_SIGNING_KEY', letters(16, '0123456789ABCDEF'), null],
  ['DB_PASSWORD', '@/run/secrets/db', null],
  ['DB_PASSWORD', 'secret/data/shop/db', null],
  ['DB_PASSWORD', 'database/creds/shop', null],
  ['DB_PASSWORD', 'kv/shop', null],
];

const documents: readonly Document[] = [
  // A key is one finding, however many of its lines look like one.
  [privateKey('RSA ', 6), 1],
  [
    join(
      '-----BEGIN EC PRIVATE ',
      'KEY-----\nMHcCAQEEI',
      alnum(55),
      '\n',
      alnum(64),
      '\n-----END EC PRIVATE ',
      'KEY-----\nport: 80\n',
    ),
    1,
  ],
  [`password: tulip99\n${privateKey('', 4)}token: ${hex(40)}\n`, 3],
  // Lists in brackets.
  [`[auth]\nadmin_tokens = ["${alnum(40)}"]\n`, 1],
  [`api_keys: ["${hex(32)}", "${hex(32)}"]\n`, 1],
  ['api_keys: [shop, cart]\nsecrets: [shop-tls]\n', 0],
  ["PASSWORD_HASHERS = ['django.contrib.auth.hashers.Argon2PasswordHasher']\n", 0],
  // What stands under `tokens` is one.
  [`acl {\n  enabled = true\n  tokens {\n    agent = "${uuid()}"\n  }\n}\n`, 1],
  [`tokens:\n  deploy: ${alnum(32)}\n`, 1],
  [`tokens:\n  issuer_id: ${uuid()}\n  deploy: shop-deploy-token\n`, 0],
  [`metadata:\n  commit: ${hex(40)}\n`, 0],
  [`{"datacenter":"dc1","encrypt":"${opaque(32)}","server":true}\n`, 1],
  // The first key of an entry of a list is no name of what stands beside it.
  [`admin_key:\n- name: admin\n  key: ${hex(32)}\n`, 1],
  ['columns:\n- name: admin\n  key: customer_id\n', 0],
  // PHP and Erlang.
  [`<?php\nreturn ['crypt' => ['key' => '${hex(32)}'], 'session' => ['save' => 'redis']];\n`, 1],
  [`<?php\nreturn [\n  'crypt' => [\n    'key' => '${hex(32)}',\n  ],\n];\n`, 1],
  ['[{rabbit, [{default_user, <<"shop">>}, {default_pass, <<"kangaroo">>}]}].\n', 1],
  [
    '[{rabbit, [{default_user, <<"shop">>}, {password_hashing_module, rabbit_password_hashing_sha512}]}].\n',
    0,
  ],
  // Hashes of CouchDB, Flask, WordPress and Drupal.
  [`[admins]\nadmin = -pbkdf2-${hex(40)},${hex(32)},10\n`, 1],
  [join('users:\n- hash: scrypt:32768:8:1$', alnum(16), '$', hex(128), '\n'), 1],
  [join('user_pass: $P', '$', digest(31), '\n'), 1],
  [join('pass: $S', '$', digest(52), '\n'), 1],
  // A flag without a value before one with one.
  ["gpg --batch --passphrase 'Ahorn-7' -d a.gpg\n", 1],
  ['app --no-color --password Ahorn-7 --verbose\n', 1],
  ['app --password --verbose --token --debug\n', 0],
  // Program text.
  ['    token = client.auth(password=password)["access_token"]\n', 0],
  ['config :shop, secret_key_base: System.fetch_env!("SECRET_KEY_BASE")\n', 0],
  ['$password = Read-Host "Password" -AsSecureString\n', 0],
  ['$secpasswd = ConvertTo-SecureString "kangaroo" -AsPlainText -Force\n', 1],
  ['$secpasswd = ConvertTo-SecureString $env:PW -AsPlainText -Force\n', 0],
  ["ALTER USER shop WITH PASSWORD :'app_password';\n", 0],
  ["ALTER USER shop WITH PASSWORD 'app_password';\n", 1],
  ['password.encoder.iterations=4096\npassword.encoder.key.length=128\n', 0],
  ['<password-stacking>useFirstPass</password-stacking>\n', 0],
  ['label.password=Parola chiave\nlabel.parola=Parola\nhaslo: Hasło\n', 0],
  ['password = sesame\n', 1],
  ["$password = $this->config['password'];\n$token = JWT::encode($payload, $key, 'HS256');\n", 0],
  ['my $password = $ENV{DB_PASSWORD};\n$password =~ s/\\s+$//;\n', 0],
  ["$password = 'kangaroo';\n", 1],
  ['password: str = Field(..., min_length=12)\ntoken: Optional[str] = None\n', 0],
  ['password: str = "kangaroo"\n', 1],
  [`const apiKey: string = "${hex(32)}";\n`, 1],
  ['const apiKey: string = process.env.API_KEY ?? "";\n', 0],
  ['conn = connect(host=host, user=user, password=password, dbname=db)\n', 0],
  ['conn = connect(host=args.host, user=args.user, password=args.password)\n', 0],
  ['conn = connect("host=db user=shop password=kangaroo")\n', 1],
  ['self.password = password\nself.token = token or self.load()\n', 0],
  ['self.password = "kangaroo"\n', 1],
  ['password = secret["data"]["data"]["password"]\n', 0],
  [`podAnnotations: {checksum/secret: ${hex(64)}}\n`, 0],
  [`annotations:\n  checksum/db-secret: ${hex(64)}\n`, 0],
  [`curl -H 'Authorization: ApiKey ${base64(alnum(40))}' http://es/_bulk\n`, 1],
  ['curl -H "Authorization: ApiKey $ES_API_KEY" http://es/_bulk\n', 0],
  ["const password = await readFile('/run/secrets/pw', 'utf8');\n", 0],
  ['password = ENV.fetch("DB_PASSWORD") { raise "missing" }\n', 0],
  ['String password = new String(field.getPassword());\n', 0],
];

const commands: readonly Command[] = [
  [['rabbitmqadmin', '-u', 'guest', '-p', 'Ahorn-7', 'list', 'queues'], 1],
  [['rabbitmqadmin', '-u', 'guest', '-p', '$(RABBIT_PASSWORD)', 'list', 'queues'], 0],
  [['sh', '-c', 'openssl enc -d -aes-256-cbc -in a.enc -out a -k Ahorn-7'], 1],
  [['sh', '-c', 'openssl enc -d -aes-256-cbc -in a.enc -out a -k "$KEY"'], 0],
  [['sh', '-c', 'snmpget -v3 -u mon -l authPriv -a SHA -A Ahorn-777 -x AES h 1.3'], 1],
  [['sh', '-c', 'snmpget -v3 -u mon -l authPriv -A "$A" -X "$X" h 1.3'], 0],
  [['sh', '-c', 'app --batch --db-password kangaroo'], 1],
  [['vault', 'kv', 'put', 'secret/shop', 'password=@/tmp/pw'], 0],
];

const fields: readonly Field[] = [
  ['agent-inject-secret-password', 'secret/data/shop/db', 0],
  ['agent-inject-secret-db-token', 'database/creds/shop', 0],
  ['db-password', base64('shop:shop'), 1],
];

export const set11 = { pairs, documents, commands, fields } satisfies Cases;
