import { createHash } from 'node:crypto';
import { policies } from '../../policies/index.ts';
import type { Format } from '../../src/report/format-names.ts';
import { renderReport } from '../../src/report/formats.ts';
import type { LocatedFinding, Report, ReportError } from '../../src/report/report.ts';

/** What `check` passes along. */
export function render(format: Format, report: Report): string {
  return renderReport(format, report, {
    version: '1.2.3',
    sha256: (text, encoding) => createHash('sha256').update(text).digest(encoding),
  });
}

const used = policies.filter(({ profiles }) => 'baseline' in profiles);

export function finding(changes: Partial<LocatedFinding> = {}): LocatedFinding {
  return {
    policy: 'require-memory-limit',
    severity: 'high',
    action: 'deny',
    message: 'app has no memory limit.',
    remediation: 'Set resources.limits.memory, for example 256Mi.',
    object: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' },
    pointer: '/spec/template/spec/containers/0/resources',
    locator: 'spec.template.spec.containers[app].resources.limits.memory',
    messageId: 'missing',
    fixable: true,
    file: 'deploy/web.yaml',
    line: 20,
    column: 11,
    document: 0,
    excerpt: '        - name: app',
    ...changes,
  };
}

export function report(findings: readonly LocatedFinding[], changes: Partial<Report> = {}): Report {
  const objects = [
    ...new Map(findings.map(({ file, object }) => [JSON.stringify(object), { file, object }])).values(),
  ];
  const by = { profile: 'baseline', skipped: [] };
  const ready = { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'ready' };
  const judged = [...objects, { file: 'deploy/web.yaml', object: ready }].map((one) => ({ ...one, ...by }));
  return {
    findings,
    errors: [],
    skipped: [],
    coverage: { files: 2, objects: judged.length, judged: judged.length },
    judged,
    policies: used,
    ...changes,
  };
}

export const mixed: Report = report(
  [
    finding(),
    finding({
      locator: 'spec.template.spec.containers[b].resources.limits.memory',
      line: 30,
      action: 'warn',
    }),
    finding({
      policy: 'require-replicas',
      locator: 'spec.replicas',
      line: 8,
      action: 'warn',
      leniency: 'observe',
    }),
    finding({ policy: 'require-runbook', severity: 'low', locator: 'metadata.annotations', action: 'audit' }),
    finding({
      policy: 'require-liveness-probe',
      action: 'audit',
      file: 'deploy/worker.yaml',
      locator: 'spec.template.spec.containers[app].livenessProbe',
      object: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'worker' },
      exception: { owner: 'team-checkout', reason: 'moves to a queue', expires: '2027-03-31' },
      suggestion: 'apiVersion: apps/v1\nkind: Deployment\nspec:\n  replicas: 3',
    }),
    // The same place twice: formats that need names of their own for findings have to tell them apart.
    finding({ message: 'app has no memory limit, again.' }),
  ],
  {
    skipped: [{ policy: 'require-pod-disruption-budget', reason: 'needs facts of kind PodDisruptionBudget' }],
  },
);

export const clean: Report = report([]);

const errors: readonly ReportError[] = [
  {
    code: 'bad-manifest',
    message: 'the document is no object',
    file: 'deploy/broken.yaml',
    line: 3,
    column: 7,
  },
  { code: 'nothing-checked', message: 'nothing was checked at all' },
];
export const errorsOnly: Report = report([], {
  errors,
  judged: [],
  policies: [],
  coverage: { files: 1, objects: 0, judged: 0 },
});

/** What nobody would write by mistake. */
export const hostile =
  'x\u001b[31m\u202e\u009b\u2028\u0000\n::error::injected\r\n--> ]]> <script>alert(1)</script> "><img src=x onerror=alert(1)>' +
  " ' | a ` b `` c @everyone #1 https://evil.example www.evil.example [click](https://evil.example) %0A%25 , : \ud800 \ufffe {0} ${x} \\ &amp; javascript:alert(1)";

export const hostileReport: Report = report(
  [
    finding({
      message: hostile,
      remediation: hostile,
      object: { apiVersion: hostile, kind: hostile, namespace: hostile, name: hostile },
      pointer: hostile,
      locator: hostile,
      file: hostile,
      excerpt: hostile,
      suggestion: hostile,
      exception: { owner: hostile, reason: hostile, expires: hostile },
    }),
    finding({ message: hostile, file: hostile }),
  ],
  {
    errors: [{ code: 'bad-manifest', message: hostile, file: hostile, line: 1, column: 1 }],
    skipped: [
      { reason: 'elsewhere', file: hostile },
      { reason: hostile, object: { apiVersion: 'v1', kind: hostile, name: hostile } },
    ],
  },
);
