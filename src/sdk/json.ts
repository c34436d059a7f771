/**
 * Objects come in as JSON from strangers: any field may be null, of another type, or named like something that
 * every JavaScript object inherits. These helpers look at own properties only and never throw.
 */

/** A JSON object of which nothing is known. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** Steps from the root of an object to a field: `['spec', 'containers', 0, 'image']`. */
export type Path = readonly (string | number)[];

const none: readonly never[] = [];

/**
 * Whether a value is a JSON object: no array, no null. Never throws.
 *
 * @example
 * isRecord({ a: 1 }); // true
 * isRecord([]); // false
 */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The items of a list, none where there is no list. The type is what the API promises; items of an object that
 * the API server has not checked yet may be anything: `records` leaves those out. Never throws.
 *
 * @example
 * list(container.args); // [] when args is absent, null or not a list
 */
export function list<T>(value: readonly T[] | null | undefined): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : none;
}

/**
 * The items of a list that are objects, none where there is no list. Never throws.
 *
 * @example
 * records(podSpec.volumes).map((volume) => volume.name); // a null among the volumes is left out
 */
export function records<T extends object>(value: readonly (T | null)[] | null | undefined): readonly T[] {
  const items: readonly unknown[] = list(value);
  // The list is nearly always clean, and then it is handed out without a copy.
  return (items.every(isRecord) ? items : items.filter(isRecord)) as readonly T[];
}

/**
 * A value if it is text, undefined otherwise. Never throws.
 *
 * @example
 * text('a'); // 'a'
 * text(1); // undefined
 */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/**
 * The own property of a JSON object, undefined where there is none: `property({}, 'constructor')` is undefined,
 * and `__proto__` in a manifest is a key like any other. Never throws.
 *
 * @example
 * property(metadata.labels, 'app');
 */
export function property<V>(
  value: Readonly<Record<string, V>> | null | undefined,
  key: string,
): V | undefined;
export function property(value: unknown, key: string): unknown;
export function property(value: unknown, key: string): unknown {
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/**
 * What stands below a JSON object at the end of some keys, each looked up as `property` does. Never throws.
 *
 * @example
 * propertyAt(deployment, ['spec', 'template', 'spec']);
 */
export function propertyAt(value: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>((above, key) => property(above, key), value);
}

/**
 * Own keys and values of a JSON object in their order, none where there is no object. Never throws.
 *
 * @example
 * for (const [key, value] of entries(configMap.data)) …
 */
export function entries<V>(value: Readonly<Record<string, V>> | null | undefined): readonly [string, V][];
export function entries(value: unknown): readonly [string, unknown][];
export function entries(value: unknown): readonly [string, unknown][] {
  return isRecord(value) ? Object.entries(value) : [];
}

/** Deeper than any object of Kubernetes; what is nested deeper counts as changed instead of filling the stack. */
const deepest = 200;

/**
 * Whether two parts of objects say the same. The order of fields does not count, and a field that is `undefined` is as
 * good as absent. Never throws.
 *
 * @example sameJson({ a: 1, b: [2] }, { b: [2], a: 1 }) // true
 */
export function sameJson(a: unknown, b: unknown): boolean {
  return same(a, b, 0);
}

/**
 * Whether two objects are the same in each field that either has. Never throws, unless `isSame` does.
 *
 * @param isSame says so of the field with this name
 * @example sameMembers(now, before, (key, a, b) => key === 'status' || sameJson(a, b))
 */
export function sameMembers(
  a: object,
  b: object,
  isSame: (key: string, a: unknown, b: unknown) => boolean,
): boolean {
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((key) =>
    isSame(key, left[key], right[key]),
  );
}

function same(a: unknown, b: unknown, depth: number): boolean {
  if (a === b) return true;
  if (depth > deepest) return false;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, at) => same(item, b[at], depth + 1));
  }
  return isRecord(a) && isRecord(b) && sameMembers(a, b, (_, left, right) => same(left, right, depth + 1));
}
