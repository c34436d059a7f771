import { isRecord } from '#sdk';
import { stringify } from 'yaml';
import { mergeKeyOf } from '../engine/locate.ts';
import type { PatchOperation } from '../engine/json-patch.ts';
import { smallerOperations, unescapeStep, valueAt } from './yaml/edit-manifests.ts';
import { readManifests } from './yaml/read-manifests.ts';
import { setOwn } from './yaml/to-json.ts';

type Tree = Record<string, unknown>;

/**
 * The edits of a suggestion as YAML that can be read, or applied as a strategic merge patch: only what changes, with
 * the names of the list items it changes in; null removes a field. Values that could be credentials are masked.
 */
export function suggestionText(object: unknown, patch: readonly PatchOperation[]): string {
  const root: Tree = {};
  for (const key of ['apiVersion', 'kind']) setOwn(root, key, valueAt(object, [key]));
  for (const operation of patch.flatMap((one) => smallerOperations(object, one)))
    add(root, object, operation);
  const text = stringify(root, {
    version: '1.1',
    lineWidth: 0,
    nullStr: 'null',
    aliasDuplicateObjects: false,
  });
  const { excerpt } = readManifests(text, '');
  return (
    text
      .trimEnd()
      .split('\n')
      // Null says that a field goes, and hides nothing.
      .map((line, index) => (line.endsWith(': null') ? line : excerpt(index + 1)))
      .join('\n')
  );
}

function add(root: Tree, object: unknown, { op, path, value }: PatchOperation): void {
  const steps = path.split('/').slice(1).map(unescapeStep);
  let tree = root;
  for (const [index, step] of steps.entries()) {
    const way = steps.slice(0, index + 1);
    const isLast = index === steps.length - 1;
    if (Array.isArray(valueAt(object, way.slice(0, -1)))) continue;
    const list: unknown = valueAt(object, way);
    const item = steps[index + 1];
    if (Array.isArray(list) && item !== undefined) {
      tree = itemOf(tree, step, list as readonly unknown[], item);
      if (index + 1 === steps.length - 1) finishItem(tree, op, value);
    } else if (isLast) {
      setOwn(tree, step, op === 'remove' ? null : value);
    } else {
      const next = Object.hasOwn(tree, step) ? tree[step] : undefined;
      const child: Tree = isRecord(next) ? next : {};
      setOwn(tree, step, child);
      tree = child;
    }
  }
}

/** The item of a list in the tree that stands for the item of the object's list. */
function itemOf(tree: Tree, name: string, list: readonly unknown[], step: string): Tree {
  const key = mergeKeyOf(name) ?? 'name';
  const original = list[Number(step)];
  const id = isRecord(original) && Object.hasOwn(original, key) ? original[key] : undefined;
  const known: unknown = Object.hasOwn(tree, name) ? tree[name] : undefined;
  const items: Tree[] = Array.isArray(known) ? (known as Tree[]) : [];
  setOwn(tree, name, items);
  const same = id === undefined ? undefined : items.find((item) => item[key] === id);
  if (same !== undefined) return same;
  const item: Tree = id === undefined ? {} : { [key]: id };
  items.push(item);
  return item;
}

function finishItem(item: Tree, op: PatchOperation['op'], value: unknown): void {
  if (op === 'remove') setOwn(item, '$patch', 'delete');
  else if (isRecord(value)) for (const [key, own] of Object.entries(value)) setOwn(item, key, own);
}
