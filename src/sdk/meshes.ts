import { property, text } from './json.ts';
import type { ObjectMeta } from './kubernetes.ts';
import type { PodSubject } from './subjects.ts';
import { isLeftToIstio } from './stated-image.ts';

/** Istio with sidecars, Istio in ambient mode, Linkerd. */
export type Mesh = 'istio' | 'ambient' | 'linkerd';
type Field = 'labels' | 'annotations';
type Metadata = Pick<ObjectMeta, Field> | null | undefined;

/** A label or annotation that decides, and what it decides. */
export interface Mark {
  readonly joins: boolean;
  readonly field: Field;
  readonly key: string;
}

/** All of them, the most common first. */
export const meshes: readonly Mesh[] = ['istio', 'ambient', 'linkerd'];
/** Names the revision of Istio that injects. */
export const revisionLabel = 'istio.io/rev';

/** Where a mesh is asked for, and with which value. */
export const meshMarks: Readonly<
  Record<
    Mesh,
    {
      readonly field: Field;
      readonly pod: string;
      readonly namespace: string;
      readonly onPod: string;
      readonly onNamespace: string;
    }
  >
> = {
  istio: {
    field: 'labels',
    pod: 'sidecar.istio.io/inject',
    onPod: 'true',
    namespace: 'istio-injection',
    onNamespace: 'enabled',
  },
  ambient: {
    field: 'labels',
    pod: 'istio.io/dataplane-mode',
    onPod: 'ambient',
    namespace: 'istio.io/dataplane-mode',
    onNamespace: 'ambient',
  },
  linkerd: {
    field: 'annotations',
    pod: 'linkerd.io/inject',
    onPod: 'enabled',
    namespace: 'linkerd.io/inject',
    onNamespace: 'enabled',
  },
};

/**
 * What the metadata of a pod decide for themselves, undefined where they leave it to the namespace.
 *
 * Sources: istio/istio pkg/kube/inject/inject.go (injectRequired: the label goes before the annotation, any value but
 * true turns injection off) and the selectors of its webhooks, which see no annotation and leave out namespaces with
 * istio-injection: disabled; Istio's documentation of ambient mode, Linkerd's of automatic proxy injection.
 *
 * @example
 * podMark('istio', { labels: { 'sidecar.istio.io/inject': 'false' } }, undefined)?.joins; // false
 */
export function podMark(mesh: Mesh, metadata: Metadata, namespace: Metadata): Mark | undefined {
  const { field, pod: key } = meshMarks[mesh];
  const value = read(metadata, field, key);
  if (mesh === 'istio') {
    const stated = value ?? read(metadata, 'annotations', key) ?? '';
    if (stated !== '' && stated !== 'true') {
      return { joins: false, field: value === undefined ? 'annotations' : field, key };
    }
    if (read(namespace, 'labels', meshMarks.istio.namespace) === 'disabled') return undefined;
    if (value === 'true') return { joins: true, field, key };
    return read(metadata, 'labels', revisionLabel) === undefined
      ? undefined
      : { joins: true, field, key: revisionLabel };
  }
  if (mesh === 'linkerd' && value === 'ingress') return { joins: true, field, key };
  if (value === meshMarks[mesh].onPod) return { joins: true, field, key };
  return value === (mesh === 'linkerd' ? 'disabled' : 'none') ? { joins: false, field, key } : undefined;
}

/**
 * Whether the metadata of a namespace bring its pods into the mesh.
 *
 * @example
 * namespaceJoins('istio', { labels: { 'istio-injection': 'enabled' } }); // true
 */
export function namespaceJoins(mesh: Mesh, metadata: Metadata): boolean {
  const { field, namespace: key, onNamespace } = meshMarks[mesh];
  const value = read(metadata, field, key);
  if (value === onNamespace || (mesh === 'linkerd' && value === 'ingress')) return true;
  // istio-injection decides over a revision.
  return mesh === 'istio' && value === undefined && read(metadata, 'labels', revisionLabel) !== undefined;
}

const proxies: ReadonlySet<unknown> = new Set(['istio-proxy', 'linkerd-proxy']);

/**
 * Whether the pods get the sidecar of a mesh when they are made, beside the containers that are written: they, or their
 * namespace where it is known, ask for it, and have it not yet.
 *
 * Sources: https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/#controlling-the-injection-policy,
 * https://linkerd.io/2/features/proxy-injection/; both leave alone what runs on the network of its node.
 *
 * @example
 * if (subject.pod !== undefined && awaitsSidecar(subject.pod, namespace?.metadata)) …
 */
export function awaitsSidecar(
  { podSpec, podMetadata, containers }: PodSubject,
  namespace: Metadata,
): boolean {
  if (podSpec.hostNetwork === true) return false;
  if (containers.some(({ container }) => proxies.has(container.name) && !isLeftToIstio(container)))
    return false;
  return (['istio', 'linkerd'] as const).some(
    (mesh) => podMark(mesh, podMetadata, namespace)?.joins ?? namespaceJoins(mesh, namespace),
  );
}

function read(metadata: Metadata, field: Field, key: string): string | undefined {
  return text(property(metadata?.[field], key));
}
