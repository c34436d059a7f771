/** What an audit takes for the same, and what not. */
import { describe, expect, it } from 'vitest';
import { builtinKinds, customKind, definePolicy, type FactRef, type Policy } from '#sdk';
import { z } from 'zod';
import { coverageLog } from '../../src/audit/coverage-log.ts';
import { describeObject } from '../../src/audit/describe-object.ts';
import { prepareAudit } from '../../src/audit/prepare-audit.ts';
import { ClusterError } from '../../src/cluster/cluster-error.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { compileSettings } from '../../src/engine/compile.ts';
import { kindsRead } from '../../src/engine/kinds-read.ts';
import { settingsSchema } from '../../src/engine/settings.ts';
import { trendByDay } from '../../src/report/audit/trend-by-day.ts';
import { auditOf, clusterOf, workload } from './audit-of.ts';

const scaledObject = () =>
  customKind({
    kind: 'ScaledObject',
    group: 'keda.sh',
    versions: ['v1alpha1'],
    resource: 'scaledobjects',
    namespaced: true,
  });

function relation(id: string, facts: readonly FactRef[]): Policy {
  return definePolicy({
    ...{
      id,
      category: 'autoscaling',
      title: 'x',
      severity: 'low',
      target: 'relation',
      kinds: ['Deployment'],
      facts,
    },
    ...{ profiles: { baseline: 'warn' }, params: z.strictObject({}), messages: {}, why: '', remediation: '' },
    ...{ references: [], validate: () => undefined },
  });
}

describe('a custom kind that two policies declare', () => {
  it('is read once', () => {
    const library = [relation('require-a', [scaledObject()]), relation('require-b', [scaledObject()])];
    const { compiled } = compileSettings(settingsSchema.parse({}), library, { now: 0 });
    expect(kindsRead(compiled).facts.map(({ kind }) => kind)).toEqual(['ScaledObject']);
  });

  it('is not known to either where it may not be read', () => {
    const log = coverageLog();
    log.fail(scaledObject(), 'v1alpha1', new ClusterError('no', 403));
    expect([log.isFailed(scaledObject()), log.isFailed(builtinKinds.Service)]).toEqual([true, false]);
  });
});

it('policies of a team are others once their files are, whatever their functions look like', () => {
  const options = { chunkSize: '500', qps: '50' };
  const file = parseSettings('', undefined);
  const cluster = { ...clusterOf([]), context: 'x' };
  const settings = (digest: string): string =>
    prepareAudit(options, cluster, { file, policies: [], digest }, 0).settings;
  expect(settings('a')).toBe(settings('a'));
  expect(settings('a')).not.toBe(settings('b'));
});

it('objects are counted alike in the report and in its trend', async () => {
  const all = [workload('Deployment', 'web')];
  const { report: since } = await auditOf(all);
  const { report } = await auditOf(all, { since });
  const earlier = { ...since, cluster: report.cluster, date: '2026-11-20', deny: 0, warn: 0, excepted: 0 };
  const point = { ...earlier, objects: 7, policies: {} };
  expect(trendByDay({ ...report, trend: [point] }).map(({ objects }) => objects)).toEqual([7, 1]);
});

it('a credential in the label of a team is in no report', () => {
  const token = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`;
  const described = describeObject(
    { metadata: { labels: { team: token, 'cost-center': 'cc-1' } } },
    builtinKinds.ConfigMap,
    {
      reference: { apiVersion: 'v1', kind: 'ConfigMap', name: 'x' },
      profile: 'production',
      asks: 'production',
      labels: { team: ['team'], costCenter: ['cost-center'] },
      inherited: undefined,
      skipped: [],
    },
  );
  expect(described.costCenter).toBe('cc-1');
  expect(JSON.stringify(described)).not.toContain(token);
});
