import { grouping } from './grouping.ts';
import { property, text } from './json.ts';
import { builtinKinds, keyOfKind, keysOfKind, kindKey, type KindInfo } from './kinds.ts';
import type { Facts, WorkloadFact } from './subjects.ts';

/** Former API groups of kinds that can be scaled, as the present one: what they say is meant for the same object. */
const present: ReadonlyMap<string, string> = new Map(
  Object.values(builtinKinds).flatMap((kind) => {
    const [now = '', ...former] = keysOfKind(kind);
    return former.map((key) => [key, now] as const);
  }),
);

/**
 * What an autoscaler's reference (`scaleTargetRef`, `targetRef`) points at, in one form for all versions of a kind;
 * undefined where it names nothing. Compare with `targetKeyOf`. Never throws.
 *
 * @param fallback what the reference means where it leaves out its kind or API version
 *
 * @example scaleTargetKey({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }) // 'apps/Deployment/web'
 */
export function scaleTargetKey(
  reference: unknown,
  fallback: { readonly apiVersion: string; readonly kind: string } = { apiVersion: '', kind: '' },
): string | undefined {
  const name = text(property(reference, 'name')) ?? '';
  const kind = textOr(property(reference, 'kind'), fallback.kind);
  if (name === '' || kind === '') return undefined;
  const key = kindKey(textOr(property(reference, 'apiVersion'), fallback.apiVersion), kind);
  return `${present.get(key) ?? key}/${name}`;
}

/**
 * The key under which autoscalers point at a workload.
 *
 * @example targetKeyOf(builtinKinds.Deployment, 'web') // 'apps/Deployment/web'
 */
export function targetKeyOf(kind: KindInfo, name: string): string {
  return `${keyOfKind(kind)}/${name}`;
}

/**
 * The workload that an autoscaler points at, where it is known. Never throws.
 *
 * @param target as `scaleTargetKey` or `scaledObjectTarget` gives it
 *
 * @example scaledWorkload(scaleTargetKey(object.spec?.scaleTargetRef), facts, namespace)?.podSpec
 */
export function scaledWorkload(
  target: string | undefined,
  facts: Facts,
  namespace: string | undefined,
): WorkloadFact | undefined {
  return target === undefined ? undefined : byKey(facts.workloads(namespace)).get(target)?.[0];
}

const byKey = grouping(({ kind, object }: WorkloadFact) => [
  targetKeyOf(kind, text(object.metadata?.name) ?? ''),
]);

function textOr(value: unknown, fallback: string): string {
  return typeof value === 'string' && value !== '' ? value : fallback;
}
