import { isRecord } from '#sdk';

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
}

/** Applies a JSON Patch to a copy, by RFC 6902 and nothing else. Throws where an operation does not apply. */
export function applyPatch<T>(document: T, patch: readonly Operation[]): T {
  const copy = structuredClone(document);
  for (const operation of patch) applyOne(copy, operation);
  return copy;
}

/** Steps of a JSON Pointer (RFC 6901). */
export function pointerSteps(pointer: string): readonly string[] {
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) throw new Error(`${pointer} is no JSON Pointer`);
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function applyOne(document: unknown, { op, path, value }: Operation): void {
  const steps = pointerSteps(path);
  const key = steps.at(-1);
  if (key === undefined) throw new Error('the patch replaces the whole object');
  const parent = steps.slice(0, -1).reduce(child, document);
  if (Array.isArray(parent)) applyToList(parent, op, key, value, path);
  else if (isRecord(parent)) applyToMap(parent, op, key, value, path);
  else throw new Error(`${path} has no parent`);
}

function child(value: unknown, step: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) {
    throw new Error(`there is no ${step} on the way`);
  }
  return (value as Record<string, unknown>)[step];
}

function applyToList(items: unknown[], op: string, key: string, value: unknown, path: string): void {
  const index = key === '-' ? items.length : Number(key);
  const last = op === 'add' ? items.length : items.length - 1;
  if (!/^(?:-|0|[1-9]\d*)$/.test(key) || index > last) throw new Error(`${path} is outside its list`);
  if (op === 'add') items.splice(index, 0, structuredClone(value));
  else if (op === 'replace') items[index] = structuredClone(value);
  else if (op === 'remove') items.splice(index, 1);
  else throw new Error(`${op} is no operation of ours`);
}

function applyToMap(
  map: Record<string, unknown>,
  op: string,
  key: string,
  value: unknown,
  path: string,
): void {
  if (op !== 'add' && !Object.hasOwn(map, key)) throw new Error(`${op} of ${path}, which is not there`);
  if (op === 'remove') Reflect.deleteProperty(map, key);
  else if (op === 'add' || op === 'replace') map[key] = structuredClone(value);
  else throw new Error(`${op} is no operation of ours`);
}
