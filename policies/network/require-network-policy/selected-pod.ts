import {
  entries,
  list,
  matchesLabelSelector,
  property,
  text,
  type Facts,
  type KindInfo,
  type LabelSelector,
  type PodSubject,
} from '#sdk';

/** What policies select a pod by. */
export interface SelectedPod {
  readonly labels: Readonly<Record<string, string>>;
  readonly serviceAccount: string;
  readonly namespace: string | undefined;
  /** As far as they are known. */
  readonly namespaceLabels: Readonly<Record<string, string>>;
  /** Whether the Namespace is at hand: where it is not, it may have any label beside its name. */
  readonly namespaceKnown: boolean;
}

/** Which traffic of the pods it selects a policy closes but for what is allowed. */
export interface Closed {
  readonly ingress: boolean;
  readonly egress: boolean;
}

export function selectedPod(
  { podMetadata, podSpec }: PodSubject,
  {
    kind,
    name,
    namespace,
    facts,
  }: { kind: KindInfo; name: string; namespace: string | undefined; facts: Facts },
): SelectedPod {
  const found = namespace === undefined ? undefined : facts.find('Namespace', namespace, undefined);
  return {
    labels: { ...textsOf(podMetadata.labels), ...jobLabels(kind, name) },
    serviceAccount: text(podSpec.serviceAccountName) || text(podSpec.serviceAccount) || 'default',
    namespace,
    namespaceLabels: {
      ...textsOf(found?.metadata?.labels),
      // The API server sees to this one.
      ...(namespace === undefined ? {} : { 'kubernetes.io/metadata.name': namespace }),
    },
    namespaceKnown: found !== undefined,
  };
}

function textsOf(labels: unknown): Record<string, string> {
  return Object.fromEntries(entries(labels).map(([key, value]) => [key, text(value) ?? '']));
}

/** The Job controller adds them; a CronJob appends a number to its name. */
function jobLabels({ kind }: KindInfo, name: string): Record<string, string> {
  if (kind !== 'Job' && kind !== 'CronJob') return {};
  const job = kind === 'Job' ? name : `${name}-0`;
  return { 'job-name': job, 'batch.kubernetes.io/job-name': job };
}

/** Whether a selector matches, as far as it asks for labels that are known. */
export function matchesKnown(
  selector: LabelSelector | null | undefined,
  labels: Readonly<Record<string, string>>,
  isUnknown: (key: string) => boolean,
): boolean {
  if (selector == null) return false;
  const { matchLabels, matchExpressions } = selector;
  return matchesLabelSelector(
    {
      ...selector,
      ...(matchLabels == null
        ? {}
        : { matchLabels: Object.fromEntries(entries(matchLabels).filter(([key]) => !isUnknown(key))) }),
      ...(matchExpressions == null
        ? {}
        : {
            matchExpressions: list(matchExpressions).filter(
              (one) => !isUnknown(text(property(one, 'key')) ?? ''),
            ),
          }),
    },
    labels,
  );
}

/** Whether a selector matches the namespace of a pod. */
export function matchesNamespace(
  selector: LabelSelector | null | undefined,
  { namespaceLabels, namespaceKnown }: SelectedPod,
): boolean {
  return matchesKnown(
    selector,
    namespaceLabels,
    (key) => !namespaceKnown && !Object.hasOwn(namespaceLabels, key),
  );
}
