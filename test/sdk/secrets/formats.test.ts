import { expect, test } from 'vitest';
import { formats, formatsFor } from '../../../src/sdk/secrets/formats.ts';
import { commands, documents, pairs } from './corpus.ts';

test('the search for clues leaves out no format that a text holds', () => {
  const texts = [
    ...pairs.map(([, value]) => value),
    ...documents.map(([text]) => text),
    ...commands.flatMap(([words]) => words),
  ];
  const matched = new Set<string>();
  for (const text of texts) {
    const candidates = new Set(formatsFor(text));
    for (const format of formats) {
      if (text.search(format.pattern) < 0) continue;
      matched.add(format.kind);
      expect(candidates.has(format), format.kind).toBe(true);
    }
  }
  // A format that the corpus has no case of would be left out unseen.
  expect(formats.map(({ kind }) => kind).filter((kind) => !matched.has(kind))).toEqual([]);
});
