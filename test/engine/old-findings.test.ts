import { describe, expect, it } from 'vitest';
import { policies } from '../../policies/index.ts';
import { judge } from '../../src/engine/judge.ts';
import { compiled, review } from './compile-test-settings.ts';

const ids = [
  'forbid-added-capabilities',
  'forbid-open-egress',
  'forbid-secret-in-args',
  'forbid-secret-in-config-map',
  'forbid-test-hosts',
  'forbid-wildcard-rbac',
];
const deny = Object.fromEntries(ids.map((id) => [id, 'deny' as const]));
const known = compiled({ policies: deny }, { only: ids }, policies);

function denied(oldObject: object, object: object): readonly string[] {
  const { findings } = judge(known, review(object, { operation: 'UPDATE', oldObject }));
  return findings
    .filter(({ action }) => action === 'deny')
    .map(({ messageId, locator }) => `${messageId} ${locator}`);
}

function container(rest: object): object {
  const app = { name: 'app', image: 'registry.example.com/shop/web:1.0.0', ...rest };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { containers: [app] },
  };
}

const adding = (...add: readonly string[]): object =>
  container({ securityContext: { capabilities: { add } } });
const running = (...args: readonly string[]): object => container({ args });
const role = (...rules: readonly object[]): object => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'Role',
  metadata: { name: 'operator', namespace: 'shop' },
  rules,
});
const every = (...resources: readonly string[]): object => ({ apiGroups: [''], resources, verbs: ['*'] });
const read = { apiGroups: [''], resources: ['services'], verbs: ['get'] };
const config = (...lines: readonly string[]): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: 'shop' },
  data: { 'app.properties': lines.join('\n') },
});
const egress = (...rules: readonly object[]): object => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { podSelector: {}, policyTypes: ['Egress'], egress: rules },
});
const dns = { to: [{ namespaceSelector: {} }], ports: [{ port: 53, protocol: 'UDP' }] };
const hosts = (...names: readonly string[]): object => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { rules: names.map((host) => ({ host })) },
});
// Made up.
const [first, second, third] = ['Hx7-qLm2-vT9p', 'Zk4_wRn8_bY3s', 'Mf6+cJd5+gQ1x'];

describe('an update is let through', () => {
  it.each([
    ['when a harmless capability goes', adding('CHOWN', 'SYS_ADMIN'), adding('SYS_ADMIN')],
    ['when capabilities change places', adding('SYS_ADMIN', 'CHOWN'), adding('CHOWN', 'SYS_ADMIN')],
    ['when a rule of a role comes before another', role(every('pods')), role(read, every('pods'))],
    [
      'when a rule of a role names its resources in another order',
      role(every('pods', 'secrets')),
      role(every('secrets', 'pods')),
    ],
    ['when an open rule of a network policy moves', egress({}, dns), egress(dns, {})],
    ['when a host joins it', hosts('shop.test'), hosts('shop.garden-shed.com', 'shop.test')],
    [
      'when an argument is added before it',
      running(`--password=${first}`),
      running('-v', `--password=${first}`),
    ],
    ['when a password is another', running(`--password=${first}`), running(`--password=${second}`)],
    [
      'when a script around a password changes',
      running(`mysql -p${first} -e 'SELECT 1'`),
      running(`mysql -p${first} -e 'SELECT 2'`),
    ],
    [
      'when lines of a document move',
      config(`db.password=${first}`, `mq.password=${second}`),
      config('# the broker', `mq.password=${second}`, `db.password=${first}`),
    ],
    [
      'when one of its passwords goes and another changes',
      config(`db.password=${first}`, `mq.password=${second}`),
      config(`db.password=${third}`),
    ],
  ])('%s', (_, before, after) => {
    expect(denied({}, after)).not.toEqual([]);
    expect(denied(before, after)).toEqual([]);
  });
});

describe('an update is refused', () => {
  const added = 'added spec.containers[app].securityContext.capabilities.add';
  it.each([
    [
      'when a capability takes the place of another',
      adding('NET_ADMIN'),
      adding('SYS_ADMIN'),
      [`${added}[SYS_ADMIN]`],
    ],
    ['when another comes', adding('NET_ADMIN'), adding('SYS_ADMIN', 'NET_ADMIN'), [`${added}[SYS_ADMIN]`]],
    [
      'when a role may do everything with others',
      role(every('pods')),
      role(every('secrets')),
      ['verbs rules[0].verbs[0]'],
    ],
    [
      'when a second rule is open',
      role(every('pods')),
      role(every('nodes'), every('pods')),
      ['verbs rules[0].verbs[0]'],
    ],
    [
      'when an open rule of a network policy opens more',
      egress({ ports: [{ port: 443 }] }),
      egress({}),
      ['everything spec.egress[0]'],
    ],
    [
      'when another host is for tests',
      hosts('shop.test'),
      hosts('pay.test', 'shop.test'),
      ['found spec.rules[pay.test].host'],
    ],
    [
      'when a second password comes',
      running(`--password=${first}`),
      running(`--token=${second}`, `--password=${first}`),
      ['word spec.containers[app].args[0]'],
    ],
    [
      'when a document gets one more',
      config(`db.password=${first}`),
      config(`db.password=${first}`, `mq.password=${second}`),
      ['line data["app.properties"]'],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(denied(before, after)).toEqual(expected);
  });

  it('for what is new alone, although another object is nested deeper than can be written', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`);
    const [before, after] = [role({ ...every('pods'), deep }), role({ ...every('secrets'), deep })];
    expect(denied(before, after)).toEqual([]);
    expect(denied(before, role({ ...every('pods'), deep }, every('secrets')))).toEqual([
      'verbs rules[1].verbs[0]',
    ]);
  });
});
