import { text } from './json.ts';
import type { WorkloadFact } from './subjects.ts';

/**
 * What messages call a workload. Never throws.
 *
 * @example workloadName(workload) // 'Deployment web'
 */
export function workloadName({ kind, object }: Pick<WorkloadFact, 'kind' | 'object'>): string {
  return `${kind.kind} ${text(object.metadata?.name) ?? ''}`;
}

const mostNamed = 3;

/**
 * The first names of a list that may be long, and how many more there are.
 *
 * @example fewNames(['a', 'b', 'c', 'd', 'e']) // 'a, b, c, 2 more'
 */
export function fewNames(names: readonly string[], separator = ', '): string {
  const named = names.slice(0, mostNamed);
  const more = names.length - named.length;
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join(separator);
}
