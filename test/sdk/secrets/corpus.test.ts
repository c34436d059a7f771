import { expect, test } from 'vitest';
import { detectCredential, scanCommand, scanText } from '../../../src/sdk/secrets/index.ts';
import {
  fourteenthCommands,
  fourteenthFields,
  fourteenthFiles,
  fourteenthPairs,
} from './corpus-fourteenth-blind.ts';
import {
  sixteenthCommands,
  sixteenthFields,
  sixteenthFiles,
  sixteenthPairs,
} from './corpus-sixteenth-blind.ts';
import {
  twentiethCommands,
  twentiethFields,
  twentiethFiles,
  twentiethPairs,
} from './corpus-twentieth-blind.ts';
import {
  twentySecondCommands,
  twentySecondFields,
  twentySecondFiles,
  twentySecondPairs,
} from './corpus-twenty-second-blind.ts';
import {
  twentyThirdCommands,
  twentyThirdFields,
  twentyThirdFiles,
  twentyThirdPairs,
} from './corpus-twenty-third-blind.ts';
import { kindInVariable, measure, size } from './corpus.ts';

test('the corpus has at least 600 cases, about half of them harmless', () => {
  const { positive, negative } = size();
  expect(positive + negative).toBeGreaterThanOrEqual(600);
  expect(Math.abs(positive - negative) / (positive + negative)).toBeLessThan(0.1);
});

test('nearly all that is reported is a credential, and nearly every credential is reported', () => {
  const { scores, misses } = measure();
  for (const [place, { precision, recall }] of scores) {
    const shown = misses.filter((miss) => place === 'all' || miss.place === place);
    expect(precision, `precision, ${place}: ${JSON.stringify(shown)}`).toBeGreaterThanOrEqual(0.95);
    expect(recall, `recall, ${place}: ${JSON.stringify(shown)}`).toBeGreaterThanOrEqual(0.9);
  }
});

test.each([...fourteenthPairs, ...sixteenthPairs])('%s: %s', (name, value, kind) => {
  expect(detectCredential({ name, value }) !== undefined).toBe(kind !== null);
});

test.each([...twentiethPairs, ...twentySecondPairs, ...twentyThirdPairs])(
  'of a variable, %s: %s',
  (name, value, kind) => {
    expect(kindInVariable(name, value) !== undefined).toBe(kind !== null);
  },
);

test.each([
  ...[
    ...fourteenthFiles,
    ...sixteenthFiles,
    ...twentiethFiles,
    ...twentySecondFiles,
    ...twentyThirdFiles,
  ].map(([text, count]) => ['config', text, count] as const),
  ...fourteenthFields,
  ...sixteenthFields,
  ...twentiethFields,
  ...twentySecondFields,
  ...twentyThirdFields,
])('in %s: %j', (key, text, count) => {
  expect(scanText(key, text)).toHaveLength(count);
});

test.each([
  ...fourteenthCommands,
  ...sixteenthCommands,
  ...twentiethCommands,
  ...twentySecondCommands,
  ...twentyThirdCommands,
])('%j', (words, count) => {
  expect(scanCommand(words)).toHaveLength(count);
});
