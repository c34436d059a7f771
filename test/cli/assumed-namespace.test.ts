import { describe, expect, it } from 'vitest';
import type { CheckOptions } from '../../src/cli/check.ts';
import { checkText, inFolder, runCheck } from './run-check.ts';

const only = [
  'forbid-service-overlap',
  'require-config-reference',
  'require-network-policy',
  'require-network-policy-target',
  'require-pod-disruption-budget',
  'require-service-account',
];
const inNamespace = (namespace?: string): string =>
  namespace === undefined ? '' : `, namespace: ${namespace}`;

function deployment(namespace?: string, name = 'web'): string {
  return `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}${inNamespace(namespace)} }
spec:
  replicas: 3
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      serviceAccountName: web
      containers: [{ name: app, image: 'app:1', envFrom: [{ configMapRef: { name: web } }] }]
`;
}

/** All that the Deployment needs. */
function beside(namespace?: string): string {
  const metadata = `metadata: { name: web${inNamespace(namespace)} }`;
  const labels = 'matchLabels: { app: web }';
  return `---
{ apiVersion: policy/v1, kind: PodDisruptionBudget, ${metadata}, spec: { maxUnavailable: 1, selector: { ${labels} } } }
---
{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, ${metadata}, spec: { podSelector: { ${labels} }, policyTypes: [Ingress, Egress] } }
---
{ apiVersion: v1, kind: ServiceAccount, ${metadata} }
---
{ apiVersion: v1, kind: ConfigMap, ${metadata}, data: { a: b } }
---
{ apiVersion: v1, kind: Service, ${metadata}, spec: { selector: { app: web }, ports: [{ port: 80 }] } }
`;
}

const binding = `---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: web, namespace: kube-system }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: extension-apiserver-authentication-reader }
`;

async function found(text: string): Promise<readonly string[]> {
  const { json } = await checkText(text, { only });
  return json.findings.map(
    ({ policy, object: { namespace = '-', name } }) => `${policy} ${namespace}/${name}`,
  );
}

it.each([
  ['the Deployment names none', deployment() + beside('shop')],
  ['all else names none', deployment('shop') + beside()],
  ['the Deployment names none, and one object goes to kube-system', binding + deployment() + beside('shop')],
])('objects that name no namespace belong to those beside them: %s', async (_, text) => {
  expect(await found(text)).toEqual([]);
});

it('what is found is reported as it is written', async () => {
  const overlap = '---\n{ apiVersion: v1, kind: Service, metadata: { name: other }, spec: { selector: { app: web }, ports: [{ port: 80 }] } }\n'; // prettier-ignore
  expect(await found(deployment('shop') + beside('shop') + overlap)).toEqual([
    'forbid-service-overlap shop/web',
    'forbid-service-overlap -/other',
  ]);
});

it('not where there are several namespaces, or an object comes with one and without', async () => {
  const several = await found(deployment() + beside('shop') + deployment('bank', 'other') + beside('bank'));
  expect(several).toContain('require-pod-disruption-budget -/web');
  const twice = deployment('shop') + beside('shop') + deployment() + beside();
  expect(await found(twice)).toEqual([]);
});

describe('what is found of objects that name no namespace where others name several', () => {
  const open = binding
    .replace(', namespace: kube-system', '')
    .replace(/name: extension.*(?= \})/, 'name: view');
  const role = (namespace: string): string =>
    `---\n{ apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: { name: view${inNamespace(namespace)} }, rules: [] }\n`;
  const notice =
    'about relations of objects that name no namespace and may be wrong while others name several';
  const out = async (text: string, options: CheckOptions = {}): Promise<string> =>
    inFolder({ 'all.yaml': text }, async (folder) => {
      const run = await runCheck([folder], { only: ['require-binding-target'], ...options });
      expect(run.out).toContain('RoleBinding web gives the Role view, and there is none of that name');
      return run.out;
    });

  it('is said to be doubtful', async () => {
    const text = await out(open + role('shop') + role('bank'), { output: ['text'] });
    expect(text).toContain(`1 finding is ${notice}`);
  });

  it.each([
    ['where none is named', open],
    ['where one is meant', open + role('bank') + role('shop'), { namespace: 'other' }],
    [
      'of what names its own',
      `${open.replace('name: web', 'name: web, namespace: cart')}${role('shop')}${role('bank')}`,
    ],
  ])('is as sure as others: %s', async (_, text, options: CheckOptions = {}) => {
    expect(await out(text, options)).not.toContain('may be wrong');
  });
});
