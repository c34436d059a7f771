import { expect, it } from 'vitest';
import { reviewExceptions } from '../../src/cli/exceptions/review-exceptions.ts';
import type { Report } from '../../src/report/report.ts';
import { compiled, now } from '../engine/compile-test-settings.ts';

it('exceptions are told what they hit without going through all findings for each', () => {
  const count = 50;
  const about = { policies: ['forbid-tag'], owner: 'ana', reason: 'move', expires: '2026-11-30' };
  const numbers = Array.from({ length: count }, (_, index) => index);
  const known = compiled({
    exceptions: numbers.map((index) => ({ ...about, match: { name: `web-${index}` } })),
  });
  let times = 0;
  const read = (index: number): readonly number[] => {
    times++;
    return [index, 0];
  };
  const object = { apiVersion: 'v1', kind: 'Pod', name: 'web' };
  const report = {
    errors: [],
    skipped: [],
    findings: numbers.slice(1).map((index) => ({
      ...{ policy: 'forbid-tag', object, locator: 'spec', file: 'web.yaml', line: index, column: 1 },
      get coveredBy() {
        return read(index);
      },
    })),
    judged: numbers.slice(1).map((index) => ({
      get exceptions() {
        return read(index);
      },
    })),
  } as unknown as Report;
  const place = { now, withinDays: 30, placeOf: String };
  const [first, ...others] = reviewExceptions(known, report, place);
  expect([first?.use, first?.hits.length, first?.objects]).toEqual(['used', count - 1, count - 1]);
  expect(others.map(({ hits, objects }) => [hits.map(({ line }) => line), objects])).toEqual(
    numbers.slice(1).map((index) => [[index], 1]),
  );
  expect(times).toBe(2 * (count - 1));
});
