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

/** Fixes that could not be written. */
export interface Refusal {
  readonly item: Item;
  readonly policies: readonly string[];
  readonly reason: string;
}

export interface PlannedFile {
  readonly file: string;
  readonly before: string;
  readonly after: string;
  /** Objects with the fixes that are in the new text. */
  readonly written: readonly FixedItem[];
  readonly refused: readonly Refusal[];
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Works out the new text of a file. It is read again before it counts: every object has to come out as its fixes
 * left it, and every other one as it was.
 *
 * @param fixWith fixes an object with some policies alone
 */
export function planFile(
  file: string,
  bytes: Uint8Array,
  fixes: readonly FixedItem[],
  fixWith: (item: Item, policies: readonly string[]) => FixResult,
): PlannedFile {
  const before = utf8.decode(bytes);
  const items = fixes.map(({ item }) => item);
  const patched = fixes.filter(({ result }) => result.patch.length > 0);
  const all = textWith(before, items, resultsOf(patched));
  if (all !== undefined) return { file, before, after: all, written: patched, refused: [] };
  // One edit that cannot be written does not hold up the others.
  const written: FixedItem[] = [];
  const refused: Refusal[] = [];
  let after = before;
  for (const { item, result: whole } of patched) {
    const others = [...written];
    const tryWith = (result: FixResult): boolean => {
      const text = textWith(before, items, resultsOf([...others, { item, result }]));
      if (text === undefined) return false;
      written.splice(0, written.length, ...others, { item, result });
      after = text;
      return true;
    };
    if (tryWith(whole)) continue;
    const kept: string[] = [];
    for (const policy of whole.applied) {
      const result = fixWith(item, [...kept, policy]);
      if (result.applied.includes(policy) && tryWith(result)) kept.push(policy);
    }
    const policies = whole.applied.filter((policy) => !kept.includes(policy));
    refused.push({ item, policies, reason: reasonIn(before) });
  }
  return { file, before, after, written, refused };
}

type Results = ReadonlyMap<Item, FixResult>;

function resultsOf(fixes: readonly FixedItem[]): Results {
  return new Map(fixes.map(({ item, result }) => [item, result]));
}

function reasonIn(text: string): string {
  return mayHaveAliases(text)
    ? 'the place is shared with another through an anchor'
    : 'the place is written in a way that cannot be edited without changing more than this';
}

/** What two share through an anchor is changed there, unless only one of them is to change. */
function textWith(before: string, items: readonly Item[], results: Results): string | undefined {
  const shared = mayHaveAliases(before) ? textOf(before, items, results, 'shared') : undefined;
  return shared ?? textOf(before, items, results, 'written out');
}

function textOf(
  before: string,
  items: readonly Item[],
  results: Results,
  aliases: Aliases,
): string | undefined {
  const edits = [...results].map(([{ manifest }, { patch }]) => ({ manifest, patch }));
  let text: string;
  try {
    text = editManifests(before, edits, aliases);
  } catch (error) {
    if (error instanceof EditFault) return undefined;
    throw error;
  }
  const { manifests } = readManifests(text, '');
  const expected = items.map((item) => results.get(item)?.object ?? item.manifest.object);
  const found = manifests.map(({ object }) => object);
  return isDeepStrictEqual(found, expected) ? text : undefined;
}
