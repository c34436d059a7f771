/** What an audit says admission would patch, were it written now. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { definePolicy, isRecord } from '#sdk';
import { policies } from '../../policies/index.ts';
import { parseAuditReport } from '../../src/audit/read-report.ts';
import type { ApiObject } from '../../src/cluster/cluster.ts';
import { mergeReports } from '../../src/merge/merge-reports.ts';
import type { AuditPatches } from '../../src/report/audit/audit-patches.ts';
import { auditJson } from '../../src/report/audit/json.ts';
import { auditText } from '../../src/report/audit/text.ts';
import { auditOf, object, pod, workload, type AuditOf } from './audit-of.ts';

const settings = `
profile: production
policies:
  bound-service-account: { fix: true }
  require-drop-capabilities: { action: deny, fix: true }
`;

async function patchesOf(objects: readonly ApiObject[], options: AuditOf = {}): Promise<AuditPatches> {
  const { report } = await auditOf(objects, { settings, patches: true, ...options });
  expect(report.errors).toEqual([]);
  if (report.patches === undefined) throw new Error('the report has no patches');
  return report.patches;
}

const names = ({ changes }: AuditPatches): readonly unknown[] =>
  changes.map(({ object: { kind, name }, via }) =>
    via === undefined ? `${kind} ${name}` : [`${kind} ${name}`, via],
  );

const dropsAll = [
  ' spec:',
  '   containers:',
  '     - name: app',
  '+      securityContext:',
  '+        capabilities:',
  '+          drop:',
  '+            - ALL',
];

function web(): readonly [ApiObject, ApiObject] {
  const deployment = workload('Deployment', 'web');
  return [deployment, workload('ReplicaSet', 'web-1', deployment)];
}

function withMetadata(of: ApiObject, more: object): ApiObject {
  return { ...of, metadata: { ...(of['metadata'] as object), ...more } };
}

/** A policy that admission fixes on objects of all sorts. */
const marked = definePolicy({
  id: 'require-mark',
  category: 'labels',
  title: 'Require a mark',
  severity: 'low',
  target: 'object',
  kinds: ['Deployment', 'ReplicaSet', 'Namespace'],
  profiles: { production: 'warn' },
  params: z.strictObject({}),
  messages: { missing: 'No mark.' },
  why: '',
  references: [],
  remediation: 'Mark it.',
  validate({ object: of, at }, { report }) {
    if (of.metadata?.labels?.['mark'] === undefined) report({ message: 'missing', at: at('metadata') });
  },
  fix: {
    safety: 'safe',
    resolves: ['missing'],
    apply(draft) {
      if (isRecord(draft.metadata)) Object.assign(draft.metadata, { labels: { mark: 'x' } });
    },
  },
});
const withMark: AuditOf = {
  library: [...policies, marked],
  settings: 'policies: { require-mark: { fix: true } }',
};

describe('what admission would patch', () => {
  it('is told where it is asked for', async () => {
    const { report } = await auditOf([pod('bare')], { settings });
    expect(report).not.toHaveProperty('patches');
    expect(auditText(report)).not.toContain('patched');
  });

  it('is the change of the object itself, as a diff and as a JSON Patch', async () => {
    const patches = await patchesOf([object('v1', 'ServiceAccount', 'default'), pod('bare')]);
    expect(patches).toEqual({
      policies: ['bound-service-account', 'require-drop-capabilities'],
      objects: 2,
      leftOut: 0,
      changes: [
        {
          object: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'bare' },
          policies: ['require-drop-capabilities'],
          diff: dropsAll,
          patch: [
            {
              op: 'add',
              path: '/spec/containers/0/securityContext',
              value: { capabilities: { drop: ['ALL'] } },
            },
          ],
        },
        {
          object: { apiVersion: 'v1', kind: 'ServiceAccount', namespace: 'shop', name: 'default' },
          policies: ['bound-service-account'],
          diff: ['+automountServiceAccountToken: false'],
          patch: [{ op: 'add', path: '/automountServiceAccountToken', value: false }],
        },
      ],
    });
  });

  it('is nothing where the patch is there already', async () => {
    const account = object('v1', 'ServiceAccount', 'default', { automountServiceAccountToken: false });
    const patches = await patchesOf([account]);
    expect(patches).toMatchObject({ objects: 0, changes: [] });
  });

  it('is one change for all pods of a Deployment, with the first of their names', async () => {
    const [deployment, replicaSet] = web();
    const pods = Array.from({ length: 25 }, (_, index) => pod(`web-1-${index + 10}`, replicaSet));
    const patches = await patchesOf([deployment, replicaSet, ...pods]);
    expect(patches).toMatchObject({ objects: 25, leftOut: 0 });
    const twenty = Array.from({ length: 20 }, (_, index) => `web-1-${index + 10}`);
    expect(names(patches)).toEqual([['Deployment web', { kind: 'Pod', objects: 25, names: twenty }]]);
    expect(patches.changes[0]?.diff).toEqual(dropsAll);
  });

  it('is nothing for debugging containers, which no pod is created with', async () => {
    const [deployment, replicaSet] = web();
    const made = pod('web-1-a', replicaSet);
    const spec = made['spec'] as object;
    const drops = { securityContext: { capabilities: { drop: ['ALL'] } } };
    const debugged = (containers: readonly object[]): ApiObject => ({
      ...made,
      spec: { ...spec, containers, ephemeralContainers: [{ name: 'debugger', image: 'busybox:1.37' }] },
    });
    const mended = await patchesOf([deployment, replicaSet, debugged([{ name: 'app', ...drops }])]);
    expect(mended).toMatchObject({ objects: 0, changes: [] });
    const unmended = await patchesOf([deployment, replicaSet, debugged([{ name: 'app' }])]);
    expect(unmended.changes.map(({ diff }) => diff)).toEqual([dropsAll]);
  });

  it('is not told of what an object made where its own patch is by the same policies', async () => {
    const [deployment, replicaSet] = web();
    expect(names(await patchesOf([deployment, replicaSet], withMark))).toEqual(['Deployment web']);
    const mended = withMetadata(deployment, { labels: { mark: 'x' } });
    expect(names(await patchesOf([mended, replicaSet], withMark))).toEqual([
      ['Deployment web', { kind: 'ReplicaSet', objects: 1, names: ['web-1'] }],
    ]);
  });

  it('is nothing where no policy fixes at admission, and that is said', async () => {
    const patches = await patchesOf([pod('bare')], { settings: 'profile: production' });
    expect(patches).toEqual({ policies: [], objects: 0, leftOut: 0, changes: [] });
    const { report } = await auditOf([pod('bare')], { patches: true });
    expect(auditText(report)).toContain('that takes fix: true in the settings');
  });
});

describe('what no webhook would patch', () => {
  const ofSettings = (more: string): AuditOf => ({ settings: `${settings}${more}` });
  const exception = `
exceptions:
  - policies: [require-drop-capabilities]
    match: { namespace: shop, name: bare }
    owner: team
    reason: It binds a low port.
    expires: 2027-01-31
`;

  it('is not there: under an exception, in a namespace that is exempt or of another profile', async () => {
    expect(names(await patchesOf([pod('bare'), pod('other')], ofSettings(exception)))).toEqual(['Pod other']);
    const kept = withMetadata(pod('kept'), { namespace: 'kept' });
    const exempt = ofSettings('exemptNamespaces: [kept]');
    expect(names(await patchesOf([pod('bare'), kept], exempt))).toEqual(['Pod bare']);
    const namespace = withMetadata(object('v1', 'Namespace', 'shop'), {
      namespace: undefined,
      labels: { 'daygate.dev/profile': 'lax' },
    });
    const lax = 'profiles: { lax: { extends: baseline, policies: { require-drop-capabilities: off } } }';
    expect(names(await patchesOf([pod('bare')], ofSettings(lax)))).toEqual(['Pod bare']);
    expect(names(await patchesOf([namespace, pod('bare')], ofSettings(lax)))).toEqual([]);
  });

  it('is not there: pods of the kubelet, of daygate itself, that have ended or are going', async () => {
    const withPhase = (phase: string): ApiObject => ({ ...pod(phase), status: { phase } });
    const own = { namespace: 'daygate-system', labels: { 'app.kubernetes.io/name': 'daygate' } };
    const found = await patchesOf([
      withMetadata(pod('mirror'), { annotations: { 'kubernetes.io/config.mirror': 'x' } }),
      withMetadata(pod('own'), own),
      withMetadata(pod('neighbour'), { ...own, labels: {} }),
      withMetadata(pod('going'), { deletionTimestamp: '2026-11-21T11:00:00Z' }),
      ...['Succeeded', 'Failed', 'Running'].map(withPhase),
    ]);
    expect(names(found)).toEqual(['Pod neighbour', 'Pod Running']);
  });

  it('is not there: what is in no namespace, of which no webhook is asked', async () => {
    const namespace = withMetadata(object('v1', 'Namespace', 'shop'), { namespace: undefined });
    const found = await patchesOf([namespace, workload('Deployment', 'web')], withMark);
    expect(names(found)).toEqual(['Deployment web']);
  });

  it('is not there: what only other objects tell, where admission does not know them', async () => {
    const namespace = withMetadata(object('v1', 'Namespace', 'shop'), {
      namespace: undefined,
      labels: { team: 'checkout' },
    });
    const inherit = 'policies: { inherit-namespace-labels: { action: warn, fix: true } }\n';
    const objects = [namespace, workload('Deployment', 'web')];
    expect(await patchesOf(objects, { settings: inherit })).toMatchObject({ policies: [], changes: [] });
    const { policies: fixing, changes } = await patchesOf(objects, { settings: `${inherit}facts: cluster` });
    expect(fixing).toEqual(['inherit-namespace-labels']);
    expect(changes[0]?.diff).toEqual([' metadata:', '+  labels:', '+    team: checkout']);
  });
});

describe('many of them', () => {
  it('are counted all, and listed as far as there is room', async () => {
    const pods = Array.from({ length: 1_005 }, (_, index) => pod(`bare-${index + 1_000}`));
    const { report } = await auditOf(pods, { settings, patches: true, pageSize: 500 });
    expect(report.patches).toMatchObject({ objects: 1_005, leftOut: 5 });
    expect(report.patches?.changes).toHaveLength(1_000);
    const text = auditText(report);
    expect(text).toContain('Would be patched at admission: 1005 objects.');
    expect(text).toContain('and 985 more objects');
  });
});

describe('reports of them', () => {
  const [deployment, replicaSet] = web();
  const objects = [deployment, replicaSet, pod('web-1-a', replicaSet), pod('bare')];

  it('are complete with --since, whether the earlier report has them or not', async () => {
    const options = { settings, patches: true };
    const [whole, { report: earlier }] = await Promise.all([
      auditOf(objects, options),
      auditOf(objects, { settings }),
    ]);
    for (const since of [earlier, whole.report]) {
      const { report } = await auditOf(objects, { ...options, since });
      expect(report.coverage).toMatchObject({ judged: 0, unchanged: 4 });
      expect(report.patches).toEqual(whole.report.patches);
    }
  });

  it('are read again as they were written', async () => {
    const { report } = await auditOf(objects, { settings, patches: true });
    const json = [...auditJson(report)].join('');
    expect(parseAuditReport(json, 'test').patches).toEqual(report.patches);
  });

  it('are merged, of shards and of clusters, and a part without them is named', async () => {
    const elsewhere = withMetadata(pod('elsewhere'), { namespace: 'pay' });
    const all = [...objects, elsewhere];
    const { report: whole } = await auditOf(all, { settings, patches: true });
    const shards = await Promise.all(
      [0, 1].map(async (index) => {
        const shard = { index, of: 2 };
        const { report } = await auditOf(all, { settings, patches: true, shard });
        return { file: `${index}.json`, report };
      }),
    );
    expect(mergeReports(shards).patches).toEqual(whole.patches);

    const { report: plain } = await auditOf(objects, { settings });
    const merged = mergeReports([
      { file: 'a', report: { ...whole, cluster: 'east' } },
      { file: 'b', report: { ...plain, cluster: 'west' } },
    ]);
    expect(merged.patches?.changes.map(({ cluster }) => cluster)).toEqual(['east', 'east', 'east']);
    expect(merged.notices.join()).toContain('told of a part');
    const both = mergeReports([
      { file: 'a', report: { ...whole, cluster: 'east' } },
      { file: 'b', report: { ...whole, cluster: 'west' } },
    ]);
    expect(both.patches).toMatchObject({ objects: 6, leftOut: 0 });
    expect(both.notices.join()).not.toContain('told of a part');
  });
});
