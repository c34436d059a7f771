import { definePolicy } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'require-liveness-probe',
  category: 'probes',
  title: 'Require a liveness probe',
  severity: 'medium',
  target: 'container',
  containers: ['app', 'sidecar'],
  profiles: { baseline: 'warn', production: 'warn' },
  params: z.strictObject({}),
  messages: {
    missing: '{container} has no liveness probe.',
    empty: '{container} has a liveness probe that does not say what to probe.',
  },
  why: 'A process that hangs without ending keeps running and answers nobody until a person notices: only a liveness probe makes the kubelet restart it.',
  remediation: {
    missing:
      'Add a livenessProbe with httpGet, grpc, tcpSocket or exec that fails only when a restart helps: it must not depend on databases or other services.',
    empty: 'Give the livenessProbe one of httpGet, grpc, tcpSocket or exec.',
  },
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/',
  ],
  validate({ container, pod, at }, { report }) {
    if (pod.runsToCompletion) return;
    const probe = container.livenessProbe;
    if (probe == null) {
      report({ message: 'missing', at: at('livenessProbe') });
    } else if ((probe.httpGet ?? probe.grpc ?? probe.tcpSocket ?? probe.exec) == null) {
      report({ message: 'empty', at: at('livenessProbe') });
    }
  },
});
