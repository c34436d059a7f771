import { expect, it } from 'vitest';
import { parseAuditReport } from '../../src/audit/read-report.ts';
import { inBlocks, renderContext } from '../../src/cli/output.ts';
import { renderAudit } from '../../src/report/audit/formats.ts';
import { auditOf, object } from './audit-of.ts';

const settings = `profile: production
workloads: [{ group: apps.example.com, versions: [v1], kind: StatefulSet, resource: statefulsets }]
`;

/** A custom kind: the API server looks at nothing that its definition does not ask for. */
function odd(name: string, replicas: unknown, requests: object) {
  const spec = { containers: [{ name: 'app', image: 'app:1', resources: { requests } }] };
  return object('apps.example.com/v1', 'StatefulSet', name, { spec: { replicas, template: { spec } } });
}

it('tells of workloads with impossible numbers in a report that can be read again', async () => {
  const { report } = await auditOf(
    [
      odd('a', -1, { cpu: '-1', memory: '1Gi' }),
      odd('b', 1.5, { cpu: '1e400', memory: -5 }),
      odd('c', 1e300, { cpu: '1e300', memory: '1' }),
      odd('d', 2, { cpu: '500m', memory: '1Gi' }),
    ],
    { settings },
  );
  const text = [...inBlocks(renderAudit('json', report, renderContext()))].join('');
  const { objects } = parseAuditReport(text, 'report.json');
  expect(objects.map(({ name, workload }) => [name, workload?.replicas, workload?.requests])).toEqual([
    ['a', 1, { cpu: 0, memory: 2 ** 30 }],
    ['b', 1, { cpu: 0, memory: 0 }],
    ['c', 1, { cpu: 0, memory: 1 }],
    ['d', 2, { cpu: 1, memory: 2 ** 31 }],
  ]);
  expect(objects[0]?.workload?.withoutRequests).toEqual({ cpu: 1, memory: 0 });
});

it('counts what a mapped kind asks for that is called as the one of Kubernetes that makes no pods', async () => {
  const spec = { containers: [{ name: 'app', image: 'app:1', resources: { requests: { cpu: '500m' } } }] };
  const { report } = await auditOf(
    [
      object('v1', 'PodTemplate', 'stored', { template: { spec } }),
      object('batch.example.com/v1', 'PodTemplate', 'made', { spec: { template: { spec } } }),
    ],
    {
      settings:
        'workloads: [{ group: batch.example.com, versions: [v1], kind: PodTemplate, resource: podtemplates }]',
    },
  );
  expect(report.objects.map(({ name, workload }) => [name, workload?.requests.cpu])).toEqual([
    ['made', 0.5],
    ['stored', 0],
  ]);
});
