import { isRecord, property, records, text, type ManagedFieldsEntry, type Workload } from '#sdk';

/**
 * Whether somebody wrote `spec.replicas` into what is applied. Of an object that comes from an API server the field
 * alone says nothing: it is filled in by default, and the autoscaler writes there, too. False where nobody can tell.
 *
 * Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/#managers
 */
export function isReplicasWritten({ metadata, spec }: Workload): boolean {
  const managed = records(metadata?.managedFields);
  if (managed.length === 0 && metadata?.uid == null && metadata?.resourceVersion == null) return true;
  const owners = managed.filter(ownsReplicas);
  if (owners.some(({ operation }) => operation === 'Apply')) return true;
  const applied = lastApplied(metadata?.annotations);
  if (applied !== undefined) return property(property(applied, 'spec'), 'replicas') != null;
  // Whoever creates an object owns its defaults, too, and the default is one.
  return property(spec, 'replicas') !== 1 && owners.some(({ manager }) => !once.has(manager ?? ''));
}

/** What these write does not come again with the next apply. */
const once: ReadonlySet<string> = new Set(['kube-controller-manager', 'kubectl-edit', 'kubectl-patch']);

/** Autoscalers, and people with `kubectl scale`, write to the subresource. */
function ownsReplicas({ subresource, fieldsV1 }: ManagedFieldsEntry): boolean {
  return (
    (subresource == null || subresource === '') &&
    property(property(fieldsV1, 'f:spec'), 'f:replicas') !== undefined
  );
}

/** What `kubectl apply` keeps of the manifest that it was given. */
function lastApplied(annotations: unknown): unknown {
  const kept = text(property(annotations, 'kubectl.kubernetes.io/last-applied-configuration'));
  if (kept === undefined) return undefined;
  try {
    const manifest: unknown = JSON.parse(kept);
    return isRecord(manifest) ? manifest : undefined;
  } catch {
    return undefined;
  }
}
