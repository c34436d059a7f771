import {
  asksTheSame,
  definePolicy,
  isRecord,
  patienceSeconds,
  probeTimings,
  type Probe,
  type ProbeTimings,
} from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'bound-probe-timings',
  category: 'probes',
  title: 'Bound the timings of probes',
  severity: 'medium',
  target: 'container',
  containers: ['app', 'sidecar'],
  profiles: { production: 'warn' },
  params: z.strictObject({
    minStartSeconds: z
      .int()
      .min(0)
      .default(10)
      .describe('Seconds for which a container may start before a probe restarts it'),
  }),
  messages: {
    timeout: '{container} has a {probe} with a timeout of {timeout} s, not below its period of {period} s.',
    impatient:
      '{container} is restarted after {liveness} s of failures, before it is taken out of the traffic after {readiness} s.',
    tooEarly: '{container} may be restarted by its {probe} {seconds} s after its start, before {min} s.',
  },
  why: 'Probes that give up too early restart containers that are only starting or only busy; their load falls on the others, and a slow minute becomes an outage.',
  remediation: {
    timeout:
      'Set timeoutSeconds of the {probe} below its periodSeconds; as a timeout is at least one second, the period is at least two.',
    impatient:
      'Give the livenessProbe a higher failureThreshold × periodSeconds than the readinessProbe has.',
    tooEarly:
      'Give the container a startupProbe with failureThreshold × periodSeconds as long as the slowest start, or raise failureThreshold of the {probe}.',
  },
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#configure-probes',
  ],
  validate({ container, pod, at }, { params, report }) {
    if (pod.runsToCompletion) return;
    const { startupProbe, readinessProbe, livenessProbe } = container;
    const timingsOf = (own: Probe | null | undefined, probe: string): ProbeTimings | undefined => {
      if (!isRecord(own)) return undefined;
      const timings = probeTimings(own);
      const { timeoutSeconds: timeout, periodSeconds: period } = timings;
      if (timeout >= period)
        report({ message: 'timeout', at: at(probe, 'timeoutSeconds'), data: { probe, timeout, period } });
      return timings;
    };
    const startup = timingsOf(startupProbe, 'startupProbe');
    const readiness = timingsOf(readinessProbe, 'readinessProbe');
    const liveness = timingsOf(livenessProbe, 'livenessProbe');
    if (liveness !== undefined && readiness !== undefined) {
      const data = { liveness: patienceSeconds(liveness), readiness: patienceSeconds(readiness) };
      // Where both ask the same, forbid-identical-probes says so, and more.
      const isImpatient =
        data.liveness < data.readiness &&
        !asksTheSame(livenessProbe ?? {}, readinessProbe ?? {}, container.ports);
      if (isImpatient) report({ message: 'impatient', at: at('livenessProbe', 'failureThreshold'), data });
    }
    // The liveness probe waits until the startup probe has succeeded.
    const restarts = startup ?? liveness;
    if (restarts === undefined) return;
    const first = startup === undefined ? 'livenessProbe' : 'startupProbe';
    const { initialDelaySeconds, failureThreshold, periodSeconds } = restarts;
    const seconds = initialDelaySeconds + (failureThreshold - 1) * periodSeconds;
    if (seconds >= params.minStartSeconds) return;
    const data = { probe: first, seconds, min: params.minStartSeconds };
    report({ message: 'tooEarly', at: at(first, 'failureThreshold'), data });
  },
});
