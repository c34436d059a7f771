import { apiVersionOf, property, records, text, type KubernetesObject } from '#sdk';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * The API version that somebody writes an object in. The API server hands out every object in the version it is asked
 * for, so only what it has on record tells: the managed fields, and what `kubectl apply` keeps. Of several versions one
 * that goes away decides. Undefined where nothing tells.
 */
export function writtenVersionOf(object: KubernetesObject): string | undefined {
  const kind = text(object.kind) ?? '';
  const managed = records(object.metadata?.managedFields).flatMap(({ apiVersion }) => text(apiVersion) ?? []);
  const applied = appliedVersion(property(object.metadata?.annotations, lastApplied), kind);
  const versions = [...new Set([...managed, ...(applied === undefined ? [] : [applied])])].sort();
  return versions.find((version) => apiVersionOf(version, kind)?.removed !== undefined);
}

/** Read without parsing the whole: it is as long as the object. */
function appliedVersion(annotation: unknown, kind: string): string | undefined {
  if (typeof annotation !== 'string' || !annotation.includes(`"kind":${JSON.stringify(kind)}`))
    return undefined;
  return /"apiVersion":"([\w./-]{1,253})"/.exec(annotation)?.[1];
}
