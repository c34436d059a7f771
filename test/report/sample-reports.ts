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

const used = policies
  .filter(({ profiles }) => 'baseline' in profiles)
  .map(({ id, title, category, severity, why, remediation, references }) => ({
    ...{ id, title, category, severity, why, remediation, references },
  }));

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
    ...new Map(
      findings.map(({ file, render, object }) => [
        JSON.stringify([render, object]),
        { file, object, ...(render === undefined ? {} : { render }) },
      ]),
    ).values(),
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

const [dev, stage, prod] = ['charts/shop (dev.yaml)', 'charts/shop (stage.yaml)', 'charts/shop (prod.yaml)'];

function inTemplate(render: string, changes: Partial<LocatedFinding> = {}): LocatedFinding {
  const file = 'charts/shop/templates/web.yaml';
  return finding({ render, file, line: 14, column: 1, approximate: true, ...changes });
}

function named(name: string): Pick<LocatedFinding, 'object'> {
  return { object: { apiVersion: 'apps/v1', kind: 'Deployment', name } };
}

const replicas = { policy: 'require-replicas', messageId: 'tooFew', locator: 'spec.replicas', line: 9 };
const base = { file: 'base/web.yaml', line: 20, policy: 'require-liveness-probe' };

/** Three ways to render a chart, two overlays of one base, and one rendering that failed: 10 findings at 5 places. */
export const rendered: Report = report(
  [
    finding({ policy: 'forbid-secret-in-env', fingerprint: '0123abcd', locator: 'env' }),
    inTemplate('overlays/dev', { ...base, ...named('dev-web'), message: 'Deployment dev-web has no probe.' }),
    inTemplate('overlays/prod', {
      ...base,
      ...named('prod-web'),
      message: 'Deployment prod-web has no probe.',
    }),
    inTemplate(dev, { ...replicas, message: 'replicas is 1.' }),
    inTemplate(dev),
    inTemplate(stage, { ...replicas, message: 'replicas is 1.' }),
    inTemplate(stage),
    inTemplate(prod, { ...replicas, message: 'replicas is 2.' }),
    inTemplate(prod),
    // From a loop: the same line of the template makes another object.
    inTemplate(prod, named('worker')),
  ],
  {
    errors: [
      { code: 'render-failed', message: 'cannot be rendered', file: 'Chart.yaml', render: 'charts/broken' },
    ],
    renderings: [
      ...[dev, stage, prod, 'overlays/dev', 'overlays/prod', 'overlays/clean'].map((label) => ({
        label,
        path: label.replace(/ .*/, ''),
        renderer: label.startsWith('charts') ? 'helm' : 'kubectl kustomize',
        kubernetes: '1.36',
        objects: 4,
        judged: 3,
      })),
      { label: 'charts/broken', path: 'charts/broken', kubernetes: '1.36', objects: 0, judged: 0 },
    ],
  },
);

const known = { action: 'audit', baselined: { action: 'deny' } } as const;

/** Four known findings at three places, one of them rendered twice; one new, of which an exception has ended. */
export const compared: Report = report(
  [
    finding({ ...known, line: 3 }),
    finding({ ...known, policy: 'require-replicas' }),
    inTemplate(dev, known),
    inTemplate(prod, known),
    finding({
      policy: 'require-runbook',
      action: 'warn',
      ended: { owner: 'team-checkout', reason: 'later', expires: '2026-01-31' },
    }),
  ],
  {
    renderings: rendered.renderings?.filter(({ label }) => label === dev || label === prod) ?? [],
    baseline: {
      file: 'daygate-baseline.yaml',
      stale: [
        {
          policy: 'require-image-digest',
          messageId: 'missing',
          object: { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'gone' },
          locator: 'spec.template',
          file: 'deploy/gone.yaml',
          count: 2,
        },
      ],
      unseen: 0,
    },
  },
);

/** All that there is, is known. */
export const allKnown: Report = {
  ...compared,
  findings: compared.findings.filter(({ baselined }) => baselined !== undefined),
};

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
    finding({
      message: hostile,
      file: hostile,
      render: hostile,
      ended: { owner: hostile, reason: hostile, expires: hostile },
    }),
  ],
  {
    errors: [
      { code: 'bad-manifest', message: hostile, file: hostile, line: 1, column: 1 },
      { code: 'render-failed', message: hostile, render: hostile },
    ],
    renderings: [
      ...[hostile, `${hostile} 2`].map((label) => ({
        ...{
          label,
          path: hostile,
          renderer: hostile,
          kubernetes: hostile,
          release: hostile,
          namespace: hostile,
        },
        ...{ objects: 1, judged: 1 },
      })),
      { label: `${hostile} 3`, path: hostile, kubernetes: hostile, objects: 0, judged: 0 },
    ],
    baseline: {
      file: hostile,
      stale: [
        {
          ...{ policy: hostile, messageId: hostile, locator: hostile, file: hostile, count: 1 },
          object: { group: hostile, kind: hostile, namespace: hostile, name: hostile },
        },
      ],
      unseen: 1,
    },
    skipped: [
      { reason: 'elsewhere', file: hostile },
      { reason: hostile, object: { apiVersion: 'v1', kind: hostile, name: hostile } },
    ],
  },
);
