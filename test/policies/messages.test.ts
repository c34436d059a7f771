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
