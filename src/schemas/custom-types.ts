import {
  isRecord,
  property,
  records,
  text,
  type Field,
  type FieldType,
  type JsonRecord,
  type KindInfo,
  type KubernetesObject,
  type Scalar,
  type StructType,
} from '#sdk';
import { builtinTypes, once } from './builtin-types.ts';

/** A kind that a CustomResourceDefinition describes. */
export interface CustomKindSchema {
  readonly info: KindInfo;
  /** Version → its schema; undefined where the definition leaves everything open. */
  readonly versions: ReadonlyMap<string, StructType>;
}

/** Reads a CustomResourceDefinition; undefined where the object is none, or one that says too little. */
export function readDefinition(object: KubernetesObject): CustomKindSchema | undefined {
  if (object.kind !== 'CustomResourceDefinition' || object.apiVersion !== 'apiextensions.k8s.io/v1')
    return undefined;
  const spec = property(object, 'spec');
  const names = property(spec, 'names');
  const [group, kind] = [text(property(spec, 'group')), text(property(names, 'kind'))];
  if (group === undefined || kind === undefined) return undefined;
  const versions = new Map<string, StructType>();
  for (const version of records(property(spec, 'versions') as readonly JsonRecord[])) {
    const name = text(version['name']);
    if (name === undefined || version['served'] === false) continue;
    const schema = property(property(version, 'schema'), 'openAPIV3Schema');
    // spec.preserveUnknownFields: true is refused by apiextensions.k8s.io/v1, so a schema always prunes.
    versions.set(
      name,
      rootType(isRecord(schema) ? schema : { 'x-kubernetes-preserve-unknown-fields': true }),
    );
  }
  return {
    info: {
      kind,
      group,
      versions: [...versions.keys()],
      resource: text(property(names, 'plural')) ?? '',
      namespaced: property(spec, 'scope') !== 'Cluster',
    },
    versions,
  };
}

/** Every object has these, whatever its schema says of them. */
function headFields(): readonly (readonly [string, Field])[] {
  return [
    ['apiVersion', { type: { is: 'string' } }],
    ['kind', { type: { is: 'string' } }],
    ['metadata', { type: builtinTypes().struct('meta/v1.ObjectMeta') }],
  ];
}

function rootType(schema: JsonRecord): StructType {
  return structOf(schema, headFields());
}

/** Source: structural schemas (apiextensions.k8s.io/v1 JSONSchemaProps) and how the API server prunes by them. */
function typeOf(schema: unknown): FieldType {
  if (!isRecord(schema)) return { is: 'any' };
  if (schema['x-kubernetes-int-or-string'] === true) return { is: 'int64OrString' };
  const type = text(schema['type']);
  if (type === 'array') return { is: 'list', items: itemType(schema['items']) };
  if (type === 'object') return objectType(schema);
  return { is: scalars.get(type ?? '') ?? 'any' };
}

/** A null field is dropped, or gets its default. An item that is null stays, and must be nullable. */
function itemType(schema: unknown): FieldType {
  const type = typeOf(schema);
  const takesNull = property(schema, 'nullable') === true || property(schema, 'default') !== undefined;
  return takesNull || type.is === 'any' ? type : { ...type, refusesNull: true };
}

const scalars: ReadonlyMap<string, Scalar> = new Map([
  ['string', 'string'],
  ['boolean', 'bool'],
  ['integer', 'int64'],
  ['number', 'number'],
]);

function objectType(schema: JsonRecord): FieldType {
  if (schema['x-kubernetes-embedded-resource'] === true) return structOf(schema, headFields());
  const { additionalProperties } = schema;
  if (isRecord(additionalProperties)) return { is: 'map', values: typeOf(additionalProperties) };
  // The values have no schema: the API server keeps them, and drops every field inside them.
  if (additionalProperties === true) return { is: 'map', values: { is: 'plain' } };
  return structOf(schema, []);
}

function structOf(schema: JsonRecord, head: readonly (readonly [string, Field])[]): StructType {
  const { properties } = schema;
  const fields = once(
    () =>
      new Map<string, Field>([
        ...Object.entries(isRecord(properties) ? properties : {}).map(([name, value]): [string, Field] => [
          name,
          { type: typeOf(value) },
        ]),
        ...head,
      ]),
  );
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true;
  return isOpen ? { is: 'struct', fields, isOpen } : { is: 'struct', fields };
}
