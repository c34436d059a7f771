import { describe, expect, it } from 'vitest';
import { textReport } from '../../src/report/text.ts';
import { clean, errorsOnly, finding, mixed, report } from './sample-reports.ts';

const long =
  'Set resources.limits.memory, for example 256Mi, to what the container needs under load and no more.';

describe('the text report', () => {
  it('ends with what was looked at and what came of it', () => {
    const last = (text: string) => text.trimEnd().split('\n').at(-1);
    expect(last(textReport(mixed))).toBe(
      '3 objects judged in 2 files: 6 findings (2 deny, 2 warn, 1 audit, 1 excepted).',
    );
    expect(last(textReport(clean))).toBe('1 object judged in 2 files: no findings.');
    expect(last(textReport(errorsOnly))).toBe('0 objects judged in 1 file: 2 errors.');
    const coverage = { files: 2, objects: 12, judged: 10 };
    expect(last(textReport({ ...clean, coverage }))).toBe('10 of 12 objects judged in 2 files: no findings.');
  });

  it('fits a narrow terminal, with what belongs together below each other', () => {
    const findings = [finding({ remediation: long, excerpt: `        command: ${'x'.repeat(100)}` })];
    const lines = textReport(report(findings), { columns: 80 }).split('\n');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    const start = lines.findIndex((line) => line.includes('→'));
    expect(lines.slice(start, start + 2)).toEqual([
      '             → Set resources.limits.memory, for example 256Mi, to what the',
      '               container needs under load and no more.',
    ]);
    // What cannot be broken stays whole: a locator has to be copied.
    const locator = `spec.${'a'.repeat(90)}`;
    expect(textReport(report([finding({ locator })]), { columns: 80 })).toContain(`at ${locator}\n`);
  });

  it('breaks no line where nobody says how wide it may be', () => {
    expect(textReport(report([finding({ remediation: long })]))).toContain(`→ ${long}\n`);
  });

  it('says in a long report what is wrong most often', () => {
    const many = Array.from({ length: 60 }, (_, index) =>
      finding({
        policy: index < 40 ? 'require-memory-limit' : 'require-replicas',
        object: { apiVersion: 'v1', kind: 'Pod', name: `p-${index % 30}` },
      }),
    );
    expect(textReport(report(many))).toContain(
      'Most often:\n  40 require-memory-limit in 30 objects\n  20 require-replicas in 20 objects\n',
    );
    expect(textReport(mixed)).not.toContain('Most often');
  });
});
