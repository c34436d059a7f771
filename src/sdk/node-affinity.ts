import { isRecord, list, property, records } from './json.ts';
import type { PodSpec } from './kubernetes.ts';

const hostname = 'kubernetes.io/hostname';

/**
 * The one node that every term of a required node affinity asks for; undefined where any term leaves a choice.
 * Never throws.
 *
 * Source: https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#node-affinity
 *
 * @example nodeOfAffinity(podSpec) // 'worker-3'
 */
export function nodeOfAffinity({ affinity }: PodSpec): string | undefined {
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  let node: string | undefined;
  for (const term of records(required?.nodeSelectorTerms)) {
    const expressions = records(term.matchExpressions);
    const fields = records(term.matchFields);
    // A term without requirements selects no node.
    if (expressions.length === 0 && fields.length === 0) continue;
    const own =
      expressions.map((one) => onlyValue(one, hostname)).find(isText) ??
      fields.map((one) => onlyValue(one, 'metadata.name')).find(isText);
    if (own === undefined || (node !== undefined && node !== own)) return undefined;
    node = own;
  }
  return node;
}

/**
 * Whether the pods of a template are kept together: on one node that it names, or on the node where certain other
 * pods are. A node that the scheduler has chosen for a Pod stands there, too. Never throws.
 *
 * Source: https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity
 *
 * @example
 * isTiedToNode({ nodeSelector: { 'kubernetes.io/hostname': 'worker-3' } }); // true
 */
export function isTiedToNode(podSpec: PodSpec): boolean {
  const { nodeName, nodeSelector, affinity } = podSpec;
  if (typeof nodeName === 'string' && nodeName !== '') return true;
  if (property(nodeSelector, hostname) !== undefined || nodeOfAffinity(podSpec) !== undefined) return true;
  const beside = records(affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution);
  return beside.some(({ topologyKey }) => topologyKey === hostname);
}

function onlyValue(requirement: unknown, key: string): unknown {
  if (!isRecord(requirement) || requirement['key'] !== key || requirement['operator'] !== 'In')
    return undefined;
  const [value, ...others] = list(requirement['values'] as readonly unknown[] | undefined);
  return others.every((other) => other === value) ? value : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
