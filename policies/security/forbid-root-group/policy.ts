import { definePolicy, hasMappedIds, runsOnWindows, isRecord, list, text } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'forbid-root-group',
  category: 'security',
  title: 'Forbid the root group',
  severity: 'medium',
  target: 'podSpec',
  profiles: {},
  params: z.strictObject({
    group: z.int().min(1).max(2147483647).optional().describe('Group id that the fix writes instead of 0'),
  }),
  messages: {
    pod: 'The pod runs its containers with the root group: it sets runAsGroup to 0.',
    container: 'Container {holder} runs with the root group: it sets runAsGroup to 0.',
    supplemental: 'The pod adds its containers to the root group: supplementalGroups has 0.',
    fs: 'The pod gives its volumes to the root group: it sets fsGroup to 0.',
  },
  why: 'Many files of an image, of a volume and of the node belong to group 0, and often the group may read or write them: a user other than root with that group is not as far from root as it looks.',
  remediation: {
    pod: 'Set runAsGroup in the securityContext of the pod to a group other than 0.',
    container:
      'Set runAsGroup in the securityContext of the container to a group other than 0, or remove it.',
    supplemental: 'Remove 0 from supplementalGroups.',
    fs: 'Set fsGroup in the securityContext of the pod to a group other than 0, or remove it.',
  },
  references: ['https://kubernetes.io/docs/tasks/configure-pod-container/security-context/'],
  validate(pod, { report }) {
    const { podSpec, at } = pod;
    if (runsOnWindows(podSpec) || hasMappedIds(pod)) return;
    const shared = podSpec.securityContext;
    if (shared?.runAsGroup === 0) report({ message: 'pod', at: at('securityContext', 'runAsGroup') });
    if (shared?.fsGroup === 0) report({ message: 'fs', at: at('securityContext', 'fsGroup') });
    const supplemental = list(shared?.supplementalGroups).indexOf(0);
    if (supplemental >= 0) {
      report({ message: 'supplemental', at: at('securityContext', 'supplementalGroups', supplemental) });
    }
    for (const subject of pod.containers) {
      if (subject.container.securityContext?.runAsGroup !== 0) continue;
      const holder = text(subject.container.name) ?? '';
      report({ message: 'container', at: subject.at('securityContext', 'runAsGroup'), data: { holder } });
    }
  },
  fix: {
    safety: 'optional',
    resolves: ['pod', 'container', 'supplemental', 'fs'],
    requires: ['group'],
    apply(podSpec, { params: { group } }) {
      if (group === undefined) return;
      const shared = podSpec.securityContext;
      if (isRecord(shared)) {
        if (shared.runAsGroup === 0) shared.runAsGroup = group;
        if (shared.fsGroup === 0) shared.fsGroup = group;
        const groups = list(shared.supplementalGroups);
        if (groups.includes(0)) shared.supplementalGroups = groups.filter((id) => id !== 0);
      }
      for (const containers of [podSpec.initContainers, podSpec.containers, podSpec.ephemeralContainers]) {
        for (const container of list(containers)) {
          const own = isRecord(container) ? container.securityContext : undefined;
          if (isRecord(own) && own.runAsGroup === 0) own.runAsGroup = group;
        }
      }
    },
  },
});
