import { describe, expect, test } from 'vitest';
import { matchesName, namePatterns } from '../../src/sdk/name-pattern.ts';
import {
  extentOf,
  isAggregated,
  isBootstrapRole,
  isServiceAccountGroup,
  serviceAccountOf,
} from '../../src/sdk/rbac.ts';

const exec = { group: '', resource: 'pods/exec', verbs: ['create'] };
const read = { group: '', resource: 'secrets', verbs: ['get', 'list'] };
const create = { group: '', resource: 'secrets', verbs: ['create'] };

describe('extentOf', () => {
  const rule = (resources: string[], verbs: string[], resourceNames?: string[], apiGroups = ['']) => ({
    apiGroups,
    resources,
    verbs,
    ...(resourceNames === undefined ? {} : { resourceNames }),
  });

  test.each([
    [rule(['pods/exec'], ['create']), exec, 'all'],
    [rule(['*'], ['create']), exec, 'all'],
    [rule(['*/exec'], ['*']), exec, 'all'],
    [rule(['pods/*', '*/*', 'pods', '*exec', '*/attach'], ['*']), exec, undefined],
    [rule(['pods/exec'], ['get', 'CREATE']), exec, undefined],
    [rule(['pods/exec'], ['create'], undefined, ['apps']), exec, undefined],
    [rule(['pods/exec'], ['create'], undefined, ['apps', '*']), exec, 'all'],
    [rule(['pods/exec'], ['create'], undefined, []), exec, undefined],
    // The creation of a subresource has a name: that of the pod.
    [rule(['pods/exec'], ['create'], ['a']), exec, 'named'],
    [rule(['pods/exec'], ['create'], ['']), exec, 'named'],
    [rule(['secrets'], ['get'], ['a']), read, 'named'],
    [rule(['secrets'], ['list'], ['a']), read, 'named'],
    [rule(['secrets'], ['get'], ['']), read, 'named'],
    [rule(['secrets'], ['list'], ['a', '']), read, 'all'],
    [rule(['secrets'], ['get'], []), read, 'all'],
    [rule(['secrets'], ['create'], ['a']), create, undefined],
    [rule(['secrets'], ['create', 'patch'], ['a']), create, 'named'],
    [rule(['secrets'], ['*'], ['a']), create, 'named'],
    [rule(['secrets'], ['create'], ['']), create, 'all'],
    [rule(['secrets/x', '*/secrets'], ['*']), read, undefined],
  ])('%j grants %j: %s', (given, right, extent) => {
    expect(extentOf(given, right)).toBe(extent);
  });

  test('what was left blank is empty text, as the API server reads it', () => {
    const blank = { apiGroups: [null], resources: ['secrets'], verbs: ['list'] };
    expect(extentOf(blank as never, read)).toBe('all');
    expect(extentOf({ ...blank, resourceNames: [null] } as never, read)).toBe('all');
    expect(extentOf({ ...blank, apiGroups: ['apps'], resources: [null] } as never, read)).toBeUndefined();
  });

  test('a rule of wrong types grants nothing', () => {
    const hostile = JSON.parse('{"apiGroups": "*", "resources": {}, "verbs": null}') as never;
    expect(extentOf(hostile, exec)).toBeUndefined();
  });
});

describe('isBootstrapRole', () => {
  const role = (name: string, labels: object, namespace?: string) =>
    isBootstrapRole({
      metadata: { name, labels, ...(namespace === undefined ? {} : { namespace }) } as never,
    });
  const label = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };

  test('asks for the name and the label', () => {
    expect(role('cluster-admin', label)).toBe(true);
    expect(role('system:controller:token-cleaner', label, 'kube-system')).toBe(true);
    expect(role('cluster-admin', {})).toBe(false);
    expect(role('cluster-admin', { 'kubernetes.io/bootstrapping': 'x' })).toBe(false);
    expect(role('system:shop', label)).toBe(false);
    expect(role('admin', label, 'shop')).toBe(false);
    expect(isBootstrapRole({})).toBe(false);
  });
});

test('a ClusterRole with selectors is aggregated', () => {
  const aggregationRule = { clusterRoleSelectors: [{}] };
  expect(isAggregated({ kind: 'ClusterRole', aggregationRule } as never)).toBe(true);
  expect(isAggregated({ kind: 'Role', aggregationRule } as never)).toBe(false);
  expect(isAggregated({ kind: 'ClusterRole', aggregationRule: {} } as never)).toBe(false);
  expect(isAggregated({ kind: 'ClusterRole', aggregationRule: { clusterRoleSelectors: [] } } as never)).toBe(
    false,
  );
});

test.each([
  [{ kind: 'ServiceAccount', name: 'cart', namespace: 'shop' }, 'shop/cart'],
  [{ kind: 'ServiceAccount', name: 'cart' }, 'here/cart'],
  [{ kind: 'User', name: 'system:serviceaccount:shop:cart' }, 'shop/cart'],
  [{ kind: 'User', name: 'system:serviceaccounts' }, undefined],
  [{ kind: 'Group', name: 'system:serviceaccount:shop:cart' }, undefined],
  [{ kind: 'User' }, undefined],
])('%j is the service account %s', (subject, account) => {
  expect(serviceAccountOf(subject, 'here')).toBe(account);
});

test('a service account whose namespace nobody says is called by its name', () => {
  expect(serviceAccountOf({ kind: 'ServiceAccount', name: 'cart' }, undefined)).toBe('cart');
  expect(serviceAccountOf({ kind: 'ServiceAccount' }, undefined)).toBe('');
});

test('groups of service accounts are known by their names', () => {
  expect(isServiceAccountGroup({ kind: 'Group', name: 'system:serviceaccounts' })).toBe(true);
  expect(isServiceAccountGroup({ kind: 'Group', name: 'system:serviceaccounts:shop' })).toBe(true);
  expect(isServiceAccountGroup({ kind: 'Group', name: 'system:serviceaccounts-x' })).toBe(false);
  expect(isServiceAccountGroup({ kind: 'User', name: 'system:serviceaccounts' })).toBe(false);
});

test('a name is matched as a whole, or by its beginning before a star', () => {
  expect(matchesName('prod-eu', ['shop', 'prod-*'])).toBe(true);
  expect(matchesName('shop', ['*'])).toBe(true);
  expect(matchesName('shop-eu', ['shop'])).toBe(false);
  expect(matchesName('shop', [])).toBe(false);
  expect(namePatterns.safeParse(['a*b']).success).toBe(false);
  expect(namePatterns.safeParse(['a', 'b*', '*']).success).toBe(true);
});
