import type { Path } from '#sdk';
import { setOwn } from './to-json.ts';

/** A Kubernetes object in a document, and the way to it: `['items', 2]` inside a List. */
interface FoundObject {
  readonly object: Record<string, unknown>;
  readonly path: Path;
}

export interface ObjectFault {
  readonly code: 'not-an-object' | 'missing-kind' | 'missing-api-version' | 'own-file';
  readonly message: string;
  readonly path: Path;
}

/** Objects of a document, Lists opened. */
export function findObjects(value: unknown): { objects: FoundObject[]; faults: ObjectFault[] } {
  const objects: FoundObject[] = [];
  const faults: ObjectFault[] = [];
  visit(value, [], objects, faults);
  return { objects, faults };
}

function visit(value: unknown, path: Path, objects: FoundObject[], faults: ObjectFault[]): void {
  if (!isObject(value)) {
    const place = path.length > 0 ? 'This item of the List' : 'The document';
    const message = `${place} is ${nameOf(value)}, and a Kubernetes object is a mapping with apiVersion and kind.`;
    faults.push({ code: 'not-an-object', message, path });
    return;
  }
  const missing = [
    checkField(value, path, 'apiVersion', 'missing-api-version', 'v1" or "apiVersion: apps/v1'),
    checkField(value, path, 'kind', 'missing-kind', 'Deployment'),
  ].filter((fault) => fault !== undefined);
  const [first, second] = missing;
  if (first !== undefined) {
    const message = 'apiVersion and kind are missing: without them this is no Kubernetes object.';
    const areBothAbsent = !Object.hasOwn(value, 'apiVersion') && !Object.hasOwn(value, 'kind');
    if (isBaseline(value))
      faults.push({ code: 'own-file', message: 'a baseline of daygate, no Kubernetes object', path });
    else if (areBothAbsent) faults.push({ code: 'missing-kind', message, path });
    else faults.push(first, ...(second === undefined ? [] : [second]));
    return;
  }
  const { apiVersion, kind, items } = value;
  const isList = typeof kind === 'string' && kind.endsWith('List') && Object.hasOwn(value, 'items');
  if (isList && (Array.isArray(items) || items === null)) {
    for (const [index, item] of (items ?? []).entries()) {
      visit(inferKind(item, apiVersion, kind), [...path, 'items', index], objects, faults);
    }
  } else if (kind === 'List' && apiVersion === 'v1') {
    const message = 'A List needs items: write a list of objects below "items:".';
    faults.push({ code: 'not-an-object', message, path: [...path, 'items'] });
  } else objects.push({ object: value, path });
}

/** Of `check --write-baseline`, whatever its file is called. */
function isBaseline(value: Record<string, unknown>): boolean {
  const keys = Object.keys(value).sort();
  return keys.join() === 'daygate,objects,version' && typeof value['daygate'] === 'string';
}

/** The API server leaves apiVersion and kind out of the items of a PodList; kubectl puts them back. */
function inferKind(item: unknown, apiVersion: unknown, kind: string): unknown {
  const itemKind = kind.slice(0, -'List'.length);
  if (itemKind === '' || !isObject(item)) return item;
  if (Object.hasOwn(item, 'apiVersion') || Object.hasOwn(item, 'kind')) return item;
  const object: Record<string, unknown> = { apiVersion, kind: itemKind };
  for (const [key, value] of Object.entries(item)) setOwn(object, key, value);
  return object;
}

function checkField(
  object: Record<string, unknown>,
  path: Path,
  field: 'apiVersion' | 'kind',
  code: ObjectFault['code'],
  example: string,
): ObjectFault | undefined {
  const value = Object.hasOwn(object, field) ? object[field] : undefined;
  if (typeof value === 'string' && value !== '') return undefined;
  const state =
    value === undefined
      ? 'is missing'
      : value === null || value === ''
        ? 'is empty'
        : `is ${nameOf(value)}, no text`;
  const message = `${field} ${state}: write, for example, "${field}: ${example}".`;
  return { code, message, path: [...path, field] };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nameOf(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'boolean') return 'true or false';
  return typeof value === 'number' ? 'a number' : 'text';
}
