/** What an object of a cluster passes, together with what it made. */
import { describe, expect, it } from 'vitest';
import type { Policy } from '#sdk';
import { policies } from '../../policies/index.ts';
import { audit } from '../../src/audit/audit-command.ts';
import { parseAuditReport } from '../../src/audit/read-report.ts';
import { mergeReports } from '../../src/merge/merge-reports.ts';
import type { AuditReport } from '../../src/report/audit/audit-report.ts';
import { auditFormats } from '../../src/report/audit/format-names.ts';
import { renderAudit } from '../../src/report/audit/formats.ts';
import { sarifProblems } from '../report/sarif-schema.ts';
import { auditOf, object, pod, workload, type AuditOf } from './audit-of.ts';

const control = 'Pod Security Standards: Privileged Containers (Baseline)';
const library = policies.filter(({ id }) =>
  ['forbid-privileged', 'require-memory-limit', 'require-service-target', 'require-gitops-actor'].includes(
    id,
  ),
);
const limited = { name: 'app', image: 'app:1', resources: { limits: { memory: '1Gi' } } };
const spec = { containers: [limited] };

async function reportOf(objects: readonly object[], options: AuditOf = {}): Promise<AuditReport> {
  return (await auditOf(objects as Parameters<typeof auditOf>[0], { library, passes: true, ...options }))
    .report;
}

/** `name: passes | not judged` of each object. */
function passesOf({ objects }: AuditReport): readonly string[] {
  return objects.map(
    ({ kind, name, passes = ['-'], notJudged = [] }) =>
      `${kind} ${name}: ${passes.join(' ')} | ${notJudged.join(' ')}`,
  );
}

function renderedAs(format: (typeof auditFormats)[number], report: AuditReport): string {
  const text = renderAudit(format, report, { version: '1', sha256: () => 'x' });
  return typeof text === 'string' ? text : [...text].join('');
}

describe('an audit with passes', () => {
  it('says what each object at the top passes, and nothing of it without being asked', async () => {
    const objects = [workload('Deployment', 'web', undefined, spec), object('v1', 'Service', 'web')];
    const report = await reportOf(objects);
    expect(passesOf(report)).toEqual([
      'Deployment web: forbid-privileged require-memory-limit | ',
      'Service web: require-service-target | ',
    ]);
    expect(report.policies.find(({ id }) => id === 'forbid-privileged')?.controls).toEqual([control]);
    const without = await reportOf(objects, { passes: false });
    expect(JSON.stringify(without)).not.toMatch(/"(?:passes|notJudged|controls)"/);
  });

  it('counts what was found on pods against their owner', async () => {
    const web = workload('Deployment', 'web', undefined, spec);
    const injected = pod('web-1', web, { containers: [limited, { name: 'proxy', image: 'proxy:1' }] });
    const report = await reportOf([web, injected, pod('web-2', web, spec)]);
    expect(report.findings.map(({ policy, via }) => [policy, via?.names])).toEqual([
      ['require-memory-limit', ['web-1']],
    ]);
    expect(passesOf(report)).toEqual(['Deployment web: forbid-privileged | ']);
  });

  const failing: Policy = {
    ...(library.find(({ id }) => id === 'forbid-privileged') as Policy),
    validate: (subject) => {
      if ((subject as { container: { name: string } }).container.name === 'odd') throw new Error('odd');
    },
  };

  it('does not know of what a policy failed on, on a pod of the object either', async () => {
    const web = workload('Deployment', 'web', undefined, spec);
    const odd = pod('web-1', web, { containers: [{ ...limited, name: 'odd' }] });
    const report = await reportOf([web, odd, workload('Deployment', 'worker', undefined, spec)], {
      library: [failing],
    });
    expect(report.errors).toHaveLength(1);
    expect(passesOf(report)).toEqual([
      'Deployment web:  | forbid-privileged',
      'Deployment worker: forbid-privileged | ',
    ]);
  });

  it('tells in all formats that check has passes in, and leaves the others alone', async () => {
    const objects = [workload('Deployment', 'web', undefined, spec)];
    const report = await reportOf(objects);
    const without = await reportOf(objects, { passes: false });
    for (const format of auditFormats) {
      const isSame = ['github', 'gitlab', 'csv', 'policyreport'].includes(format);
      expect(renderedAs(format, report).includes(control), format).toBe(!isSame);
      expect(renderedAs(format, without).includes(control), format).toBe(false);
      if (isSame) expect(renderedAs(format, report), format).toBe(renderedAs(format, without));
    }
    expect(parseAuditReport(renderedAs('json', report), 'report').objects).toEqual(report.objects);
    expect(renderedAs('text', report)).toMatch(/^ {2}forbid-privileged +1 +0 +0 {2}Pod Security/m);
    expect(sarifProblems(renderedAs('sarif', report))).toEqual([]);
    expect(renderedAs('junit', report)).toContain(
      'name="require-memory-limit" classname="shop/Deployment.apps/web"',
    );
  });

  it('says in a merged report whose passes those are', async () => {
    const objects = [workload('Deployment', 'web', undefined, spec)];
    const east = { ...(await reportOf(objects)), cluster: 'east' };
    const west = { ...(await reportOf(objects)), cluster: 'west' };
    const none = { ...(await reportOf(objects, { passes: false })), cluster: 'none' };
    const merged = (...reports: readonly AuditReport[]): AuditReport =>
      mergeReports(reports.map((report, index) => ({ file: String(index), report })));
    const both = merged(east, west);
    expect(both.notices).toEqual([]);
    expect(both.objects.map(({ passes }) => passes?.length)).toEqual([2, 2]);
    expect(both.policies[0]?.controls).toEqual([control]);
    const mixed = merged(east, none);
    expect(mixed.notices).toEqual([
      'Passes are those of 1 of 2 reports: the others were made without --include pass',
    ]);
    expect(mixed.policies[0]?.controls).toBeUndefined();
  });

  it('does not go with --since, of which it would not know what pods have', async () => {
    const options = { include: ['pass'], since: 'report.json', chunkSize: '500', qps: '50' };
    const io = { out: () => undefined, err: () => undefined, input: () => Promise.resolve(new Uint8Array()), color: false, now: () => 0 }; // prettier-ignore
    await expect(audit(options, { policies: [], digest: '' }, io)).rejects.toThrow(
      /--include pass judges every object: leave out --since/,
    );
  });
});
