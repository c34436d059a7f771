import { entries } from './json.ts';

/**
 * Annotations by which Reflector, Mittwald's replicator and kubed are told to copy a ConfigMap or Secret into other
 * namespaces; which ones, their values tell.
 *
 * Source: https://github.com/emberstack/kubernetes-reflector, https://github.com/mittwald/kubernetes-replicator,
 * https://config-syncer.com/docs/
 */
const copies = new Set([
  'replicator.v1.mittwald.de/replicate-to',
  'replicator.v1.mittwald.de/replicate-to-matching',
  'kubed.appscode.com/sync',
]);
const reflects = 'reflector.v1.k8s.emberstack.com/reflection-auto-enabled';

/**
 * Whether annotations ask for copies in other namespaces. Never throws.
 *
 * @example asksForCopies({ 'kubed.appscode.com/sync': '' }) // true
 */
export function asksForCopies(annotations: unknown): boolean {
  return entries(annotations).some(
    ([key, value]) => copies.has(key) || (key === reflects && value === 'true'),
  );
}
