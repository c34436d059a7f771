import { definePolicy, isRuntimeSocket, list, property, text } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'forbid-host-path',
  category: 'storage',
  title: 'Forbid files of the node in pods',
  severity: 'high',
  target: 'podSpec',
  profiles: { baseline: 'deny', 'pss-baseline': 'deny' },
  params: z.strictObject({}),
  messages: {
    hostPath: 'Volume {volume} is {path} of the node.',
    runtimeSocket:
      "Volume {volume} is {path} of the node, with the socket of the container runtime: who can talk to it is the node's root.",
  },
  why: 'Who can write files of a node takes it over, who can read them finds the credentials of the kubelet and of other pods; and data that lies on one node is gone when the pod moves to another.',
  remediation: {
    hostPath:
      'Use a persistentVolumeClaim for data, an emptyDir for what may be lost, a configMap, secret or projected volume for what the pod reads.',
    runtimeSocket:
      'Remove the volume: build images with a builder that needs no runtime, ask the API server for what runs.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
    'https://kubernetes.io/docs/concepts/storage/volumes/#hostpath',
  ],
  controls: ['Pod Security Standards: HostPath Volumes (Baseline)'],
  validate({ podSpec, at }, { report }) {
    const volumes = list(podSpec.volumes);
    for (let index = 0; index < volumes.length; index++) {
      const volume = volumes[index];
      const hostPath: unknown = property(volume, 'hostPath');
      if (hostPath == null) continue;
      const path = text(property(hostPath, 'path'));
      report({
        message: path !== undefined && isRuntimeSocket(path) ? 'runtimeSocket' : 'hostPath',
        at: at('volumes', index, 'hostPath'),
        data: { volume: text(property(volume, 'name')) ?? index, path: path ?? 'a path' },
      });
    }
  },
});
