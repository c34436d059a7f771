import { property, serviceRefs, text, type KubernetesObject, type Path } from '#sdk';

/** A Service that an Ingress or a route sends requests to. */
export interface Backend {
  readonly service: string;
  /** Undefined where it is that of the object. */
  readonly namespace?: string | undefined;
  readonly port: { readonly name?: string; readonly number?: number };
  readonly place: Path;
  readonly portPlace: Path;
}

/** The port that tells the AWS Load Balancer Controller to look into the annotation `actions.<service>`. */
const useAnnotation = 'use-annotation';

/** The Services that an Ingress or a route names. What is incomplete, the API server refuses. */
export function backendsOf(object: KubernetesObject): readonly Backend[] {
  return object.kind === 'Ingress' ? ingressBackends(object) : routeBackends(object);
}

function routeBackends(object: KubernetesObject): readonly Backend[] {
  return serviceRefs(object).flatMap(({ ref, path }) => {
    const service = text(ref.name);
    if (service === undefined || typeof ref.port !== 'number') return [];
    return {
      service,
      namespace: text(ref.namespace),
      port: { number: ref.port },
      place: [...path, 'name'],
      portPlace: [...path, 'port'],
    };
  });
}

function ingressBackends(object: KubernetesObject): readonly Backend[] {
  const spec = property(object, 'spec');
  const places: { readonly backend: unknown; readonly path: Path }[] = [];
  // `backend` and what stands in it below is networking.k8s.io/v1beta1 and extensions/v1beta1.
  for (const field of ['defaultBackend', 'backend']) {
    places.push({ backend: property(spec, field), path: ['spec', field] });
  }
  for (const [index, rule] of listOf(spec, 'rules').entries()) {
    for (const [position, item] of listOf(property(rule, 'http'), 'paths').entries()) {
      const path = ['spec', 'rules', index, 'http', 'paths', position, 'backend'];
      places.push({ backend: property(item, 'backend'), path });
    }
  }
  return places.flatMap(({ backend, path }) => backendAt(backend, path));
}

function backendAt(backend: unknown, path: Path): readonly Backend[] {
  const old = text(property(backend, 'serviceName'));
  if (old !== undefined) {
    const port = property(backend, 'servicePort');
    const wanted =
      typeof port === 'number' ? { number: port } : typeof port === 'string' ? { name: port } : undefined;
    if (wanted === undefined || port === useAnnotation) return [];
    const [place, portPlace] = [
      [...path, 'serviceName'],
      [...path, 'servicePort'],
    ];
    return [{ service: old, port: wanted, place, portPlace }];
  }
  const named = property(backend, 'service');
  const [service, name] = [text(property(named, 'name')), text(property(property(named, 'port'), 'name'))];
  const number = property(property(named, 'port'), 'number');
  if (service === undefined || name === useAnnotation) return [];
  const [place, below] = [
    [...path, 'service', 'name'],
    [...path, 'service', 'port'],
  ];
  if (name !== undefined && name !== '') {
    return [{ service, port: { name }, place, portPlace: [...below, 'name'] }];
  }
  if (typeof number !== 'number') return [];
  return [{ service, port: { number }, place, portPlace: [...below, 'number'] }];
}

function listOf(holder: unknown, field: string): readonly unknown[] {
  const items = property(holder, field);
  return Array.isArray(items) ? (items as readonly unknown[]) : [];
}
