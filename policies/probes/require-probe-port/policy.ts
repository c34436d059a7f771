import {
  definePolicy,
  list,
  records,
  type Container,
  type ContainerSubject,
  type GRPCAction,
  type HTTPGetAction,
  type Path,
  type Probe,
  type TCPSocketAction,
} from '#sdk';
import { z } from 'zod';

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
    unknownName:
      'Name one of the ports of this container, add a port with this name, or write the number, without quotes.',
    undeclared: 'Add the port to the ports of the container, or ask one that is listed.',
  },
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#use-a-named-port',
  ],
  validate(subject, { report }) {
    const { startupProbe, readinessProbe, livenessProbe, lifecycle } = subject.container;
    const judge = (action: Action | null | undefined, probe: string, ...place: Path): void => {
      const message = action == null ? undefined : problemOf(action, subject);
      if (message === undefined) return;
      report({ message, at: subject.at(...place, 'port'), data: { probe, port: portOf(action) } });
    };
    const judgeProbe = (probe: Probe | null | undefined, name: string): void => {
      if (probe == null) return;
      judge(probe.httpGet, name, name, 'httpGet');
      judge(probe.tcpSocket, name, name, 'tcpSocket');
      judge(probe.grpc, name, name, 'grpc');
    };
    judgeProbe(startupProbe, 'startupProbe');
    judgeProbe(readinessProbe, 'readinessProbe');
    judgeProbe(livenessProbe, 'livenessProbe');
    if (lifecycle == null) return;
    judge(lifecycle.postStart?.httpGet, 'postStart', 'lifecycle', 'postStart', 'httpGet');
    judge(lifecycle.preStop?.httpGet, 'preStop', 'lifecycle', 'preStop', 'httpGet');
  },
});

type Action = HTTPGetAction | TCPSocketAction | GRPCAction;

function portOf(action: Action | null | undefined): string | number {
  return action?.port ?? '';
}

function problemOf(
  action: Action,
  { container, pod }: ContainerSubject,
): 'unknownName' | 'undeclared' | undefined {
  const port: unknown = action.port;
  if (typeof port === 'string') return hasName(container, port) ? undefined : 'unknownName';
  // Ports need not be listed, and some other container of the pod may answer: all share one network.
  if (typeof port !== 'number' || list(container.ports).length === 0 || asksElsewhere(action))
    return undefined;
  return pod.containers.some((one) => hasNumber(one.container, port)) ? undefined : 'undeclared';
}

function hasName({ ports }: Container, wanted: string): boolean {
  return records(ports).some(({ name }) => name === wanted);
}

function hasNumber({ ports }: Container, wanted: number): boolean {
  return records(ports).some(({ containerPort }) => containerPort === wanted);
}

/** A host of its own is another machine, or the node; a name is looked up in the container all the same. */
function asksElsewhere(action: Action): boolean {
  return 'host' in action && action.host != null && action.host !== '';
}
