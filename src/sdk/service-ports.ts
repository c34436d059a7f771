import { property, records } from './json.ts';
import type { Container, PodSpec, Service, ServicePort } from './kubernetes.ts';

/** The containers whose ports a Service can send to: those that run side by side. */
function runningContainers(podSpec: PodSpec): readonly Container[] {
  const sidecars = records(podSpec.initContainers).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...records(podSpec.containers), ...sidecars];
}

/**
 * Ports of the proxies that Istio and Linkerd put into pods while they are made.
 *
 * Source: https://istio.io/latest/docs/ops/deployment/application-requirements/#ports-used-by-istio,
 * https://linkerd.io/2/reference/proxy-configuration/
 */
const proxyPorts: ReadonlySet<unknown> = new Set([
  ...['http-envoy-prom', 'linkerd-admin', 'linkerd-proxy'],
  ...[15_020, 15_021, 15_090, 4143, 4191],
]);

/**
 * Whether a container of the pod names a port so, with that protocol, or with whichever (`any`). The proxy of a mesh may
 * be a container of any pod. Never throws.
 *
 * Source: FindPort in kubernetes/pkg/api/v1/pod/util.go.
 *
 * @example
 * hasNamedPort(podSpec, 'http', 'TCP'); // as { name: http, containerPort: 8080 } among the ports of a container
 */
export function hasNamedPort(podSpec: PodSpec, wanted: string, protocol: string): boolean {
  return (
    proxyPorts.has(wanted) ||
    runningContainers(podSpec).some(({ ports }) =>
      records(ports).some(
        (port) => port.name === wanted && (protocol === 'any' || (port.protocol || 'TCP') === protocol),
      ),
    )
  );
}

/**
 * Whether a container of the pod lists a port of the number. Undefined where one lists none at all: containers need not list
 * what they listen on, and Istio puts a gateway of its own in the place of one whose image is `auto`. The protocol is left
 * out, because many listen on one number with both. Never throws.
 *
 * @example
 * listsPort(podSpec, 8080); // false where every container lists ports and none has this one
 */
export function listsPort(podSpec: PodSpec, wanted: number): boolean | undefined {
  const containers = runningContainers(podSpec);
  const lists = containers.map(({ ports }) => records(ports));
  if (lists.some((ports) => ports.some(({ containerPort }) => containerPort === wanted))) return true;
  const mayListen = containers.some(({ image }, index) => image === 'auto' || lists[index]?.length === 0);
  return containers.length === 0 || mayListen || proxyPorts.has(wanted) ? undefined : false;
}

/**
 * The port of a Service that a name or a number of another object means. Never throws.
 *
 * @example
 * servicePort(service, { number: 80 })?.targetPort;
 */
export function servicePort(
  service: Service,
  wanted: { readonly name?: unknown; readonly number?: unknown },
): ServicePort | undefined {
  const name = property(wanted, 'name') || undefined;
  return records(service.spec?.ports).find((port) =>
    name === undefined ? port.port === wanted.number : port.name === name,
  );
}
