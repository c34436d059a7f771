/** Where Kubernetes can answer a question itself, it is asked: every disagreement is a bug of ours. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { definePolicy, formatQuantity, isRecord, parseQuantity, property } from '#sdk';
import { policies } from '../../policies/index.ts';
import { readManifests } from '../../src/cli/yaml/read-manifests.ts';
import { compileSettings } from '../../src/engine/compile.ts';
import { fixReview } from '../../src/engine/fix.ts';
import type { PatchOperation } from '../../src/engine/json-patch.ts';
import { settingsSchema } from '../../src/engine/settings.ts';
import { oddShapes } from '../cli/yaml/odd-shapes.ts';
import { quantityCases } from '../sdk/quantity-cases.ts';
import { apiClient, inParallel, type ApiClient } from './api-client.ts';
import { startControlPlane, type ControlPlane } from './control-plane.ts';

let cluster: ControlPlane;
let api: ApiClient;

/** A kind that may hold anything, so that the API server shows how it reads and patches plain JSON. */
const anything = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'examples.example.dev' },
  spec: {
    group: 'example.dev',
    scope: 'Namespaced',
    names: { plural: 'examples', singular: 'example', kind: 'Example' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};
const examples = '/apis/example.dev/v1/namespaces/default/examples';

beforeAll(async () => {
  cluster = await startControlPlane({ controllers: false });
  api = apiClient(cluster);
  await cluster.kubectl(['apply', '-f', '-'], { input: anything });
  await cluster.kubectl(['wait', '--for=condition=Established', 'crd/examples.example.dev', '--timeout=30s']);
  await vi.waitFor(async () => expect((await api.call('GET', examples)).status).toBe(200), 30_000);
});

afterAll(async () => {
  api.close();
  await cluster.stop();
});

describe('quantities', () => {
  /**
   * A CSIStorageCapacity takes a quantity and hands it back in canonical form, without the rounding to thousandths
   * that resource lists get. It refuses negative ones, and quotes them in canonical form too.
   */
  const ask = async (quantity: string): Promise<string | undefined> => {
    const path = '/apis/storage.k8s.io/v1/namespaces/default/csistoragecapacities?dryRun=All';
    const { status, body } = await api.call('POST', path, {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'CSIStorageCapacity',
      metadata: { name: 'oracle' },
      storageClassName: 'oracle',
      capacity: quantity,
    });
    if (status === 201) return String(property(body, 'capacity'));
    const message = String(property(body, 'message'));
    const negative =
      /capacity: Invalid value: "(?<canonical>[^"]*)": must be greater than or equal to 0/.exec(message);
    if (negative !== null) return negative.groups?.['canonical'];
    // Refused for another reason than its form is an answer to another question.
    if (!/quantit|unable to parse/.test(message)) throw new Error(`${quantity}: ${message}`);
    return undefined;
  };

  it('agree with the API server on acceptance and canonical value', { timeout: 300_000 }, async () => {
    const cases = [...new Set(quantityCases())].slice(0, 2_400);
    expect(cases.length).toBeGreaterThanOrEqual(2_000);
    const answers = await inParallel(cases, ask);
    const differences = cases.flatMap((quantity, index) => {
      const parsed = parseQuantity(quantity);
      const own = parsed === undefined ? undefined : formatQuantity(parsed);
      return own === answers[index] ? [] : [{ quantity, own, kubernetes: answers[index] }];
    });
    expect(differences).toEqual([]);
    const accepted = answers.filter((answer) => answer !== undefined).length;
    expect(accepted).toBeGreaterThan(500);
    expect(cases.length - accepted).toBeGreaterThan(200);
  });
});

describe('YAML', () => {
  /** Read although kubectl refuses it: docs/decisions/manifests.md says why. */
  const readMildly = new Set(['list in a list']);

  it(
    'of odd shape reads as kubectl reads it, or is refused with a reason',
    { timeout: 300_000 },
    async () => {
      expect(oddShapes.length).toBeGreaterThanOrEqual(200);
      const differences = await inParallel(oddShapes, async ({ name, text }) => {
        const args = ['create', '--dry-run=client', '--validate=false', '-o', 'json', '-f', '-'];
        const { code, stdout } = await cluster.kubectl(args, { input: text, expectFailure: 'either' });
        const { manifests, problems } = readManifests(text);
        const own = manifests.map(({ object }) => object['spec']);
        // Stricter than kubectl is allowed, with a reason; milder is not.
        if (problems.length > 0)
          return problems.every(({ message }) => message !== '') ? undefined : { name, problems };
        // That there is nothing to create is an error for kubectl; `check` says that nothing was checked.
        if (code !== 0 && own.length === 0) return undefined;
        if (code !== 0) return readMildly.has(name) ? undefined : { name, own, kubectl: 'refuses it' };
        const spec = documents(stdout).map((object) => object['spec']);
        return JSON.stringify(own) === JSON.stringify(spec) || same(own, spec)
          ? undefined
          : { name, own, spec };
      });
      expect(differences.filter((difference) => difference !== undefined).slice(0, 5)).toEqual([]);
    },
  );

  /** kubectl prints several objects one after the other, or as a List. */
  function documents(stdout: string): readonly Record<string, unknown>[] {
    return stdout
      .split(/(?<=^\})\n(?=\{)/m)
      .filter((text) => text.trim() !== '')
      .map((text) => JSON.parse(text) as Record<string, unknown>)
      .flatMap((object) =>
        object['kind'] === 'List' ? (object['items'] as Record<string, unknown>[]) : [object],
      );
  }

  function same(a: unknown, b: unknown): boolean {
    expect.soft(a).toEqual(b);
    return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
  }

  function sorted(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(sorted);
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.keys(value).toSorted().map((key) => [key, sorted(value[key])])); // prettier-ignore
  }
});

describe('patches', () => {
  /** Rewrites a free-form spec in many ways at once, so that patches of every shape come out. */
  const rewrite = definePolicy({
    id: 'require-rewrite', category: 'schema', title: 'Rewrite', severity: 'low', target: 'object', profiles: { production: 'deny' },
    kinds: [{ group: 'example.dev', versions: ['v1'], kind: 'Example', resource: 'examples', namespaced: true }],
    params: z.strictObject({}), messages: { raw: 'Raw.' }, why: '', remediation: '', references: [],
    validate({ object, at }, { report }) {
      if (property(property(object, 'spec'), 'done') !== true) report({ message: 'raw', at: at('spec', 'done') });
    },
    fix: {
      safety: 'safe', resolves: ['raw'],
      apply(draft) {
        const { spec } = draft as { spec: Record<string, unknown> };
        edit(spec);
        spec['done'] = true;
      },
    },
  }); // prettier-ignore

  /** Numbers grow, texts are replaced, every third key goes, lists gain an item and lose their first. */
  function edit(record: Record<string, unknown>): void {
    for (const [index, key] of Object.keys(record).entries()) {
      const value = record[key];
      if (index % 3 === 2) Reflect.deleteProperty(record, key);
      else if (typeof value === 'number') record[key] = value + 1;
      else if (typeof value === 'string') record[key] = `${value}/~`;
      else if (Array.isArray(value)) {
        if (value.length > 1) value.shift();
        value.push({ added: index });
      } else if (isRecord(value)) edit(value);
    }
    record['a/b~c'] = { new: [] };
  }

  const key = fc.oneof(
    fc.constantFrom('a', 'a/b', '~', 'x~1y', '0', '-', 'ü', ' '),
    fc.string({ minLength: 1, maxLength: 6 }),
  );
  const { node } = fc.letrec<{ node: unknown; record: unknown; list: unknown }>((tie) => ({
    node: fc.oneof({ maxDepth: 4 }, fc.integer(), fc.string(), fc.boolean(), tie('record'), tie('list')),
    record: fc.dictionary(key, tie('node'), { maxKeys: 6 }),
    list: fc.array(tie('node'), { maxLength: 4 }),
  }));
  const spec = fc.dictionary(key, node, { minKeys: 1, maxKeys: 8 });

  it('apply on the API server exactly as predicted', { timeout: 300_000 }, async () => {
    const { compiled, problems } = compileSettings(settingsSchema.parse({}), [...policies, rewrite], {
      now: 0,
    });
    expect(problems).toEqual([]);
    // Through JSON, as objects arrive: fast-check makes some without a prototype.
    const specs = fc
      .sample(spec, { numRuns: 500, seed: 36 })
      .map((value): unknown => JSON.parse(JSON.stringify(value)));
    const differences = await inParallel(specs, async (value, index) => {
      const object = {
        apiVersion: 'example.dev/v1',
        kind: 'Example',
        metadata: { name: `case-${index}` },
        spec: value,
      };
      const created = await api.call('POST', examples, object);
      if (created.status !== 201) return { index, created };
      const predicted = fixReview(
        compiled,
        { operation: 'CREATE', object, profile: 'production', now: 0 },
        'all',
      );
      if (predicted.patch.length === 0) return { index, dropped: predicted.dropped };
      const patched = await patch(`${examples}/case-${index}`, predicted.patch);
      const got = property(patched.body, 'spec');
      return patched.status === 200 && equal(got, property(predicted.object, 'spec'))
        ? undefined
        : { index, status: patched.status, got, predicted: predicted.object, patch: predicted.patch };
    });
    expect(differences.filter((difference) => difference !== undefined).slice(0, 5)).toEqual([]);
  });

  async function patch(path: string, operations: readonly PatchOperation[]) {
    return api.call('PATCH', `${path}?dryRun=All`, operations, 'application/json-patch+json');
  }

  function equal(a: unknown, b: unknown): boolean {
    try {
      expect(a).toEqual(b);
      return true;
    } catch {
      return false;
    }
  }
});
