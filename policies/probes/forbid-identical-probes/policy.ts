import { asksTheSame, definePolicy, isRecord, patienceSeconds, probeTimings } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'forbid-identical-probes',
  category: 'probes',
  title: 'Forbid a liveness probe that repeats the readiness probe',
  severity: 'medium',
  target: 'container',
  containers: ['app', 'sidecar'],
  profiles: { baseline: 'warn', production: 'warn' },
  params: z.strictObject({}),
  messages: {
    identical:
      '{container} asks the same with liveness and readiness probe, and both give up after {seconds} s.',
    impatient:
      '{container} asks the same with liveness and readiness probe, and liveness gives up first, after {seconds} s.',
  },
  why: 'An overloaded container fails its readiness probe, is taken out of the traffic and recovers. Where the liveness probe asks the same and gives up as soon, it is killed instead, its load falls on the others, and they are killed next.',
  remediation:
    'Let livenessProbe ask for something cheaper that needs no other service, or give it a higher failureThreshold than the readinessProbe has.',
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/',
  ],
  validate({ container, pod, at }, { report }) {
    const { livenessProbe: liveness, readinessProbe: readiness, ports } = container;
    if (!isRecord(liveness) || !isRecord(readiness) || pod.runsToCompletion) return;
    const [timings, others] = [probeTimings(liveness), probeTimings(readiness)];
    const seconds = patienceSeconds(timings);
    const ahead = seconds - patienceSeconds(others);
    // As many failures, but each with more time to answer: that tells slow from dead, too.
    const waitsLonger = timings.timeoutSeconds > others.timeoutSeconds;
    if (ahead > 0 || (ahead === 0 && waitsLonger) || !asksTheSame(liveness, readiness, ports)) return;
    const message = ahead === 0 ? 'identical' : 'impatient';
    report({ message, at: at('livenessProbe'), data: { seconds } });
  },
});
