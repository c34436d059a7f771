import { entries, isRecord, list, property, text } from '#sdk';
import { docComment, keyText, literal, pascalCase, type Names } from './words.ts';

/**
 * Writes the TypeScript of an object's schema: interfaces in the style of the SDK's own, each field readonly,
 * optional and possibly null, since a policy sees what somebody wrote.
 */
export interface TypeWriter {
  /** Whether the text refers to the SDK's ObjectMeta, to its KubernetesObject. */
  readonly uses: ReadonlySet<string>;
  /** The interfaces of a whole object: its own, called `name`, and those below it, whose names begin with `prefix`. */
  object(name: string, prefix: string, schema: unknown): readonly string[];
}

const objectFields: Readonly<Record<string, string>> = {
  apiVersion: 'string',
  kind: 'string',
  metadata: 'ObjectMeta',
};

export function typeWriter(names: Names): TypeWriter {
  const uses = new Set<string>();
  let interfaces: string[] = [];

  /** The type of a value; what needs a name is named by the path that leads to it. */
  function typeOf(schema: unknown, name: string): string {
    if (!isRecord(schema)) return 'unknown';
    if (property(schema, 'x-kubernetes-int-or-string') === true) return `number${or}string`;
    const literals = enumOf(schema);
    if (literals !== undefined) return literals;
    switch (property(schema, 'type')) {
      case 'string':
        return 'string';
      case 'boolean':
        return 'boolean';
      case 'integer':
      case 'number':
        return 'number';
      case 'array': {
        const item = typeOf(property(schema, 'items'), `${name}Item`);
        return `readonly ${/^(?:\w+$|Readonly<)/.test(item) ? item : `(${item})`}[]`;
      }
      case 'object':
        return objectType(schema, name);
      default:
        return fieldsOf(schema).length > 0 ? objectType(schema, name) : 'unknown';
    }
  }

  function objectType(schema: unknown, name: string): string {
    const embedded = property(schema, 'x-kubernetes-embedded-resource') === true;
    if (fieldsOf(schema).length > 0) {
      const taken = names.take(name);
      declare(taken, taken, schema, embedded);
      return taken;
    }
    if (embedded) {
      uses.add('KubernetesObject');
      return 'KubernetesObject';
    }
    const values = property(schema, 'additionalProperties');
    return `Readonly<Record<string, ${isRecord(values) ? typeOf(values, `${name}Value`) : 'unknown'}>>`;
  }

  function declare(name: string, prefix: string, schema: unknown, isObject: boolean): void {
    // Its place in the list is before those of its fields.
    const place = interfaces.push('') - 1;
    const always = isObject ? Object.keys(objectFields).map((key): [string, unknown] => [key, {}]) : [];
    const fields = new Map<string, unknown>([...always, ...fieldsOf(schema)]);
    const lines = [...fields].map(([key, field]) => {
      const known = isObject && Object.hasOwn(objectFields, key) ? objectFields[key] : undefined;
      if (known === 'ObjectMeta') uses.add(known);
      // What every object has is described nowhere better than in the API conventions, which generators copy.
      if (known !== undefined) return fieldLine(key, known);
      const type = typeOf(field, `${prefix}${pascalCase(key)}`);
      return `${docComment(text(property(field, 'description')), '  ')}${fieldLine(keyText(key), type)}`;
    });
    if (isOpen(schema)) lines.push('  /** Fields that the schema does not name. */\n  readonly [field: string]: unknown;'); // prettier-ignore
    const comment = isObject ? docComment(text(property(schema, 'description')), '') : '';
    interfaces[place] = `${comment}export interface ${name} {\n${lines.join('\n')}\n}`;
  }

  return {
    uses,
    object(name, prefix, schema) {
      interfaces = [];
      declare(name, prefix, schema, true);
      return interfaces;
    },
  };
}

function fieldsOf(schema: unknown): readonly [string, unknown][] {
  return entries(property(schema, 'properties'));
}

function isOpen(schema: unknown): boolean {
  const more = property(schema, 'additionalProperties');
  return property(schema, 'x-kubernetes-preserve-unknown-fields') === true || isRecord(more) || more === true;
}

/** A union of what the schema allows; null is in every type anyway. */
function enumOf(schema: unknown): string | undefined {
  const values = list(property(schema, 'enum') as readonly unknown[] | undefined).filter((value) => value !== null); // prettier-ignore
  const literals = values.map(literal);
  if (literals.length === 0 || literals.includes(undefined)) return undefined;
  return [...new Set(literals)].join(or);
}

/** Stands between the members of a union until it is known whether they fit on a line; no literal holds a line end. */
const or = '\n| ';
const width = 110;

function fieldLine(key: string, type: string): string {
  if (type === 'unknown') return `  readonly ${key}?: unknown;`;
  const line = `  readonly ${key}?: ${type} | null;`.replaceAll(or, ' | ');
  if (line.length <= width || !type.includes(or)) return line;
  return `  readonly ${key}?:\n    | ${type.replaceAll(or, '\n    | ')}\n    | null;`;
}
