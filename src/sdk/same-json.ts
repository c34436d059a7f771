import { isRecord } from './json.ts';

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
