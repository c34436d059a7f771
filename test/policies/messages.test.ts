import { describe, expect, it } from 'vitest';
import { parseFixture } from '../../src/policy-test/fixtures.ts';
import { verdictsOf } from '../../src/policy-test/judge-fixture.ts';
import { policies } from '../../policies/index.ts';

/** What a policy says of all documents, as its readers see it. */
function said(id: string, text: string): readonly (readonly [message: string, remediation: string])[] {
  const policy = policies.find((one) => one.id === id);
  if (policy === undefined) throw new Error(`there is no ${id}`);
  return verdictsOf(policy, parseFixture('fail', 'fail', text, undefined))
    .flatMap(({ findings }) => findings)
    .map(({ message, remediation }) => [message, remediation] as const);
}

const service = (namespace: string) => `
---
apiVersion: v1
kind: Service
metadata: { name: stock, namespace: ${namespace} }
spec:
  clusterIP: None
  ports: [{ port: 80 }]
`;

describe('a route that looks for a Service in another namespace', () => {
  const route = `
# expect: noService spec.rules[0].backendRefs[0].name
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: web, namespace: shop }
spec:
  parentRefs: [{ name: public }]
  rules:
    - backendRefs:
        - { name: basket, namespace: other, port: 80 }
        - { name: stock, namespace: other, port: 8080 }
        - { name: basket, namespace: shop, port: 80 }
${service('other')}`;

  it('is told which', () => {
    expect(said('require-service-target', route).map(([message]) => message)).toEqual([
      'HTTPRoute web sends requests to Service other/basket, and there is none.',
      'HTTPRoute web sends requests to port 8080 of Service other/stock, which does not have it.',
      'HTTPRoute web sends requests to Service basket, and there is none.',
    ]);
  });

  it('is not told to look in its own', () => {
    for (const [, remediation] of said('require-service-target', route)) {
      expect(remediation).not.toContain('of the same namespace');
    }
  });
});

it('bound-user-ids names the containers that set nothing, one or several', () => {
  const pod = (...names: string[]) => `
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop }
spec:
  securityContext: { runAsUser: 20000 }
  containers: [${names.map((name) => `{ name: ${name}, image: registry.example.com/web:1.4.2 }`).join(', ')}]
`;
  const [one] = said('bound-user-ids', pod('app'));
  const [two] = said('bound-user-ids', pod('app', 'proxy'));
  expect(one?.[0]).toBe('runAsGroup is set neither by the pod nor by app.');
  expect(two?.[0]).toBe('runAsGroup is set neither by the pod nor by app, proxy.');
});

it('forbid-service-overlap names the annotation by which Services share pods on purpose', () => {
  const twin = (name: string) => `
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { app: web }
  ports: [{ port: 80 }]
`;
  const workload = `
---
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop, labels: { app: web } }
spec: { containers: [{ name: app, image: registry.example.com/web:1.4.2 }] }
`;
  const [found] = said('forbid-service-overlap', `${twin('web')}${twin('shop')}${workload}`);
  expect(found?.[1]).toContain('daygate.dev/shares-pods');
});

it('forbid-cluster-admin-binding speaks of a user and of a group', () => {
  const binding = (kind: string, name: string) => `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: report }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: ${kind}, name: "${name}" }]
`;
  const messages = [binding('User', 'system:anonymous'), binding('Group', 'system:authenticated')].flatMap(
    (text) => said('forbid-cluster-admin-binding', text).map(([message]) => message),
  );
  expect(messages).toEqual([
    'ClusterRoleBinding report makes everybody cluster-admin who counts as system:anonymous.',
    'ClusterRoleBinding report makes everybody cluster-admin who counts as system:authenticated.',
  ]);
});

it('forbid-privilege-verbs says which names are no bound', () => {
  const role = (group: string, resource: string, verb: string, name: string) => `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: report }
rules: [{ apiGroups: ["${group}"], resources: [${resource}], verbs: [${verb}], resourceNames: ["${name}"] }]
`;
  const [bind] = said(
    'forbid-privilege-verbs',
    role('rbac.authorization.k8s.io', 'clusterroles', 'bind', 'cluster-admin'),
  );
  const [impersonate] = said('forbid-privilege-verbs', role('', 'groups', 'impersonate', 'system:masters'));
  expect(bind?.[1]).toContain('cluster-admin');
  expect(impersonate?.[1]).toContain('system:masters');
});

it('require-network-policy asks for what closes the other way, whoever closed the first', () => {
  const [found] = said(
    'require-network-policy',
    `
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop }
spec: { containers: [{ name: app, image: registry.example.com/web:1.4.2 }] }
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: web, namespace: shop }
spec: { endpointSelector: {}, egress: [{}] }
`,
  );
  expect(found?.[0]).toContain('for ingress');
  expect(found?.[1]).toMatch(/^Select the pods with a NetworkPolicy that has Ingress among its policyTypes/);
});
