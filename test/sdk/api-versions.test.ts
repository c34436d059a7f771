import { describe, expect, it } from 'vitest';
import {
  apiVersionOf,
  guessKind,
  isBuiltinGroup,
  isCustomGroup,
  isServed,
  successorOf,
  versionsOfKind,
  type ApiVersion,
} from '#sdk';
import { apiTable } from '../../src/sdk/api-table.ts';

function known(apiVersion: string, kind: string): ApiVersion {
  const found = apiVersionOf(apiVersion, kind);
  if (found === undefined) throw new Error(`${apiVersion} ${kind} is not in the table`);
  return found;
}

describe('API versions', () => {
  it('have a life that goes one way', () => {
    for (const line of apiTable.split('\n')) {
      const [apiVersion = '', kind = ''] = line.split(' ');
      const { introduced = 0, deprecated, removed } = known(apiVersion, kind);
      expect(deprecated ?? 99, line).toBeGreaterThanOrEqual(introduced);
      expect(removed ?? 99, line).toBeGreaterThanOrEqual(deprecated ?? 0);
    }
  });

  // Source: https://kubernetes.io/docs/reference/using-api/deprecation-guide/
  it.each([
    ['flowcontrol.apiserver.k8s.io/v1beta3', 'FlowSchema', 32],
    ['flowcontrol.apiserver.k8s.io/v1beta3', 'PriorityLevelConfiguration', 32],
    ['flowcontrol.apiserver.k8s.io/v1beta2', 'FlowSchema', 29],
    ['storage.k8s.io/v1beta1', 'CSIStorageCapacity', 27],
    ['flowcontrol.apiserver.k8s.io/v1beta1', 'FlowSchema', 26],
    ['autoscaling/v2beta2', 'HorizontalPodAutoscaler', 26],
    ['batch/v1beta1', 'CronJob', 25],
    ['discovery.k8s.io/v1beta1', 'EndpointSlice', 25],
    ['events.k8s.io/v1beta1', 'Event', 25],
    ['autoscaling/v2beta1', 'HorizontalPodAutoscaler', 25],
    ['policy/v1beta1', 'PodDisruptionBudget', 25],
    ['policy/v1beta1', 'PodSecurityPolicy', 25],
    ['node.k8s.io/v1beta1', 'RuntimeClass', 25],
    ['admissionregistration.k8s.io/v1beta1', 'MutatingWebhookConfiguration', 22],
    ['admissionregistration.k8s.io/v1beta1', 'ValidatingWebhookConfiguration', 22],
    ['apiextensions.k8s.io/v1beta1', 'CustomResourceDefinition', 22],
    ['apiregistration.k8s.io/v1beta1', 'APIService', 22],
    ['authentication.k8s.io/v1beta1', 'TokenReview', 22],
    ['authorization.k8s.io/v1beta1', 'SubjectAccessReview', 22],
    ['certificates.k8s.io/v1beta1', 'CertificateSigningRequest', 22],
    ['coordination.k8s.io/v1beta1', 'Lease', 22],
    ['extensions/v1beta1', 'Ingress', 22],
    ['networking.k8s.io/v1beta1', 'Ingress', 22],
    ['networking.k8s.io/v1beta1', 'IngressClass', 22],
    ['rbac.authorization.k8s.io/v1beta1', 'ClusterRole', 22],
    ['rbac.authorization.k8s.io/v1beta1', 'RoleBinding', 22],
    ['scheduling.k8s.io/v1beta1', 'PriorityClass', 22],
    ['storage.k8s.io/v1beta1', 'CSIDriver', 22],
    ['storage.k8s.io/v1beta1', 'CSINode', 22],
    ['storage.k8s.io/v1beta1', 'StorageClass', 22],
    ['storage.k8s.io/v1beta1', 'VolumeAttachment', 22],
    ['extensions/v1beta1', 'NetworkPolicy', 16],
    ['extensions/v1beta1', 'DaemonSet', 16],
    ['apps/v1beta2', 'DaemonSet', 16],
    ['extensions/v1beta1', 'Deployment', 16],
    ['apps/v1beta1', 'Deployment', 16],
    ['apps/v1beta2', 'StatefulSet', 16],
    ['extensions/v1beta1', 'ReplicaSet', 16],
    ['extensions/v1beta1', 'PodSecurityPolicy', 16],
  ])('%s %s went with 1.%i, as the deprecation guide says', (apiVersion, kind, removed) => {
    expect(known(apiVersion, kind).removed).toBe(removed);
  });

  it.each([
    ['extensions/v1beta1', 'Ingress', 36, 'networking.k8s.io/v1'],
    ['batch/v1beta1', 'CronJob', 36, 'batch/v1'],
    ['flowcontrol.apiserver.k8s.io/v1beta1', 'FlowSchema', 36, 'flowcontrol.apiserver.k8s.io/v1'],
    // At that time v1beta3 was the newest.
    ['flowcontrol.apiserver.k8s.io/v1beta1', 'FlowSchema', 26, 'flowcontrol.apiserver.k8s.io/v1beta3'],
    ['autoscaling/v2beta2', 'HorizontalPodAutoscaler', 36, 'autoscaling/v2'],
    ['resource.k8s.io/v1beta1', 'ResourceClaim', 33, 'resource.k8s.io/v1beta2'],
    ['resource.k8s.io/v1beta1', 'ResourceClaim', 34, 'resource.k8s.io/v1'],
    ['v1', 'Endpoints', 36, 'discovery.k8s.io/v1'],
    ['networking.k8s.io/v1beta1', 'IngressClass', 36, 'networking.k8s.io/v1'],
    ['policy/v1beta1', 'PodSecurityPolicy', 36, undefined],
    ['v1', 'ComponentStatus', 36, undefined],
  ])('%s %s is followed in 1.%i by %s', (apiVersion, kind, minor, expected) => {
    expect(successorOf(known(apiVersion, kind), minor)?.apiVersion).toBe(expected);
  });

  it.each([
    ['v1', 'Deployment', 'apps/v1 Deployment'],
    ['apps/v1', 'Deploymnet', 'apps/v1 Deployment'],
    ['apps/v1', 'deployment', 'apps/v1 Deployment'],
    ['batch/v3', 'Job', 'batch/v1 Job'],
    ['v1', 'Template', undefined],
    ['v1', 'List', undefined],
  ])('%s %s is taken for %s', (apiVersion, kind, expected) => {
    expect(guessKind(apiVersion, kind, 36)).toBe(expected);
  });

  it('serve a kind between two releases', () => {
    const budget = known('policy/v1beta1', 'PodDisruptionBudget');
    expect([4, 5, 24, 25].map((minor) => isServed(budget, minor))).toEqual([false, true, true, false]);
    expect(versionsOfKind('batch', 'CronJob').map(({ version }) => version)).toEqual([
      'v1',
      'v1beta1',
      'v2alpha1',
    ]);
  });

  it('know which groups are those of Kubernetes', () => {
    expect(['', 'apps', 'storage.k8s.io', 'settings.k8s.io'].every(isBuiltinGroup)).toBe(true);
    expect(['gateway.networking.k8s.io', 'metrics.k8s.io', 'example.com'].some(isBuiltinGroup)).toBe(false);
  });

  it('leaves custom resources the groups with a dot that are none of its own', () => {
    expect(['gateway.networking.k8s.io', 'example.com'].every(isCustomGroup)).toBe(true);
    expect(['', 'apps', 'app', 'storage.k8s.io'].some(isCustomGroup)).toBe(false);
  });
});
