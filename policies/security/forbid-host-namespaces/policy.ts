import { definePolicy, records, type Draft, type PodSpec } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'forbid-host-namespaces',
  category: 'security',
  title: "Forbid the node's namespaces",
  severity: 'high',
  target: 'podSpec',
  profiles: { baseline: 'deny', 'pss-baseline': 'deny' },
  params: z.strictObject({}),
  messages: {
    network: 'The pod uses the network of its node.',
    pid: 'The pod sees the processes of its node.',
    ipc: 'The pod shares memory and queues with the processes of its node.',
  },
  why: "In the node's namespaces a pod listens to its traffic and on its loopback, where NetworkPolicies do not reach, and sees, signals and reads the memory of processes that are not its own.",
  remediation: {
    network: 'Remove hostNetwork, and reach the pod through a Service.',
    pid: 'Remove hostPID.',
    ipc: 'Remove hostIPC; containers of one pod share memory through an emptyDir with medium Memory.',
  },
  references: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline'],
  controls: ['Pod Security Standards: Host Namespaces (Baseline)'],
  validate({ podSpec, at }, { report }) {
    if (podSpec.hostNetwork === true) report({ message: 'network', at: at('hostNetwork') });
    if (podSpec.hostPID === true) report({ message: 'pid', at: at('hostPID') });
    if (podSpec.hostIPC === true) report({ message: 'ipc', at: at('hostIPC') });
  },
  fix: {
    safety: 'safe',
    resolves: ['network', 'pid', 'ipc'],
    apply(podSpec) {
      // The API server takes HostProcess containers with hostNetwork only.
      if (podSpec.hostNetwork === true && !hasHostProcess(podSpec)) podSpec.hostNetwork = false;
      if (podSpec.hostPID === true) podSpec.hostPID = false;
      if (podSpec.hostIPC === true) podSpec.hostIPC = false;
    },
  },
});

function hasHostProcess({
  securityContext,
  initContainers,
  containers,
  ephemeralContainers,
}: Draft<PodSpec>): boolean {
  return (
    securityContext?.windowsOptions?.hostProcess === true ||
    [initContainers, containers, ephemeralContainers].some((group) =>
      records(group).some((container) => container.securityContext?.windowsOptions?.hostProcess === true),
    )
  );
}
