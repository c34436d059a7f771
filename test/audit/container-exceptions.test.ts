import { expect, it } from 'vitest';
import { auditOf, pod, workload } from './audit-of.ts';

const app = { name: 'app', image: 'app:1.2', resources: { limits: { memory: '1Gi' } } };
const proxy = { name: 'istio-proxy', image: 'docker.io/istio/proxyv2:1.29.0' };
const evil = { ...proxy, image: 'evil.example/istio/proxyv2:1.29.0' };

/** The findings about memory limits in an audit of one Deployment, and what is said of the exception. */
async function audited(template: readonly object[], ...pods: readonly (readonly object[])[]) {
  const exception = {
    policies: ['require-memory-limit'],
    match: {
      kind: 'Deployment',
      name: 'web',
      container: { name: 'istio-proxy', image: 'istio/proxyv2:1.*' },
    },
    ...{ owner: 'mesh', reason: 'the injector sets none', expires: '2026-12-31' },
  };
  const deployment = workload('Deployment', 'web', undefined, { containers: template });
  const replicaSet = workload('ReplicaSet', 'web-1', deployment, { containers: template });
  const made = pods.map((containers, index) => {
    const one = pod(`web-1-${index}`, replicaSet, { containers });
    const metadata = one['metadata'] as object;
    return { ...one, metadata: { ...metadata, labels: { 'pod-template-hash': '1' } } };
  });
  const settings = JSON.stringify({ exceptions: [exception] });
  const { report } = await auditOf([...made, replicaSet, deployment], { settings });
  return {
    exception: report.exceptions[0],
    findings: report.findings
      .filter(({ policy }) => policy === 'require-memory-limit')
      .map(({ object, locator, action, via }) => [object.name, locator, action, via?.kind, via?.names]),
  };
}

const place = 'spec.containers[istio-proxy].resources.limits.memory';
const ofTemplate = `spec.template.${place}`;

it('an exception for a container covers what was injected into the pods of a workload', async () => {
  const { findings, exception } = await audited([app], [app, proxy], [app, proxy]);
  expect(findings).toEqual([['web', place, 'audit', 'Pod', ['web-1-0', 'web-1-1']]]);
  expect(exception).toMatchObject({
    findings: 1,
    match: { container: { name: 'istio-proxy', image: 'istio/proxyv2:1.*' } },
  });
});

it('and hides no other image of the same name in another pod', async () => {
  for (const pods of [
    [
      [app, proxy],
      [app, evil],
    ],
    [
      [app, evil],
      [app, proxy],
    ],
  ] as const) {
    const { findings } = await audited([app], ...pods);
    const nameOf = (containers: readonly object[]) =>
      `web-1-${pods.findIndex((one) => one.includes(containers[1] as never))}`;
    expect(findings).toHaveLength(2);
    expect(findings).toContainEqual(['web', place, 'audit', 'Pod', [nameOf([app, proxy])]]);
    expect(findings).toContainEqual(['web', place, 'deny', 'Pod', [nameOf([app, evil])]]);
  }
});

it('nor one in a pod whose template is let off', async () => {
  const { findings } = await audited([app, proxy], [app, proxy], [app, evil]);
  expect(findings).toEqual([
    ['web', place, 'deny', 'Pod', ['web-1-1']],
    ['web', ofTemplate, 'audit', undefined, undefined],
  ]);
});

it('and a template that is not let off says it of its pods, too', async () => {
  const { findings } = await audited([app, evil], [app, proxy], [app, evil]);
  expect(findings).toEqual([['web', ofTemplate, 'deny', undefined, undefined]]);
});
