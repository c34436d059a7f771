import type { Cases, Command, Document, Field, Pair } from './case.ts';

/** What the twenty-sixth blind set taught, of full-size manifests as teams write them. */
const pairs: readonly Pair[] = [
  // What stands for another value, or names a thing.
  ['PASSWORD_BROKER', 'members', null],
  ['LDAP_PASSWORD', 'userPassword', null],
  ['DB_PASSWORD', '$env:DB_PASSWORD', null],
  ['SMTP_PASSWORD', '$smtp-password', null],
  ['DB_PASSWORD', '\\u0024{DB_PASSWORD}', null],
  // Passphrases of six words, and what explains.
  ['KEY_PASSPHRASE', 'zeven eenden zwemmen achter elkaar aan', 'password'],
  ['DB_PASSWORD', 'otter hedge plum canyon drift lamp', 'password'],
  ['DB_PASSWORD', 'ask the platform team for it', null],
  ['DB_PASSWORD', 'comes from vault when the pod starts', null],
  ['LOGIN_PASSWORD', 'das passwort stimmt leider nicht ganz', null],
  ['JWT_SECRET', 'otters-and-hedges-grow-along-canals', '*'],
  ['COOKIE_SECRET', 'shop-prod-eu-west-web-cookie-secret', null],
  ['JWT_SIGNING_KEY', 'otters-and-hedges-grow-along-canals-7', '*'],
  // PINs of what has one.
  ['HSM_PIN', '40917', 'password'],
  ['SIM_PIN', '0917', 'password'],
  ['PKCS11_USER_PIN', '409178', 'password'],
  ['GPIO_PIN', '4017', null],
  ['RESET_PIN', '4017', null],
  ['SIM_PIN_ATTEMPTS', '1000', null],
  // Between the nodes of Erlang every word is the cookie itself.
  ['RELEASE_COOKIE', 'otter-and-hedge', '*'],
  ['RABBITMQ_ERLANG_COOKIE', '$(COOKIE)', null],
  ['NIFI_SENSITIVE_PROPS_KEY', 'otter-and-hedge', '*'],
  ['CORE_SECRET', 'not-a-safe-secret', '*'],
  ['INFLUX_URL', 'http://influxdb:8086/write?db=web&u=web&p=otterhedge', 'password in a URL'],
  ['INFLUX_URL', 'http://influxdb:8086/write?db=web&u=web&p=$(PW)', null],
  ['SEARCH_URL', 'https://shop.example.com/search?u=web&p=2', null],
];

const documents: readonly Document[] = [
  // In a header no object is named, whatever the word looks like.
  ['curl -s -H "X-Auth-Token: otter-7" https://example.com/flush\n', 1],
  ['curl -s -H "X-Planner-Key: otter-hedge-2" https://example.com/flush\n', 1],
  ['curl -s -H "X-Auth-Token: $TOKEN" -H "X-Token-Version: v2" https://example.com\n', 0],
  ['proxy_set_header X-Auth-Token session-token;\nadd_header X-CSRF-Token Fetch;\n', 0],
  ['Invoke-WebRequest -Headers @{ "X-Api-Key" = "otter-7-ps" } -Uri https://example.com\n', 1],
  // Properties of programs name no object.
  ['shop.web.jwt.secret=otter-and-hedge\nquarkus.oidc.credentials.secret=otter-oidc-3\n', 2],
  ['shop.web.jwt.secret=${JWT}\nshop.web.tls.secret=web-tls\nshop.web.client-secret-name=web-oidc\n', 0],
  ['jwt:\n  secret: web-jwt\nclient_secret: web-oidc\n', 0],
  // A flag takes the text itself.
  ['vllm serve --api-key otter-vllm-2\n', 1],
  ['vllm serve --api-key "$KEY" --auth-token-ttl 30s\n', 0],
  // Quotes that are written twice, as PostgreSQL has them in a setting.
  ["primary_conninfo = 'host=pg-0 user=web password=''otter-hedge'' sslmode=require'\n", 1],
  ["primary_conninfo = 'host=pg-0 user=web passfile=''/run/pgpass'''\n", 0],
  // Elements with attributes.
  ['<password type="string" desc="Of the console.">otterhedge</password>\n', 1],
  ['<password type="string" desc="Of the console."></password>\n<password type="env">${PW}</password>\n', 0],
  // A member between the kind and the value.
  ['{"type": "password", "temporary": true, "value": "otterHedge1"}\n', 1],
  ['{"type": "password", "required": true, "value": ""}\n', 0],
  // Consoles of games: a name that no sentence has, and quotes.
  ['rcon_password "otter-hedge"\n', 1],
  ['rcon_password ""\nset password "none"\n', 0],
  ['secure_link_secret otterhedge;\n', 1],
  ['secure_link_md5 "$uri otter";\n', 0],
  // A command in quotes inside of program text.
  [`sh "sshpass -p 'otter!' rsync -a dist/ web@example.com:/srv"\n`, 1],
  ['sh "sshpass -f /run/pw rsync -a dist/ web@example.com:/srv"\nsh "mysql -p$PW shop"\n', 0],
  ["./setup.ps1; $env:SA_PASSWORD='Otter(5)hedge'; Start-Service W3SVC\n", 1],
  ["./setup.ps1; $env:SA_PASSWORD=$(Get-Content pw); Start-Service W3SVC\n", 0],
  // A word under `secret` in braces of one line, and in an element.
  ['  ike-gw { id = gw.example.com  secret = "otterhedge" }\n', 1],
  ['{ mechanism = jwt, secret = "otterhedge", secret_base64_encoded = false }\n', 1],
  ['<Connector protocol="AJP/1.3" port="8009" secretRequired="true" secret="otterhedge"/>\n', 1],
  ['volume { secret = { name = "web-tls" } }\n{"volume": {"secret": "web-tls"}}\n', 0],
  // Routers and VPNs.
  ['key chain web\n key 1\n  key-string otterhedge\n', 1],
  // Windows.
  ['net user backup Otter#9 /add\nnet use Z: \\\\nas\\web /user:corp\\web Hedge_2024\n', 2],
  ['net user backup /delete\nnet use Z: \\\\nas\\web /persistent:yes\nnet user backup %PW% /add\n', 0],
  ['vault operator unseal q8Z1mVx5Rw2KjT7nYpLc0sEo9uHd3fBgA6iXeWvQtUkZ\n', 1],
  ['vault operator unseal -migrate\nvault operator unseal "$KEY"\n', 0],
  ['network={\n  ssid="Hal"\n  psk="otter-hedge-7"\n}\n', 1],
  ['network={\n  psk=$PSK\n  key_mgmt=WPA-PSK\n}\n', 0],
];

const fields: readonly Field[] = [
  ['service.email.gmail', 'username: web\npassword: $email-password\nhost: smtp.example.com\n', 0],
];

const commands: readonly Command[] = [
  [['vllm', '--model', 'shop/llm', '--api-key', 'otter-vllm-2'], 1],
  [['exporter', '--auth-token=otter-metrics-1'], 1],
  [['billing', '--admin-token', 'otter-admin-77'], 1],
  [['billing', '--token', 'web-token-1', '--api-key', 'web-api-key-2'], 0],
  [['etcd', '--auth-token', 'simple', '--token-ttl', '30s'], 0],
  [['sqlplus', '-S', 'web/otterhedge@orders', '@/sql/run.sql'], 1],
  [['sqlplus', '-S', 'web/$(PW)@orders', '@/sql/run.sql'], 0],
  [['sqlplus', '/nolog', '@/sql/run.sql'], 0],
];

export const set26 = { pairs, documents, commands, fields } satisfies Cases;
