import { expect, it } from 'vitest';
import { startProgress } from '../../src/cli/progress.ts';

function terminal(quiet = false) {
  const lines: string[] = [];
  let time = 0;
  const progress = startProgress({ drawLine: (text) => void lines.push(text), now: () => time }, quiet);
  return { lines, progress, passes: (milliseconds: number) => (time += milliseconds) };
}

it('says nothing of a run that takes less than a second', () => {
  const { lines, progress, passes } = terminal();
  progress.step('reading file', 1, 2);
  passes(900);
  progress.step('reading file', 2, 2);
  progress.end();
  expect(lines).toEqual([]);
});

it('shows how far a longer run is, ten times a second at most, and takes the line away', () => {
  const { lines, progress, passes } = terminal();
  passes(1000);
  for (let done = 1; done <= 100; done++) {
    progress.step('judging object', done, 100);
    passes(10);
  }
  expect(lines).toHaveLength(10);
  expect(lines[0]).toBe('judging object 1 of 100');
  progress.clear();
  progress.end();
  expect(lines).toHaveLength(11);
  expect(lines.at(-1)).toBe('');
});

it('shows nothing where nobody watches', () => {
  const { lines, progress, passes } = terminal(true);
  passes(5000);
  progress.step('reading file', 1, 2);
  progress.end();
  expect(lines).toEqual([]);
  expect(() => startProgress({ now: () => 0 }, false).step('reading file', 1, 2)).not.toThrow();
});
