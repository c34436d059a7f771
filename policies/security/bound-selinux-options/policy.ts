import { definePolicy, speaksForPod, text, type SELinuxOptions } from '#sdk';
import { z } from 'zod';

/** Types that confine a container, with the minor version whose standard first lists them. */
const confinedSince: ReadonlyMap<unknown, number> = new Map([
  ['', 0],
  ['container_t', 0],
  ['container_init_t', 0],
  ['container_kvm_t', 0],
  ['container_engine_t', 31],
]);

export default definePolicy({
  id: 'bound-selinux-options',
  category: 'security',
  title: 'Bound SELinux options',
  severity: 'high',
  target: 'container',
  containers: ['app', 'init', 'sidecar', 'ephemeral'],
  profiles: { baseline: 'deny', 'pss-baseline': 'deny' },
  params: z.strictObject({}),
  messages: {
    type: '{container} runs with the SELinux type {type}.',
    user: '{container} sets an SELinux user.',
    role: '{container} sets an SELinux role.',
    podType: 'The pod runs with the SELinux type {type}.',
    podUser: 'The pod sets an SELinux user.',
    podRole: 'The pod sets an SELinux role.',
  },
  why: 'SELinux keeps a process that broke out of its container away from the files of the node and of other pods; another type, user or role, such as spc_t, switches that off.',
  remediation: {
    type: 'Remove seLinuxOptions.type, or set it to container_t, container_init_t, container_kvm_t or (from Kubernetes 1.31) container_engine_t.',
    user: 'Remove seLinuxOptions.user.',
    role: 'Remove seLinuxOptions.role.',
    podType:
      'Remove seLinuxOptions.type, or set it to container_t, container_init_t, container_kvm_t or (from Kubernetes 1.31) container_engine_t.',
    podUser: 'Remove seLinuxOptions.user.',
    podRole: 'Remove seLinuxOptions.role.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
    'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#assign-selinux-labels-to-a-container',
  ],
  controls: ['Pod Security Standards: SELinux (Baseline)'],
  validate(subject, { report }) {
    const { pod, at } = subject;
    const { kubernetesMinor } = pod.workload;
    const own = subject.container.securityContext?.seLinuxOptions;
    if (own != null) {
      const place = (field: string) => at('securityContext', 'seLinuxOptions', field);
      const type = forbiddenType(own, kubernetesMinor);
      if (type !== undefined) report({ message: 'type', at: place('type'), data: { type } });
      if (isSet(own.user)) report({ message: 'user', at: place('user') });
      if (isSet(own.role)) report({ message: 'role', at: place('role') });
    }
    const shared = pod.podSpec.securityContext?.seLinuxOptions;
    if (shared != null && speaksForPod(subject, own)) {
      const place = (field: string) => pod.at('securityContext', 'seLinuxOptions', field);
      const type = forbiddenType(shared, kubernetesMinor);
      if (type !== undefined) report({ message: 'podType', at: place('type'), data: { type } });
      if (isSet(shared.user)) report({ message: 'podUser', at: place('user') });
      if (isSet(shared.role)) report({ message: 'podRole', at: place('role') });
    }
  },
  fix: {
    safety: 'safe',
    resolves: ['user', 'role'],
    apply(container) {
      const options = container.securityContext?.seLinuxOptions;
      if (options == null) return;
      if (isSet(options.user)) delete options.user;
      if (isSet(options.role)) delete options.role;
    },
  },
});

function forbiddenType({ type }: SELinuxOptions, kubernetesMinor: number): string | undefined {
  if (type == null) return undefined;
  const since = confinedSince.get(type);
  return since !== undefined && since <= kubernetesMinor ? undefined : (text(type) ?? 'of no kind');
}

function isSet(value: unknown): boolean {
  return value != null && value !== '';
}
