import { definePolicy, isRecord, list, property, text, type Facts, type PodSubject } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'require-stateful-identity',
  category: 'storage',
  title: 'Require a StatefulSet for storage of its own',
  severity: 'medium',
  target: 'object',
  kinds: ['Deployment'],
  optionalFacts: ['PersistentVolumeClaim'],
  profiles: { production: 'warn' },
  params: z.strictObject({}),
  messages: {
    claim: 'The pods of Deployment {name} write to the claim {claim}, which one node at a time can mount.',
    unknownClaim:
      'The pods of Deployment {name} write to the claim {claim}; nothing here says how many nodes can mount it.',
  },
  // Without the claim nobody can tell whether it is made to be shared: such a guess goes on record and warns nobody.
  onRecord: ['unknownClaim'],
  why: 'A Deployment starts the new pod before it stops the old one, and may start it on another node: with a volume that one node at a time can mount, the rollout waits for ever, or two processes write to the same files.',
  remediation: {
    claim:
      'Make it a StatefulSet with volumeClaimTemplates, or, with one replica, set spec.strategy.type: Recreate.',
    unknownClaim:
      'Unless the claim is ReadWriteMany, make it a StatefulSet with volumeClaimTemplates, or, with one replica, set spec.strategy.type: Recreate.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/',
    'https://kubernetes.io/docs/tasks/run-application/run-single-instance-stateful-application/',
    'https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes',
  ],
  validate({ object, pod, facts, namespace }, { report }) {
    if (pod === undefined || hasOnePodAtATime(object.spec)) return;
    const volumes: readonly unknown[] = list(pod.podSpec.volumes);
    for (let index = 0; index < volumes.length; index++) {
      const source = property(volumes[index], 'persistentVolumeClaim');
      const claim = text(property(source, 'claimName')) ?? '';
      if (claim === '' || property(source, 'readOnly') === true) continue;
      if (isOnlyRead(property(volumes[index], 'name'), pod)) continue;
      const modes = accessModes(facts, claim, namespace);
      if (modes?.some((mode) => mode === 'ReadWriteMany' || mode === 'ReadOnlyMany') === true) continue;
      report({
        message: modes === undefined ? 'unknownClaim' : 'claim',
        at: pod.at('volumes', index, 'persistentVolumeClaim'),
        data: { claim },
      });
    }
  },
});

/** Whether containers mount the volume, and all of them read-only. */
function isOnlyRead(volume: unknown, { containers }: PodSubject): boolean {
  const mounts = containers.flatMap(({ container }) => [
    ...list(container.volumeMounts),
    ...list(container.volumeDevices),
  ]);
  const own = mounts.filter((mount: unknown) => property(mount, 'name') === volume);
  return own.length > 0 && own.every((mount: unknown) => property(mount, 'readOnly') === true);
}

/** At most one replica, and the old pod is stopped before the new one starts: a single instance, as the docs run it. */
function hasOnePodAtATime(spec: unknown): boolean {
  const replicas = property(spec, 'replicas') ?? 1;
  if (replicas === 0) return true;
  if (replicas !== 1) return false;
  const strategy = property(spec, 'strategy');
  if (property(strategy, 'type') === 'Recreate') return true;
  const surge = property(property(strategy, 'rollingUpdate'), 'maxSurge');
  return surge === 0 || surge === '0%' || surge === '0';
}

function accessModes(
  facts: Facts | undefined,
  claim: string,
  namespace: string | undefined,
): readonly unknown[] | undefined {
  if (facts?.has('PersistentVolumeClaim') !== true) return undefined;
  const known = facts.find('PersistentVolumeClaim', claim, namespace);
  const modes: unknown = isRecord(known?.spec) ? known.spec.accessModes : undefined;
  return Array.isArray(modes) ? modes : undefined;
}
