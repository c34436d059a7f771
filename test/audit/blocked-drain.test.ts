import { expect, it } from 'vitest';
import { blockedDrain } from '../../src/audit/upgrade.ts';

const budget = (status: object) => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { namespace: 'shop', name: 'web' },
  status,
});

it.each([
  ['spent', { expectedPods: 2, currentHealthy: 2, desiredHealthy: 2, disruptionsAllowed: 0 }, 2],
  ['without a number', { expectedPods: 0, currentHealthy: 3, desiredHealthy: 0, disruptionsAllowed: 0 }, 0],
])('a budget %s blocks a drain', (_, status, desired) => {
  expect(blockedDrain(budget(status))).toEqual({
    namespace: 'shop',
    name: 'web',
    healthy: status.currentHealthy,
    desired,
  });
});

it.each([
  ['with room', { expectedPods: 3, currentHealthy: 3, desiredHealthy: 2, disruptionsAllowed: 1 }],
  ['without pods', { expectedPods: 0, currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0 }],
])('a budget %s blocks none', (_, status) => {
  expect(blockedDrain(budget(status))).toBeUndefined();
});
