import { isRecord, type Path } from '../json.ts';
import { hasField, type Field, type FieldType, type StructType } from './field-type.ts';
import { fits } from './scalars.ts';

/** A struct on the way to a field, and where it lies. */
export interface Level {
  readonly path: Path;
  readonly struct: StructType;
  readonly value: Readonly<Record<string, unknown>>;
}

/** A field that the schema does not have, or a value that it does not take there. */
export type FieldFault =
  | {
      readonly is: 'unknown';
      readonly path: Path;
      readonly name: string;
      readonly value: unknown;
      /** The structs around it, from the object itself down to the one that has no such field. */
      readonly levels: readonly Level[];
      /** The field as another version of Kubernetes has it. */
      readonly elsewhen: Field | undefined;
    }
  | { readonly is: 'wrongType'; readonly path: Path; readonly value: unknown; readonly type: FieldType };

interface Walk {
  readonly minor: number;
  readonly path: (string | number)[];
  readonly levels: Level[];
  readonly faults: FieldFault[];
}

/**
 * Where an object is not what its schema says: what fieldValidation=Strict of the API server refuses. Says nothing
 * of missing fields and of values that have the right form. Never throws.
 *
 * @example fieldFaults({ kind: 'Pod', spec: { containers: 'app' } }, schema, 36) // one wrongType at spec.containers
 */
export function fieldFaults(
  object: object,
  schema: StructType,
  kubernetesMinor: number,
): readonly FieldFault[] {
  const walk: Walk = { minor: kubernetesMinor, path: [], levels: [], faults: [] };
  visit(object, schema, walk);
  return walk.faults;
}

function visit(value: unknown, type: FieldType, walk: Walk): void {
  if (!fits(value, type)) {
    walk.faults.push({ is: 'wrongType', path: [...walk.path], value, type });
    return;
  }
  if (value === null) return;
  if (type.is === 'list' && Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) visitMember(value[index], index, type.items, walk);
  } else if (type.is === 'map') {
    // Nothing can be wrong inside a map of anything.
    if (type.values.is === 'any') return;
    const members = value as Readonly<Record<string, unknown>>;
    for (const key of Object.keys(members)) visitMember(members[key], key, type.values, walk);
  } else if (type.is === 'plain') {
    if (Array.isArray(value)) visit(value, { is: 'list', items: type }, walk);
    else if (isRecord(value)) visit(value, emptyStruct, walk);
  } else if (type.is === 'struct' && isRecord(value)) {
    walk.levels.push({ path: [...walk.path], struct: type, value });
    visitFields(value, type, walk);
    walk.levels.pop();
  } else if (subschemas.has(type.is)) visitSubschema(value, type, walk);
}

const subschemas: ReadonlySet<FieldType['is']> = new Set(['schemaOrBool', 'schemaOrArray', 'schemaOrTexts']);

/** A JSON schema that stands in another one, or a list of such. */
function visitSubschema(value: unknown, { is }: FieldType, walk: Walk): void {
  const schema = walk.levels.at(-1)?.struct;
  if (schema === undefined) return;
  const items: FieldType = is === 'schemaOrArray' ? schema : { is: 'string' };
  if (isRecord(value)) visit(value, schema, walk);
  else if (Array.isArray(value)) visit(value, { is: 'list', items }, walk);
}

const noFields: ReadonlyMap<string, Field> = new Map();
const emptyStruct: StructType = { is: 'struct', fields: () => noFields };

function visitFields(value: Readonly<Record<string, unknown>>, struct: StructType, walk: Walk): void {
  const fields = struct.fields();
  for (const name of Object.keys(value)) {
    const field = fields.get(name);
    if (hasField(field, walk.minor)) visitMember(value[name], name, field.type, walk);
    else if (struct.isOpen !== true) {
      walk.faults.push({
        is: 'unknown',
        path: [...walk.path, name],
        name,
        value: value[name],
        levels: [...walk.levels],
        elsewhen: field,
      });
    }
  }
}

function visitMember(value: unknown, step: string | number, type: FieldType, walk: Walk): void {
  walk.path.push(step);
  visit(value, type, walk);
  walk.path.pop();
}
