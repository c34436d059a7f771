import { isDeepStrictEqual } from 'node:util';
import type { FixResult } from '../engine/run-fixes.ts';
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
  fixWith: FixWith,
): PlannedFile {
  const before = utf8.decode(bytes);
  const items = fixes.map(({ item }) => item);
  const patched = fixes.filter(({ result }) => result.patch.length > 0);
  const all = textWith(before, items, resultsOf(patched));
  if (all !== undefined) return { file, before, after: all, written: patched, refused: [] };
  return { file, before, ...planInParts(before, items, patched, fixWith) };
}

type FixWith = (item: Item, policies: readonly string[]) => FixResult;

/** One edit that cannot be written does not hold up the others. */
function planInParts(
  before: string,
  items: readonly Item[],
  patched: readonly FixedItem[],
  fixWith: FixWith,
): Pick<PlannedFile, 'after' | 'written' | 'refused'> {
  let after = before;
  const results = new Map<Item, FixResult>();
  const tryWith = (fixes: readonly FixedItem[]): boolean => {
    const more = new Map([...results, ...resultsOf(fixes)]);
    const text = textWith(before, items, more);
    if (text === undefined) return false;
    for (const { item, result } of fixes) results.set(item, result);
    after = text;
    return true;
  };
  const parted = patched.filter((whole) => !tryWith([whole]));
  const appliedTo = (item: Item): readonly string[] => results.get(item)?.applied ?? [];
  const leftOf = ({ item, result }: FixedItem): readonly string[] =>
    result.applied.filter((policy) => !appliedTo(item).includes(policy));
  /** Writes the fix of one policy: for all objects at once, because they may share its place, or for each alone. */
  const addPolicy = (policy: string): boolean => {
    const fixes = parted
      .filter((whole) => leftOf(whole).includes(policy))
      .map(({ item }) => ({ item, result: fixWith(item, [...appliedTo(item), policy]) }))
      .filter(({ result }) => result.applied.includes(policy));
    return fixes.length > 0 && (tryWith(fixes) || fixes.filter((fixed) => tryWith([fixed])).length > 0);
  };
  // What one object got may make room for another: a second run is to find nothing more.
  for (let again = true; again;) {
    const policies = new Set(parted.flatMap(leftOf));
    again = [...policies].filter(addPolicy).length > 0;
  }
  const refused = parted
    .map((whole) => ({ item: whole.item, policies: leftOf(whole), reason: reasonIn(before) }))
    .filter(({ policies }) => policies.length > 0);
  return { after, written: [...results].map(([item, result]) => ({ item, result })), refused };
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
  const { manifests } = readManifests(text);
  const expected = items.map((item) => results.get(item)?.object ?? item.manifest.object);
  const found = manifests.map(({ object }) => object);
  return isDeepStrictEqual(found, expected) ? text : undefined;
}
