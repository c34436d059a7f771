import type { Cases, Command, Document, Field, Pair } from './case.ts';
import { alnum, hex, join, opaque, uuid } from './values.ts';

const twelve = 'orbit candle meadow river stone garden window silver forest ladder copper violin';
const prose = 'these twelve words are not a phrase of any wallet but only prose';

/** What the fourteenth blind set taught: the rules behind its misses and false alarms. */
const pairs: readonly Pair[] = [
  // Phrases of wallets.
  ['WALLET_MNEMONIC', twelve, '*'],
  ['RECOVERY_PHRASE', `${twelve} ${twelve}`, '*'],
  ['VALIDATOR_SEED', twelve, '*'],
  ['WALLET_MNEMONIC', 'orbit candle meadow', null],
  ['SEED_PHRASE', prose, null],
  ['MNEMONIC_LANGUAGE', 'english', null],
  ['KEY_PHRASE_MODEL', 'yake-v2', null],
  // Keys that say of themselves what they are.
  ['JWT_KEY', 'please-put-a-long-key-into-production', '*'],
  ['ENCRYPTION_KEY', 'must_be_at_least_32_characters', '*'],
  ['HAS_TLS_KEY', 'shop_has_tls_key13', null],
  ['ENCRYPT_KEY', 'kastanie', '*'],
  ['TLS_SECRET', 'shop-production-web-tls', null],
  ['SIGNING_KEY', 'release_signing_key', null],
  ['TOKEN_SECRET_REF', 'this-namespace-token', null],
  // Pairs of a user and a password.
  ['PROXY_AUTH', 'ops:kastanie', '*'],
  ['PROXY_AUTH', 'basic:digest', null],
  ['PROXY_AUTH', 'ldap:636', null],
  ['SHARED_KEY', 'kastanie', '*'],
  ['SHARED_KEY', 'shop-shared', null],
  // What is said about a password, and what everybody may know.
  ['DB_PASSWORD', 'Sommer-ist-here', '*'],
  ['DB_PASSWORD', 'your-password-here', null],
  ['DB_PASSWORD', 'token-goes-here', null],
  ['LDAP_PASSWORD_HASH', 'SSHA', null],
  ['LDAP_PASSWORD_HASH', 'sha512-crypt', null],
  ['PAYMENT_TOKEN', `0x${hex(40)}`, null],
  ['SIGNER_PRIVATE_KEY', `0x${hex(64)}`, '*'],
  ['UPDATE_PASSWORD', 'on_create', null],
  // References of Symfony, Azure Container Apps and Spark; labels in any script.
  ['JWT_SECRET_KEY', '%kernel.project_dir%/config/jwt/private.pem', null],
  ['DB_PASSWORD', '%env(file:DB_PASSWORD_FILE)%', null],
  ['DB_PASSWORD', 'secretref:shop-db', null],
  ['spark.kubernetes.driver.secretKeyRef.DB_PW', 'shop-db:password', null],
  ['login.password', 'Пароль', null],
  ['passwordAgain', 'Confirmez', null],
  ['DB_PASSWORD', 'Пароль7', '*'],
  // Words that end in `pass`, and those of the language that do.
  ['BITCOIND_RPCPASS', 'kastanie', '*'],
  ['sendpass', 'kastanie', '*'],
  ['compass', 'kastanie', null],
  ['CACHE_BYPASS', 'kastanie', null],
  ['VAULT_AUTH_USERPASS', 'kastanie', null],
  ['ldap_default_authtok', 'kastanie', '*'],
  ['ldap_default_authtok_type', 'kastanie', null],
];

const documents: readonly Document[] = [
  // A word under `secret`, where no name of an object can stand.
  ['[6001]\ntype=friend\nsecret=kastanie\n', 1],
  ['[panel]\nsecret = kastanie\nread = all\n', 1],
  ['site {\n  id = gw.example.com\n  secret = kastanie\n}\n', 1],
  ['[app]\nsecret=shop-db\n[other]\nsecret = $SECRET\n', 0],
  ['[app]\nsecret=vault\nsecret_name=kastanie\n', 0],
  ['volumes:\n- name: tls\n  secret:\n    secretName: kastanie\n', 0],
  ['secret: kastanie\n', 0],
  ['cookie:\n  secret: kastanie\n  secure: true\n', 1],
  ['webhook:\n  url: https://hook.example.com\n  secret: kastanie\n', 1],
  ['jwt:\n  secret: aWordOfManyWords\n', 1],
  ['webhook:\n  secret: shop-webhook\n', 0],
  ['tls:\n  secret: kastanie\n', 0],
  ['http_config:\n  authorization:\n    type: Bearer\n    credentials: kastanie\n', 1],
  ['http_config:\n  authorization:\n    credentials: ${TOKEN}\n', 0],
  // Settings of two words that are no prose.
  ['rootdn "cn=admin"\nrootpw kastanie\n', 1],
  ['tls.keyStorePassword kastanie\ntls.port 8443\n', 1],
  ['link hub {\n  password "kastanie";\n}\n', 1],
  ['passwd anna\nchpasswd now\n', 0],
  ['bindpw ${BIND_PW}\nrootpw {{ .RootPw }}\n', 0],
  ['say "password";\nprompt "Password";\n', 0],
  ['Secret_Access_Key minio-kastanie\n', 1],
  ['secret_access_key = minio-kastanie\n', 1],
  ['secretAccessKey: shop-s3-secret\n', 0],
  ['access_key: shop\nsecret_key: minio-kastanie\n', 1],
  ['name: shop\nsecret_key: minio-kastanie\n', 0],
  // What stands beside its type, a comparison, an address of a contract.
  ['{"credentials":[{"type":"password","value":"kastanie"}]}\n', 1],
  ['{"type":"password","value":""}\n{"type":"token","value":"number"}\n', 0],
  [`if ($http_x_api_key != "${alnum(32)}") { return 403; }\n`, 1],
  ['if [ "$DB_PASSWORD" != "kastanie" ]; then exit 1; fi\n', 0],
  [`{"token":"0x${hex(40)}","decimals":6}\n`, 0],
  // Numbers of JSON are amounts; those in quotes are not.
  ['{"wordlist":{"password":3645804,"secret":18294}}\n', 0],
  ['{\n  "password": 3645804,\n  "token": 551\n}\n', 0],
  ['{"password":"3645804"}\n', 1],
  ['password: 3645804\n', 1],
  // References of YAML.
  ['wifi:\n  password: !secret wifi_password\n', 0],
  ['wifi:\n  password: !env_var WIFI_PASSWORD\n', 0],
  ['wifi:\n  password: !unsafe "kast%anie"\n', 1],
  ['- user:\n    name: deploy\n    update_password: on_create\n', 0],
  // Calls that log in.
  ['ftp.login("feed", "kastanie")\n', 1],
  ['requests.get(url, auth=("ops", "kastanie"))\n', 1],
  ['$db = new PDO("mysql:host=db", "shop", "kastanie");\n', 1],
  ['$link = mysqli_connect("db", "shop", "kastanie", "shop");\n', 1],
  ['my $dbh = DBI->connect("DBI:mysql:shop", "shop", "kastanie");\n', 1],
  ['DriverManager.getConnection(url, "shop", "kastanie");\n', 1],
  ['ftp.login("anonymous", "guest@")\n', 0],
  ['ftp.login("feed", password)\nrouter.login("/login", "POST")\n', 0],
  ['requests.get(url, auth=(user, password))\n', 0],
  ['requests.get(url, auth=("ops", os.environ["PW"]))\n', 0],
  ['$db = new PDO($dsn, $user, $password);\nconnect("a", "b", "c")\n', 0],
  ['t("login", "Anmelden")\nlogin("form", "Please sign in")\n', 0],
  // SQL, Redis, NTP, JAAS.
  ['CREATE USER shop IDENTIFIED BY kastanie DEFAULT TABLESPACE users;\n', 1],
  ['ALTER USER shop IDENTIFIED BY "Kastanie7";\n', 1],
  ['CREATE USER shop IDENTIFIED BY &password;\n-- a user is identified by name\n', 0],
  [`user shop on #${hex(64)} ~shop:* +@all\n`, 1],
  ['user shop on nopass ~shop:* &* +@all\n', 0],
  [join('1 SHA256 HEX:', hex(64).toUpperCase(), '\n2 MD5 kastanie\n'), 2],
  ['server ntp.example.com key 25\nkeyfile /etc/chrony.keys\n', 0],
  [`3 SHA256 ${hex(64)}\n`, 0],
  ['Server {\n  org.example.DigestLoginModule required\n  user_super="kastanie";\n};\n', 1],
  ['user_name="kastanie"\nuser_agent="curl"\n', 0],
  [join('rpcauth=node:', hex(32), '$', hex(64), '\n'), 1],
  // Values of SQL stand where their columns do.
  ["INSERT INTO users (name, password) VALUES ('ops', 'kastanie');\n", 1],
  ["insert into `users` (`password`, `name`) values ('kastanie', 'ops');\n", 1],
  ["INSERT INTO users (name, password) VALUES ('ops', :password);\n", 0],
  ["INSERT INTO fields (name, password_hint) VALUES ('ops', 'kastanie');\n", 0],
  [': "${DB_PASSWORD:?password: not set}"\n', 0],
  // Words of people.
  ['The db password is Kastanie77, ask Anna\n', 1],
  ['The password is Base64 encoded, the token is SHA256\n', 0],
];

const commands: readonly Command[] = [
  [['curl', '-fsku', 'elastic:kastanie', 'https://localhost:9200/_cluster/health'], 1],
  [['sh', '-c', 'curl -sSfu ops:kastanie http://a/b'], 1],
  [['curl', '-fsku', '$(USER_AND_PASSWORD)', 'https://localhost:9200'], 0],
  [['curl', '-sSfo', 'out:put', 'https://localhost:9200'], 0],
  [['http', '--auth', 'ops:kastanie', 'GET', 'http://a/b'], 1],
  [['server', '--auth', 'ops:kastanie', '--port', '8080'], 1],
  [['server', '--auth', 'basic', '--port', '8080'], 0],
  [['sh', '-c', 'sshpass -e ssh -p 2222 feed@host'], 0],
  [['sh', '-c', 'printf "feed:kastanie" | chpasswd'], 1],
  [['sh', '-c', 'twine upload -u ci -p kastanie dist/*'], 1],
  [['sh', '-c', '7z x -pkastanie feed.7z -oout'], 1],
  [['sh', '-c', '7z x -p"$PW" feed.7z -oout'], 0],
  [['sh', '-c', 'ssh-keygen -t ed25519 -N kastanie -f id'], 1],
  [['sh', '-c', 'ssh-keygen -t ed25519 -N "" -f id'], 0],
  [['sh', '-c', 'sqlplus -s shop/kastanie@//db:1521/X @a.sql'], 1],
  [['sh', '-c', 'sqlplus /nolog @a.sql; sqlplus shop/$PW@db'], 0],
  [['skopeo', 'copy', '--src-creds', 'ci:kastanie', 'docker://a/x', 'docker://b/x'], 1],
  [['sh', '-c', 'sshpass -p kastanie ssh -p 2222 feed@host'], 1],
];

const fields: readonly Field[] = [
  // Files of accounts.
  ['chap-secrets', '# client server secret IP\nberlin * kastanie *\n', 1],
  ['pap-secrets', '"berlin" * "kastanie"\n', 1],
  ['users', 'anna@example.com:{PLAIN}kastanie:1000:1000::/mail/anna\n', 1],
  ['users.conf', 'feed:kastanie:1001:100:in\n', 1],
  ['ftp.passwd', 'feed:kastanie\nscan:*\n', 1],
  ['jmx.password', '# role password\nmonitorRole kastanie\n', 1],
  ['mgmt-users.properties', join('#$REALM_NAME=x$\nops=', hex(32), '\n'), 1],
  ['users.properties', 'ops=kastanie\n', 1],
  ['roles.properties', 'ops=kastanie\n', 0],
  ['psk.txt', `client1:${hex(64)}\n`, 1],
  ['passwd', 'root:x:0:0:root:/root:/bin/sh\nshop:x:1000:1000::/home/shop:/sbin/nologin\n', 0],
  ['passwd', 'auth required pam_deny.so\n@include common-password\n', 0],
  ['users.yaml', 'users:\n- name: anna\n  role: admin\n', 0],
  ['users.txt', 'anna:editor\nmax:viewer\n', 0],
  ['passwd.conf', 'include: /etc/other\n', 0],
  ['secrets.yaml', 'shop * kastanie\n', 0],
  // Files that hold one value.
  ['proxy.psk', `${hex(64)}\n`, 1],
  ['jwt.hex', `${hex(64)}\n`, 1],
  ['mongo-keyfile', `${opaque(96)}\n`, 1],
  ['wallet-mnemonic.txt', `${twelve}\n`, 1],
  ['keyfile', '/etc/keys/mongo\n', 0],
  ['password-file', 'shop-db\n', 0],
  ['commit.txt', `${hex(40)}\n`, 0],
  ['build-id', `${uuid()}\n`, 0],
];

export const set14 = { pairs, documents, commands, fields } satisfies Cases;
