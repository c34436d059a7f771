import { expect, test } from 'vitest';
import { detectCredential, scanCommand, scanText } from '../../../src/sdk/secrets/index.ts';
import { set14 } from './corpus/set-14.ts';
import { set16 } from './corpus/set-16.ts';
import { set20 } from './corpus/set-20.ts';
import { set22 } from './corpus/set-22.ts';
import { set23 } from './corpus/set-23.ts';
import { set24 } from './corpus/set-24.ts';
import { set26 } from './corpus/set-26.ts';
import { set27 } from './corpus/set-27.ts';
import { set28 } from './corpus/set-28.ts';
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
    expect(precision, `precision, ${place}: ${JSON.stringify(shown)}`).toBeGreaterThanOrEqual(0.99);
    expect(recall, `recall, ${place}: ${JSON.stringify(shown)}`).toBeGreaterThanOrEqual(0.98);
  }
});

test.each([...set14.pairs, ...set16.pairs])('%s: %s', (name, value, kind) => {
  expect(detectCredential({ name, value }) !== undefined).toBe(kind !== null);
});

test.each([
  ...set20.pairs,
  ...set22.pairs,
  ...set23.pairs,
  ...set24.pairs,
  ...set26.pairs,
  ...set27.pairs,
  ...set28.pairs,
])('of a variable, %s: %s', (name, value, kind) => {
  expect(kindInVariable(name, value) !== undefined).toBe(kind !== null);
});

test.each([
  ...[
    ...set14.documents,
    ...set16.documents,
    ...set20.documents,
    ...set22.documents,
    ...set23.documents,
    ...set24.documents,
    ...set26.documents,
    ...set27.documents,
    ...set28.documents,
  ].map(([text, count]) => ['config', text, count] as const),
  ...set14.fields,
  ...set16.fields,
  ...set20.fields,
  ...set22.fields,
  ...set23.fields,
  ...set24.fields,
  ...set26.fields,
  ...set27.fields,
  ...set28.fields,
])('in %s: %j', (key, text, count) => {
  expect(scanText(key, text)).toHaveLength(count);
});

test.each([
  ...set14.commands,
  ...set16.commands,
  ...set20.commands,
  ...set22.commands,
  ...set23.commands,
  ...set24.commands,
  ...set26.commands,
  ...set27.commands,
  ...set28.commands,
])('%j', (words, count) => {
  expect(scanCommand(words)).toHaveLength(count);
});
