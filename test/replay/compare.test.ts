import { describe, expect, it } from 'vitest';
import type { RecordedVerdict } from '../../src/record/recorded-review.ts';
import { compareVerdicts } from '../../src/replay/compare.ts';
import { outcomeOf, type Replayed } from '../../src/replay/replay.ts';

type Finding = RecordedVerdict['findings'][number];

const at = (pointer: string, action: Finding['action'] = 'deny'): Finding =>
  ({ policy: 'require-x', messageId: 'missing', locator: pointer, pointer, action }) as Finding;
const verdict = (...findings: readonly Finding[]): RecordedVerdict => ({
  allowed: !findings.some(({ action }) => action === 'deny'),
  enforcement: 'enforce',
  findings: [...findings],
  failed: [],
});
const replayed = (...findings: readonly Finding[]): Replayed =>
  ({ verdict: verdict(...findings) }) as Replayed;

describe('a verdict beside another', () => {
  it.each([
    ['the place itself', '/data/a'],
    ['a place inside it', '/data/a/b'],
    ['what it stands in', '/data'],
  ])('is not compared at a redacted place: %s', (_, pointer) => {
    const compared = compareVerdicts(verdict(), replayed(at(pointer)), ['/data/a']);
    expect(compared).toEqual({ change: undefined, notCompared: 1 });
  });

  it.each(['/data/ab', '/data/b', '/other'])('is compared elsewhere: %s', (pointer) => {
    const { change, notCompared } = compareVerdicts(verdict(), replayed(at(pointer)), ['/data/a']);
    expect([change?.kind, notCompared]).toEqual(['newly denied', 0]);
  });

  it('that a redacted place alone refused is no change where the other has nothing', () => {
    const compared = compareVerdicts(verdict(at('/data/a')), replayed(), ['/data/a']);
    expect(compared).toEqual({ change: undefined, notCompared: 1 });
  });
});

describe('the outcome of a verdict', () => {
  it.each([
    ['denied', verdict(at('/data/a'), at('/data/b', 'warn'))],
    ['warned', verdict(at('/data/a', 'audit'), at('/data/b', 'warn'))],
    ['warned', { ...verdict(), failed: ['require-x'] }],
    ['allowed', verdict(at('/data/a', 'audit'))],
  ])('is %s', (outcome, given) => {
    expect(outcomeOf(given)).toBe(outcome);
  });
});
