import { definePolicy, runsOnWindows, isRecord, list, records, text, type PodSpec } from '#sdk';
import { z } from 'zod';

const sshPort = 22;
const unprivilegedStart = 'net.ipv4.ip_unprivileged_port_start';
/** What Linux has where nobody sets the sysctl. */
const defaultStart = 1024;

export default definePolicy({
  id: 'forbid-privileged-ports',
  category: 'security',
  title: 'Forbid privileged ports',
  severity: 'low',
  target: 'container',
  profiles: {},
  params: z.strictObject({
    allowedPorts: z
      .array(z.int().min(1).max(1023))
      .default([])
      .describe('Ports below 1024 that containers may use all the same'),
  }),
  messages: {
    privileged: '{container} uses port {port}, and ports below {start} are for privileged processes.',
    ssh: '{container} uses port 22, the port of SSH.',
  },
  why: 'A process needs root or the capability NET_BIND_SERVICE to listen on a port below 1024; a Service can offer any port without that. An SSH server is a second way in that neither the access rules nor the audit log of Kubernetes know of.',
  remediation: {
    privileged:
      'Let the program listen on a port above 1023, such as 8080, and let the Service keep its port with targetPort.',
    ssh: 'Remove the SSH server and its port, and use kubectl exec or kubectl debug.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports',
    'https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/',
  ],
  validate({ container, pod, at }, { params, report }) {
    const ports = list(container.ports);
    for (let index = 0; index < ports.length; index++) {
      const entry: unknown = ports[index];
      const port = isRecord(entry) ? entry['containerPort'] : undefined;
      if (typeof port !== 'number' || port < 1 || port >= defaultStart) continue;
      if (params.allowedPorts.includes(port)) continue;
      const place = at('ports', index, 'containerPort');
      if (port === sshPort && isTcp(entry)) {
        report({ message: 'ssh', at: place });
        continue;
      }
      const start = startOf(pod.podSpec);
      if (port < start) report({ message: 'privileged', at: place, data: { port, start } });
    }
  },
});

function isTcp(entry: unknown): boolean {
  const protocol = isRecord(entry) ? entry['protocol'] : undefined;
  return protocol == null || protocol === '' || protocol === 'TCP';
}

/** The first port that needs no privilege: a safe sysctl, which each pod may set for itself. Windows has no such ports. */
function startOf(podSpec: PodSpec): number {
  if (runsOnWindows(podSpec)) return 0;
  const stated = records(podSpec.securityContext?.sysctls).find(
    ({ name }) => sysctlName(name) === unprivilegedStart,
  );
  const value = text(stated?.value) ?? '';
  return /^\d{1,5}$/.test(value) ? Math.min(Number(value), defaultStart) : defaultStart;
}

/** The kubelet takes slashes for dots: net/ipv4/… is the same sysctl. */
function sysctlName(name: unknown): string | undefined {
  return text(name)?.slice(0, 100).replaceAll('/', '.');
}
