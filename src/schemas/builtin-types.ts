import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { property, text, type Field, type FieldType, type Scalar, type StructType } from '#sdk';

/** Types of Kubernetes' own kinds, read when somebody asks for the first one. */
export interface BuiltinTypes {
  /** The minor versions of Kubernetes whose fields are at hand. */
  readonly minors: readonly number[];
  /** A kind as `apps/v1/Deployment`; undefined where none of the versions serves it. */
  kind(name: string): Field | undefined;
  /** A type by its name, such as `meta/v1.ObjectMeta`. */
  struct(name: string): StructType;
}

const file = join(import.meta.dirname, 'kubernetes-fields.json');
let known: BuiltinTypes | undefined;

/** The types that `npm run generate:kubernetes` has written. */
export function builtinTypes(): BuiltinTypes {
  return (known ??= readTypes(JSON.parse(readFileSync(file, 'utf8')) as unknown));
}

function readTypes(data: unknown): BuiltinTypes {
  const structs = new Map<string, StructType>();
  const named = property(data, 'types');
  const struct = (name: string): StructType => {
    const made = structs.get(name) ?? { is: 'struct', fields: once(() => fieldsOf(name)) };
    structs.set(name, made);
    return made;
  };
  const fieldsOf = (name: string): ReadonlyMap<string, Field> =>
    new Map(
      Object.entries((property(named, name) ?? {}) as Readonly<Record<string, string>>).map(
        ([field, words]) => [field, parseField(words, struct)],
      ),
    );
  return {
    minors: property(data, 'minors') as readonly number[],
    kind: (name) => {
      const words = text(property(property(data, 'kinds'), name));
      return words === undefined ? undefined : parseField(words, struct);
    },
    struct,
  };
}

/** `[]core/v1.Container@35-36`: the form in which fields-file.ts writes what a field takes. */
function parseField(words: string, struct: (name: string) => StructType): Field {
  const [, wrapping = '', name = '', since, until] =
    /^((?:\[\]|\{\})*)([^@]+)(?:@(\d*)(?:-(\d+))?)?$/.exec(words) ?? [];
  let type: FieldType = name.includes('/') ? struct(name) : { is: name as Scalar };
  for (const wrapper of (wrapping.match(/../g) ?? []).reverse()) {
    type = wrapper === '[]' ? { is: 'list', items: type } : { is: 'map', values: type };
  }
  return {
    type,
    ...(since === undefined || since === '' ? {} : { since: Number(since) }),
    ...(until === undefined ? {} : { until: Number(until) }),
  };
}

export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
