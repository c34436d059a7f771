import type { Cases, Command, Document, Field, Pair } from './case.ts';

/** What two sets of small cases taught: files of programs, flags and variables that are easy to mistake. */
const pairs: readonly Pair[] = [
  ['REMOTESECRET', 'otter-hedge', 'secret'],
  ['TLS_PSK_IDENTITY', 'PSK001', null],
  ['TLS_PSK', '5f3a1c9e7b2d4e8fa1b2c3d4e5f60718', 'encryption key'],
  ['TOKEN_IDENTITY', 'orders', null],
  ['PATTERN', '%d %m password=%X{pw}', null],
  ['DB_PASSWORD', '%X{pw}', null],
  ['SIGNING_KEY', '5F3A1C9E', null],
  ['SIGNING_KEY', '5f3a1c9e7b2d4e8fa1b2c3d4e5f60718', 'encryption key'],
  ['EXPORT_URL', 'https://web.s3.amazonaws.com/x?X-Amz-Expires=60&X-Amz-Signature=5f3a1c9e7b2d4e8fa1b2c3d4e5f607185f3a1c9e7b2d4e8fa1b2c3d4e5f60718', 'credential in a URL'],
  ['EXPORT_URL', 'https://web.s3.amazonaws.com/x?X-Amz-Expires=60&X-Amz-Signature=$SIGNATURE', null],
  ['FORBIDDEN_PASSWORDS', 'password,123456,qwerty,letmein', null],
];

const documents: readonly Document[] = [
  ['[program:web]\nenvironment = DB_PASSWORD="q8Z1mVx5Rw",MODE="prod"\n', 1],
  ['[program:web]\nenvironment=MODE="prod",DB_PASSWORD="%(ENV_PW)s"\n', 0],
  ['href = "https://example.com/?page=next=", "token"\n', 0],
  ['type = peer\nremotesecret = otterhedge\n', 1],
  ['rocommunity q8Z1mVx5 10.0.0.0/8\nrwcommunity6 "otter-hedge"\n', 2],
  ['rocommunity public default\nsyslocation Rack 4\n', 0],
  ['realm=example.com\nuser=web:q8Z1mVx5Rw\n', 1],
  ['[program:web]\nuser=web1:web1\n', 0],
  ['user=1000:1000\nuser=nginx:nginx\nuser=web:users\n', 0],
  ['<property><name>fs.s3a.secret.key</name>\n<value>q8Z1mVx5Rw2KjT7nYpLc0sEo9uHd3fBgA6iXeWvQ</value></property>\n', 1],
  ['<property><name>fs.s3a.endpoint</name>\n<value>q8Z1mVx5Rw2KjT7nYpLc0sEo9uHd3fBgA6iXeWvQ</value></property>\n', 0],
  ['<PatternLayout pattern="%d %m password=%X{pw} token=%{token}x"/>\n', 0],
  ['<property name="password"><value>otterhedge</value></property>\n', 1],
  ['<property name="password"><value><![CDATA[Otter<Hedge>&7]]></value></property>\n', 1],
  ['<property name="url"><value><![CDATA[http://a/?b=1&c=2]]></value></property>\n<password><![CDATA[${pw}]]></password>\n', 0],
  ['M.redis = { host = "redis", port = 6379, auth = "Otter-Hedge-7" }\n', 1],
  ['M.redis = { host = "redis", auth = nil }\nM.smtp = { auth = "plain" }\n', 0],
];

const fields: readonly Field[] = [];

const commands: readonly Command[] = [
  [['sh', '-c', 'test -n "$DB_PASSWORD" || { echo "DB_PASSWORD: must be set"; exit 1; }'], 0],
  [['sh', '-c', 'echo "{password: tulip}" > /app/settings.yaml'], 1],
  [['duplicity', '--encrypt-key', '5F3A1C9E', '/data', 'file:///backup'], 0],
  [['gpg', '--encrypt', '--sign-key', '0x5F3A1C9E', '/data'], 0],
];

export const set28 = { pairs, documents, commands, fields } satisfies Cases;
