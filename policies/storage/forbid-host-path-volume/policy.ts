import { definePolicy, isRuntimeSocket, isSystemPath, text } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'forbid-host-path-volume',
  category: 'storage',
  title: 'Forbid files of the node in PersistentVolumes',
  severity: 'high',
  target: 'object',
  kinds: ['PersistentVolume'],
  profiles: { baseline: 'deny' },
  params: z.strictObject({}),
  messages: {
    hostPath: 'PersistentVolume {name} is {path} of whatever node mounts it.',
    runtimeSocket: "PersistentVolume {name} is {path} of a node, with the container runtime's socket.",
    systemPath: 'PersistentVolume {name} is {path} of a node, which belongs to the system.',
  },
  why: 'Through a claim any pod gets at the files behind the volume, past all rules about hostPath in pods; and a hostPath does not follow the pod to another node, so that data seems to vanish.',
  remediation: {
    hostPath:
      'Use a CSI driver, or a local volume (spec.local with node affinity) on a disk or directory of its own.',
    runtimeSocket: 'Delete the volume: no claim needs the socket of the container runtime.',
    systemPath: 'Use a disk or directory of its own, such as /mnt/disks/data1.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/storage/volumes/#hostpath',
    'https://kubernetes.io/docs/concepts/storage/volumes/#local',
  ],
  validate({ object, at }, { report }) {
    const { hostPath, local } = object.spec ?? {};
    if (hostPath != null) {
      const path = text(hostPath.path);
      report({
        message: path !== undefined && isRuntimeSocket(path) ? 'runtimeSocket' : 'hostPath',
        at: at('spec', 'hostPath'),
        data: { path: path ?? 'a path' },
      });
    }
    // Local disks are meant for this. What the node itself lives on is not.
    const path = text(local?.path);
    if (path === undefined) return;
    if (isRuntimeSocket(path)) {
      report({ message: 'runtimeSocket', at: at('spec', 'local', 'path'), data: { path } });
    } else if (isSystemPath(path)) {
      report({ message: 'systemPath', at: at('spec', 'local', 'path'), data: { path } });
    }
  },
});
