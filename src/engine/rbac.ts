import { builtinKinds, type KindInfo } from '#sdk';
import type { Compiled } from './compiled.ts';
import { factRefs, judgesKind, kindsRead, watchedKinds } from './kinds-read.ts';
import { ownLabels } from './webhooks.ts';

/**
 * Who asks for rights: a server with `facts: cluster`, an audit, one of a single namespace, or one that writes
 * PolicyReports besides.
 */
export const readers = ['serve', 'audit', 'audit-namespace', 'policy-reports'] as const;
export type Reader = (typeof readers)[number];

/** A rule of a Role or ClusterRole: rbac.authorization.k8s.io/v1 PolicyRule. */
interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

export interface RbacOptions {
  readonly namespace: string;
  /** Name of the service account in it. */
  readonly serviceAccount: string;
}

/** The name of the role and its binding. */
const rbacNames: Readonly<Record<Reader, string>> = {
  serve: 'daygate-facts',
  audit: 'daygate-audit',
  'audit-namespace': 'daygate-audit',
  'policy-reports': 'daygate-policy-reports',
};

/** The rights that a reader needs under these settings, and no more. */
export function rulesFor(compiled: Compiled, reader: Reader): readonly PolicyRule[] {
  if (reader === 'policy-reports') return writingPolicyReports;
  if (reader === 'serve') return rulesAbout(watchedKinds(compiled), ['list', 'watch']);
  const { judged, facts } = kindsRead(compiled);
  // Namespaces say which profile is theirs, and the webhooks whether enforcement is suspended.
  const kinds = [...new Set([...judged, ...facts, builtinKinds.Namespace])];
  // A Role gives the right to get the namespace that it is in, besides.
  if (reader === 'audit-namespace')
    return rulesAbout(
      kinds.filter((kind) => kind.namespaced || kind === builtinKinds.Namespace),
      ['get', 'list'],
    );
  const resources = webhookResources.filter((name) => !kinds.some(({ resource }) => resource === name));
  const suspension = { ...ownWebhooks, resources };
  return [...rulesAbout(kinds, ['get', 'list']), ...(resources.length === 0 ? [] : [suspension])];
}

/** Ids of the policies because of which an audit reads Secrets. */
export function readersOfSecrets(compiled: Compiled): readonly string[] {
  const entries = [...compiled.profiles.values()].flatMap((profile) => profile.entries);
  const reading = entries.filter(
    ({ policy }) => judgesKind(policy, builtinKinds.Secret) || factRefs(policy).includes('Secret'),
  );
  return [...new Set(reading.map(({ policy }) => policy.id))].sort();
}

/** A ClusterRole, or the Role of one namespace, and its binding to a service account, as Kubernetes objects. The same settings give the same. */
export function rbacObjects(
  compiled: Compiled,
  reader: Reader,
  { namespace, serviceAccount }: RbacOptions,
): readonly object[] {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const isInside = reader === 'audit-namespace';
  const kind = isInside ? 'Role' : 'ClusterRole';
  const metadata = {
    name: rbacNames[reader],
    ...(isInside ? { namespace } : {}),
    labels: ownLabels,
  };
  return [
    { apiVersion, kind, metadata, rules: rulesFor(compiled, reader) },
    {
      apiVersion,
      kind: `${kind}Binding`,
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name: metadata.name },
      subjects: [{ kind: 'ServiceAccount', name: serviceAccount, namespace }],
    },
  ];
}

const webhookResources: readonly string[] = [
  builtinKinds.MutatingWebhookConfiguration.resource,
  builtinKinds.ValidatingWebhookConfiguration.resource,
];
const ownWebhooks: Omit<PolicyRule, 'resources'> = {
  apiGroups: [builtinKinds.ValidatingWebhookConfiguration.group],
  resourceNames: ['daygate'],
  verbs: ['get'],
};

/** No name can be demanded of what is created, or listed. */
const policyReports = { apiGroups: ['wgpolicyk8s.io'], resources: ['clusterpolicyreports', 'policyreports'] };
const writingPolicyReports: readonly PolicyRule[] = [
  { ...policyReports, verbs: ['create', 'list'] },
  { ...policyReports, resourceNames: ['daygate'], verbs: ['delete', 'patch'] },
];

/** One rule for each API group, in the order of their names. */
function rulesAbout(kinds: readonly KindInfo[], verbs: readonly string[]): readonly PolicyRule[] {
  return [...new Set(kinds.map(({ group }) => group))].sort().map((group) => {
    const resources = kinds.filter((kind) => kind.group === group).map(({ resource }) => resource);
    return { apiGroups: [group], resources: [...new Set(resources)].sort(), verbs };
  });
}
