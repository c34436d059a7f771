import { isRecord } from '#sdk';
import { applyPatch, type PatchOperation } from '../../engine/json-patch.ts';
import { editSource, renameField } from './edit-source.ts';
import { readDocuments } from './read-documents.ts';
import type { Manifest } from './read-manifests.ts';
import type { Json } from './render-value.ts';

/** What is to change in one object of a file. */
export interface ManifestEdit {
  readonly manifest: Pick<Manifest, 'document' | 'path' | 'object'>;
  readonly patch: readonly PatchOperation[];
}

/**
 * Writes patches into the text of a file; everything they are not about stays as it is, byte for byte.
 *
 * @throws EditFault where an edit has no place of its own in the text
 */
export function editManifests(source: string, edits: readonly ManifestEdit[]): string {
  const mark = source.startsWith('\ufeff') ? '\ufeff' : '';
  let text = source.slice(mark.length);
  const documents = readDocuments(text, () => 0);
  // From the last to the first, so that the places of those before stay right.
  for (const [index, { start, end }] of [...documents.entries()].reverse()) {
    let chunk = text.slice(start, end);
    for (const { manifest, patch } of edits) {
      if (manifest.document !== index) continue;
      let object: object = manifest.object;
      const operations = patch.flatMap((operation) => smallerOperations(manifest.object, operation));
      for (let next = 0; next < operations.length; next++) {
        const operation = operations[next] as PatchOperation;
        const removal = operations[next + 1];
        const renamed =
          removal !== undefined && isRename(object, operation, removal)
            ? renameField(chunk, manifest.path, removal.path, lastStep(operation.path))
            : undefined;
        if (renamed !== undefined && removal !== undefined) {
          chunk = renamed;
          object = applyPatch(object, [operation, removal]);
          next++;
          continue;
        }
        const changed = applyPatch(object, [operation]);
        chunk = editSource(chunk, manifest.path, operation, (steps) => valueAt(changed, steps));
        object = changed;
      }
    }
    text = text.slice(0, start) + chunk + text.slice(end);
  }
  return mark + text;
}

/** Whether two operations move what stands under one name of a mapping to another name that is free. */
function isRename(object: unknown, added: PatchOperation, removed: PatchOperation): boolean {
  if (added.op !== 'add' || removed.op !== 'remove') return false;
  const parent = parentOf(added.path);
  if (parent !== parentOf(removed.path)) return false;
  const holder = valueAt(object, parent.split('/').slice(1).map(unescapeStep));
  if (!isRecord(holder) || Object.hasOwn(holder, lastStep(added.path))) return false;
  return JSON.stringify(holder[lastStep(removed.path)]) === JSON.stringify(added.value);
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function lastStep(path: string): string {
  return unescapeStep(path.slice(path.lastIndexOf('/') + 1));
}

/** A list that only lost some of its items is not written anew: what stays keeps its comments. */
function smallerOperations(object: unknown, operation: PatchOperation): readonly PatchOperation[] {
  const { op, path, value } = operation;
  if (op !== 'replace' || !Array.isArray(value)) return [operation];
  const before = valueAt(object, path.split('/').slice(1).map(unescapeStep));
  if (!Array.isArray(before)) return [operation];
  const removed: number[] = [];
  let kept = 0;
  for (const [index, item] of (before as readonly unknown[]).entries()) {
    if (kept < value.length && JSON.stringify(item) === JSON.stringify(value[kept])) kept++;
    else removed.push(index);
  }
  if (kept < value.length) return [operation];
  return removed.reverse().map((index) => ({ op: 'remove', path: `${path}/${index}` }));
}

function unescapeStep(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** A value of an object, null where there is none. Its fields come from JSON or YAML, and so does what a fix adds to them. */
export function valueAt(object: unknown, steps: readonly (string | number)[]): Json {
  const found = steps.reduce<unknown>((value, step) => {
    if (Array.isArray(value)) return (value as readonly unknown[])[Number(step)];
    return isRecord(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }, object);
  return (found ?? null) as Json;
}
