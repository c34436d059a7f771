import {
  definePolicy,
  isRecord,
  matchesName,
  meshes,
  meshMarks,
  namePatterns,
  namespaceJoins,
  podMark,
  propertyAt,
  revisionLabel,
  runsOnWindows,
  type Facts,
  type Mesh,
  type Namespace,
  type PodSubject,
} from '#sdk';
import { z } from 'zod';

const proxies: ReadonlySet<unknown> = new Set(['istio-proxy', 'linkerd-proxy']);

export default definePolicy({
  id: 'require-mesh-injection',
  category: 'network',
  title: 'Require workloads to join the mesh',
  severity: 'medium',
  target: 'object',
  kinds: ['Workload', 'Namespace'],
  optionalFacts: ['Namespace'],
  profiles: {},
  params: z.strictObject({
    namespaces: namePatterns
      .default([])
      .describe('Namespaces that belong to the mesh, besides those known to say so; a name may end in *'),
    mesh: z
      .enum(['istio', 'ambient', 'linkerd'])
      .optional()
      .describe(
        'The mesh: Istio with sidecars, Istio in ambient mode, or Linkerd; any of them where not given',
      ),
    revision: z.string().min(1).optional().describe('Revision of Istio that the fix writes (istio.io/rev)'),
  }),
  messages: {
    optedOut: '{kind} {name} keeps its pods out of the mesh that its namespace {namespace} belongs to.',
    missing: 'Neither {kind} {name} nor its namespace {namespace} brings the pods into the mesh.',
    namespace: 'The namespace {name} belongs to the mesh and does not bring its pods into it.',
  },
  why: 'A pod outside the mesh speaks plain text, carries no identity, and is not asked for one.',
  remediation: {
    optedOut: 'Take the label or annotation out, or run the workload in another namespace.',
    missing: 'Ask for the mesh on the namespace, or in the metadata of the pod template.',
    namespace:
      'Set the label istio-injection: enabled or istio.io/dataplane-mode: ambient, or the annotation linkerd.io/inject: enabled.',
  },
  references: [
    'https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/#controlling-the-injection-policy',
    'https://istio.io/latest/docs/ambient/usage/add-workloads/',
    'https://linkerd.io/2/features/proxy-injection/',
  ],
  validate({ object, kind, namespace, name, pod, facts, at }, { params, report }) {
    const asked = params.mesh === undefined ? meshes : [params.mesh];
    if (kind.kind === 'Namespace') {
      if (!matchesName(name, params.namespaces)) return;
      if (asked.some((mesh) => namespaceJoins(mesh, object.metadata))) return;
      const { field, namespace: key } = meshMarks[params.mesh ?? 'istio'];
      report({ message: 'namespace', at: at('metadata', field, key) });
      return;
    }
    if (pod === undefined || namespace === undefined || isOutsideAnyMesh(pod)) return;
    const own = namespaceOf(facts, namespace);
    const marks = asked.map((mesh) => ({ mesh, mark: podMark(mesh, pod.podMetadata, own?.metadata) }));
    if (marks.some(({ mark }) => mark?.joins === true)) return;
    const joined = asked.filter((mesh) => namespaceJoins(mesh, own?.metadata));
    if (joined.length === 0 && !matchesName(namespace, params.namespaces)) return;
    const leaving = marks.filter(({ mesh }) => joined.length === 0 || joined.includes(mesh));
    const mark = leaving.find((candidate) => candidate.mark !== undefined)?.mark;
    // One mesh of the namespace is enough.
    if (joined.length > 0 && leaving.some((candidate) => candidate.mark === undefined)) return;
    if (mark !== undefined) {
      report({ message: 'optedOut', at: pod.atMetadata(mark.field, mark.key), data: { namespace } });
    } else if (own !== undefined) {
      const { field, pod: key } = meshMarks[params.mesh ?? 'istio'];
      report({ message: 'missing', at: pod.atMetadata(field, key), data: { namespace } });
    }
  },
  fix: {
    safety: 'optional',
    resolves: ['missing', 'namespace'],
    requires: ['mesh'],
    apply(draft, { params: { mesh, revision }, subject: { kind } }) {
      if (mesh === undefined) return;
      if (kind.kind === 'Namespace') {
        const { namespace, onNamespace } = meshMarks[mesh];
        if (mesh === 'istio' && revision !== undefined) put(draft, mesh, revisionLabel, revision);
        else put(draft, mesh, namespace, onNamespace);
        return;
      }
      const template = propertyAt(draft, kind.template ?? []);
      if (!isRecord(template)) return;
      put(template, mesh, meshMarks[mesh].pod, meshMarks[mesh].onPod);
      if (mesh === 'istio' && revision !== undefined) put(template, mesh, revisionLabel, revision);
    },
  },
});

/** Already has its proxy, or is one of those that no injector touches: on the node's own network, on Windows. */
function isOutsideAnyMesh({ podSpec, containers }: PodSubject): boolean {
  if (podSpec.hostNetwork === true || runsOnWindows(podSpec)) return true;
  return containers.some(({ container }) => proxies.has(container.name));
}

function namespaceOf(facts: Facts | undefined, name: string): Namespace | undefined {
  if (facts?.has('Namespace') !== true) return undefined;
  return facts.find('Namespace', name, undefined);
}

function put(holder: object, mesh: Mesh, key: string, value: string): void {
  const object = holder as { metadata?: Record<string, unknown> | null };
  object.metadata ??= {};
  if (!isRecord(object.metadata)) return;
  const { field } = meshMarks[mesh];
  object.metadata[field] ??= {};
  const map: unknown = object.metadata[field];
  if (isRecord(map)) (map as Record<string, unknown>)[key] = value;
}
