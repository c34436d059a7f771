import type { Cases, Command, Document, Field, Pair } from './case.ts';
import { alnum, hex, join } from './values.ts';

/** What the sixteenth blind set taught: the rules behind its misses and false alarms. */
const pairs: readonly Pair[] = [
  // Names in other languages, with and without their accents.
  ['DB_CONTRASEÑA', 'kastanie', '*'],
  ['BDD_MDP', 'kastanie', '*'],
  ['motdepasse', 'kastanie', '*'],
  ['DB_KODEORD', 'kastanie', '*'],
  ['dbLösenord', 'kastanie', '*'],
  ['JELSZÓ', 'kastanie', '*'],
  ['VERİTABANI_ŞİFRE', 'kastanie', '*'],
  ['ПАРОЛЬ_БД', 'kastanie', '*'],
  ['ΚΩΔΙΚΌΣ', 'kastanie', '*'],
  ['数据库密码', 'kastanie', '*'],
  ['비밀번호', 'kastanie', '*'],
  ['パスワード', 'kastanie', '*'],
  ['HASŁO', 'kastanie', '*'],
  ['MAT_KHAU', 'kastanie', '*'],
  ['DB_PASS_WORD', 'kastanie', '*'],
  ['DB_PASS_WORDS_FILE', 'kastanie', null],
  ['CLAVE_API', alnum(24), '*'],
  ['ZUGANGSSCHLUESSEL', alnum(24), '*'],
  ['JETON_API', alnum(32), '*'],
  ['CHAVE_SECRETA', alnum(20), '*'],
  ['GEHEIMNIS', alnum(20), '*'],
  ['密钥', alnum(24), '*'],
  ['FR_PAROL', 'kastanie', '*'],
  ['CLAVE_PRIMARIA', 'cliente_id', null],
  ['SCHLUESSEL', 'bestellung-nummer', null],
  ['ENCLAVE', alnum(24), null],
  ['SECRETARIO', 'kastanie', null],
  ['GEHEIMNIS', 'shop-tls', null],
  ['TARIFA', 'kastanie', null],
  ['ПАРОЛЬ_БД', '${DB_PASSWORD}', null],
  ['пароль', 'Введите пароль', null],
  ['login.password', 'Lösenord', null],
  ['login.password', 'Contraseña nueva', null],
  // References of Logstash and Envoy; lists of rules.
  ['DB_PASSWORD', '%{DB_PASSWORD}', null],
  ['DB_PASSWORD', '%{env:DB_PASSWORD}', null],
  ['DB_PASSWORD', 'secretsmanager:prod/db', null],
  ['DB_PASSWORD', 'required|string|min:8', null],
  ['DB_PASSWORD', 'a|B9|kastanie', '*'],
  ['DB_PASSWORD', 'kastanie|birke', '*'],
  ['PASSWORD_VALIDATORS', 'length,common', null],
  ['PASSWORD_CHECKERS', 'length', null],
  ['JWT_SECRET', 'change-me-in-production', '*'],
  ['JWT_SECRET', 'please_change_me_before_go_live', '*'],
  ['TLS_SECRET', 'changes-tls', null],
  // A token of a further vendor.
  ['ANALYTICS', join('phx_', alnum(43)), 'PostHog key'],
];

const documents: readonly Document[] = [
  ['база:\n  хост: db\n  пароль: kastanie\n', 1],
  ['数据库地址=db\n数据库密码=kastanie\n', 1],
  ['{"数据库":{"主机":"db","密码":"kastanie"}}', 1],
  ['[db]\nκωδικός=kastanie\n', 1],
  ['base:\n  contraseña: kastanie\n', 1],
  ['пароль: ${DB_PASSWORD}\n密码: {{ .Values.password }}\n', 0],
  ['{"пароль":"Пароль","密码":"请输入密码"}\n', 0],
  ['<server><password><![CDATA[kastanie]]></password></server>\n', 1],
  ['<server><password><![CDATA[${env.PW}]]></password></server>\n', 0],
  ['# password: kd83Fq0xW7Aa\n', 1],
  ['# password: kastanienbaum\n# token: shop-web-token\n', 0],
  ["<?php return ['password' => 'required|string|min:8', 'token' => 'required'];\n", 0],
];

const fields: readonly Field[] = [
  ['userlist.txt', '"shop" "kastanie"\n"ro" "kastanie7"\n', 2],
  ['userlist.txt', join('"shop" "md5', hex(32), '"\n'), 1],
  ['userlist.txt', '"shop" ""\n;"old" "kastanie"\n', 0],
  ['users.txt', '"Anna Berg" "editor"\n', 0],
];

const commands: readonly Command[] = [
  [['run', `--env=API_KEY=${alnum(32)}`], 1],
  [['run', '--set=db.password=kastanie'], 1],
  [['run', `--config={"token":"${alnum(32)}"}`], 1],
  [['run', `--${'a='.repeat(20_000)}b`], 0],
  [['run', '--env=API_KEY=$(API_KEY)', '--set=db.passwordKey=db-password', '--config={"port":80}'], 0],
];

export const set16 = { pairs, documents, commands, fields } satisfies Cases;
