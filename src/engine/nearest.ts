import { wordDistance } from '#sdk';

/** With how many known names one is compared: thousands of wrong names among as many known ones would take minutes. */
const mostCompared = 500;
const longestWord = 64;

/**
 * The tail of an error message about an unknown name: the known name that was probably meant, if one is close, or
 * begins or ends like it.
 *
 * @example nearest('prodution', ['baseline', 'production']) // ': did you mean production?'
 * @example nearest('prod', ['baseline', 'production']) // ': did you mean production?'
 * @example nearest('memory-limit', ['require-memory-limit']) // ': did you mean require-memory-limit?'
 */
export function nearest(name: string, known: readonly string[]): string {
  const word = name.slice(0, longestWord);
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  let compared = 0;
  for (const candidate of known) {
    if (++compared > mostCompared) break;
    if (Math.abs(Math.min(candidate.length, longestWord) - word.length) >= bestDistance) continue;
    const edits = wordDistance(word, candidate);
    // Two edits make any three letters of any others.
    if (edits > 1 && word.length <= 3 && !candidate.startsWith(word.charAt(0))) continue;
    if (edits < bestDistance) [best, bestDistance] = [candidate, edits];
  }
  // A word cut short is rarely a typing error; one letter would fit too many.
  if (word.length > 1) {
    best ??= known.find((candidate) => candidate.startsWith(word.toLowerCase()));
    best ??= shortest(known.filter((candidate) => candidate.endsWith(`-${word.toLowerCase()}`)));
  }
  return best === undefined ? '' : `: did you mean ${best}?`;
}

function shortest(names: readonly string[]): string | undefined {
  return names.toSorted((a, b) => a.length - b.length)[0];
}

/**
 * The same for names that are asked again and again, such as that of a profile which thousands of others extend: each is
 * compared with the known ones once.
 */
export function nearestAmong(known: readonly string[]): (name: string) => string {
  const told = new Map<string, string>();
  return (name) => {
    const hint = told.get(name) ?? nearest(name, known);
    told.set(name, hint);
    return hint;
  };
}
