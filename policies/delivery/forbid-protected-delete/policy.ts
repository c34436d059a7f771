import {
  customKind,
  definePolicy,
  isControlPlane,
  matchesName,
  namePatterns,
  property,
  text,
  type KubernetesObject,
} from '#sdk';
import { z } from 'zod';

const mark = 'daygate.dev/protect';

const CustomResourceDefinition = customKind<KubernetesObject>({
  group: 'apiextensions.k8s.io',
  versions: ['v1'],
  kind: 'CustomResourceDefinition',
  resource: 'customresourcedefinitions',
  namespaced: false,
});

/** What deletes because somebody deleted what it belongs to: refusing it would leave half of it for ever. */
const collectors: ReadonlySet<string> = new Set([
  'system:serviceaccount:kube-system:namespace-controller',
  'system:serviceaccount:kube-system:generic-garbage-collector',
  'system:kube-controller-manager',
]);

export default definePolicy({
  id: 'forbid-protected-delete',
  category: 'delivery',
  title: 'Forbid deleting what is protected',
  severity: 'critical',
  target: 'request',
  kinds: [
    'Namespace',
    'PersistentVolumeClaim',
    'PersistentVolume',
    'Workload',
    'Service',
    'ConfigMap',
    'Secret',
    CustomResourceDefinition,
  ],
  operations: ['DELETE'],
  profiles: {},
  params: z.strictObject({
    except: namePatterns.default([]).describe('Users that may delete what is protected; a name may end in *'),
  }),
  messages: { protected: '{kind} {name} is protected: it carries {mark}.' },
  why: 'Deleting a namespace, a claim or a CustomResourceDefinition takes everything in it along, and kubectl asks nobody.',
  remediation:
    'Remove {mark} first (kubectl annotate or kubectl label with a dash behind the key), and then delete.',
  references: [
    'https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/',
    'https://kubernetes.io/docs/concepts/architecture/garbage-collection/',
  ],
  validate({ object, kind, user, at }, { params, report }) {
    const { labels, annotations } = object.metadata ?? {};
    const isLabelled = isOn(property(labels, mark));
    if (!isLabelled && !isOn(property(annotations, mark))) return;
    if (collectors.has(user.username) || matchesName(user.username, params.except)) return;
    // Old ReplicaSets, finished Jobs and spare pods: they carry the mark because what made them does.
    if (kind.template !== undefined && isControlPlane(user)) return;
    const place = at('metadata', isLabelled ? 'labels' : 'annotations', mark);
    report({ message: 'protected', at: place, data: { mark } });
  },
});

/** Any value protects but one that says no. */
function isOn(value: unknown): boolean {
  const word = text(value)?.toLowerCase();
  return word !== undefined && word !== 'false' && word !== 'no';
}
