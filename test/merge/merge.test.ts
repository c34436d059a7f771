import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAuditReport } from '../../src/audit/read-report.ts';
import type { AuditReport } from '../../src/report/audit/audit-report.ts';
import { inFolder } from '../cli/run-check.ts';
import { runProgram, type Ran } from '../cli/run-program.ts';
import { finding, jsonOf, largeReport, report } from './sample-report.ts';

const eu = report({ cluster: 'eu' });
const us = report({ cluster: 'us', findings: [finding({ action: 'warn' })] });

/** Merges in a folder with these reports; `@name` is the file of that name there. */
function run(
  reports: Readonly<Record<string, AuditReport | string>>,
  args: readonly string[],
  look: (folder: string) => void = () => undefined,
): Promise<Ran> {
  const files = Object.entries(reports).map(([name, one]) => [
    name,
    typeof one === 'string' ? one : jsonOf(one),
  ]);
  return inFolder(Object.fromEntries(files) as Record<string, string>, async (folder) => {
    const ran = await runProgram(['merge', ...args.map((arg) => arg.replace('@', `${folder}/`))]);
    look(folder);
    return ran;
  });
}

describe('daygate merge', () => {
  it('writes text and JSON, and exits with 1 where something counts', async () => {
    const { code, out, err } = await run(
      { 'a.json': us, 'b.json': eu },
      ['@a.json', '@b.json', '-o', 'text', '-o', 'json=@m.json'],
      (folder) => {
        // prettier-ignore
        const merged = parseAuditReport(readFileSync(join(folder, 'm.json'), 'utf8'), 'm.json');
        expect(merged.clusters?.map(({ name }) => name)).toEqual(['eu', 'us']);
      },
    );
    expect([code, err]).toEqual([1, '']);
    expect(out).toMatch(/^CLUSTER {2}DATE {8}VERSION {2}DENY {2}WARN {2}AUDIT {2}EXCEPTED$/m);
    expect(out).toMatch(/^eu {7}2026-11-21 {2}v1\.36\.3 {5}1 {5}0 {6}0 {9}0$/m);
    expect(out).toMatch(/^us {7}shop {7}require-memory-limit {5}0 {5}1 {6}0 {9}0$/m);
    expect(out).toMatch(
      /^2 clusters, 2 of 2 objects judged: 2 findings \(1 deny, 1 warn, 0 audit, 0 excepted\)$/m,
    );
  });

  it('exits with 0 where nothing counts, and with 2 where an audit was not complete', async () => {
    const clean = report({ cluster: 'eu', findings: [finding({ action: 'audit' })] });
    expect((await run({ 'a.json': clean }, ['@a.json'])).code).toBe(0);
    const partial = { ...us, errors: [{ code: 'cluster', message: 'pods: forbidden' }] };
    const { code, out } = await run({ 'a.json': clean, 'b.json': partial }, ['@a.json', '@b.json']);
    expect(out).toMatch(/^error us: pods: forbidden$/m);
    expect(code).toBe(2);
  });

  it('tells what is new since an earlier merged report, and only that fails', async () => {
    const files = { 'a.json': eu, 'b.json': us, 'c.json': report({ cluster: 'us', findings: [finding({ action: 'warn' }), finding({ policy: 'forbid-privileged' })] }) }; // prettier-ignore
    await inFolder(
      { 'a.json': jsonOf(eu), 'b.json': jsonOf(us), 'c.json': jsonOf(files['c.json']) },
      async (folder) => {
        const at = (name: string) => join(folder, name);
        await runProgram(['merge', at('a.json'), at('b.json'), '-o', `json=${at('last.json')}`]);
        const same = await runProgram(['merge', at('b.json'), at('a.json'), '--diff', at('last.json')]);
        expect(same.out).toMatch(/^Since 2026-11-21: 0 new findings, 0 gone$/m);
        expect(same.code).toBe(0);
        const args = [
          'merge',
          at('a.json'),
          at('c.json'),
          '--diff',
          at('last.json'),
          '--trend',
          at('last.json'),
        ];
        const { code, out } = await runProgram([...args, '-o', 'text']);
        expect(out).toMatch(/^us {7}shop {7}forbid-privileged {4}1 {5}0$/m);
        expect(code).toBe(1);
        const json = parseAuditReport((await runProgram([...args, '-o', 'json'])).out, 'x');
        expect(json.diff?.appeared).toMatchObject([{ cluster: 'us', policy: 'forbid-privileged' }]);
        expect(json.trend).toEqual([
          {
            ...{ cluster: '2 clusters', date: '2026-11-21', objects: 2, deny: 1, warn: 1, excepted: 0 },
            policies: { 'require-memory-limit': 2 },
          },
        ]);
      },
    );
  });

  it('is no success where no cluster is in both reports', async () => {
    const { code, out } = await run({ 'a.json': eu, 'b.json': us }, ['@a.json', '--diff', '@b.json']);
    expect(out).toMatch(/^error nothing was compared: .* have no cluster in common/m);
    expect(code).toBe(2);
  });

  it('shows the first rows of many, and says how many there are', async () => {
    const { out } = await run({ 'a.json': largeReport('eu', 900, 77), 'b.json': us }, ['@a.json', '@b.json']);
    expect(out).toMatch(/^… and \d+ more rows: -o json has them all$/m);
    expect(out.split('\n').length).toBeLessThan(70);
  });

  it.each<[string, readonly string[], RegExp]>([
    ['no report', [], /missing required argument 'reports'/],
    ['a file that is not there', ['@a.json', '@z.json'], /report \S+z\.json: no such file or folder/],
    ['a file that is named twice', ['@a.json', '@a.json'], /a\.json is named twice/],
    ['a file that is no report', ['@a.json', '@x.yaml'], /report \S+x\.yaml: is no JSON/],
    ['an unknown format', ['@a.json', '-o', 'jsn'], /there is no output format jsn: did you mean json\?/],
    [
      'two formats for standard output',
      ['@a.json', '-o', 'json', '-o', 'text'],
      /only one format goes to standard output/,
    ],
    [
      'something that is no earlier report',
      ['@a.json', '--diff', '@x.yaml'],
      /report \S+x\.yaml: is no JSON/,
    ],
  ])('refuses %s', async (_name, args, said) => {
    const ran = await run({ 'a.json': eu, 'x.yaml': 'a: b' }, args);
    expect([ran.code, ran.out]).toEqual([2, '']);
    expect(ran.err).toMatch(said);
  });

  it('lets hostile names neither start a line nor steer a terminal', async () => {
    const hostile = 'a\u001b[2Jb\nc\u202e';
    const object = { ...finding().object, namespace: hostile };
    const given = report({ cluster: hostile, server: hostile, findings: [finding({ object, policy: hostile })], errors: [{ code: 'x', message: hostile }], notices: [hostile] }); // prettier-ignore
    const { out } = await run({ 'a.json': given, 'b.json': us }, ['@a.json', '@b.json']);
    // eslint-disable-next-line no-control-regex -- they are what must not be there
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });
});
