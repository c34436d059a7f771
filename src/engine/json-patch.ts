import { pointerSteps } from './locate.ts';

/** One operation of a JSON Patch (RFC 6902). */
export interface PatchOperation {
  readonly op: 'add' | 'remove' | 'replace';
  readonly path: string;
  readonly value?: unknown;
}

/**
 * The document with the patch applied as the API server applies it. What the patch does not touch is shared with
 * the original, which stays as it is.
 *
 * @throws Error where an operation does not apply: its parent is missing, or what it removes or replaces is.
 */
export function applyPatch<T extends object>(document: T, patch: readonly PatchOperation[]): T {
  // Copies made for this patch may be changed in place by later operations.
  const own = new Set<object>();
  const writable = (value: unknown): Container => {
    if (typeof value !== 'object' || value === null) throw new Error('the patch has no place to go');
    if (own.has(value)) return value as Container;
    const copy = Array.isArray(value) ? value.slice() : { ...value };
    own.add(copy);
    return copy;
  };
  const root = writable(document);
  for (const { op, path, value } of patch) {
    const steps = pointerSteps(path);
    const last = steps.pop();
    if (last === undefined) throw new Error('the patch replaces the whole object');
    let parent = root;
    for (const step of steps) {
      const child = writable(Object.hasOwn(parent, step) ? read(parent, step) : undefined);
      write(parent, step, child);
      parent = child;
    }
    applyTo(parent, op, last, value);
  }
  return root as unknown as T;
}

type Container = Record<string, unknown> | unknown[];

function read(parent: Container, step: string): unknown {
  return (parent as Record<string, unknown>)[step];
}

function write(parent: Container, step: string, value: unknown): void {
  // `__proto__` is a key of JSON like any other.
  if (step === '__proto__') {
    Object.defineProperty(parent, step, { value, enumerable: true, configurable: true, writable: true });
  } else {
    (parent as Record<string, unknown>)[step] = value;
  }
}

function applyTo(parent: Container, op: PatchOperation['op'], step: string, value: unknown): void {
  if (Array.isArray(parent)) {
    const index = step === '-' ? parent.length : Number(step);
    const end = op === 'add' ? parent.length : parent.length - 1;
    if (!Number.isInteger(index) || index < 0 || index > end) throw new Error('the patch leaves its list');
    if (op === 'add') parent.splice(index, 0, value);
    else if (op === 'remove') parent.splice(index, 1);
    else parent[index] = value;
  } else {
    if (op !== 'add' && !Object.hasOwn(parent, step)) throw new Error('the patch changes what is not there');
    if (op === 'remove') Reflect.deleteProperty(parent, step);
    else write(parent, step, value);
  }
}
