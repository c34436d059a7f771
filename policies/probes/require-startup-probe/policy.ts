import { definePolicy } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'require-startup-probe',
  category: 'probes',
  title: 'Require a startup probe',
  severity: 'low',
  target: 'container',
  containers: ['app', 'sidecar'],
  profiles: {},
  params: z.strictObject({
    onlyWithLivenessProbe: z
      .boolean()
      .default(false)
      .describe(
        'Leave containers alone that have no liveness probe, which nothing kills for starting slowly',
      ),
  }),
  messages: {
    missing: '{container} has no startup probe.',
    empty: '{container} has a startup probe that does not say what to probe.',
  },
  why: 'A slow start and a hung process look alike to a liveness probe: without a startup probe it either kills containers that are still starting, or has to wait so long that it is of no use later.',
  remediation: {
    missing:
      'Add a startupProbe that asks what the livenessProbe asks, with failureThreshold × periodSeconds as long as the slowest start, and drop initialDelaySeconds.',
    empty: 'Give the startupProbe one of httpGet, grpc, tcpSocket or exec.',
  },
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#define-startup-probes',
  ],
  validate({ container, pod, at }, { params, report }) {
    if (pod.runsToCompletion || (params.onlyWithLivenessProbe && container.livenessProbe == null)) return;
    const probe = container.startupProbe;
    if (probe == null) {
      report({ message: 'missing', at: at('startupProbe') });
    } else if ((probe.httpGet ?? probe.grpc ?? probe.tcpSocket ?? probe.exec) == null) {
      report({ message: 'empty', at: at('startupProbe') });
    }
  },
});
