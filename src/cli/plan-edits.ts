import { isDeepStrictEqual } from 'node:util';
import type { FixResult } from '../engine/fix.ts';
import type { Item } from './manifest-items.ts';
import { editManifests, mayHaveAliases } from './yaml/edit-manifests.ts';
import type { Aliases } from './yaml/edit-source.ts';
import { EditFault } from './yaml/source-text.ts';
import { readManifests } from './yaml/read-manifests.ts';

/** An object and what is to become of it. */
export interface FixedItem {
  readonly item: Item;
  readonly result: FixResult;
}

export interface PlannedFile {
  readonly file: string;
  readonly before: string;
  readonly after: string;
  /** Objects whose fixes are in the new text. */
  readonly written: readonly FixedItem[];
  /** Objects whose fixes could not be written without changing something else too. */
  readonly refused: readonly FixedItem[];
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Works out the new text of a file. It is read again before it counts: every object has to come out as its fixes
 * left it, and every other one as it was.
 */
export function planFile(file: string, bytes: Uint8Array, fixes: readonly FixedItem[]): PlannedFile {
  const before = utf8.decode(bytes);
  const patched = fixes.filter(({ result }) => result.patch.length > 0);
  const all = textWith(before, fixes, patched);
  if (all !== undefined) return { file, before, after: all, written: patched, refused: [] };
  const written: FixedItem[] = [];
  const refused: FixedItem[] = [];
  let after = before;
  for (const candidate of patched) {
    const text = textWith(before, fixes, [...written, candidate]);
    if (text === undefined) {
      refused.push(candidate);
    } else {
      written.push(candidate);
      after = text;
    }
  }
  return { file, before, after, written, refused };
}

/** What two share through an anchor is changed there, unless only one of them is to change. */
function textWith(
  before: string,
  all: readonly FixedItem[],
  chosen: readonly FixedItem[],
): string | undefined {
  const shared = mayHaveAliases(before) ? textOf(before, all, chosen, 'shared') : undefined;
  return shared ?? textOf(before, all, chosen, 'written out');
}

function textOf(
  before: string,
  all: readonly FixedItem[],
  chosen: readonly FixedItem[],
  aliases: Aliases,
): string | undefined {
  const edits = chosen.map(({ item, result }) => ({ manifest: item.manifest, patch: result.patch }));
  let text: string;
  try {
    text = editManifests(before, edits, aliases);
  } catch (error) {
    if (error instanceof EditFault) return undefined;
    throw error;
  }
  const { manifests } = readManifests(text, '');
  const expected = all.map((fixed) =>
    chosen.includes(fixed) ? fixed.result.object : fixed.item.manifest.object,
  );
  const found = manifests.map(({ object }) => object);
  return isDeepStrictEqual(found, expected) ? text : undefined;
}
