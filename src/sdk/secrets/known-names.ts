import type { CredentialKind } from './formats.ts';

/** What a name says about its value. */
export interface NameEvidence {
  readonly kind: CredentialKind;
  /**
   * `literal`: whatever text stands there is the credential (`DB_PASSWORD: hunter2`). `random`: only text that
   * looks made by a machine, because such names also hold references (`TLS_SECRET: web-tls`). `key`: only a long
   * one, because nobody knows what kind of key this is (`ROUTING_KEY`). `pair`: as `random`, or `user:password`.
   * `cookies`: as `random`, or any of `name=value; name=value`. `phrase`: only the words of a wallet. `text`: every
   * text that is no setting, because no object can be named there. `pin`: four to twelve digits.
   */
  readonly expects: 'literal' | 'random' | 'key' | 'pair' | 'cookies' | 'phrase' | 'text' | 'pin';
}

/** Names of one program, without signs and capitals, that say something else, or less, than they are. */
export const known: readonly (readonly [end: string, evidence: NameEvidence])[] = [
  ['devroottokenid', { kind: 'token', expects: 'literal' }],
  ['neo4jauth', { kind: 'password', expects: 'literal' }],
  ['redisauth', { kind: 'credential', expects: 'literal' }],
  ['rediscliauth', { kind: 'password', expects: 'literal' }],
  // What asks a directory; Trino's words for the password of a key store.
  ['securitycredentials', { kind: 'password', expects: 'literal' }],
  ['ldapcredentials', { kind: 'password', expects: 'literal' }],
  ['httpskeystorekey', { kind: 'password', expects: 'literal' }],
  ['httpstruststorekey', { kind: 'password', expects: 'literal' }],
  ['basicauthuserinfo', { kind: 'credential', expects: 'pair' }],
  // Of switches and of Rspamd; in other names the verb says that it is a setting.
  ['enablepassword', { kind: 'password', expects: 'literal' }],
  // Of Asterisk.
  ['remotesecret', { kind: 'secret', expects: 'text' }],
  ['vaultsecretid', { kind: 'secret', expects: 'random' }],
  ['approlesecretid', { kind: 'secret', expects: 'random' }],
  // Of Spring Cloud Config.
  ['encryptkey', { kind: 'encryption key', expects: 'literal' }],
  ['xhoneycombteam', { kind: 'API key', expects: 'random' }],
  // Between the nodes of Erlang (RabbitMQ, CouchDB, ejabberd), of Elixir's releases, VerneMQ and EMQX: who knows it runs code on all.
  ...['erlangcookie', 'releasecookie', 'distributedcookie', 'emqxnodecookie'].map(
    (name) => [name, { kind: 'credential', expects: 'text' }] as const,
  ),
  // Of NiFi; of NGINX; of Quarkus.
  ['sensitivepropskey', { kind: 'encryption key', expects: 'text' }],
  ['securelinksecret', { kind: 'secret', expects: 'text' }],
  ['oidccredentialssecret', { kind: 'secret', expects: 'text' }],
  // What clients of Ethereum call the key between them.
  ['jwthex', { kind: 'encryption key', expects: 'random' }],
];

/** Keys of one product that pages and apps show to everybody. */
export const publicKeys =
  /(?:algolia|typesense|meili(?:search)?)\w{0,32}search(?:only)?(?:api)?key$|searchonly(?:api)?key$|(?:pusher|reverb|soketi)(?:app)?key$/;
