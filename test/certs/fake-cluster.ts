/**
 * An API server that only remembers: it can be ended after any call, or changed between two, which a real one cannot.
 * Its merge patches and its 409 are those of the real one; test/cluster/certificates.test.ts holds against that.
 */
import type { ApiObject, Cluster } from '../../src/cluster/cluster.ts';
import { ClusterError } from '../../src/cluster/cluster-error.ts';
import type { ObjectRef } from '../../src/cluster/resource.ts';
import { objectsOf } from '../../src/certs/objects.ts';

export const objects = objectsOf({
  namespace: 'daygate-system',
  secret: 'daygate-tls',
  caSecret: 'daygate-ca',
  configuration: 'daygate',
});

interface Metadata {
  resourceVersion: string;
  annotations?: Record<string, string>;
}
export interface Secret {
  metadata: Metadata;
  data?: Record<string, string>;
  immutable?: boolean;
}
export interface Configuration {
  metadata: Metadata;
  webhooks: { name: string; clientConfig: { caBundle?: string } }[];
}
export interface Store {
  ca?: Secret;
  tls?: Secret;
  validating?: Configuration;
  mutating?: Configuration;
}

export interface FakeCluster extends Cluster {
  readonly store: Store;
  /** Counts all calls; throws what `before` throws, with the number of the call. */
  before: (call: number, write: boolean) => void;
  /** After each write. */
  written: () => void;
}

const configuration = (...names: string[]): Configuration => ({
  metadata: { resourceVersion: '1' },
  webhooks: names.map((name) => ({ name, clientConfig: {} })),
});

/** What `kubectl apply -f deploy/` leaves. */
export function installed(): Store {
  return {
    ca: { metadata: { resourceVersion: '1' } },
    tls: { metadata: { resourceVersion: '1' } },
    validating: configuration('baseline.daygate.dev', 'production.daygate.dev'),
    mutating: configuration('production.fix.daygate.dev'),
  };
}

export function fakeCluster(store: Store = installed()): FakeCluster {
  let [calls, versions] = [0, 1];
  const keyOf = ({ resource, name }: ObjectRef): keyof Store => {
    if (resource === 'validatingwebhookconfigurations') return 'validating';
    if (resource === 'mutatingwebhookconfigurations') return 'mutating';
    return name === 'daygate-ca' ? 'ca' : 'tls';
  };
  const stored = (ref: ObjectRef): ApiObject => {
    const object = store[keyOf(ref)];
    if (object === undefined) throw new ClusterError(`there is no ${ref.resource} "${ref.name}" (404)`, 404);
    return object as unknown as ApiObject;
  };
  const unused = (): never => {
    throw new Error('daygate certs has no right to that');
  };
  const fake: FakeCluster = {
    server: 'https://fake',
    store,
    before: () => undefined,
    written: () => undefined,
    get: async (ref) => {
      await Promise.resolve();
      fake.before(++calls, false);
      return structuredClone(stored(ref));
    },
    patch: async (ref, patch, { type = 'merge' } = {}) => {
      await Promise.resolve();
      fake.before(++calls, true);
      const object = stored(ref);
      const { metadata } = patch as { metadata: Metadata };
      if (metadata.resourceVersion !== (object['metadata'] as Metadata).resourceVersion)
        throw new ClusterError('changed meanwhile (409)', 409);
      const next = type === 'strategic' ? withWebhooks(object, patch as Configuration) : merge(object, patch);
      (next['metadata'] as Metadata).resourceVersion = String(++versions);
      Object.assign(store, { [keyOf(ref)]: next });
      fake.written();
      return structuredClone(next);
    },
    list: unused,
    read: unused,
    watch: unused,
    create: unused,
    remove: unused,
  };
  return fake;
}

/** RFC 7396. */
function merge(target: unknown, patch: unknown): ApiObject {
  const result: Record<string, unknown> = { ...(target as object | undefined) };
  for (const [key, value] of Object.entries(patch as object)) {
    if (value === null) Reflect.deleteProperty(result, key);
    else result[key] = typeof value === 'object' ? merge(result[key], value) : value;
  }
  return result;
}

function withWebhooks(object: ApiObject, { webhooks }: Configuration): ApiObject {
  const changed = (object['webhooks'] as Configuration['webhooks']).map((webhook) => ({
    ...webhook,
    ...webhooks.find(({ name }) => name === webhook.name),
  }));
  return { ...object, metadata: { ...(object['metadata'] as Metadata) }, webhooks: changed };
}

export const encode = (text: string): string => Buffer.from(text).toString('base64');
export const decode = (text = ''): string => Buffer.from(text, 'base64').toString();
