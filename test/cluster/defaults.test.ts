/** What admission gets has been through the API server, which fills in defaults and rewrites amounts: the verdict stays. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  builtinKinds,
  groupOf,
  isRecord,
  property,
  type KindInfo,
  type KubernetesObject,
  type Policy,
} from '#sdk';
import { policies } from '../../policies/index.ts';
import { judge } from '../../src/engine/judge.ts';
import { readPolicyFolder } from '../../src/policy-test/fixtures.ts';
import { compiled, now } from '../engine/compile-test-settings.ts';
import { apiClient, inParallel, type ApiClient } from './api-client.ts';
import { startControlPlane, type ControlPlane } from './control-plane.ts';

let cluster: ControlPlane;
let api: ApiClient;

beforeAll(async () => {
  cluster = await startControlPlane({ controllers: false });
  api = apiClient(cluster);
});

afterAll(async () => {
  api.close();
  await cluster.stop();
});

interface Case {
  readonly policy: Policy;
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly object: KubernetesObject;
  readonly kind: KindInfo;
}

const kinds: readonly KindInfo[] = Object.values(builtinKinds);
const cases = policies.flatMap((policy) =>
  readPolicyFolder(policy).fixtures.flatMap(({ name, params, documents }) =>
    documents.flatMap((object) => {
      const group = groupOf(object.apiVersion ?? '');
      const kind = kinds.find((one) => one.kind === object.kind && one.group === group);
      return kind === undefined ? [] : [{ policy, name, params, object, kind } satisfies Case];
    }),
  ),
);

/** Fixtures of which the API server makes something else, and why. */
const others: Readonly<Record<string, string>> = {
  'require-rolling-update fail-all-replicas': 'the field is behind a feature gate, and left out',
  'forbid-suspicious-quantity fail-amounts': 'less than a byte becomes thousandths, less than a millicore is rounded',
  'forbid-suspicious-quantity fail-beside-pod': 'the request of the pod comes from those of its containers',
  'forbid-suspicious-quantity fail-too-many-bytes': 'a request comes from the limit, and is as large',
  'forbid-suspicious-quantity fail-units': 'a request comes from the limit, and has the same unit',
  'forbid-inline-secret fail-inline': 'stringData becomes data',
}; // prettier-ignore

/** The object as it would be stored; undefined where it would be refused. */
async function stored({ object, kind }: Case): Promise<KubernetesObject | undefined> {
  const { metadata } = object;
  const apiVersion = object.apiVersion ?? '';
  const base = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const namespace = kind.namespaced ? `/namespaces/${metadata?.namespace ?? 'default'}` : '';
  const sent = { ...object, metadata: { ...metadata, uid: undefined, resourceVersion: undefined } };
  const { status, body } = await api.call('POST', `${base}${namespace}/${kind.resource}?dryRun=All`, sent);
  if (status !== 201 || !isRecord(body)) return undefined;
  // Who made it and when is the API server's to say, and what became of it.
  return { ...body, metadata: metadata ?? null, status: property(object, 'status') } as KubernetesObject;
}

function found({ policy, params }: Case, object: KubernetesObject): readonly string[] {
  const settings = { policies: { [policy.id]: { action: 'deny', params } } } as const;
  const known = compiled(settings, { only: [policy.id] }, policies);
  const { findings } = judge(known, { operation: 'CREATE', object, profile: 'production', now });
  return findings.map(({ messageId, locator }) => `${messageId} ${locator}`).toSorted();
}

it(
  'what is found in a manifest is found in what the API server makes of it',
  { timeout: 300_000 },
  async () => {
    for (const name of new Set(cases.map(({ object }) => object.metadata?.namespace ?? 'default'))) {
      const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
      await api.call('POST', '/api/v1/namespaces', namespace);
    }
    let accepted = 0;
    const differing = await inParallel(cases, async (one) => {
      const object = await stored(one);
      if (object === undefined) return [];
      accepted += 1;
      const [written, afterwards] = [found(one, one.object), found(one, object)];
      return written.join() === afterwards.join() ? [] : [`${one.policy.id} ${one.name}`];
    });
    expect([...new Set(differing.flat())].toSorted()).toEqual(Object.keys(others).toSorted());
    // The rest are objects that the API server refuses: wrong on purpose, of old versions, or there already.
    expect(accepted).toBeGreaterThan(2_000);
  },
);
