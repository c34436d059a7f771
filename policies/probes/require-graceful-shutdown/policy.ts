import {
  definePolicy,
  isControlled,
  isLeftToIstio,
  isRecord,
  preStopSleepSeconds,
  propertyAt,
  records,
  servicesSelecting,
  text,
  type Container,
  type ContainerClass,
  type ContainerSubject,
  type Draft,
  type ObjectSubject,
  type Service,
  type Workload,
} from '#sdk';
import { z } from 'zod';

/** What the API server fills in. */
const defaultSeconds = 30;
/** The sleep action is on by default since 1.30. */
const sleepMinor = 30;

export default definePolicy({
  id: 'require-graceful-shutdown',
  category: 'probes',
  title: 'Require a graceful shutdown',
  severity: 'medium',
  target: 'object',
  kinds: ['Workload'],
  optionalFacts: ['Service'],
  profiles: { production: 'warn' },
  params: z.strictObject({
    minGraceSeconds: z.int().min(1).default(15).describe('Shortest terminationGracePeriodSeconds'),
    preStopSleepSeconds: z
      .int()
      .min(1)
      .optional()
      .describe('Seconds of preStop sleep that the fix gives containers with traffic'),
  }),
  messages: {
    tooShort: '{kind} {name} gives its containers {seconds} s to stop, less than {min} s.',
    sleepTooLong:
      'Container {own} of {kind} {name} sleeps {sleep} s before it is asked to stop, and is killed after {seconds} s.',
    noPause:
      'Container {own} of {kind} {name} is asked to stop while Service {service} still sends it traffic.',
  },
  why: 'When a pod is deleted, it is asked to stop at the same moment as the nodes are told to send it nothing more, which takes them some seconds: what arrives in between, and what is still being worked on when the time is up, fails.',
  remediation: {
    tooShort: 'Set terminationGracePeriodSeconds to at least {min}.',
    sleepTooLong:
      'Set terminationGracePeriodSeconds to more than the {sleep} s of the preStop hook, by what the process needs to finish.',
    noPause:
      'Add lifecycle.preStop with sleep.seconds of 5 to 15, and count it into terminationGracePeriodSeconds.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination',
    'https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/',
    'https://kubernetes.io/docs/tutorials/services/pods-and-endpoint-termination-flow/',
  ],
  validate(subject, { params, report }) {
    const { object, pod } = subject;
    // What a controller made is as its owner's template says.
    if (pod === undefined || pod.runsToCompletion || isControlled(object)) return;
    const place = pod.at('terminationGracePeriodSeconds');
    const seconds: unknown = pod.podSpec.terminationGracePeriodSeconds ?? defaultSeconds;
    if (typeof seconds !== 'number') return;
    const min = params.minGraceSeconds;
    if (seconds < min) report({ message: 'tooShort', at: place, data: { seconds, min } });
    for (const { container } of pod.containers) {
      const sleep = preStopSleepSeconds(container);
      if (sleep === 0 || sleep < seconds) continue;
      report({
        message: 'sleepTooLong',
        at: place,
        data: { own: text(container.name) ?? '', sleep, seconds },
      });
    }
    const services = servicesOf(subject);
    if (services.length === 0) return;
    for (const one of pod.containers) {
      const service = unpausedService(one, services);
      if (service === undefined) continue;
      const data = { own: text(one.container.name) ?? '', service: text(service.metadata?.name) ?? '' };
      report({ message: 'noPause', at: one.at('lifecycle', 'preStop'), data });
    }
  },
  fix: {
    safety: 'optional',
    resolves: ['tooShort', 'sleepTooLong', 'noPause'],
    requires: ['preStopSleepSeconds'],
    apply(draft, { params, subject }) {
      const { pod, kind, kubernetesMinor } = subject;
      const sleep = params.preStopSleepSeconds;
      const podSpec = propertyAt(draft, [...(kind.template ?? []), 'spec']);
      if (pod === undefined || !isRecord(podSpec) || sleep === undefined) return;
      const services = kubernetesMinor >= sleepMinor ? servicesOf(subject) : [];
      let longest = 0;
      for (const one of pod.containers) {
        longest = Math.max(longest, preStopSleepSeconds(one.container));
        if (unpausedService(one, services) === undefined) continue;
        const container = one.at().reduce<unknown>(stepInto, draft) as Draft<Container>;
        container.lifecycle = { ...container.lifecycle, preStop: { sleep: { seconds: sleep } } };
        longest = Math.max(longest, sleep);
      }
      const seconds: unknown = podSpec['terminationGracePeriodSeconds'] ?? defaultSeconds;
      if (typeof seconds !== 'number' || (seconds >= params.minGraceSeconds && seconds > longest)) return;
      Object.assign(podSpec, { terminationGracePeriodSeconds: params.minGraceSeconds + longest });
    },
  },
});

function stepInto(value: unknown, step: string | number): unknown {
  return (value as Record<string | number, unknown>)[step];
}

/** The Services that select the pods, of those that are known. */
function servicesOf({ facts, namespace, pod }: ObjectSubject<Workload>): readonly Service[] {
  if (facts?.has('Service') !== true) return [];
  return servicesSelecting(pod?.podMetadata.labels, facts, namespace);
}

/** A Service that sends to the container, where nothing happens before the container is asked to stop. */
function unpausedService(
  { container, containerClass, pod }: ContainerSubject,
  services: readonly Service[],
): Service | undefined {
  if (!runs(containerClass)) return undefined;
  const hook = container.lifecycle?.preStop;
  // Sleeping for no time, which Kubernetes allows since 1.33, is no pause; what else a hook does may be one.
  if (hook != null && (hook.sleep == null || preStopSleepSeconds(container) > 0)) return undefined;
  const ports = records(container.ports);
  // Nobody has to list ports: a container that runs alone gets what is sent to the pod.
  const takesAnyNumber =
    ports.length === 0 &&
    !isLeftToIstio(container) &&
    pod.containers.filter((one) => runs(one.containerClass)).length === 1;
  return services.find(({ spec }) =>
    records(spec?.ports).some(({ port, targetPort, protocol }) => {
      // Without targetPort traffic goes to the number of the port, never to a port that has no name either.
      const target = targetPort || port;
      if (takesAnyNumber) return typeof target === 'number';
      return (
        target != null &&
        ports.some(
          (own) =>
            (own.protocol || 'TCP') === (protocol || 'TCP') &&
            (own.name === target || own.containerPort === target),
        )
      );
    }),
  );
}

function runs(containerClass: ContainerClass): boolean {
  return containerClass === 'app' || containerClass === 'sidecar';
}
