import { text } from './json.ts';
import type { KubernetesObject, WorkloadFact } from './subjects.ts';

/**
 * The name of an object, or what the name that the API server makes for it will begin with (`metadata.generateName`);
 * empty where there is neither. Never throws.
 *
 * @example objectName({ metadata: { generateName: 'web-' } }) // 'web-'
 */
export function objectName({ metadata }: KubernetesObject): string {
  return text(metadata?.name) || (text(metadata?.generateName) ?? '');
}

/**
 * What messages call a workload. Never throws.
 *
 * @example workloadName(workload) // 'Deployment web'
 */
export function workloadName({ kind, object }: Pick<WorkloadFact, 'kind' | 'object'>): string {
  return `${kind.kind} ${objectName(object)}`;
}

const mostNamed = 3;

/**
 * The first names of a list that may be long, and how many more there are.
 *
 * @example fewNames(['a', 'b', 'c', 'd', 'e']) // 'a, b, c, 2 more'
 */
export function fewNames(names: readonly string[], separator = ', '): string {
  const named = names.toSorted().slice(0, mostNamed);
  const more = names.length - named.length;
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join(separator);
}
