import { alignLines, type Alignment } from './align-lines.ts';

/**
 * Aligns the documents that one template made with it: for each document and each of its lines an index into the
 * template, or undefined. A document is made by the part of the template, between two `---`, that is most like it. Of
 * parts that are equally like it the one counts that has made fewest so far: of two ServiceAccounts the second made the
 * second.
 */
export function alignDocuments(
  documents: readonly (readonly string[])[],
  template: readonly string[],
): readonly (readonly (number | undefined)[])[] {
  const parts = partsOf(template);
  return documents.map((document) => {
    let best: { readonly part: Part; readonly alignment: Alignment } | undefined;
    for (const part of parts) {
      const alignment = alignLines(document, part.lines);
      if (best === undefined || isBetter(part, alignment, best)) best = { part, alignment };
    }
    if (best === undefined) return [];
    const { part, alignment } = best;
    part.made++;
    return alignment.lines.map((index) => (index === undefined ? undefined : index + part.start));
  });
}

interface Part {
  readonly start: number;
  readonly lines: readonly string[];
  /** Documents so far. */
  made: number;
}

function isBetter(
  part: Part,
  { likeness }: Alignment,
  best: { readonly part: Part; readonly alignment: Alignment },
): boolean {
  if (likeness !== best.alignment.likeness) return likeness > best.alignment.likeness;
  return part.made < best.part.made;
}

/** The lines between two `---`. What a part says before its first line with text is its own, and changes nothing. */
function partsOf(template: readonly string[]): readonly Part[] {
  const parts: Part[] = [];
  let start = 0;
  for (let index = 0; index <= template.length; index++) {
    const line = template[index];
    if (line !== undefined && line.trimEnd() !== '---' && !line.startsWith('--- ')) continue;
    parts.push({ start, lines: template.slice(start, index), made: 0 });
    start = index + 1;
  }
  return parts;
}
