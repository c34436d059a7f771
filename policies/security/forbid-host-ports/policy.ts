import { definePolicy, list, property, records } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'forbid-host-ports',
  category: 'security',
  title: 'Forbid host ports',
  severity: 'medium',
  target: 'container',
  containers: ['app', 'init', 'sidecar', 'ephemeral'],
  profiles: { baseline: 'deny', 'pss-baseline': 'deny' },
  params: z.strictObject({}),
  messages: { hostPort: '{container} takes port {port} of its node.' },
  why: 'A host port is open on the address of the node, outside of Services, and only one pod of a node can have it: the next one stays pending.',
  remediation: 'Remove hostPort, and reach the container through a Service.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
    'https://kubernetes.io/docs/concepts/configuration/overview/#services',
  ],
  controls: ['Pod Security Standards: Host Ports (Baseline)'],
  validate({ container, at }, { report }) {
    const ports = list(container.ports);
    for (let index = 0; index < ports.length; index++) {
      const port: unknown = property(ports[index], 'hostPort');
      if (port == null || port === 0) continue;
      const data = { port: typeof port === 'number' ? port : '?' };
      report({ message: 'hostPort', at: at('ports', index, 'hostPort'), data });
    }
  },
  fix: {
    safety: 'safe',
    resolves: ['hostPort'],
    apply(container, { subject }) {
      // In the network of the node every port is a host port: the API server writes them back.
      if (subject.pod.podSpec.hostNetwork === true) return;
      for (const port of records(container.ports)) {
        if (port.hostPort != null && port.hostPort !== 0) delete port.hostPort;
      }
    },
  },
});
