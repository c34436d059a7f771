import { isDeepStrictEqual } from 'node:util';
import { isRecord, type Path } from '#sdk';
import { applyPatch, type PatchOperation } from '../../engine/json-patch.ts';
import { jsonPointer, member, pointerSteps } from '../../engine/locate.ts';
import { editSource, renameField, type Aliases } from './edit-source.ts';
import { indexesBesides } from './indexes-besides.ts';
import { readDocuments } from './read-documents.ts';
import { placeOfItem } from './place-of-item.ts';
import { readManifests, type Manifest } from './read-manifests.ts';
import type { Json } from './render-value.ts';
import { editorOf, type Style } from './source-text.ts';

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
export function editManifests(source: string, edits: readonly ManifestEdit[], aliases: Aliases): string {
  const mark = source.startsWith('\ufeff') ? '\ufeff' : '';
  const text = source.slice(mark.length);
  const editsOf = Map.groupBy(edits, ({ manifest }) => manifest.document);
  let edited = mark;
  let at = 0;
  for (const [index, { start, end }] of readDocuments(text, () => 0).entries()) {
    edited += text.slice(at, start) + editDocument(text.slice(start, end), editsOf.get(index) ?? [], aliases);
    at = end;
  }
  return edited + text.slice(at);
}

/** A text is read again for each operation on it: of a List, that is the text of the one item where it can be. */
function editDocument(text: string, edits: readonly ManifestEdit[], aliases: Aliases): string {
  let chunk = text;
  if (edits.length < 2 || mayHaveAliases(text)) {
    for (const edit of edits) chunk = editObject(chunk, edit, aliases);
    return chunk;
  }
  const editor = editorOf(text);
  // From the last to the first, so that the places of those before stay right.
  const itemOf = ({ manifest }: ManifestEdit): number => Number(manifest.path[1] ?? 0);
  for (const edit of edits.toSorted((a, b) => itemOf(b) - itemOf(a))) {
    const place = placeOfItem(editor, edit.manifest.path);
    if (place === undefined) chunk = editObject(chunk, edit, aliases);
    else {
      const { from, to, path } = place;
      const own = { ...edit, manifest: { ...edit.manifest, path } };
      chunk =
        chunk.slice(0, from) + editObject(chunk.slice(from, to), own, aliases, editor) + chunk.slice(to);
    }
  }
  return chunk;
}

/** @param style of the document, where the text is a part of it */
function editObject(
  text: string,
  { manifest: { object: before, path }, patch }: ManifestEdit,
  aliases: Aliases,
  style?: Style,
): string {
  const hasAliases = mayHaveAliases(text);
  let chunk = text;
  let object: object = before;
  const operations = smallerOperations(before, patch);
  for (let next = 0; next < operations.length; next++) {
    const operation = operations[next] as PatchOperation;
    const removal = operations[next + 1];
    const renamed =
      removal !== undefined && isRename(object, operation, removal)
        ? renameField(chunk, path, removal.path, lastStep(operation.path), style)
        : undefined;
    if (renamed !== undefined && removal !== undefined) {
      chunk = renamed;
      object = applyPatch(object, [operation, removal]);
      next++;
      continue;
    }
    object = applyPatch(object, [operation]);
    const changed = object;
    // What was written at an anchor stands behind its aliases, too.
    if (hasAliases && isWritten(chunk, path, changed, operation)) continue;
    chunk = editSource(chunk, path, operation, aliases, (steps) => valueAt(changed, steps), style);
  }
  return chunk;
}

export function mayHaveAliases(text: string): boolean {
  return /\*[\w-]/.test(text);
}

/** Whether an object in the text holds already what an operation makes of it. */
function isWritten(text: string, path: Path, changed: object, { path: pointer }: PatchOperation): boolean {
  const { manifests } = readManifests(text);
  const written = manifests.find((manifest) => isDeepStrictEqual(manifest.path, path))?.object;
  const parent = pointerSteps(parentOf(pointer));
  const [held, wanted] = [valueAt(written, parent), valueAt(changed, parent)];
  if (!isRecord(held) || !isRecord(wanted)) return isDeepStrictEqual(held, wanted);
  const key = lastStep(pointer);
  return Object.hasOwn(held, key) === Object.hasOwn(wanted, key) && isDeepStrictEqual(held[key], wanted[key]);
}

/** Whether two operations move what stands under one name of a mapping to another name that is free. */
function isRename(object: unknown, added: PatchOperation, removed: PatchOperation): boolean {
  if (added.op !== 'add' || removed.op !== 'remove') return false;
  const parent = parentOf(added.path);
  if (parent !== parentOf(removed.path)) return false;
  const holder = valueAt(object, pointerSteps(parent));
  if (!isRecord(holder) || Object.hasOwn(holder, lastStep(added.path))) return false;
  return JSON.stringify(holder[lastStep(removed.path)]) === JSON.stringify(added.value);
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function lastStep(path: string): string {
  return pointerSteps(path).at(-1) ?? '';
}

/** What is written anew loses its comments and its layout: so only what differs is. */
function smallerOperations(object: object, patch: readonly PatchOperation[]): readonly PatchOperation[] {
  let present = object;
  return patch.flatMap((operation) => {
    const before = valueAt(present, pointerSteps(operation.path));
    present = applyPatch(present, [operation]);
    return operation.op === 'replace'
      ? differences(operation.path, before, operation.value as Json)
      : [operation];
  });
}

function differences(path: string, before: Json, after: Json): readonly PatchOperation[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (isRecord(before) && isRecord(after)) {
    const written = Object.entries(after).flatMap(([key, value]): readonly PatchOperation[] => {
      const place = path + jsonPointer([key]);
      return Object.hasOwn(before, key)
        ? differences(place, before[key] as Json, value)
        : [{ op: 'add', path: place, value }];
    });
    const gone = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
    return [...written, ...gone.map((key) => ({ op: 'remove', path: path + jsonPointer([key]) }) as const)];
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    return listDifferences(path, before as readonly Json[], after as readonly Json[]);
  }
  return [{ op: 'replace', path, value: after }];
}

function listDifferences(
  path: string,
  before: readonly Json[],
  after: readonly Json[],
): readonly PatchOperation[] {
  const gone = indexesBesides(before, after);
  if (gone !== undefined)
    return gone.toReversed().map((index) => ({ op: 'remove', path: `${path}/${index}` }));
  const fresh = indexesBesides(after, before);
  if (fresh !== undefined)
    return fresh.map((index) => ({ op: 'add', path: `${path}/${index}`, value: after[index] }));
  // Which of them became which, nobody knows of lists of different length.
  if (before.length !== after.length) return [{ op: 'replace', path, value: after }];
  return before.flatMap((item, index) => differences(`${path}/${index}`, item, after[index] as Json));
}

/** A value of an object, null where there is none. Its fields come from JSON or YAML, and so does what a fix adds to them. */
export function valueAt(object: unknown, steps: Path): Json {
  return (steps.reduce(member, object) ?? null) as Json;
}
