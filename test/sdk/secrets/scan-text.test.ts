import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scanText } from '../../../src/sdk/secrets/index.ts';
import { jwt, pem, random } from './credentials.ts';

const found = (key: string, text: string) =>
  scanText(key, text).map(({ line, key: at, kind }) => [line, at, kind]);

describe('scanText', () => {
  test.each([
    [
      '.env',
      `LOG=info\nexport DB_PASSWORD=hunter2\nAPI_KEY="${random(24)}"\n`,
      [
        [2, 'DB_PASSWORD'],
        [3, 'API_KEY'],
      ],
    ],
    ['app.properties', 'db.url=jdbc:x\ndb.password = hunter2\n', [[2, 'db.password']]],
    ['my.ini', '[client]\nuser=root\npassword=root1\n', [[3, 'password']]],
    ['config.yaml', 'db:\n  host: db\n  password: hunter2 # todo\n  port: 5432\n', [[3, 'password']]],
    ['config.yaml', 'users:\n  - name: a\n    password: "hunter 2"\n', [[3, 'password']]],
    ['config.yaml', 'db: {user: app, password: hunter2}\n', [[1, 'password']]],
    ['config.json', '{\n  "user": "app",\n  "password": "hunter2",\n}', [[3, 'password']]],
    ['config.json', '{"user":"app","password":"hunter2"}', [[1, 'password']]],
    ['web.config', '<add key="DbPassword" value="hunter2"/>\n', [[1, 'DbPassword']]],
    ['pom.xml', '<server>\n<password>hunter2</password>\n</server>', [[2, 'password']]],
    ['run.sh', 'set -e\nmysql -u root --password=hunter2 app\n', [[2, 'password']]],
    ['run.sh', 'set -e\nmysql -u root --password hunter2 app\n', [[2, 'password']]],
    [
      'run.sh',
      'set -e\nkubectl create secret generic a --from-literal=password=hunter2\n',
      [[2, 'password']],
    ],
    ['run.sh', 'set -e\nhelm install a b --set db.password=hunter2\n', [[2, 'db.password']]],
    ['run.sh', 'set -e\nsu app -c "mysql --password=hunter2"\n', [[2, 'password']]],
    ['run.sh', 'set -e\nrun --command "mysql --password=hunter2"\n', [[2, 'password']]],
    ['args', '--password=hunter2', [[1, 'password']]],
    [
      'run.sh',
      ': ${DB_PASSWORD=tulip7}\necho "${DB_PASSWORD:-#tulip7}"\n',
      [
        [1, 'DB_PASSWORD'],
        [2, 'DB_PASSWORD'],
      ],
    ],
    ['fluent-bit.conf', 'HTTP_User app\nHTTP_Passwd tulip\n', [[2, 'HTTP_Passwd']]],
    ['.netrc', 'machine a\nlogin ci\npassword tulip\n', [[3, 'password']]],
    [
      'haproxy.cfg',
      'user a insecure-password tulip\nstats auth a:tulip\n',
      [
        [1, 'insecure-password'],
        [2, 'auth'],
      ],
    ],
    [
      'run.sh',
      `set -e\naws configure set aws_secret_access_key ${random(40)}\n`,
      [[2, 'aws_secret_access_key']],
    ],
    ['run.sh', `set -e\ncurl -H 'X-Api-Key: ${'oWdRSbzdCVOZIbuU'.repeat(2)}' http://a\n`, [[2, 'X-Api-Key']]],
    ['db-password', 'hunter2', [[1, 'db-password']]],
    [
      'nginx.conf',
      `proxy_set_header Authorization "Basic ${btoa('admin:hunter2')}";\n`,
      [[1, 'Authorization']],
    ],
    ['app.conf', `a\n# old token: ${jwt}\n`, [[2, undefined]]],
    ['app.conf', `dsn = "postgres://app:hunter2@db/app"\nx`, [[1, 'dsn']]],
    [
      'web.config',
      '<add name="Db" connectionString="Server=db;User Id=sa;Password=Str0ng!;"/>\n',
      [[1, 'connectionString']],
    ],
    ['key.pem', `x\n${pem}\nz`, [[2, undefined]]],
  ])('%s: %j', (key, text, places) => {
    expect(found(key, text).map(([line, at]) => [line, at])).toEqual(places);
  });

  test.each([
    ['about.txt', 'password policy\npassword required\nuser guide\n'],
    ['run.sh', 'read -p "Password: " pw && echo "$pw" | kinit a\n'],
    ['run.sh', 'PGPASSWORD="$PW" psql -h db\nPGPASSWORD=$PW psql -h db\n'],
    ['app.properties', 'db.password=${DB_PASSWORD}\npassword.min.length=12\ntoken.url=https://id/token\n'],
    [
      'config.yaml',
      'passwordFile: /run/secrets/db\nexistingSecret: db-credentials\nauth:\n  enabled: true\n',
    ],
    ['config.yaml', 'password:\n  valueFrom: x\ntoken: ""\nsecret: null\n'],
    ['README.md', 'The password: it is in Vault.\nSet password: to whatever you like.\n'],
    [
      'nginx.conf',
      'ssl_certificate_key /etc/tls/tls.key;\nauth_basic "Restricted";\nproxy_set_header Authorization "Bearer $token";\n',
    ],
    ['app.conf', '# password: the password of the user\n; token=none\n'],
    ['settings.py', 'PASSWORD = os.environ["DB_PASSWORD"]\ntoken = get_token()\nsecret = config.secret\n'],
    ['schema.json', '{"properties":{"password":{"type":"string"},"token":{"type":"string"}}}'],
    ['prometheus.yml', 'bearer_token_file: /var/run/secrets/token\nregex: .*secret.*\n'],
    ['ca.crt', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'],
    [
      'values.yaml',
      '## certificates begin with -----BEGIN CERTIFICATE----- and keys with\n## -----BEGIN RSA PRIVATE KEY-----\n## name should line up with a tlsSecret, see kubernetes/documentation/certificates\n',
    ],
    ['text', ''],
  ])('finds nothing in %s: %j', (key, text) => {
    expect(found(key, text)).toEqual([]);
  });

  test('looks at the first 262,144 characters and reports at most 50', () => {
    expect(found('a', `${'x\n'.repeat(131_073)}password=hunter2\n`)).toEqual([]);
    expect(found('a', 'password=hunter2\n'.repeat(200))).toHaveLength(50);
  });

  test('never throws and never tells a value', () => {
    const piece = fc.constantFrom(
      'password',
      '=',
      ':',
      '\n',
      '"',
      'hunter2',
      ' ',
      '<',
      '>',
      '</',
      '--',
      'key="',
      random(20),
      '#',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        expect(JSON.stringify(scanText('a', pieces.join('')))).not.toContain(random(20));
      }),
    );
  });

  test.each([
    `${random(20)}password ${random(8)}Tulip9`,
    `insert into a (${random(20)}password) values ('tulip')`,
  ])('tells no name that may be a credential itself: %s', (text) => {
    const [finding] = scanText('a', text);
    expect(finding?.kind).toBe('password');
    expect(finding?.key).toBeUndefined();
  });

  // That time stays in proportion to the text is ESLint's to prove: regexp/no-super-linear-* for src/sdk/secrets.
  test.each([
    'password',
    'password=',
    'a=',
    '"a":',
    '<a>',
    'key="a" ',
    '--a ',
    ' ',
    'token: ',
    'tokens:\n',
    '[jwt]\nkey=',
    '- abcdefgh\n',
  ])('reads a large document of nothing but %j to its end', (part) => {
    for (const text of [
      part.repeat(200_000 / part.length),
      `${part.repeat(15_000 / part.length)}\n`.repeat(10),
    ]) {
      const document = `${text}\npassword=hunter2`;
      expect(scanText('a', document).at(-1)?.line).toBe(document.split('\n').length);
    }
  });
});
