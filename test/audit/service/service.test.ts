import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { auditLabels } from '../../../scripts/generate/metrics-page.ts';
import { openHistory } from '../../../src/audit/service/history.ts';
import { UserError } from '../../../src/errors.ts';
import type { AuditReport } from '../../../src/report/audit/audit-report.ts';
import { audit, auditFinding } from '../../report/sample-audits.ts';
import { one, setUp, start, type Earlier } from './set-up.ts';

const folder = mkdtempSync(join(tmpdir(), 'daygate-service-'));
afterAll(() => rmSync(folder, { recursive: true }));

const series = (body: string): readonly string[] =>
  body.split('\n').filter((line) => line.startsWith('daygate_audit_'));

describe('the service', () => {
  it('is alive at once, and ready after the first run', async () => {
    const { service, get, end } = setUp();
    expect(await get('/livez')).toMatchObject({ status: 200, body: 'ok\n' });
    expect(await get('/readyz')).toMatchObject({ status: 503, body: 'the first audit has not ended yet\n' });
    const { body } = await get('/metrics');
    expect(body).toContain('daygate_audit_last_run_timestamp_seconds 0\n');
    expect(body).not.toMatch(/^daygate_audit_(?:errors|incomplete_kinds)/m);
    expect(await get('/')).toMatchObject({ status: 503, headers: { 'retry-after': '10' } });
    await service.run();
    expect(await get('/readyz')).toMatchObject({
      status: 200,
      body: 'ok\nthe report is of 2026-11-21T18:05:00.000Z\n',
    });
    expect((await get('/')).body).toContain('app has no memory limit.');
    end();
    expect((await get('/readyz')).status).toBe(503);
  });

  it('answers the page, the report and its table as they are, with when it was', async () => {
    const { service, get } = setUp();
    await service.run();
    const json = await get('/report.json');
    expect(json.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'last-modified': 'Sat, 21 Nov 2026 18:05:00 GMT',
    });
    expect(JSON.parse(json.body)).toMatchObject({ kind: 'audit', findings: [{ messageId: 'missing' }] });
    const csv = await get('/report.csv');
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(csv.body).toContain('require-memory-limit');
  });

  it('keeps the last good report when a run fails, and says so', async () => {
    let fails = false;
    const { service, get, log, pass } = setUp({
      audit: () => {
        if (fails) throw new UserError('cluster', 'https://api: nothing listens there');
        return one;
      },
    });
    await service.run();
    const before = (await get('/report.json')).body;
    fails = true;
    pass(600_000);
    await service.run();
    expect((await get('/report.json')).body).toBe(before);
    const notice =
      'this is the audit of 2026-11-21T18:05:00.000Z, and it is old: the run of 2026-11-21T18:15:00.000Z failed (https://api: nothing listens there)';
    const page = await get('/');
    expect(page.body).toContain(notice);
    expect(page.body).toContain('app has no memory limit.');
    expect(page.headers['last-modified']).toBe('Sat, 21 Nov 2026 18:05:00 GMT');
    pass(600_000);
    await service.run();
    expect((await get('/')).body).toContain('the run of 2026-11-21T18:25:00.000Z failed');
    expect((await get('/')).body).not.toContain('the run of 2026-11-21T18:15:00.000Z failed');
    const ready = await get('/readyz');
    expect(ready.status).toBe(200);
    expect(ready.body).toContain('the report is of 2026-11-21T18:05:00.000Z\naudit: the audit failed');
    expect(ready.body).toContain('nothing listens there');
    expect(log()).toContain('"reason":"https://api: nothing listens there"');
    const metrics = (await get('/metrics')).body;
    expect(metrics).toContain('daygate_audit_problem{step="audit"} 1\n');
    expect(metrics).toContain('daygate_audit_runs_total{result="failed"} 2\n');
    expect(metrics).toContain(`daygate_audit_last_run_timestamp_seconds ${start / 1000}\n`);
    fails = false;
    await service.run();
    expect((await get('/readyz')).body).not.toContain('failed');
    expect((await get('/')).body).not.toContain('and it is old');
    expect((await get('/metrics')).body).toContain('daygate_audit_problem{step="audit"} 0\n');
  });

  it('tells nothing of what an error of daygate quotes', async () => {
    const { service, get, log } = setUp({
      audit: () => {
        throw new TypeError('hunter2');
      },
    });
    await service.run();
    const { status, body } = await get('/readyz');
    expect(status).toBe(503);
    expect(body).toContain('an error of daygate: its log says where');
    expect(log()).toContain('TypeError');
    expect(body + log()).not.toContain('hunter2');
  });

  it('gives each run the report before it, and the days before as its trend', async () => {
    const told: Earlier[] = [];
    let date = '2026-11-20';
    const { service } = setUp({
      audit: (earlier) => {
        told.push(earlier);
        return { ...one, date, trend: earlier.trend };
      },
    });
    await service.run();
    date = '2026-11-21';
    await service.run();
    await service.run();
    await service.run();
    expect(told.map(({ since }) => since?.date)).toEqual([
      undefined,
      '2026-11-20',
      '2026-11-21',
      '2026-11-21',
    ]);
    expect(told.map(({ trend }) => trend.map((point) => point.date))).toEqual([
      [],
      ['2026-11-20'],
      ['2026-11-20', '2026-11-21'],
      ['2026-11-20', '2026-11-21'],
    ]);
  });

  it('hands each report on, and goes on where that fails', async () => {
    const published: AuditReport[] = [];
    const { service, get } = setUp({
      publish: (report) => {
        published.push(report);
        return Promise.reject(new UserError('cluster', 'not allowed to create policyreports (403)'));
      },
    });
    await service.run();
    expect(published).toEqual([one]);
    expect((await get('/readyz')).body).toContain(
      'policy-reports: PolicyReports could not be written: not allowed',
    );
    expect((await get('/')).status).toBe(200);
  });
});

describe('metrics of the service', () => {
  const namespaces = Array.from({ length: 300 }, (_, index) => `team-${index}`);
  const findings = namespaces.flatMap((namespace, index) =>
    ['require-memory-limit', 'forbid-latest-tag'].flatMap((policy) =>
      Array.from({ length: index < 2 ? 3 : 1 }, () =>
        auditFinding({
          policy,
          action: index % 2 === 0 ? 'deny' : 'warn',
          object: { apiVersion: 'v1', kind: 'Pod', namespace, name: 'web' },
        }),
      ),
    ),
  );

  it('count by policy and action, whatever the number of namespaces', async () => {
    const exception = { owner: 'shop', reason: 'moves', expires: '2026-12-01' };
    const { service, get } = setUp({ audit: () => audit([...findings, auditFinding({ exception })]) });
    await service.run();
    const { body, headers } = await get('/metrics');
    expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(series(body).filter((line) => line.startsWith('daygate_audit_findings'))).toEqual([
      'daygate_audit_findings{policy="require-memory-limit",action="deny"} 152',
      'daygate_audit_findings{policy="forbid-latest-tag",action="deny"} 152',
      'daygate_audit_findings{policy="require-memory-limit",action="warn"} 152',
      'daygate_audit_findings{policy="forbid-latest-tag",action="warn"} 152',
      'daygate_audit_findings{policy="require-memory-limit",action="excepted"} 1',
    ]);
    expect(body).toContain('daygate_audit_build_info{version="1.2.3",node=');
  });

  it('count by namespace on request, for those with most findings; the others share a name', async () => {
    let given = findings;
    const { service, get } = setUp({ audit: () => audit(given), namespaces: 2 });
    await service.run();
    const names = async () =>
      new Set([...(await get('/metrics')).body.matchAll(/namespace="([^"]*)"/g)].map(([, name]) => name));
    expect(await names()).toEqual(new Set(['team-0', 'team-1', 'Other']));
    given = [auditFinding()];
    await service.run();
    expect(await names()).toEqual(new Set(['shop']));
  });

  it('are all in docs/metrics.md, with the labels they have', async () => {
    const { service, get } = setUp({ namespaces: 1 });
    await service.run();
    const { body } = await get('/metrics');
    const found = Object.fromEntries(
      [...body.matchAll(/^(daygate_\w+)(?:\{(.*)\})? /gm)].map(([, name = '', pairs = '']) => [
        name,
        [...pairs.matchAll(/(\w+)="/g)].map(([, label]) => label),
      ]),
    );
    expect(found).toEqual(auditLabels);
  });

  it('say what could not be read', async () => {
    const state = (kind: string, of: 'forbidden' | 'complete' | 'not-served' | 'removed') => ({
      ...{ apiVersion: 'v1', kind, objects: 1, state: of },
    });
    const kinds = [
      state('Pod', 'complete'),
      state('Secret', 'forbidden'),
      state('A', 'not-served'),
      state('B', 'removed'),
    ];
    const report = {
      ...one,
      errors: [{ code: 'cluster', message: 'forbidden' }],
      coverage: { ...one.coverage, kinds, listed: 12, judged: 9 },
    };
    const { service, get } = setUp({ audit: () => report });
    await service.run();
    const { body } = await get('/metrics');
    for (const line of [
      'incomplete_kinds 2',
      'errors 1',
      'objects{state="listed"} 12',
      'objects{state="judged"} 9',
      'interval_seconds 600',
      'runs_total{result="ok"} 1',
    ])
      expect(body).toContain(`daygate_audit_${line}\n`);
  });
});

describe('the history', () => {
  const place = (name: string): string => join(folder, name);

  it('keeps so many reports, named by their time, and leaves other files alone', async () => {
    const path = place('kept');
    const { service, pass } = setUp({ history: openHistory(path, 2) });
    for (let run = 0; run < 4; run++) {
      await service.run();
      pass(600_000);
      writeFileSync(join(path, 'notes.txt'), '');
      writeFileSync(join(path, '.audit-2026-11-21T18-05-00.000Z.json.tmp'), 'cut');
    }
    await service.run();
    expect(readdirSync(path).sort()).toEqual([
      'audit-2026-11-21T18-35-00.000Z.json',
      'audit-2026-11-21T18-45-00.000Z.json',
      'notes.txt',
    ]);
  });

  it('is served at once after a restart, with its age, and the next run compares with it', async () => {
    const path = place('restart');
    const first = setUp({ history: openHistory(path, 5) });
    await first.service.run();
    writeFileSync(join(path, 'audit-2026-11-21T19-00-00.000Z.json'), '{"version":1,"kind":"aud');
    writeFileSync(
      join(path, 'audit-2026-11-21T19-05-00.000Z.json'),
      readFileSync(join(path, 'audit-2026-11-21T18-05-00.000Z.json'), 'utf8').replace('"prod"', '"other"'),
    );
    const told: Earlier[] = [];
    const { service, get, log } = setUp({
      history: openHistory(path, 5),
      audit: (earlier) => (told.push(earlier), one),
    });
    await service.restore();
    expect((await get('/readyz')).body).toBe('ok\nthe report is of 2026-11-21T18:05:00.000Z\n');
    expect((await get('/')).body).toContain('this is the audit of 2026-11-21T18:05:00.000Z');
    expect((await get('/metrics')).body).toContain(`last_run_timestamp_seconds ${start / 1000}\n`);
    expect(log()).toContain('ends in the middle');
    expect(log()).toContain('is of the cluster other');
    await service.run();
    expect(told[0]?.since).toEqual(one);
    expect(told[0]?.trend).toMatchObject([{ cluster: 'prod', deny: 1 }]);
    expect((await get('/')).body).not.toContain('this is the audit of');
  });

  it.each(['/proc/daygate', place('no/folder')])(
    'is a problem where no folder can be made: %s',
    async (path) => {
      const { service, get } = setUp({ history: openHistory(path, 5) });
      await service.restore();
      await service.run();
      expect((await get('/readyz')).body).toContain(`--history ${path}: no such file or folder`);
    },
  );

  it('that cannot be written is a problem, and the service runs on', async () => {
    const path = place('file');
    writeFileSync(path, '');
    const { service, get } = setUp({ history: openHistory(join(path, 'history'), 5) });
    await service.restore();
    await service.run();
    const { status, body } = await get('/readyz');
    expect(status).toBe(200);
    expect(body).toContain('history: the report could not be kept in the history: --history ');
    expect((await get('/metrics')).body).toContain('daygate_audit_problem{step="history"} 1\n');
    rmSync(path);
    mkdirSync(path);
    await service.run();
    expect((await get('/readyz')).body).not.toContain('history');
  });
});
