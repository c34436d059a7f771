/** What the API server refuses with fieldValidation=Strict, and what it warns about, daygate must say beforehand. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  apiVersionOf,
  fieldFaults,
  isRecord,
  property,
  records,
  text,
  type ApiVersion,
  type FieldFault,
  type JsonRecord,
  type KubernetesObject,
  type StructType,
} from '#sdk';
import { policies } from '../../policies/index.ts';
import { compileSettings } from '../../src/engine/compile.ts';
import { judge } from '../../src/engine/judge.ts';
import { settingsSchema } from '../../src/engine/settings.ts';
import { schemasFor } from '../../src/schemas/schemas.ts';
import { apiClient, inParallel, type ApiAnswer, type ApiClient } from './api-client.ts';
import { startControlPlane, type ControlPlane } from './control-plane.ts';
import { pick, randomNumbers, spoil, valueOf } from './random-objects.ts';

const minor = 36;

interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly path: string;
}

let cluster: ControlPlane;
let api: ApiClient;
let resources: readonly Resource[];

const customResource = {
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
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  title: { type: 'string' },
                  count: { type: 'integer' },
                  ratio: { type: 'number' },
                  paused: { type: 'boolean' },
                  maybe: { type: 'string', nullable: true },
                  usual: { type: 'string', default: 'x' },
                  size: { 'x-kubernetes-int-or-string': true },
                  labels: { type: 'object', additionalProperties: { type: 'string' } },
                  anything: { type: 'object', additionalProperties: true },
                  open: {
                    type: 'object',
                    'x-kubernetes-preserve-unknown-fields': true,
                    properties: { inner: { type: 'object', properties: { a: { type: 'string' } } } },
                  },
                  template: {
                    type: 'object',
                    'x-kubernetes-embedded-resource': true,
                    'x-kubernetes-preserve-unknown-fields': true,
                  },
                  items: {
                    type: 'array',
                    items: {
                      type: 'object',
                      properties: {
                        name: { type: 'string' },
                        ports: { type: 'array', items: { type: 'integer' } },
                      },
                    },
                  },
                  byName: {
                    type: 'object',
                    additionalProperties: { type: 'object', properties: { weight: { type: 'integer' } } },
                  },
                },
              },
              status: { type: 'object', properties: { ready: { type: 'boolean' } } },
            },
          },
        },
      },
    ],
  },
};
const example: Resource = {
  apiVersion: 'example.dev/v1',
  kind: 'Example',
  path: '/apis/example.dev/v1/namespaces/default/examples',
};

beforeAll(async () => {
  cluster = await startControlPlane({
    controllers: false,
    apiServerFlags: ['--runtime-config=api/all=true'],
  });
  api = apiClient(cluster);
  await cluster.kubectl(['apply', '-f', '-'], { input: customResource });
  await vi.waitFor(async () => expect((await api.call('GET', example.path)).status).toBe(200), 30_000);
  resources = await discover();
});

afterAll(async () => {
  api.close();
  await cluster.stop();
});

/** All built-in kinds that can be created. */
async function discover(): Promise<readonly Resource[]> {
  const { body } = await api.call('GET', '/apis');
  const groups = records(property(body, 'groups') as readonly JsonRecord[]).flatMap(({ versions }) =>
    records(versions as readonly JsonRecord[]).map(({ groupVersion }) => String(groupVersion)),
  );
  const found: Resource[] = [];
  for (const apiVersion of ['v1', ...groups]) {
    if (apiVersion.startsWith('example.dev/')) continue;
    const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
    const list = await api.call('GET', root);
    for (const { name, kind, namespaced, verbs } of records(
      property(list.body, 'resources') as readonly JsonRecord[],
    )) {
      if (!Array.isArray(verbs) || !verbs.includes('create') || String(name).includes('/')) continue;
      const path = `${root}${namespaced === true ? '/namespaces/default' : ''}/${String(name)}`;
      found.push({ apiVersion, kind: String(kind), path });
    }
  }
  return found;
}

function schemaOf({ apiVersion, kind }: Resource): StructType {
  const found = schemasFor(minor, [customResource]).find(apiVersion, kind);
  if (typeof found === 'string' || found.struct === undefined)
    throw new Error(`no schema of ${apiVersion} ${kind}`);
  return found.struct;
}

async function create({ path }: Resource, object: object): Promise<ApiAnswer> {
  return api.call('POST', `${path}?dryRun=All&fieldValidation=Strict`, object);
}

interface Refusal {
  /** Unknown fields by their paths, as the API server writes them. */
  readonly unknown: readonly string[];
  readonly wrongTypes: readonly string[];
  /** Something is of the wrong type, and the API server does not say what. */
  readonly isUnreadable: boolean;
}

/** What the API server could not read; that it refuses an object for another reason is another question. */
function refusalOf({ status, body }: ApiAnswer): Refusal {
  const message = String(property(body, 'message'));
  const unknown = [...message.matchAll(/unknown field \\?"((?:[^"\\]|\\.)*?)\\?"(?=, |$)/g)].map(
    ([, path = '']) => path,
  );
  // Embedded structs, which are no fields, are named as well, by their Go names.
  const named = /Go struct field \w+\.([\w.-]+) of type/
    .exec(message)?.[1]
    ?.split('.')
    .filter((step, index, steps) => index === steps.length - 1 || !/^[A-Z]/.test(step))
    .join('.');
  const isUnreadable = status === 400 && unknown.length === 0 && message.includes('cannot be handled as');
  const causes =
    status === 422 ? records(property(property(body, 'details'), 'causes') as readonly JsonRecord[]) : [];
  const invalid = causes
    .filter(
      ({ reason, message: words }) =>
        reason === 'FieldValueTypeInvalid' || / must be of type /.test(String(words)),
    )
    .map(({ field }) => String(field));
  return {
    unknown,
    wrongTypes: named === undefined ? invalid : [named],
    isUnreadable: isUnreadable && named === undefined,
  };
}

/** `spec.containers[0].foo`, as the API server writes it. */
function pathText(path: FieldFault['path']): string {
  return path.reduce<string>(
    (words, step) =>
      typeof step === 'number' ? `${words}[${step}]` : words === '' ? step : `${words}.${step}`,
    '',
  );
}

interface Case {
  readonly resource: Resource;
  readonly object: KubernetesObject;
  readonly faults: readonly FieldFault[];
}

function makeCase(resource: Resource, seed: number): Case {
  const random = randomNumbers(seed);
  const schema = schemaOf(resource);
  const made = valueOf(schema, random) as Record<string, unknown>;
  const { apiVersion, kind } = resource;
  const object: Record<string, unknown> = { apiVersion, kind, ...made };
  const metadata = isRecord(made['metadata']) ? made['metadata'] : {};
  object['metadata'] = { ...metadata, name: `case-${seed}`, namespace: undefined };
  const mistakes = pick([0, 1, 1, 1, 1, 2, 3], random) ?? 1;
  for (let index = 0; index < mistakes; index++) spoil(object, schema, random);
  const sent = JSON.parse(JSON.stringify(object)) as KubernetesObject;
  return { resource, object: sent, faults: fieldFaults(sent, schema, minor) };
}

/** How the API server and daygate differ; undefined where they say the same. */
function differenceOf({ faults, resource, object }: Case, answer: ApiAnswer): unknown {
  const refusal = refusalOf(answer);
  const unknown = faults.flatMap((fault) => (fault.is === 'unknown' ? [pathText(fault.path)] : []));
  const wrong = faults.flatMap((fault) => (fault.is === 'wrongType' ? [pathText(fault.path)] : []));
  // The API server leaves out indexes, keys of maps, and for a custom kind what lies above the metadata.
  const leadsTo = (path: string, own: string): boolean => {
    let position = -1;
    const steps = own.replaceAll(/\[\d+\]/g, '').split('.');
    return path
      .replaceAll(/\[\d+\]/g, '')
      .split('.')
      .every((step) => (position = steps.indexOf(step, position + 1)) !== -1);
  };
  // Of a custom kind it says of an object in the place of a text that its fields are unknown.
  const isInside = (path: string): boolean =>
    wrong.some((own) => path.startsWith(`${own}.`) || path.startsWith(`${own}[`));
  // Types of a custom kind are looked at only when no field is unknown.
  const isCustom = resource === example;
  const agrees =
    refusal.unknown.length > 0
      ? isCustom
        ? refusal.unknown
            .filter((path) => !isInside(path))
            .toSorted()
            .join() === unknown.toSorted().join()
        : refusal.unknown.toSorted().join() === unknown.toSorted().join() && wrong.length === 0
      : refusal.wrongTypes.length > 0
        ? refusal.wrongTypes.every((path) => wrong.some((own) => leadsTo(path, own)))
        : refusal.isUnreadable
          ? wrong.length > 0
          : faults.length === 0;
  if (agrees) return undefined;
  const { apiVersion, kind } = resource;
  const message = text(property(answer.body, 'message'))?.slice(0, 600);
  return {
    apiVersion,
    kind,
    unknown,
    wrong,
    status: answer.status,
    message,
    object: JSON.stringify(object).slice(0, 3000),
  };
}

describe('field validation', () => {
  it('finds a schema for every kind that can be created', () => {
    const missing = resources.filter(({ apiVersion, kind }) => {
      const found = schemasFor(minor, []).find(apiVersion, kind);
      return typeof found === 'string' || found.struct === undefined;
    });
    expect(missing).toEqual([]);
    expect(resources.length).toBeGreaterThan(80);
  });

  it('agrees with the API server on objects of every kind', { timeout: 300_000 }, async () => {
    const cases = Array.from({ length: 6_000 }, (_, seed) => {
      const resource = resources[seed % resources.length];
      if (resource === undefined) throw new Error('nothing to create');
      return makeCase(resource, seed);
    });
    const differences = await inParallel(cases, async (one) =>
      differenceOf(one, await create(one.resource, one.object)),
    );
    const found = differences.filter((difference) => difference !== undefined);
    expect(found.slice(0, 5)).toEqual([]);
    const refused = cases.filter(({ faults }) => faults.length > 0);
    expect(refused.length).toBeGreaterThan(3_000);
    expect(cases.length - refused.length).toBeGreaterThan(800);
    expect(
      refused.filter(({ faults }) => faults.some(({ is }) => is === 'wrongType')).length,
    ).toBeGreaterThan(600);
  });

  it('agrees with the API server on objects of a custom kind', { timeout: 120_000 }, async () => {
    const cases = Array.from({ length: 800 }, (_, seed) => makeCase(example, 100_000 + seed));
    const differences = await inParallel(cases, async (one) =>
      differenceOf(one, await create(one.resource, one.object)),
    );
    expect(differences.filter((difference) => difference !== undefined).slice(0, 5)).toEqual([]);
    expect(cases.filter(({ faults }) => faults.length > 0).length).toBeGreaterThan(300);
  });
});

/** Source: WarningMessage in k8s.io/apiserver/pkg/endpoints/deprecation. */
function warningOf(api: ApiVersion | undefined): string | undefined {
  if (api?.deprecated === undefined) return undefined;
  const { apiVersion, kind, deprecated, removed, replacement } = api;
  const end = removed === undefined ? '' : `, unavailable in v1.${removed}+`;
  const instead = replacement === undefined ? '' : `; use ${replacement.apiVersion} ${replacement.kind}`;
  return `${apiVersion} ${kind} is deprecated in v1.${deprecated}+${end}${instead}`;
}

describe('deprecated API versions', () => {
  const { compiled } = compileSettings(settingsSchema.parse({}), policies, {
    now: 0,
    only: ['forbid-removed-api'],
  });

  it('are those that the API server warns about', { timeout: 120_000 }, async () => {
    const differences = await inParallel(resources, async (resource) => {
      const { apiVersion, kind } = resource;
      const object = { apiVersion, kind, metadata: { name: 'oracle' } };
      const { warnings } = await create(resource, object);
      const warning = warnings.find((words) => words.startsWith(`${apiVersion} ${kind} is deprecated`));
      const known = apiVersionOf(apiVersion, kind);
      const { findings } = judge(compiled, { operation: 'CREATE', object, profile: 'production', now: 0 });
      const { deprecated = Infinity, removed = Infinity } = known ?? {};
      // A server that was built without its number takes for deprecated what ever will be.
      const own = deprecated <= minor || warning !== undefined ? warningOf(known) : undefined;
      const isDue = deprecated <= minor || removed <= minor + 3;
      return own === warning && findings.length > 0 === isDue
        ? undefined
        : { apiVersion, kind, own, warnings, findings: findings.map(({ message }) => message) };
    });
    expect(differences.filter((difference) => difference !== undefined)).toEqual([]);
  });

  it('are served as long as the table says', () => {
    const served = new Set(resources.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`));
    const gone = [...served].filter((name) => {
      const [apiVersion = '', kind = ''] = name.split(' ');
      const known = apiVersionOf(apiVersion, kind);
      return known === undefined || (known.removed !== undefined && known.removed <= minor);
    });
    expect(gone).toEqual([]);
  });
});
