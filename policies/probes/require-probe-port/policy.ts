import { definePolicy, list, records, type Container, type LifecycleHandler, type Probe } from '#sdk';
import { z } from 'zod';

const probes = ['startupProbe', 'readinessProbe', 'livenessProbe'] as const;
const hooks = ['postStart', 'preStop'] as const;
const handlers = ['httpGet', 'tcpSocket', 'grpc'] as const;

export default definePolicy({
  id: 'require-probe-port',
  category: 'probes',
  title: 'Require that probes ask a port of the container',
  severity: 'high',
  target: 'container',
  containers: ['app', 'sidecar'],
  profiles: { baseline: 'warn', production: 'deny' },
  params: z.strictObject({}),
  messages: {
    unknownName: '{container} has no port named {port}, which its {probe} asks.',
    undeclared: '{container} lists its ports, and port {port}, which its {probe} asks, is not among them.',
  },
  onRecord: ['undeclared'],
  why: 'The kubelet cannot ask a port whose name it does not find: the container never becomes ready, and a liveness probe without an answer is passed over, so that nobody notices when the process hangs.',
  remediation: {
    unknownName: 'Name one of the ports of this container, add a port with this name, or write the number.',
    undeclared: 'Add the port to the ports of the container, or ask one that is listed.',
  },
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#use-a-named-port',
  ],
  validate({ container, pod, at }, { report }) {
    const judge = (handler: Probe | LifecycleHandler, ...place: readonly string[]): void => {
      for (const field of handlers) {
        const action = field === 'grpc' ? (handler as Probe).grpc : handler[field];
        const port: unknown = action?.port;
        const finding = { at: at(...place, field, 'port') };
        const probe = place.at(-1) ?? '';
        if (typeof port === 'string') {
          if (!hasName(container, port))
            report({ message: 'unknownName', ...finding, data: { port, probe } });
        } else if (typeof port === 'number') {
          // Ports need not be listed, and some other container of the pod may answer: all share one network.
          if (list(container.ports).length === 0 || asksElsewhere(action)) continue;
          if (pod.containers.some((one) => hasNumber(one.container, port))) continue;
          report({ message: 'undeclared', ...finding, data: { port, probe } });
        }
      }
    };
    for (const name of probes) {
      const probe = container[name];
      if (probe != null) judge(probe, name);
    }
    const { lifecycle } = container;
    if (lifecycle == null) return;
    for (const name of hooks) {
      const hook = lifecycle[name];
      if (hook != null) judge(hook, 'lifecycle', name);
    }
  },
});

function hasName({ ports }: Container, wanted: string): boolean {
  return records(ports).some(({ name }) => name === wanted);
}

function hasNumber({ ports }: Container, wanted: number): boolean {
  return records(ports).some(({ containerPort }) => containerPort === wanted);
}

/** A host of its own is another machine, or the node; a name is looked up in the container all the same. */
function asksElsewhere(action: object | null | undefined): boolean {
  return action != null && 'host' in action && action.host != null && action.host !== '';
}
