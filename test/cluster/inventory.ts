import type { ControlPlane } from './control-plane.ts';

/** Kinds that a cluster without any user makes and takes away by itself. */
const restless = ['events', 'events.events.k8s.io', 'leases.coordination.k8s.io', 'componentstatuses'];

/** All objects of all kinds in a cluster, one name a line, sorted. */
export async function inventory(cluster: ControlPlane): Promise<readonly string[]> {
  const { stdout: kinds } = await cluster.kubectl(['api-resources', '--verbs=list', '-o', 'name']);
  const listed = kinds.split('\n').filter((kind) => kind !== '' && !restless.includes(kind));
  const { stdout } = await cluster.kubectl([
    ...['get', listed.join(','), '--all-namespaces', '--ignore-not-found'],
    ...['-o', 'jsonpath={range .items[*]}{.kind} {.metadata.namespace}/{.metadata.name}{"\\n"}{end}'],
  ]);
  return [...new Set(stdout.split('\n').filter(Boolean))].toSorted();
}
