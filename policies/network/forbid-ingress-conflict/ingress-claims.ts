import { entries, list, property, text, type Ingress, type KubernetesObject } from '#sdk';
import { prefixOf, type Claim } from './claims.ts';

/** What said the class of an Ingress before spec.ingressClassName. */
const classAnnotation = 'kubernetes.io/ingress.class';

/** Annotations by which controllers tell requests apart beside host and path: entry points, methods, headers. */
const distinguishing =
  /^(?:traefik\.ingress\.kubernetes\.io\/router\.(?:entrypoints|priority)|konghq\.com\/(?:headers\.|methods$|protocols$|snis$))/;

/** Ingresses of a class are all heard in one place. */
const oneController: readonly string[] = [''];

/** What an Ingress claims; nothing where its controller gives it a load balancer of its own. */
export function ingressClaims(
  object: KubernetesObject,
  dedicatedClasses: readonly string[],
): readonly Claim[] {
  const { metadata, spec } = object as Ingress;
  const annotations = entries(metadata?.annotations);
  // Canaries share host and path with what they are to replace.
  if (annotations.some(([key, value]) => key.endsWith('/canary') && value === 'true')) return [];
  const className =
    text(spec?.ingressClassName) ?? text(property(metadata?.annotations, classAnnotation)) ?? '';
  const isDedicated =
    dedicatedClasses.includes(className) ||
    annotations.some(([key]) => key.startsWith('alb.ingress.kubernetes.io/'));
  if (isDedicated) return [];
  const apart = annotations.filter(([key]) => distinguishing.test(key)).sort(byKey);
  return list(spec?.rules).flatMap((rule, index) => {
    const host = text(property(rule, 'host')) ?? '';
    // Without a class it may be anybody's: controllers of clouds give each such Ingress an address of its own.
    if (host === '' && className === '') return [];
    const paths = property(property(rule, 'http'), 'paths') as readonly unknown[] | undefined;
    return list(paths).map((item, position): Claim => {
      const pathType = text(property(item, 'pathType')) ?? 'ImplementationSpecific';
      const written = text(property(item, 'path')) || '/';
      const path = pathType === 'Prefix' ? prefixOf(written) : written;
      return {
        key: JSON.stringify([className, host, pathType, path, apart]),
        stages: oneController,
        host: host === '' ? '*' : host,
        path,
        place: ['spec', 'rules', index, 'http', 'paths', position, 'path'],
      };
    });
  });
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
