import { definePolicy, isLeftToIstio, list } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'require-readiness-probe',
  category: 'probes',
  title: 'Require a readiness probe',
  severity: 'high',
  target: 'container',
  containers: ['app', 'sidecar'],
  profiles: { baseline: 'warn', production: 'deny' },
  params: z.strictObject({
    onlyWithPorts: z
      .boolean()
      .default(false)
      .describe('Leave containers alone that list no ports, such as queue workers'),
  }),
  messages: {
    missing: '{container} has no readiness probe.',
    empty: '{container} has a readiness probe that does not say what to probe.',
  },
  why: 'Without a readiness probe a container counts as ready the moment its process starts: Services send it traffic before it can answer, and a rollout replaces the working version by one that never comes up.',
  remediation: {
    missing:
      'Add a readinessProbe with httpGet, grpc, tcpSocket or exec that succeeds once the container can do its work; a startupProbe does not replace it.',
    empty: 'Give the readinessProbe one of httpGet, grpc, tcpSocket or exec.',
  },
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#define-readiness-probes',
  ],
  validate({ container, pod, at }, { params, report }) {
    if (pod.runsToCompletion || isLeftToIstio(container)) return;
    if (params.onlyWithPorts && list(container.ports).length === 0) return;
    const probe = container.readinessProbe;
    if (probe == null) {
      report({ message: 'missing', at: at('readinessProbe') });
    } else if ((probe.httpGet ?? probe.grpc ?? probe.tcpSocket ?? probe.exec) == null) {
      report({ message: 'empty', at: at('readinessProbe') });
    }
  },
});
