import { definePolicy, speaksForPod } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'forbid-host-process',
  category: 'security',
  title: 'Forbid Windows HostProcess containers',
  severity: 'critical',
  target: 'container',
  containers: ['app', 'init', 'sidecar', 'ephemeral'],
  profiles: { baseline: 'deny', 'pss-baseline': 'deny' },
  params: z.strictObject({}),
  messages: {
    hostProcess: '{container} is a HostProcess container.',
    podHostProcess: 'The containers of the pod are HostProcess containers.',
  },
  why: 'A HostProcess container is a process of the Windows node with its file system, network and accounts: it is not contained at all.',
  remediation:
    'Remove securityContext.windowsOptions.hostProcess, and run what has to manage the node in a namespace of its own.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
    'https://kubernetes.io/docs/tasks/configure-pod-container/create-hostprocess-pod/',
  ],
  controls: ['Pod Security Standards: HostProcess (Baseline)'],
  validate(subject, { report }) {
    const { pod } = subject;
    const own = subject.container.securityContext?.windowsOptions?.hostProcess;
    if (own === true) {
      report({ message: 'hostProcess', at: subject.at('securityContext', 'windowsOptions', 'hostProcess') });
    }
    if (pod.podSpec.securityContext?.windowsOptions?.hostProcess === true && speaksForPod(subject, own)) {
      report({ message: 'podHostProcess', at: pod.at('securityContext', 'windowsOptions', 'hostProcess') });
    }
  },
});
