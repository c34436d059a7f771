import { definePolicy, isRecord, list, text } from '#sdk';
import { z } from 'zod';

/** Sysctls that touch nothing beyond the pod, with the minor version whose standard first lists them. */
const safeSince: ReadonlyMap<unknown, number> = new Map([
  ['kernel.shm_rmid_forced', 0],
  ['net.ipv4.ip_local_port_range', 0],
  ['net.ipv4.tcp_syncookies', 0],
  ['net.ipv4.ping_group_range', 0],
  ['net.ipv4.ip_unprivileged_port_start', 0],
  ['net.ipv4.ip_local_reserved_ports', 27],
  ['net.ipv4.tcp_keepalive_time', 29],
  ['net.ipv4.tcp_fin_timeout', 29],
  ['net.ipv4.tcp_keepalive_intvl', 29],
  ['net.ipv4.tcp_keepalive_probes', 29],
  ['net.ipv4.tcp_rmem', 32],
  ['net.ipv4.tcp_wmem', 32],
  ['net.ipv4.tcp_slow_start_after_idle', 37],
  ['net.ipv4.tcp_notsent_lowat', 37],
]);

export default definePolicy({
  id: 'forbid-unsafe-sysctls',
  category: 'security',
  title: 'Forbid unsafe sysctls',
  severity: 'high',
  target: 'podSpec',
  profiles: { baseline: 'deny', 'pss-baseline': 'deny' },
  params: z.strictObject({}),
  messages: { unsafe: 'The pod sets the sysctl {sysctl}, which is not among the safe ones.' },
  why: 'Unsafe sysctls reach beyond the pod: they take memory from other pods of the node, switch protections off or harm the node itself, and kubelets refuse pods that set one they were not told to allow.',
  remediation: 'Remove it from securityContext.sysctls, or have it set on the nodes that need it.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
    'https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/',
  ],
  controls: ['Pod Security Standards: Sysctls (Baseline)'],
  validate({ podSpec, workload, at }, { report }) {
    const sysctls = list(podSpec.securityContext?.sysctls);
    for (let index = 0; index < sysctls.length; index++) {
      const sysctl = sysctls[index];
      if (!isRecord(sysctl)) continue;
      const { name } = sysctl;
      const since = safeSince.get(name);
      if (since !== undefined && since <= workload.kubernetesMinor) continue;
      report({
        message: 'unsafe',
        at: at('securityContext', 'sysctls', index, 'name'),
        data: { sysctl: text(name) ?? 'without a name' },
      });
    }
  },
});
