/** How reports show what admission would patch, and what they say of the way to get it into what runs. */
import { expect, it } from 'vitest';
import type { AuditPatch, AuditPatches } from '../../src/report/audit/audit-patches.ts';
import type { AuditReport } from '../../src/report/audit/audit-report.ts';
import { renderAudit } from '../../src/report/audit/formats.ts';
import { auditHtml, emptyAudit } from './audit-fixture.ts';

interface Of {
  readonly via?: string;
  readonly path?: string;
}

function change(apiVersion: string, kind: string, { via, path = '/spec/x' }: Of = {}): AuditPatch {
  return {
    object: { apiVersion, kind, namespace: 'shop', name: 'web' },
    ...(via === undefined ? {} : { via: { kind: via, objects: 5, names: ['a', 'b', 'c', 'd'] } }),
    policies: ['bound-x'],
    diff: [' spec:', '-  x: 1', '+  x: <b>\u001b[1m'],
    patch: [{ op: 'replace', path, value: '<b>' }],
  };
}

function reportOf(changes: readonly AuditPatch[], more: Partial<AuditPatches> = {}): AuditReport {
  const patches = { policies: ['bound-x'], objects: changes.length, leftOut: 0, changes, ...more };
  return { ...emptyAudit, patches };
}

function textOf(report: AuditReport, format: 'text' | 'markdown' = 'text'): string {
  const said = renderAudit(format, report, { version: '1', sha256: () => '' });
  return typeof said === 'string' ? said : [...said].join('');
}

it.each([
  ['apps/v1', 'Deployment', { via: 'Pod' }, 'kubectl rollout restart deployment/web -n shop'],
  ['apps/v1', 'StatefulSet', { via: 'Pod' }, 'kubectl rollout restart statefulset/web -n shop'],
  ['apps/v1', 'DaemonSet', { via: 'Pod' }, 'kubectl rollout restart daemonset/web -n shop'],
  ['batch/v1', 'CronJob', { via: 'Pod' }, 'the pods of its next run get it'],
  ['batch/v1', 'CronJob', { via: 'Job' }, 'each Job that is made from now on gets it'],
  ['batch/v1', 'Job', { via: 'Pod' }, 'pods that are made anew get it'],
  ['apps/v1', 'ReplicaSet', { via: 'Pod' }, 'pods that are made anew get it'],
  ['example.com/v1', 'Deployment', { via: 'Pod' }, 'pods that are made anew get it'],
  ['v1', 'Pod', {}, 'fields of a pod cannot change while it runs: make it anew'],
  ['batch/v1', 'Job', { path: '/spec/template/spec/x' }, 'the template of a Job cannot change: make it anew'],
  ['batch/v1', 'Job', { path: '/spec/ttlSecondsAfterFinished' }, 'with the next change of the object'],
  ['apps/v1', 'Deployment', { path: '/spec/template/spec/x' }, 'with the next change of the object'],
] as const)('of %s %s %j it is said how it gets there', (apiVersion, kind, of, words) => {
  expect(textOf(reportOf([change(apiVersion, kind, of)]))).toContain(`bound-x; `);
  expect(textOf(reportOf([change(apiVersion, kind, of)]))).toContain(words);
});

it('is in the text, the page and the comment, harmless and without what has no room', () => {
  const many = Array.from({ length: 250 }, () => change('v1', 'Pod'));
  const report = reportOf([change('apps/v1', 'Deployment', { via: 'Pod' }), ...many], {
    objects: 300,
    leftOut: 45,
  });
  const text = textOf(report);
  expect(text).toContain('  shop/Deployment.apps/web, 5 of its Pods: a, b, c and 2 more\n');
  expect(text).toContain('     spec:\n    -  x: 1\n    +  x: <b>?[1m\n');
  expect(text).toContain('  … and 276 more objects:');
  const html = auditHtml(report);
  expect(html).toContain('<h2 id="patches">Would be patched at admission: 300 objects</h2>');
  expect(html).toContain('<ins>+  x: &lt;b&gt;?[1m\n</ins>');
  expect(html).toContain('and 96 more objects');
  const markdown = textOf(report, 'markdown');
  expect(markdown).toContain('  <pre lang="diff"> spec:\n  -  x: 1\n  +  x: &lt;b&gt;?[1m</pre>\n');
  expect(markdown).toContain('and 276 more objects');
  // A comment holds findings, too.
  const diff = Array.from({ length: 100 }, () => '+'.repeat(100));
  const large = reportOf([change('v1', 'Pod'), { ...change('v1', 'Pod'), diff }, change('v1', 'Pod')]);
  expect(textOf(large, 'markdown')).not.toContain('more objects');
  const twice = reportOf([change('v1', 'Pod'), { ...change('v1', 'Pod'), diff: [...diff, ...diff] }]);
  expect(textOf(twice, 'markdown')).toContain('and 1 more object:');
});

it('is told to be nothing where it is nothing, and not at all where nobody asked', () => {
  const none = reportOf([]);
  for (const said of [textOf(none), textOf(none, 'markdown'), auditHtml(none)])
    expect(said).toContain('Would be patched at admission: nothing');
  for (const said of [textOf(emptyAudit), textOf(emptyAudit, 'markdown'), auditHtml(emptyAudit)])
    expect(said).not.toContain('Would be patched');
});
