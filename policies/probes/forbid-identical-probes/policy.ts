import {
  definePolicy,
  isRecord,
  list,
  records,
  text,
  type Container,
  type HTTPGetAction,
  type HTTPHeader,
  type Probe,
} from '#sdk';
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
    const seconds = patience(liveness);
    const ahead = seconds - patience(readiness);
    // As many failures, but each with more time to answer: that tells slow from dead, too.
    const waitsLonger = positive(liveness.timeoutSeconds, 1) > positive(readiness.timeoutSeconds, 1);
    if (ahead > 0 || (ahead === 0 && waitsLonger) || !asksTheSame(liveness, readiness, ports)) return;
    const message = ahead === 0 ? 'identical' : 'impatient';
    report({ message, at: at('livenessProbe'), data: { seconds } });
  },
});

/** Seconds of failures until the kubelet acts. */
function patience({ failureThreshold, periodSeconds }: Probe): number {
  return positive(failureThreshold, 3) * positive(periodSeconds, 10);
}

/** The API server replaces what is absent or zero by the default (API reference, Probe). */
function positive(value: unknown, byDefault: number): number {
  return typeof value === 'number' && value > 0 ? value : byDefault;
}

function asksTheSame(a: Probe, b: Probe, ports: Container['ports']): boolean {
  if (a.httpGet != null) return b.httpGet != null && sameRequest(a.httpGet, b.httpGet, ports);
  if (a.tcpSocket != null) {
    return (
      b.tcpSocket != null &&
      samePort(a.tcpSocket, b.tcpSocket, ports) &&
      same(a.tcpSocket.host, b.tcpSocket.host)
    );
  }
  if (a.grpc != null) {
    return b.grpc != null && samePort(a.grpc, b.grpc, ports) && same(a.grpc.service, b.grpc.service);
  }
  return a.exec != null && b.exec != null && sameItems(a.exec.command, b.exec.command);
}

function sameRequest(a: HTTPGetAction, b: HTTPGetAction, ports: Container['ports']): boolean {
  return (
    samePort(a, b, ports) &&
    same(a.path, b.path, '/') &&
    same(a.scheme, b.scheme, 'HTTP') &&
    same(a.host, b.host) &&
    sameItems(records(a.httpHeaders).map(headerLine), records(b.httpHeaders).map(headerLine))
  );
}

function headerLine({ name, value }: HTTPHeader): string {
  return `${text(name) ?? ''}: ${text(value) ?? ''}`;
}

function samePort(
  a: { readonly port?: unknown },
  b: { readonly port?: unknown },
  ports: Container['ports'],
): boolean {
  return a.port === b.port || portNumber(a.port, ports) === portNumber(b.port, ports);
}

/** The number behind a port's name, where the container has one of that name. */
function portNumber(port: unknown, ports: Container['ports']): unknown {
  if (typeof port !== 'string') return port;
  return records(ports).find(({ name }) => name === port)?.containerPort ?? port;
}

function same(a: unknown, b: unknown, byDefault = ''): boolean {
  return (a || byDefault) === (b || byDefault);
}

function sameItems(
  a: readonly string[] | null | undefined,
  b: readonly string[] | null | undefined,
): boolean {
  const [left, right] = [list(a), list(b)];
  return left.length === right.length && left.every((item, index) => item === right[index]);
}
