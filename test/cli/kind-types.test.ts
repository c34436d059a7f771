/** `daygate types`, its output compiled and used as a team would. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { printTypes } from '../../src/cli/kind-types.ts';
import { compareVersions } from '../../src/cli/kind-types/read-definition.ts';
import { inFolder } from './run-check.ts';

const repository = join(import.meta.dirname, '../..');

async function types(paths: readonly string[], input = '') {
  let [out, err] = ['', ''];
  const code = await printTypes(paths, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    input: () => Promise.resolve(new TextEncoder().encode(input)),
    color: false,
    now: () => 0,
  });
  return { code, out, err };
}

function definition(spec: object = {}, schema: object = { type: 'object' }): string {
  return stringify({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.org' },
    spec: {
      group: 'example.org',
      scope: 'Namespaced',
      names: { kind: 'Widget', plural: 'widgets' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
      ...spec,
    },
  });
}

/** The output for one kind with these fields in its spec, without the header and the constant. */
async function specTypes(properties: object): Promise<string> {
  const schema = { type: 'object', properties: { spec: { type: 'object', properties } } };
  const { code, out, err } = await types(['-'], definition({}, schema));
  expect(err).toBe('');
  expect(code).toBe(0);
  return out.slice(out.indexOf('export interface WidgetSpec {'), out.indexOf('\n\nexport const'));
}

/** What the compiler objects to in files that import the SDK; nothing where all is well. */
function compileErrors(files: Readonly<Record<string, string>>, folder: string): string {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const paths = {
    'daygate/sdk': [join(repository, 'src/sdk/index.ts')],
    zod: [join(repository, 'node_modules/zod/index.d.ts')],
  };
  const compilerOptions = { strict: true, noEmit: true, target: 'es2024', module: 'nodenext', allowImportingTsExtensions: true, exactOptionalPropertyTypes: true, erasableSyntaxOnly: true, verbatimModuleSyntax: true, types: [], paths }; // prettier-ignore
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['**/*.ts'] }));
  const tsc = join(repository, 'node_modules/typescript/bin/tsc');
  return spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' }).stdout;
}

/** YAML takes some characters only as escapes. */
function asciiJson(text: string): string {
  return JSON.stringify(parse(text)).replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`); // prettier-ignore
}

const hostileText = '*/ export const leak = 1; /* */\u202e\u0007`${1}`\u2028end';

const hostileFields = {
  type: 'object',
  description: hostileText,
  properties: {
    ['__proto__']: { type: 'object', properties: { polluted: { type: 'boolean' } } },
    constructor: { type: 'string', description: hostileText },
    default: { type: 'string' },
    'a-b': { type: 'object', properties: { x: { type: 'string' } } },
    aB: { type: 'object', properties: { x: { type: 'string' } } },
    'A b': { type: 'object', properties: { x: { type: 'string' } } },
    "it's \"quoted\" \\ and\nbroken": { type: 'string' },
    'größe': { type: 'object', properties: { ß: { type: 'integer' } } },
    '': { type: 'string' },
    object: { type: 'object', properties: { x: { type: 'string' } } },
    choices: { type: 'string', enum: ["it's", 'a | b', '*/', 'back\\slash', 'line\nend', '\u202e', '\ud800', ...Array.from({ length: 20 }, (_, index) => `choice-${index}`)] },
    wrong: 'text', alsoWrong: null, list: { type: 'array' }, oddEnum: { enum: [{ a: 1 }] }, oddType: { type: ['string'] },
  },
}; // prettier-ignore

describe('daygate types', () => {
  it('writes interfaces as the SDK does', async () => {
    const text = await specTypes({
      size: { type: 'integer', description: 'How large it is.' },
      ratio: { type: 'number' },
      enabled: { type: 'boolean' },
      port: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
      mode: { type: 'string', enum: ['Fast', 'Slow', 'Fast'] },
      modes: { type: 'array', items: { type: 'string', enum: ['a', 'b'] } },
      level: { type: 'integer', enum: [1, 2], nullable: true },
      names: { type: 'array', items: { type: 'string' } },
      matrix: { type: 'array', items: { type: 'array', items: { 'x-kubernetes-int-or-string': true } } },
      labels: { type: 'object', additionalProperties: { type: 'string' } },
      limits: { type: 'object', additionalProperties: { type: 'object', properties: { max: { type: 'integer' } } } },
      parts: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' } } } },
      values: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      anything: { 'x-kubernetes-preserve-unknown-fields': true },
      open: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { known: { type: 'string' } } },
      manifest: { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true },
      claim: { type: 'object', 'x-kubernetes-embedded-resource': true, properties: { spec: { type: 'object' } } },
    }); // prettier-ignore
    expect(text).toBe(`export interface WidgetSpec {
  /** How large it is. */
  readonly size?: number | null;
  readonly ratio?: number | null;
  readonly enabled?: boolean | null;
  readonly port?: number | string | null;
  readonly mode?: 'Fast' | 'Slow' | null;
  readonly modes?: readonly ('a' | 'b')[] | null;
  readonly level?: 1 | 2 | null;
  readonly names?: readonly string[] | null;
  readonly matrix?: readonly (readonly (number | string)[])[] | null;
  readonly labels?: Readonly<Record<string, string>> | null;
  readonly limits?: Readonly<Record<string, WidgetSpecLimitsValue>> | null;
  readonly parts?: readonly WidgetSpecPartsItem[] | null;
  readonly values?: Readonly<Record<string, unknown>> | null;
  readonly anything?: unknown;
  readonly open?: WidgetSpecOpen | null;
  readonly manifest?: KubernetesObject | null;
  readonly claim?: WidgetSpecClaim | null;
}

export interface WidgetSpecLimitsValue {
  readonly max?: number | null;
}

export interface WidgetSpecPartsItem {
  readonly name?: string | null;
}

export interface WidgetSpecOpen {
  readonly known?: string | null;
  /** Fields that the schema does not name. */
  readonly [field: string]: unknown;
}

export interface WidgetSpecClaim {
  readonly apiVersion?: string | null;
  readonly kind?: string | null;
  readonly metadata?: ObjectMeta | null;
  readonly spec?: Readonly<Record<string, unknown>> | null;
}`);
  });

  it('writes what a policy names the kind by, with the version that the API server prefers', async () => {
    const schema = { openAPIV3Schema: { type: 'object', description: 'A widget.' } };
    const versions = [
      { name: 'v1beta1', served: true, schema },
      { name: 'v2', served: false, schema },
      { name: 'v1', served: true, schema },
    ];
    const { out } = await types(['-'], definition({ scope: 'Cluster', versions }));
    expect(out.slice(out.indexOf("'daygate/sdk'"))).toBe(`'daygate/sdk';

/** A widget. */
export interface WidgetObject {
  readonly apiVersion?: string | null;
  readonly kind?: string | null;
  readonly metadata?: ObjectMeta | null;
}

/** Served as v1beta1, too: at admission they are converted to v1, a manifest is judged as it is written. */
export const Widget = customKind<WidgetObject>({
  group: 'example.org',
  versions: ['v1'],
  kind: 'Widget',
  resource: 'widgets',
  namespaced: false,
});
`);
    const names = [
      'v1beta1',
      'foo10',
      'v10beta3',
      'v2',
      'v1',
      'v3beta1',
      'v11alpha2',
      'v10',
      'foo1',
      'v11beta2',
    ];
    expect(names.toSorted(compareVersions)).toEqual(['v10', 'v2', 'v1', 'v11beta2', 'v10beta3', 'v3beta1', 'v1beta1', 'v11alpha2', 'foo1', 'foo10']); // prettier-ignore
  });

  it('tells kinds of several groups apart, and takes one that stands in two files once', async () => {
    const other = definition({ group: 'shop.example.org' });
    const { out, err } = await types(['-'], [other, definition(), definition()].join('---\n'));
    expect(err).toBe('');
    expect([...out.matchAll(/export (?:const|interface) (\w+)/g)].map(([, name]) => name)).toEqual(['ExampleWidgetObject', 'ExampleWidget', 'ShopWidgetObject', 'ShopWidget']); // prettier-ignore
  });

  it('reads definitions of v1beta1, and JSON', async () => {
    const old = { apiVersion: 'apiextensions.k8s.io/v1beta1', kind: 'CustomResourceDefinition', spec: { group: 'example.org', version: 'v1alpha1', names: { kind: 'Widget', plural: 'widgets' }, validation: { openAPIV3Schema: { properties: { size: { type: 'integer' } } } } } }; // prettier-ignore
    const { code, out } = await types(['-'], JSON.stringify(old));
    expect(code).toBe(0);
    expect(out).toContain('  readonly size?: number | null;');
    expect(out).toContain("versions: ['v1alpha1']");
  });

  it('gives what compiles and says nothing more, whatever a definition says', async () => {
    const objectMeta = definition(
      { names: { kind: 'Object-Meta', plural: 'metas' } },
      { ...hostileFields, properties: { spec: hostileFields, Object: hostileFields } },
    );
    const customKind = definition({ names: { kind: 'custom-Kind', plural: 'kinds' } }, hostileFields);
    const { code, out, err } = await types(['-'], [objectMeta, customKind].map(asciiJson).join('\n'));
    expect(err).toBe('');
    expect(code).toBe(0);
    // eslint-disable-next-line no-control-regex -- control characters are what it looks for
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u2028\u202e]/);
    await inFolder({}, (folder) => {
      const leak = "import { leak } from './kinds.ts';\nexport const here = leak;";
      expect(compileErrors({ 'kinds.ts': out, 'leak.ts': leak }, folder)).toMatch(
        /^[^\n]*leak\.ts\(1,10\): error TS2305: [^\n]*has no exported member 'leak'\.\n$/,
      );
      return Promise.resolve();
    });
  }, 120_000);

  it('gives what a policy runs with', async () => {
    const schema = { type: 'object', properties: { spec: { type: 'object', properties: { mode: { type: 'string', enum: ['Fast', 'Slow'] }, containers: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' }, image: { type: 'string' } } } } } } } }; // prettier-ignore
    const { out } = await types(['-'], definition({}, schema));
    const policy = `
import { definePolicy, records, type Container } from 'daygate/sdk';
import { z } from 'zod';
import { Widget } from '../kinds/widgets.ts';
export default definePolicy({
  id: 'forbid-slow-widget', category: 'operations', title: 'Forbid slow widgets', severity: 'low', target: 'object',
  kinds: [Widget], profiles: { production: 'deny' }, params: z.strictObject({}), messages: { slow: '{name} is slow.' },
  why: '', remediation: '', references: [],
  validate({ object, at }, { report }) {
    const containers: readonly Container[] = records(object.spec?.containers);
    if (containers.length > 0 && object.spec?.mode === 'Slow') report({ message: 'slow', at: at('spec', 'mode') });
  },
});
`;
    const manifest = 'apiVersion: example.org/v1\nkind: Widget\nmetadata: { name: orders, namespace: shop }\nspec: { mode: Slow, containers: [{ name: app }] }\n'; // prettier-ignore
    await inFolder({ 'widget.yaml': manifest }, (folder) => {
      const files = {
        'policies/kinds/widgets.ts': out,
        'policies/forbid-slow-widget/policy.ts': policy,
        'policies/wrong/mode.ts': policy.replace("=== 'Slow'", "=== 'slow'"),
      };
      expect(compileErrors(files, folder)).toMatch(/^[^\n]*wrong\/mode\.ts[^\n]* error TS2367: [^\n]*\n$/);
      const args = ['check', '--policies', 'policies', '--only', 'forbid-slow-widget', 'widget.yaml'];
      const { status, stdout } = spawnSync(process.execPath, [join(repository, 'src/main.ts'), ...args], { cwd: folder, encoding: 'utf8' }); // prettier-ignore
      expect(status).toBe(1);
      expect(stdout).toContain('orders is slow. [forbid-slow-widget]');
      return Promise.resolve();
    });
  }, 120_000);

  it.each<[string, string, string]>([
    ['broken YAML', 'a: [', 'error <stdin>:1:'],
    ['another object', 'apiVersion: v1\nkind: Pod', 'error there is no CustomResourceDefinition among 1 object in -'],
    ['a kind of another group', 'apiVersion: example.org/v1\nkind: CustomResourceDefinition', 'there is no CustomResourceDefinition'],
    ['nothing', '', 'error there is no CustomResourceDefinition among 0 objects in -'],
    ['a definition without a spec', 'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition', 'error <stdin>:1:1: CustomResourceDefinition without a name: spec.group is missing: expected something like example.org'],
    ['no versions', definition({ versions: [] }), 'spec.versions names no version'],
    ['no list of versions', definition({ versions: 'v1' }), 'spec.versions names no version'],
    ['versions without names', definition({ versions: [{}] }), 'a version is named ""'],
    ['nothing served', definition({ versions: [{ name: 'v1', served: false }] }), 'error <stdin>:11:3: CustomResourceDefinition widgets.example.org: no version is served'],
    ['no schema', definition({ versions: [{ name: 'v1', served: true }] }), 'error <stdin>:12:7: CustomResourceDefinition widgets.example.org: version v1 has no schema'],
    ['a schema that is none', definition({}, ['object']), 'version v1 has no schema'],
    ['a kind that is no name', definition({ names: { kind: "W'; throw 1; '", plural: 'w' } }), 'spec.names.kind is "W\'; throw 1; \'": expected something like Widget'],
    ['a plural that is no text', definition({ names: { kind: 'Widget', plural: 7 } }), 'spec.names.plural is no text'],
    ['a scope there is not', definition({ scope: 'Everywhere' }), 'spec.scope is "Everywhere"'],
    ['two that differ', `${definition()}---\n${definition({ scope: 'Cluster' })}`, 'example.org/Widget is defined differently in <stdin>:1'],
  ])('refuses %s and prints nothing', async (_, input, message) => {
    const { code, out, err } = await types(['-'], input);
    expect(err).toContain(message);
    expect(code).toBe(2);
    expect(out).toBe('');
  }); // prettier-ignore

  it('reads files and folders, says what it passed over, and what does not exist', async () => {
    const files = {
      'crds/widgets.yaml': definition(),
      'crds/operator.yaml': 'apiVersion: v1\nkind: ServiceAccount',
    };
    await inFolder(files, async (folder) => {
      const { code, out, err } = await types([join(folder, 'crds')]);
      expect(code).toBe(0);
      expect(out).toContain('export const Widget = ');
      expect(err).toBe('passed over 1 object that is no CustomResourceDefinition\n');
      const missing = await types([join(folder, 'crds'), join(folder, 'other')]);
      expect(missing).toMatchObject({ code: 2, out: '' });
      expect(missing.err).toContain('other: no such file or folder');
    });
  });
});
