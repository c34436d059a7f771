/** PolicyReports of an audit in a real API server, applied as a user would. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { policyReportDefinitions } from '../report/policy-report-schema.ts';
import { audit, auditFinding, renderSample } from '../report/sample-audits.ts';
import { hostile } from '../report/sample-reports.ts';
import { startControlPlane, type ControlPlane } from './control-plane.ts';

let cluster: ControlPlane;

beforeAll(async () => {
  cluster = await startControlPlane({ controllers: false });
  for (const input of policyReportDefinitions) await cluster.kubectl(['apply', '-f', '-'], { input });
  const wait = ['wait', '--for=condition=Established', '--timeout=30s', 'crd'];
  await cluster.kubectl([...wait, 'policyreports.wgpolicyk8s.io', 'clusterpolicyreports.wgpolicyk8s.io']);
  await cluster.kubectl(['create', 'namespace', 'shop']);
});

afterAll(() => cluster.stop());

const many = audit(
  Array.from({ length: 3_000 }, (_, index) =>
    auditFinding({ object: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: `pod-${index}` } }),
  ),
);

it('are taken by kubectl apply, also where there are more findings than have room, and replace each other', async () => {
  const apply = ['apply', '--validate=strict', '-f', '-'];
  const input = renderSample('policyreport', many);
  await cluster.kubectl(apply, { input });
  const { stdout: again } = await cluster.kubectl(apply, { input });
  expect(again.trim().split('\n')).toEqual([
    'clusterpolicyreport.wgpolicyk8s.io/daygate unchanged',
    'policyreport.wgpolicyk8s.io/daygate unchanged',
  ]);
  const read = ['get', 'policyreport', 'daygate', '-n', 'shop', '-o', 'json'];
  const { stdout } = await cluster.kubectl(read);
  const kept = JSON.parse(stdout) as { summary: object; results: { rule: string }[] };
  expect(kept.summary).toMatchObject({ fail: 3_000 });
  expect(kept.results.length).toBeGreaterThan(300);
  expect(kept.results.at(-1)?.rule).toBe('left-out');
  await cluster.kubectl(apply, { input: renderSample('policyreport', audit([])) });
  const { stdout: after } = await cluster.kubectl(read);
  expect(JSON.parse(after)).toMatchObject({ summary: { fail: 0 }, results: [] });
});

it('are taken with texts that nobody would write by mistake', async () => {
  const object = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web' };
  const exception = { owner: hostile, reason: hostile, expires: hostile };
  const finding = auditFinding({ object, exception, message: hostile, locator: hostile });
  await cluster.kubectl(['apply', '--validate=strict', '-f', '-'], {
    input: renderSample('policyreport', audit([finding])),
  });
});
