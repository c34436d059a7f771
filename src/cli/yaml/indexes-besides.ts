import { isDeepStrictEqual } from 'node:util';

/** Where the items of a list are that another one lacks; undefined where the other one holds something else too. */
export function indexesBesides(
  list: readonly unknown[],
  other: readonly unknown[],
): readonly number[] | undefined {
  const found: number[] = [];
  let kept = 0;
  for (const [index, item] of list.entries()) {
    if (kept < other.length && isDeepStrictEqual(item, other[kept])) kept++;
    else found.push(index);
  }
  return kept === other.length ? found : undefined;
}
