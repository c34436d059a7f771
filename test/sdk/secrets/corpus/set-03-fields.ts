import type { Cases, Field } from './case.ts';
import {
  alnum,
  base64,
  certificate,
  hex,
  join,
  jwt,
  makers,
  opaque,
  privateKey,
  uuid,
} from './values.ts';

const dockerConfig = makers.find(([kind]) => kind === 'registry credentials')?.[1]() ?? '';

/**
 * Third blind set: annotations, labels, headers, keys of ConfigMaps and Secrets, whose one value is the whole text.
 * Keys are without their domain, as the policies hand them over.
 */
const fields: readonly Field[] = [
  ['password', 'Summer2024!', 1],
  ['mysql-root-password', 'root', 1],
  ['redis-password', alnum(10), 1],
  ['api-key', alnum(32), 1],
  ['token', hex(40), 1],
  ['tls.key', privateKey('RSA '), 1],
  ['id_rsa', privateKey('OPENSSH '), 1],
  ['.dockerconfigjson', dockerConfig, 1],
  ['auth', 'admin:$apr1$' + alnum(8) + '$' + alnum(22), 1],
  ['basic-auth', join('Basic ', base64('admin:Herbst9')), 1],
  ['client-secret', alnum(36), 1],
  ['jwt-secret', 'super-secret-jwt-key', 1],
  ['DATABASE_URL', join('postgres://shop:', 'Herbst9', '@db/shop'), 1],
  ['slack-webhook', join('https://hooks.slack', '.com/services/T', 'ABCDEFGH/B', 'ABCDEFGH/', alnum(24)), 1],
  [
    'last-applied-configuration',
    `{"apiVersion":"v1","kind":"Secret","stringData":{"password":"Herbst9"}}`,
    1,
  ],
  ['configuration-snippet', join('proxy_set_header Authorization "Bearer ', jwt(), '";'), 1],
  ['auth-header', join('Token ', hex(40)), 1],
  ['Authorization', join('Bearer ', alnum(40)), 1],
  ['X-Auth-Token', uuid(), 1],
  ['Cookie', join('session', 'id=', alnum(32)), 1],
  ['ad.checks', '{"mysql":{"instances":[{"server":"%%host%%","user":"datadog","pass":"Herbst9"}]}}', 1],
  ['encryption-key', opaque(32), 1],
  // Without.
  ['auth-secret', 'basic-auth', 0],
  ['auth-realm', 'Authentication Required', 0],
  ['auth-url', 'https://oauth2.shop.example/oauth2/auth', 0],
  ['auth-response-headers', 'Authorization,X-Auth-Request-Email', 0],
  ['session-cookie-name', 'route', 0],
  ['session-cookie-hash', 'sha1', 0],
  ['secret-checksum', hex(64), 0],
  ['config-hash', hex(40), 0],
  ['pod-template-hash', '7d4b9c6f5d', 0],
  ['ssl-cert', 'arn:aws:acm:eu-central-1:123456789012:certificate/' + uuid(), 0],
  ['agent-inject-secret-db', 'secret/data/shop/db', 0],
  [
    'agent-inject-template-db',
    '{{ with secret "secret/data/shop/db" }}{{ .Data.data.password }}{{ end }}',
    0,
  ],
  ['token-audience', 'sts.amazonaws.com', 0],
  ['service-account.uid', uuid(), 0],
  ['ca.crt', certificate(), 0],
  [
    'last-applied-configuration',
    `{"kind":"Deployment","spec":{"env":[{"name":"DB_PASSWORD","valueFrom":{"secretKeyRef":{"name":"db","key":"password"}}}]}}`,
    0,
  ],
  ['description', 'Rotates the password of the database every night', 0],
  ['X-Forwarded-Proto', 'https', 0],
  ['Authorization', 'Bearer $(TOKEN)', 0],
  ['git-commit', hex(40), 0],
  ['secret-rotation', '2026-01-14', 0],
  ['reloader-secret', 'shop-db,shop-api', 0],
  ['kubernetes.io-service-account.name', 'default', 0],
  ['key', 'password', 0],
];

export const set03Fields = { fields } satisfies Cases;
