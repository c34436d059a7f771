import { list, records, sameJson, text } from './json.ts';
import type { Container, HTTPGetAction, HTTPHeader, Probe } from './kubernetes.ts';

/** The timings of a probe in seconds, as the kubelet sees them. */
export interface ProbeTimings {
  readonly initialDelaySeconds: number;
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failureThreshold: number;
}

/**
 * The timings of a probe. The API server replaces what is absent or zero by the default: 0 s delay, 10 s period,
 * 1 s timeout, 3 failures. Never throws.
 *
 * Source: pkg/apis/core/v1/defaults.go, SetDefaults_Probe.
 *
 * @example
 * probeTimings({ periodSeconds: 5 }); // { initialDelaySeconds: 0, periodSeconds: 5, timeoutSeconds: 1, failureThreshold: 3 }
 */
export function probeTimings(probe: Probe): ProbeTimings {
  return {
    initialDelaySeconds: positive(probe.initialDelaySeconds, 0),
    periodSeconds: positive(probe.periodSeconds, 10),
    timeoutSeconds: positive(probe.timeoutSeconds, 1),
    failureThreshold: positive(probe.failureThreshold, 3),
  };
}

function positive(value: unknown, byDefault: number): number {
  return typeof value === 'number' && value > 0 ? value : byDefault;
}

/**
 * Seconds for which something may be wrong until the kubelet acts: the failures it waits for times their period.
 *
 * @example
 * patienceSeconds(probeTimings({})); // 30
 */
export function patienceSeconds({ failureThreshold, periodSeconds }: ProbeTimings): number {
  return failureThreshold * periodSeconds;
}

/**
 * Whether two probes of a container ask the same question. A port's name and its number are the same port, and a
 * default is the same as leaving it out. Never throws.
 *
 * @example
 * asksTheSame({ httpGet: { port: 'http' } }, { httpGet: { path: '/', port: 80 } }, [{ name: 'http', containerPort: 80 }]); // true
 */
export function asksTheSame(a: Probe, b: Probe, ports: Container['ports']): boolean {
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
  return a.exec != null && b.exec != null && sameJson(list(a.exec.command), list(b.exec.command));
}

function sameRequest(a: HTTPGetAction, b: HTTPGetAction, ports: Container['ports']): boolean {
  return (
    samePort(a, b, ports) &&
    same(rooted(a.path), rooted(b.path)) &&
    same(a.scheme, b.scheme, 'HTTP') &&
    same(a.host, b.host) &&
    sameJson(records(a.httpHeaders).map(headerLine), records(b.httpHeaders).map(headerLine))
  );
}

/** The kubelet puts the slash there that is missing. */
function rooted(path: unknown): string {
  const stated = text(path) ?? '';
  return stated.startsWith('/') ? stated : `/${stated}`;
}

function headerLine({ name, value }: HTTPHeader): string {
  return `${text(name)?.toLowerCase() ?? ''}: ${text(value) ?? ''}`;
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
