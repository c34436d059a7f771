/** One control of the Pod Security Standards and what daygate has for it. */
export interface Control {
  readonly level: 'Baseline' | 'Restricted';
  /** As the standard calls it. */
  readonly name: string;
  readonly policies: readonly string[];
  /** Category of those policies. */
  readonly category: 'security' | 'storage';
  /**
   * Below the pod's metadata and spec. `containers[*]` stands for containers, initContainers (sidecars among them)
   * and ephemeralContainers.
   */
  readonly fields: readonly string[];
  readonly allowed: string;
  /** Failing fixtures that show it: `<policy>/<name>`. */
  readonly fixtures: readonly string[];
  /** What Pod Security admission calls it in a refusal. */
  readonly reason: string;
}

const hosts = [
  ...['livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle.postStart', 'lifecycle.preStop'],
].flatMap((handler) => ['httpGet', 'tcpSocket'].map((action) => `containers[*].${handler}.${action}.host`));
const everywhere = (field: string): readonly string[] => [
  `spec.securityContext.${field}`,
  `containers[*].securityContext.${field}`,
];

/** All controls of the standard for Kubernetes 1.37, in the order of its page. */
export const controls: readonly Control[] = [
  {
    level: 'Baseline',
    name: 'HostProcess',
    policies: ['forbid-host-process'],
    category: 'security',
    fields: everywhere('windowsOptions.hostProcess'),
    allowed: 'absent, false',
    fixtures: ['forbid-host-process/fail-every-class', 'forbid-host-process/fail-pod'],
    reason: 'hostProcess',
  },
  {
    level: 'Baseline',
    name: 'Host Namespaces',
    policies: ['forbid-host-namespaces'],
    category: 'security',
    fields: ['spec.hostNetwork', 'spec.hostPID', 'spec.hostIPC'],
    allowed: 'absent, false',
    fixtures: ['forbid-host-namespaces/fail-all'],
    reason: 'host namespaces',
  },
  {
    level: 'Baseline',
    name: 'Privileged Containers',
    policies: ['forbid-privileged'],
    category: 'security',
    fields: ['containers[*].securityContext.privileged'],
    allowed: 'absent, false',
    fixtures: ['forbid-privileged/fail-every-class'],
    reason: 'privileged',
  },
  {
    level: 'Baseline',
    name: 'Capabilities',
    policies: ['forbid-added-capabilities'],
    category: 'security',
    fields: ['containers[*].securityContext.capabilities.add[*]'],
    allowed:
      'AUDIT_WRITE, CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, MKNOD, NET_BIND_SERVICE, SETFCAP, SETGID, SETPCAP, SETUID, SYS_CHROOT',
    fixtures: ['forbid-added-capabilities/fail-every-class', 'forbid-added-capabilities/fail-names'],
    reason: 'non-default capabilities',
  },
  {
    level: 'Baseline',
    name: 'HostPath Volumes',
    policies: ['forbid-host-path'],
    category: 'storage',
    fields: ['spec.volumes[*].hostPath'],
    allowed: 'absent',
    fixtures: ['forbid-host-path/fail-host-path', 'forbid-host-path/fail-runtime-socket'],
    reason: 'hostPath volumes',
  },
  {
    level: 'Baseline',
    name: 'Host Ports',
    policies: ['forbid-host-ports'],
    category: 'security',
    fields: ['containers[*].ports[*].hostPort'],
    allowed: 'absent, 0',
    fixtures: ['forbid-host-ports/fail-every-class'],
    reason: 'hostPort',
  },
  {
    level: 'Baseline',
    name: 'Host Probes / Lifecycle Hooks (1.34+)',
    policies: ['forbid-probe-host'],
    category: 'security',
    fields: hosts,
    allowed: 'absent, empty',
    fixtures: ['forbid-probe-host/fail-every-field', 'forbid-probe-host/fail-every-class'],
    reason: 'probe or lifecycle host',
  },
  {
    level: 'Baseline',
    name: 'AppArmor',
    policies: ['bound-apparmor-profile'],
    category: 'security',
    fields: [
      ...everywhere('appArmorProfile.type'),
      'metadata.annotations["container.apparmor.security.beta.kubernetes.io/*"]',
    ],
    allowed: 'absent, RuntimeDefault, Localhost; in annotations absent, empty, runtime/default, localhost/*',
    fixtures: [
      'bound-apparmor-profile/fail-every-class',
      'bound-apparmor-profile/fail-pod',
      'bound-apparmor-profile/fail-annotations',
    ],
    reason: 'forbidden AppArmor profile',
  },
  {
    level: 'Baseline',
    name: 'SELinux',
    policies: ['bound-selinux-options'],
    category: 'security',
    fields: ['type', 'user', 'role'].flatMap((option) => everywhere(`seLinuxOptions.${option}`)),
    allowed:
      'type: absent, empty, container_t, container_init_t, container_kvm_t, container_engine_t (1.31+); user and role: absent, empty',
    fixtures: [
      'bound-selinux-options/fail-type',
      'bound-selinux-options/fail-user-and-role',
      'bound-selinux-options/fail-pod',
      'bound-selinux-options/fail-engine-before-1.31',
    ],
    reason: 'seLinuxOptions',
  },
  {
    level: 'Baseline',
    name: '/proc Mount Type',
    policies: ['forbid-proc-mount'],
    category: 'security',
    fields: ['containers[*].securityContext.procMount'],
    allowed: 'absent, Default; any with hostUsers false (1.35+)',
    fixtures: ['forbid-proc-mount/fail-every-class', 'forbid-proc-mount/fail-user-namespace-before-1.35'],
    reason: 'procMount',
  },
  {
    level: 'Baseline',
    name: 'Seccomp',
    policies: ['forbid-unconfined-seccomp'],
    category: 'security',
    fields: everywhere('seccompProfile.type'),
    allowed: 'absent, RuntimeDefault, Localhost',
    fixtures: ['forbid-unconfined-seccomp/fail-every-class', 'forbid-unconfined-seccomp/fail-pod'],
    reason: 'seccompProfile',
  },
  {
    level: 'Baseline',
    name: 'Sysctls',
    policies: ['forbid-unsafe-sysctls'],
    category: 'security',
    fields: ['spec.securityContext.sysctls[*].name'],
    allowed:
      'kernel.shm_rmid_forced, net.ipv4.ip_local_port_range, net.ipv4.ip_unprivileged_port_start, net.ipv4.tcp_syncookies, net.ipv4.ping_group_range, net.ipv4.ip_local_reserved_ports (1.27+), net.ipv4.tcp_keepalive_time, net.ipv4.tcp_fin_timeout, net.ipv4.tcp_keepalive_intvl, net.ipv4.tcp_keepalive_probes (1.29+), net.ipv4.tcp_rmem, net.ipv4.tcp_wmem (1.32+), net.ipv4.tcp_slow_start_after_idle, net.ipv4.tcp_notsent_lowat (1.37+)',
    fixtures: ['forbid-unsafe-sysctls/fail-unsafe', 'forbid-unsafe-sysctls/fail-before-1.32'],
    reason: 'forbidden sysctls',
  },
  {
    level: 'Restricted',
    name: '/proc Mount Type',
    policies: ['forbid-proc-mount'],
    category: 'security',
    fields: ['containers[*].securityContext.procMount'],
    allowed: 'absent, Default, with hostUsers false too',
    fixtures: ['forbid-proc-mount/fail-user-namespace-restricted'],
    reason: 'procMount',
  },
  {
    level: 'Restricted',
    name: 'Volume Types',
    policies: ['bound-volume-types'],
    category: 'security',
    fields: ['spec.volumes[*].*'],
    allowed:
      'configMap, csi, downwardAPI, emptyDir, ephemeral, image, persistentVolumeClaim, projected, secret',
    fixtures: ['bound-volume-types/fail-every-type'],
    reason: 'restricted volume types',
  },
  {
    level: 'Restricted',
    name: 'Privilege Escalation',
    policies: ['forbid-privilege-escalation'],
    category: 'security',
    fields: ['containers[*].securityContext.allowPrivilegeEscalation'],
    allowed: 'false; absent in pods for Windows',
    fixtures: [
      'forbid-privilege-escalation/fail-missing',
      'forbid-privilege-escalation/fail-allowed',
      'forbid-privilege-escalation/fail-implied',
    ],
    reason: 'allowPrivilegeEscalation != false',
  },
  {
    level: 'Restricted',
    name: 'Running as Non-root',
    policies: ['require-run-as-non-root'],
    category: 'security',
    fields: everywhere('runAsNonRoot'),
    allowed: 'true; absent in a container whose pod has true; any with hostUsers false (1.35+)',
    fixtures: [
      'require-run-as-non-root/fail-missing',
      'require-run-as-non-root/fail-pod',
      'require-run-as-non-root/fail-container',
    ],
    reason: 'runAsNonRoot != true',
  },
  {
    level: 'Restricted',
    name: 'Running as Non-root user',
    policies: ['require-run-as-non-root'],
    category: 'security',
    fields: everywhere('runAsUser'),
    allowed: 'absent, above 0; any with hostUsers false (1.35+)',
    fixtures: ['require-run-as-non-root/fail-pod', 'require-run-as-non-root/fail-container'],
    reason: 'runAsUser=0',
  },
  {
    level: 'Restricted',
    name: 'Seccomp',
    policies: ['require-seccomp-profile'],
    category: 'security',
    fields: [...everywhere('seccompProfile.type'), 'containers[*].securityContext.seccompProfile'],
    allowed: 'RuntimeDefault, Localhost; absent in a container whose pod has one; absent in pods for Windows',
    fixtures: [
      'require-seccomp-profile/fail-missing',
      'require-seccomp-profile/fail-unconfined',
      'require-seccomp-profile/fail-pod',
    ],
    reason: 'seccompProfile',
  },
  {
    level: 'Restricted',
    name: 'Capabilities',
    policies: ['require-drop-capabilities'],
    category: 'security',
    fields: [
      'containers[*].securityContext.capabilities.drop',
      'containers[*].securityContext.capabilities.add[*]',
    ],
    allowed: 'drop holds ALL, add nothing but NET_BIND_SERVICE; absent in pods for Windows',
    fixtures: [
      'require-drop-capabilities/fail-kept',
      'require-drop-capabilities/fail-not-all',
      'require-drop-capabilities/fail-added',
    ],
    reason: 'unrestricted capabilities',
  },
];
