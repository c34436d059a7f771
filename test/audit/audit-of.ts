/** Audits of objects that are served from memory. */
import { builtinKinds, property, type Policy } from '#sdk';
import { policies } from '../../policies/index.ts';
import { auditCluster, type AuditOptions, type Audited } from '../../src/audit/audit-cluster.ts';
import type { ApiObject, Cluster } from '../../src/cluster/cluster.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { compileOrThrow } from '../../src/config/settings-file.ts';
import { listedCluster } from './listed-cluster.ts';

/** Plurals of the kinds of these tests. */
const resources = new Map([
  ...Object.values(builtinKinds).map(({ kind, resource }) => [kind, resource] as const),
  ...([
    ['Schedule', 'schedules'],
    ['ServiceMonitor', 'servicemonitors'],
  ] as const),
]);

export function clusterOf(objects: readonly ApiObject[]): Cluster {
  const kinds = Map.groupBy(objects, ({ apiVersion, kind }) => `${String(apiVersion)}/${String(kind)}`);
  return listedCluster(
    [...kinds].map(([key, all]) => {
      const parts = key.split('/');
      const [group = '', version = '', kind = ''] = parts.length === 2 ? ['', ...parts] : parts;
      const resource = resources.get(kind) ?? '';
      return { group, version, kind, resource, count: all.length, at: (index) => all[index] ?? {} };
    }),
  );
}

export interface AuditOf extends Partial<
  Pick<
    AuditOptions,
    'since' | 'shard' | 'passes' | 'patches' | 'now' | 'cluster' | 'namespaces' | 'profile' | 'pageSize'
  >
> {
  readonly settings?: string;
  readonly library?: readonly Policy[];
}

export function auditOf(objects: readonly ApiObject[], options: AuditOf = {}): Promise<Audited> {
  const { settings = 'profile: production', library = policies, ...more } = options;
  const now = more.now ?? Date.parse('2026-11-21T12:00:00Z');
  return auditCluster({
    cluster: clusterOf(objects),
    name: 'test',
    compiled: compileOrThrow(parseSettings(settings, 'test'), library, { now }),
    settings: 'same',
    pageSize: 2,
    callsPerSecond: Infinity,
    ...more,
    now,
  });
}

let uids = 0;

/** An object as the API server has it. */
export function object(
  apiVersion: string,
  kind: string,
  name: string,
  body: object = {},
  owner?: ApiObject,
): ApiObject {
  const of = property(owner, 'metadata');
  const controller = {
    ...{ apiVersion: owner?.['apiVersion'], kind: owner?.['kind'], controller: true },
    ...{ name: property(of, 'name'), uid: property(of, 'uid') },
  };
  const metadata = {
    ...{ name, namespace: 'shop', uid: `uid-${++uids}`, resourceVersion: '1' },
    ...(owner === undefined ? {} : { ownerReferences: [controller] }),
  };
  return { apiVersion, kind, metadata, ...body };
}

const bare = { containers: [{ name: 'app', image: 'app:latest' }] };

export function pod(name: string, owner?: ApiObject, spec: object = bare): ApiObject {
  return object('v1', 'Pod', name, { spec }, owner);
}

/** What makes pods, with a template that has many findings. */
export function workload(kind: string, name: string, owner?: ApiObject, spec: object = bare): ApiObject {
  const labels = { app: name };
  const template = { metadata: { labels }, spec };
  return object(
    'apps/v1',
    kind,
    name,
    { spec: { replicas: 2, selector: { matchLabels: labels }, template } },
    owner,
  );
}
