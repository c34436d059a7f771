import { expect, it } from 'vitest';
import { checkText } from './run-check.ts';

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
