/** An API server that only lists: objects that no real one would take, or more of them than a test can make. */
import { property } from '#sdk';
import { ClusterError } from '../../src/cluster/cluster-error.ts';
import type { ApiObject, Cluster } from '../../src/cluster/cluster.ts';

/** A kind that it serves. */
export interface ListedKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly resource: string;
  readonly count: number;
  /** Made when it is asked for, and forgotten. */
  readonly at: (index: number) => ApiObject;
}

/** Pages as the API server makes them, tokens included; Namespaces are served in any case. */
export function listedCluster(kinds: readonly ListedKind[], gitVersion = 'v1.36.0'): Cluster {
  const groups = Map.groupBy(kinds, ({ group }) => group);
  const notThere = (): never => {
    throw new ClusterError('there is no such thing (404)', 404);
  };
  return {
    server: 'https://listed.invalid',
    read: (path) => Promise.resolve(path === '/version' ? { gitVersion } : discovery(path)),
    list: ({ group, version, resource }, { limit = Infinity, continue: token = '0', namespace } = {}) => {
      const found = kinds.find(
        (one) => one.group === group && one.version === version && one.resource === resource,
      );
      if (found === undefined) return Promise.resolve({ items: [], metadata: {} });
      const start = Number(token);
      const end = Math.min(found.count, start + limit);
      const items = Array.from({ length: end - start }, (_, index) => found.at(start + index));
      const asked = items.filter(
        (item) => namespace === undefined || property(property(item, 'metadata'), 'namespace') === namespace,
      );
      // As text and back: what an answer leaves behind is part of what is measured.
      const answer = { items: asked, metadata: end < found.count ? { continue: String(end) } : {} };
      return Promise.resolve(JSON.parse(JSON.stringify(answer)) as ApiObject);
    },
    get: async () => Promise.reject(new ClusterError('there is no such object (404)', 404)),
    watch: notThere,
    create: notThere,
    patch: notThere,
    remove: notThere,
  };

  function discovery(path: string): ApiObject {
    if (path === '/apis')
      return {
        groups: [...groups]
          .filter(([name]) => name !== '')
          .map(([name, all]) => ({
            name,
            versions: [...new Set(all.map(({ version }) => version))].map((version) => ({ version })),
          })),
      };
    const [, , group = '', version = ''] = path.startsWith('/api/') ? ['', '', '', 'v1'] : path.split('/');
    const own = (groups.get(group) ?? []).filter((one) => one.version === version);
    return { resources: own.map(({ kind, resource: name }) => ({ kind, name })) };
  }
}
