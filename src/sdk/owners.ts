import { records, text } from './json.ts';
import { kindKey } from './kinds.ts';
import { rememberOf } from './remember.ts';
import { targetKeyOf } from './scale-targets.ts';
import type { WorkloadFact } from './subjects.ts';

/**
 * Workloads without those that others among them have made: the ReplicaSets of a custom kind that the settings list
 * stand for the same pods as their maker. Never throws.
 *
 * @example topOwners([rollout, itsReplicaSet, deployment]) // [rollout, deployment]
 */
export const topOwners = rememberOf((workloads: readonly WorkloadFact[]): readonly WorkloadFact[] => {
  const known = new Set(
    workloads.map(({ kind, object }) => targetKeyOf(kind, text(object.metadata?.name) ?? '')),
  );
  return workloads.filter(
    ({ object }) =>
      !records(object.metadata?.ownerReferences).some(
        ({ controller, apiVersion, kind, name }) =>
          controller === true &&
          known.has(`${kindKey(text(apiVersion) ?? '', text(kind) ?? '')}/${text(name) ?? ''}`),
      ),
  );
});
