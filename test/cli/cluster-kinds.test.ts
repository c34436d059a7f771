import { expect, it } from 'vitest';
import { checkText } from './run-check.ts';

const rbac = 'apiVersion: rbac.authorization.k8s.io/v1';

/** A role of the cluster, and a binding that gives it to a service account of another namespace. */
function role(name: string, namespace: string): string {
  return `---
{ ${rbac}, kind: ClusterRole, metadata: { name: ${name}, namespace: ${namespace} }, rules: [] }
---
${rbac}
kind: ClusterRoleBinding
metadata: { name: ${name}, namespace: ${namespace} }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${name} }
subjects: [{ kind: User, name: anna }]
`;
}

it('what a kind of the cluster is related to is found, whatever namespace a manifest writes into it', async () => {
  const { json } = await checkText(role('reader', 'shop') + role('writer', 'checkout'), {
    only: ['require-binding-target'],
  });
  expect(json.findings).toEqual([]);
  expect(json.coverage).toMatchObject({ objects: 4, judged: 4 });
});

it('a kind of the cluster is not exempt with the namespace that its manifest writes', async () => {
  const text = `
${rbac}
kind: ClusterRoleBinding
metadata: { name: admin, namespace: kube-system }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
subjects: [{ kind: ServiceAccount, name: web, namespace: shop }]
---
apiVersion: v1
kind: PersistentVolume
metadata: { name: node, namespace: kube-system }
spec: { hostPath: { path: /etc }, capacity: { storage: 1Gi }, accessModes: [ReadWriteOnce] }
`;
  const { json } = await checkText(text, {
    only: ['forbid-cluster-admin-binding', 'forbid-host-path-volume'],
  });
  expect(json.skipped).toEqual([]);
  expect(json.findings.map(({ policy, object }) => [policy, object])).toEqual([
    ['forbid-cluster-admin-binding', { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', name: 'admin' }],
    ['forbid-host-path-volume', { apiVersion: 'v1', kind: 'PersistentVolume', name: 'node' }],
  ]); // prettier-ignore
});
