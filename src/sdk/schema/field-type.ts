/** What a field takes. Null is taken nearly everywhere: it stands for absent. */
export type FieldType = ScalarType | ListType | MapType | StructType;

/** Plain values, by what the API server reads from them. */
export type Scalar =
  | 'any'
  /** Any plain value; of objects nothing is kept, because no schema says what may be in them. */
  | 'plain'
  | 'string'
  | 'bool'
  | 'int32'
  | 'int64'
  | 'number'
  | 'bytes'
  | 'quantity'
  | 'intOrString'
  | 'int64OrString'
  | 'time'
  | 'microTime'
  | 'duration'
  | 'schemaOrBool'
  | 'schemaOrArray'
  | 'schemaOrTexts';

interface Nullability {
  /** Set where null is refused. */
  readonly refusesNull?: boolean;
}

export interface ScalarType extends Nullability {
  readonly is: Scalar;
}

export interface ListType extends Nullability {
  readonly is: 'list';
  readonly items: FieldType;
}

/** Any keys, all with values of one type: labels, limits. */
export interface MapType extends Nullability {
  readonly is: 'map';
  readonly values: FieldType;
}

export interface StructType extends Nullability {
  readonly is: 'struct';
  /** Made when first asked for, because types may hold themselves. */
  readonly fields: () => ReadonlyMap<string, Field>;
  /** Set where fields that it does not name are kept as they are (x-kubernetes-preserve-unknown-fields). */
  readonly isOpen?: boolean;
}

export interface Field {
  readonly type: FieldType;
  /** First and last minor version of Kubernetes that has it, where that is not all that are at hand. */
  readonly since?: number;
  readonly until?: number;
}

/** Whether a version of Kubernetes has the field. */
export function hasField(field: Field | undefined, kubernetesMinor: number): field is Field {
  if (field === undefined) return false;
  return kubernetesMinor >= (field.since ?? 0) && kubernetesMinor <= (field.until ?? Infinity);
}
