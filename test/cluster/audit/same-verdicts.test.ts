/** A namespace as its user exports it gets the same verdict from `daygate check` as from `daygate audit`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policies } from '../../../policies/index.ts';
import { compatible } from '../../../src/policy-test/judge-fixture.ts';
import type { AuditFinding } from '../../../src/report/audit/audit-report.ts';
import type { JsonOutput } from '../../cli/run-check.ts';
import { startControlPlane, type ControlPlane } from '../control-plane.ts';
import { draftDeployment, namespace, pod, readyDeployment, readyPodSpec } from '../manifests.ts';
import { runAudit, runMain } from './audit-process.ts';

let plane: ControlPlane;
const folder = mkdtempSync(join(tmpdir(), 'daygate-same-'));
const relations = new Set(policies.filter(({ target }) => target === 'relation').map(({ id }) => id));

// Everything on, but what needs to know who asks.
const requests = new Set(policies.filter(({ target }) => target === 'request').map(({ id }) => id));
const settings = JSON.stringify({
  policies: {
    ...Object.fromEntries(compatible(policies, '').map(({ id }) => [id, requests.has(id) ? 'off' : 'deny'])),
    'forbid-hand-edit': { action: 'deny', params: { namespaces: ['shop'] } },
  },
});

const core = 'v1';
const selects = (name: string) => ({ matchLabels: { 'app.kubernetes.io/name': name } });

function one(apiVersion: string, kind: string, name: string, body: object, place = 'shop'): object {
  return { apiVersion, kind, metadata: { name, namespace: place }, ...body };
}

const service = (name: string, app: string, targetPort: string, place?: string): object => {
  const ports = [{ name: 'http', port: 80, targetPort }];
  return one(core, 'Service', name, { spec: { selector: { 'app.kubernetes.io/name': app }, ports } }, place);
};

const budget = (name: string, app: string, place?: string): object =>
  one('policy/v1', 'PodDisruptionBudget', name, { spec: { minAvailable: 2, selector: selects(app) } }, place);

/** What the policies about relations look for: present, missing, and near by in another namespace. */
const objects: readonly object[] = [
  readyDeployment('web', 'shop'),
  readyDeployment('api', 'shop'),
  draftDeployment('draft', 'shop'),
  pod('bare', 'shop', readyPodSpec()),
  budget('web', 'web'),
  service('web', 'web', 'http'),
  service('api', 'api', 'no-such-port'),
  service('nobody', 'nobody', 'http'),
  one('autoscaling/v2', 'HorizontalPodAutoscaler', 'web', {
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      ...{ minReplicas: 1, maxReplicas: 5 },
    },
  }),
  one('autoscaling/v2', 'HorizontalPodAutoscaler', 'gone', {
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'gone' }, maxReplicas: 5 },
  }),
  one('networking.k8s.io/v1', 'NetworkPolicy', 'web', {
    spec: { podSelector: selects('web'), policyTypes: ['Ingress'], ingress: [{}] },
  }),
  one('networking.k8s.io/v1', 'Ingress', 'web', {
    spec: {
      rules: [
        {
          host: 'shop.example.com',
          http: {
            paths: ['web', 'gone'].map((name) => ({
              ...{ path: `/${name}`, pathType: 'Prefix' },
              backend: { service: { name, port: { number: 80 } } },
            })),
          },
        },
      ],
    },
  }),
  one('apps/v1', 'StatefulSet', 'ledger', {
    spec: {
      serviceName: 'gone',
      selector: selects('ledger'),
      template: { metadata: { labels: selects('ledger').matchLabels }, spec: readyPodSpec() },
    },
  }),
  one('batch/v1', 'CronJob', 'nightly', {
    spec: {
      schedule: '0 3 * * *',
      jobTemplate: { spec: { template: { spec: { ...readyPodSpec(), restartPolicy: 'Never' } } } },
    },
  }),
  one(core, 'ConfigMap', 'settings', { data: { mode: 'live' } }),
  one(core, 'Secret', 'key', { stringData: { note: 'none' } }),
  one(core, 'ServiceAccount', 'web', {}),
  one('rbac.authorization.k8s.io/v1', 'Role', 'reader', {
    rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['*'] }],
  }),
  one('rbac.authorization.k8s.io/v1', 'RoleBinding', 'reader', {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'gone' },
    subjects: [{ kind: 'ServiceAccount', name: 'gone', namespace: 'shop' }],
  }),
  // What would heal some of it, but for the namespace it is in.
  budget('api', 'api', 'bank'),
  service('gone', 'api', 'http', 'bank'),
  service('nobody', 'web', 'http', 'bank'),
  readyDeployment('nobody', 'bank'),
];

beforeAll(async () => {
  writeFileSync(join(folder, 'daygate.yaml'), settings);
  plane = await startControlPlane({ controllers: false });
  const items = [namespace('shop'), namespace('bank'), ...objects];
  await plane.kubectl(['apply', '-f', '-'], { input: { apiVersion: core, kind: 'List', items } });
  const draft = ['deployment', 'draft', '-n', 'shop'];
  // By hand, as forbid-hand-edit forbids.
  await plane.kubectl(['patch', ...draft, '--field-manager=kubectl-edit', '-p', '{"spec":{"replicas":2}}']);
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await plane.stop();
});

/** As users do it; the managed fields tell who has changed what by hand. */
async function exportNamespace(): Promise<string> {
  const { stdout: listed } = await plane.kubectl([
    'api-resources',
    '--namespaced',
    '--verbs=list',
    '-o',
    'name',
  ]);
  const kinds = listed
    .trim()
    .split('\n')
    .filter((name) => !name.startsWith('events'));
  const output = ['-o', 'yaml', '--show-managed-fields'];
  const { stdout } = await plane.kubectl(['get', kinds.join(','), '-n', 'shop', ...output]);
  const { stdout: itself } = await plane.kubectl(['get', 'namespace', 'shop', ...output]);
  return `${itself}---\n${stdout}`;
}

/** Only `check` knows of files and lines. */
function comparable(finding: AuditFinding): string {
  const { object, policy, severity, action, message, remediation, pointer, locator, messageId } = finding;
  const { kind, namespace: place = '', name } = object;
  const what = [
    kind,
    place,
    name,
    policy,
    severity,
    action,
    message,
    remediation,
    pointer,
    locator,
    messageId,
  ];
  return what.join(' | ');
}

describe('check over an exported namespace', () => {
  it('finds what an audit of it finds, and nothing else', async () => {
    writeFileSync(join(folder, 'shop.yaml'), await exportNamespace());
    const checked = await runMain(folder, ['check', '--settings', 'daygate.yaml', '-o', 'json', 'shop.yaml']);
    const { findings: ofCheck, errors } = JSON.parse(checked.out) as JsonOutput;
    expect(errors).toEqual([]);
    const { report } = await runAudit(folder, plane.kubeconfig, ['--settings', 'daygate.yaml', '-n', 'shop']);
    expect(report.errors).toEqual([]);
    const own = report.findings.filter(
      ({ object }) => object.namespace === 'shop' || (object.kind === 'Namespace' && object.name === 'shop'),
    );
    const [found, expected] = [ofCheck, own].map((findings) => findings.map(comparable).toSorted());
    expect(found).toEqual(expected);
    // Agreeing on nothing would be easy.
    expect(own.length).toBeGreaterThan(80);
    const related = new Set(own.map(({ policy }) => policy).filter((id) => relations.has(id)));
    console.log(`${own.length} findings, of these policies about relations: ${[...related].join(', ')}`);
    expect(related.size).toBeGreaterThanOrEqual(8);
    expect(own.map(({ policy }) => policy)).toContain('forbid-hand-edit');
  });
});
