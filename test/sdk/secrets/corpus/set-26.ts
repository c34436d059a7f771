import type { Cases, Field, Pair } from './case.ts';

/** What the twenty-sixth blind set taught, of full-size manifests as teams write them. */
const pairs: readonly Pair[] = [
  // What stands for another value, or names a thing.
  ['PASSWORD_BROKER', 'members', null],
  ['LDAP_PASSWORD', 'userPassword', null],
  ['DB_PASSWORD', '$env:DB_PASSWORD', null],
  ['SMTP_PASSWORD', '$smtp-password', null],
  ['DB_PASSWORD', '\\u0024{DB_PASSWORD}', null],
];

const fields: readonly Field[] = [
  ['service.email.gmail', 'username: web\npassword: $email-password\nhost: smtp.example.com\n', 0],
];

export const set26 = { pairs, fields } satisfies Cases;
