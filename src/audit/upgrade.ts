import { kindKey, kindsThatLose, property, text, type KindInfo, type KubernetesObject } from '#sdk';
import type { Compiled } from '../engine/compiled.ts';
import type { UpgradeCheck } from '../report/audit/audit-report.ts';

/** Minor version of an API server's `v1.36.3`; undefined where it says something else. */
function minorOf(server: string): number | undefined {
  const minor = /^v1\.(\d{1,3})\b/.exec(server)?.[1];
  return minor === undefined ? undefined : Number(minor);
}

/** Whether the audit is for another version of Kubernetes than the cluster has: a later one. */
export function isUpgrade({ kubernetesMinor }: Compiled, server: string): boolean {
  return (minorOf(server) ?? Infinity) < kubernetesMinor;
}

/**
 * Kinds that are read because the next version drops one of their API versions: somebody may write objects in that.
 * Those that policies look at anyway are among them.
 */
export function upgradeKinds(compiled: Compiled, server: string): readonly KindInfo[] {
  const from = minorOf(server);
  if (from === undefined || !isUpgrade(compiled, server)) return [];
  return kindsThatLose(from, compiled.kubernetesMinor).map(
    (kind) => compiled.kinds.get(kindKey(`${kind.group}/`, kind.kind)) ?? kind,
  );
}

/**
 * A PodDisruptionBudget that allows no eviction at this moment, by its own status: the drain of a node waits until
 * more pods are healthy, for ever where that never happens.
 */
export function blockedDrain(budget: KubernetesObject): UpgradeCheck['blockedDrains'][number] | undefined {
  const status = property(budget, 'status');
  const number = (field: string): number => {
    const value = property(status, field);
    return typeof value === 'number' ? value : 0;
  };
  // One without a number expects no pods, and blocks those that it selects.
  const isEmpty = number('expectedPods') === 0 && number('currentHealthy') === 0;
  if (isEmpty || number('disruptionsAllowed') > 0) return undefined;
  return {
    namespace: text(budget.metadata?.namespace) ?? '',
    name: text(budget.metadata?.name) ?? '',
    healthy: number('currentHealthy'),
    desired: number('desiredHealthy'),
  };
}
