import { isRecord, list, property, records, text, type JsonRecord, type Path } from '#sdk';
import { compareTexts } from '../../engine/order.ts';
import { printable } from '../../engine/message.ts';

/** What a CustomResourceDefinition says about the objects it brings. */
export interface Definition {
  readonly group: string;
  readonly kind: string;
  readonly resource: string;
  readonly namespaced: boolean;
  /** The served version that the API server prefers; its schema is the one that is given. */
  readonly version: string;
  readonly otherVersions: readonly string[];
  readonly schema: JsonRecord;
}

/** Why it gives no types, and the field that should be otherwise. */
export interface DefinitionFault {
  readonly message: string;
  readonly path: Path;
}

export function isDefinition({ apiVersion, kind }: JsonRecord): boolean {
  return kind === 'CustomResourceDefinition' && (text(apiVersion) ?? '').startsWith('apiextensions.k8s.io/');
}

/** Reads a CustomResourceDefinition of apiextensions.k8s.io/v1, or of v1beta1, which is still in many repositories. */
export function readDefinition(object: JsonRecord): Definition | DefinitionFault {
  const spec = property(object, 'spec');
  const names = property(spec, 'names');
  const fields = [
    { path: ['spec', 'group'], value: property(spec, 'group'), form: /^[a-z0-9][-a-z0-9.]*$/, example: 'example.org' },
    { path: ['spec', 'names', 'kind'], value: property(names, 'kind'), form: /^[a-z][-a-z0-9]*$/i, example: 'Widget' },
    { path: ['spec', 'names', 'plural'], value: property(names, 'plural'), form: /^[a-z][-a-z0-9]*$/, example: 'widgets' },
    { path: ['spec', 'scope'], value: property(spec, 'scope') ?? 'Namespaced', form: /^(?:Namespaced|Cluster)$/, example: 'Namespaced' },
  ]; // prettier-ignore
  for (const { path, value, form, example } of fields) {
    if (typeof value === 'string' && form.test(value)) continue;
    const state = value == null ? 'is missing' : typeof value === 'string' ? `is ${quoted(value)}` : 'is no text';
    return { message: `${path.join('.')} ${state}: expected something like ${example}`, path };
  } // prettier-ignore
  const [group = '', kind = '', resource = '', scope] = fields.map(({ value }) => text(value));

  const versions = versionsOf(spec);
  const [served, ...others] = versions
    .filter((version) => property(version, 'served') !== false)
    .sort((a, b) => compareVersions(nameOf(a), nameOf(b)));
  if (served === undefined) {
    const message = versions.length === 0 ? 'spec.versions names no version' : 'no version is served';
    return { message, path: ['spec', 'versions'] };
  }
  const version = nameOf(served);
  const index = list(property(spec, 'versions') as readonly unknown[] | undefined).indexOf(served);
  const at = index === -1 ? ['spec'] : ['spec', 'versions', index];
  if (!/^[a-z][-a-z0-9]*$/.test(version)) {
    return { message: `a version is named ${quoted(version)}: expected something like v1`, path: at };
  }
  const schema =
    property(property(served, 'schema'), 'openAPIV3Schema') ??
    property(property(spec, 'validation'), 'openAPIV3Schema');
  if (!isRecord(schema)) {
    return {
      message: `version ${version} has no schema: there is nothing to make types of (schema.openAPIV3Schema)`,
      path: at,
    };
  }
  return {
    group,
    kind,
    resource,
    namespaced: scope === 'Namespaced',
    version,
    otherVersions: others.map(nameOf).map((name) => printable(name, 63)),
    schema,
  };
}

/** v1beta1 could have a single version, and no list. */
function versionsOf(spec: unknown): JsonRecord[] {
  const versions = records(property(spec, 'versions') as readonly JsonRecord[] | undefined);
  if (versions.length > 0) return [...versions];
  const single = text(property(spec, 'version'));
  return single === undefined ? [] : [{ name: single, served: true }];
}

function nameOf(version: JsonRecord): string {
  return text(property(version, 'name')) ?? '';
}

const quoted = (value: string): string => JSON.stringify(printable(value, 63));

/** The order of preference of the API server: v2, v1, v2beta1, v1beta1, v1alpha1, and what is named otherwise last. */
export function compareVersions(a: string, b: string): number {
  const [first, second] = [rank(a), rank(b)];
  for (const [index, value] of first.entries()) {
    const difference = (second[index] ?? 0) - value;
    if (difference !== 0) return difference;
  }
  return compareTexts(a, b);
}

function rank(version: string): readonly number[] {
  const [match, major, stage, minor] = /^v([1-9]\d{0,8})(?:(alpha|beta)([1-9]\d{0,8}))?$/.exec(version) ?? [];
  if (match === undefined) return [0, 0, 0];
  const stages = { alpha: 1, beta: 2 } as const;
  return [
    stage === 'alpha' || stage === 'beta' ? stages[stage] : 3,
    Number(major),
    minor === undefined ? 0 : Number(minor),
  ];
}
