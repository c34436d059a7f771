import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as client from '@kubernetes/client-node';
import { isRecord, type KubernetesObject } from '#sdk';

interface Field {
  readonly type: string;
  readonly format: string;
  readonly required: boolean;
}

const models = join(dirname(fileURLToPath(import.meta.resolve('@kubernetes/client-node'))), 'gen/models');
const known = new Map<string, ReadonlyMap<string, Field> | undefined>();

function fieldsOf(model: string): ReadonlyMap<string, Field> | undefined {
  if (!known.has(model)) known.set(model, readFields(model));
  return known.get(model);
}

function readFields(model: string): ReadonlyMap<string, Field> | undefined {
  const candidate: unknown = (client as Record<string, unknown>)[model];
  if (typeof candidate !== 'function' || !('getAttributeTypeMap' in candidate)) return undefined;
  const attributes = (
    candidate.getAttributeTypeMap as () => { baseName: string; type: string; format: string }[]
  )();
  // Which fields are required stands only in the declarations.
  const file = join(models, `${model}.d.ts`);
  const declarations = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const required = new Set([...declarations.matchAll(/^ {4}'([^']+)': /gm)].map(([, name]) => name));
  return new Map(
    attributes.map(({ baseName, type, format }) => [
      baseName,
      { type, format, required: required.has(baseName) },
    ]),
  );
}

function modelOf({ apiVersion, kind }: KubernetesObject): string | undefined {
  if (apiVersion == null || kind == null) return undefined;
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  if (group.includes('.') && !group.endsWith('.k8s.io')) return undefined;
  const model = `${version.charAt(0).toUpperCase()}${version.slice(1)}${kind}`;
  return fieldsOf(model) === undefined ? undefined : model;
}

/** Something Kubernetes would not take. */
export interface SchemaFault {
  /** Steps from the root of the object. */
  readonly path: readonly string[];
  readonly message: string;
}

/**
 * What is wrong with an object, one fault per place, by the API description that the Kubernetes client carries: unknown
 * fields, wrong JSON types, missing required fields. Kinds it does not know (custom ones, old versions) are passed over.
 */
export function schemaFaults(object: KubernetesObject): readonly SchemaFault[] {
  const model = modelOf(object);
  if (model === undefined) return [];
  const { name, generateName } = object.metadata ?? {};
  const nameless = name == null && generateName == null;
  const faults = faultsOf(object, model, '', []);
  return nameless ? [...faults, { path: ['metadata', 'name'], message: 'is missing' }] : faults;
}

/** Whether Kubernetes has the field at all; undefined for kinds it does not describe. */
export function isKnownPath(object: KubernetesObject, steps: readonly string[]): boolean | undefined {
  let type = modelOf(object);
  if (type === undefined) return undefined;
  for (const step of steps) {
    const item: string | undefined = itemType(type) ?? valueType(type);
    const next: string | undefined = item ?? fieldsOf(type)?.get(step)?.type;
    if (next === undefined) return isFree(type);
    if (itemType(type) !== undefined && !/^\d+$/.test(step)) return false;
    type = next;
  }
  return true;
}

const itemType = (type: string): string | undefined => /^(?:Array|Set)<(.*)>$/.exec(type)?.[1];
const valueType = (type: string): string | undefined => /^\{ \[key: string\]: (.*); \}$/.exec(type)?.[1];
const isFree = (type: string): boolean => type === 'any' || type === 'object';

/** Fields of type Quantity, which the description calls text; the API server reads numbers, too. */
const quantities: ReadonlySet<string> = new Set([
  'limits', 'requests', 'hard', 'used', 'capacity', 'allocatable', 'default', 'defaultRequest', 'max', 'min',
  'maxLimitRequestRatio', 'overhead', 'sizeLimit', 'divisor', 'averageValue', 'value',
]); // prettier-ignore

function faultsOf(
  value: unknown,
  type: string,
  format: string,
  path: readonly string[],
): readonly SchemaFault[] {
  // The API server takes null for absent.
  if (value === null || isFree(type)) return [];
  const item = itemType(type);
  if (item !== undefined) {
    if (!Array.isArray(value)) return [{ path, message: 'is no list' }];
    return value.flatMap((entry: unknown, index) => faultsOf(entry, item, '', [...path, String(index)]));
  }
  const fields = fieldsOf(type);
  const member = valueType(type);
  if (fields === undefined && member === undefined) return scalarFaults(value, type, format, path);
  if (!isRecord(value)) return [{ path, message: 'is no map' }];
  const faults = Object.entries(value).flatMap(([key, entry]) => {
    const field = fields?.get(key) ?? (member === undefined ? undefined : { type: member, format: '' });
    if (field === undefined) return [{ path: [...path, key], message: `is no field of ${type}` }];
    return faultsOf(entry, field.type, field.format, [...path, key]);
  });
  const missing = [...(fields ?? [])].filter(([name, { required }]) => required && value[name] == null);
  return [...faults, ...missing.map(([name]) => ({ path: [...path, name], message: 'is required' }))];
}

function scalarFaults(
  value: unknown,
  type: string,
  format: string,
  path: readonly string[],
): readonly SchemaFault[] {
  const isQuantity = quantities.has(path.at(-1) ?? '') || quantities.has(path.at(-2) ?? '');
  const fits = (): boolean => {
    if (type === 'IntOrString') return typeof value === 'string' || Number.isInteger(value);
    if (type === 'Date' || type === 'V1MicroTime') return typeof value === 'string';
    if (type === 'string' && typeof value === 'number') return isQuantity;
    return typeof value === type && (!format.startsWith('int') || Number.isInteger(value));
  };
  return fits() ? [] : [{ path, message: `is ${JSON.stringify(value)}, not of type ${type}` }];
}
