import { definePolicy, hasMappedIds, runsOnWindows, list, text, type Path } from '#sdk';
import { z } from 'zod';

const primary = ['runAsUser', 'runAsGroup'] as const;
const id = z.int().min(0).max(2147483647);

export default definePolicy({
  id: 'bound-user-ids',
  category: 'security',
  title: 'Keep user and group ids away from those of the node',
  severity: 'low',
  target: 'podSpec',
  profiles: {},
  params: z
    .strictObject({
      min: id.default(10_000).describe('Lowest user or group id'),
      max: id.optional().describe('Highest user or group id'),
    })
    .refine(({ min, max }) => max === undefined || max >= min, { path: ['max'], error: 'is below min' }),
  messages: {
    missing: '{field} is set neither by the pod nor by {holders}.',
    low: '{holder} sets {field} to {id}, below {min}.',
    high: '{holder} sets {field} to {id}, above {max}.',
  },
  why: 'Without a user namespace a user id in a container is the same id on the node: a process that gets out has the rights of the user who has that number there, and of every other container with that number.',
  remediation: {
    missing: 'Set {field} in the securityContext of the pod to a number no other workload has.',
    low: 'Set {field} to a number no other workload has, at least {min}.',
    high: 'Set {field} to a number no other workload has, at most {max}.',
  },
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
    'https://kubernetes.io/docs/concepts/security/application-security-checklist/',
  ],
  validate(pod, { params, report }) {
    const { podSpec, at } = pod;
    // Windows has no such ids, and a user namespace maps them to others on the node.
    if (runsOnWindows(podSpec) || hasMappedIds(pod)) return;
    const tell = (holder: string, field: string, value: unknown, place: Path): void => {
      const data = { holder, field, id: Number(value), min: params.min, max: params.max ?? 0 };
      report({ message: Number(value) < params.min ? 'low' : 'high', at: place, data });
    };
    const shared = podSpec.securityContext;
    for (const field of primary) {
      const value = shared?.[field];
      if (isOutside(value, params)) tell('The pod', field, value, at('securityContext', field));
      let without: string | undefined;
      for (const { container, containerClass, at: inside } of pod.containers) {
        const name = text(container.name) ?? '';
        const own = container.securityContext?.[field];
        if (isOutside(own, params)) tell(`Container ${name}`, field, own, inside('securityContext', field));
        // A debugging container takes what its pod has, and what that lacks nobody can add while it runs.
        if (own != null || value != null || containerClass === 'ephemeral') continue;
        without = without === undefined ? name : `${without}, ${name}`;
      }
      if (without === undefined) continue;
      report({ message: 'missing', at: at('securityContext', field), data: { holders: without, field } });
    }
    const fsGroup = shared?.fsGroup;
    if (isOutside(fsGroup, params)) tell('The pod', 'fsGroup', fsGroup, at('securityContext', 'fsGroup'));
    const groups = list(shared?.supplementalGroups);
    for (let index = 0; index < groups.length; index++) {
      const place = ['securityContext', 'supplementalGroups', index];
      if (isOutside(groups[index], params)) {
        tell('The pod', 'supplementalGroups', groups[index], at(...place));
      }
    }
  },
});

function isOutside(
  value: unknown,
  { min, max }: { readonly min: number; readonly max?: number | undefined },
): boolean {
  return typeof value === 'number' && (value < min || (max !== undefined && value > max));
}
