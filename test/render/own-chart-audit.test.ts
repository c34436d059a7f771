/** `audit.enabled=true`: daygate's own chart, as the real helm renders it. */
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { policies } from '../../policies/index.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { compileOrThrow } from '../../src/config/settings-file.ts';
import { rulesFor } from '../../src/engine/rbac.ts';
import { chart, helmTemplate, objectsIn, type KubernetesObject } from './own-chart.ts';
import { buildRenderers } from './renderers.ts';

const own = relative('', join(import.meta.dirname, 'own-chart'));
const valuesOf = (...names: readonly string[]) => ['defaults', ...names].map((name) => `${own}/${name}.yaml`);

beforeAll(buildRenderers);

describe('the audit of the chart', () => {
  const named = async (set: readonly string[], values = valuesOf('audit-cronjob')) => {
    const objects = objectsIn(await helmTemplate({ values, set }));
    return (kind: string, name = 'daygate-audit') =>
      objects.find((object) => object.kind === kind && object.metadata.name === name);
  };
  const rulesOf = (role: KubernetesObject | undefined) =>
    (role as { rules?: { resources: string[]; verbs: string[] }[] } | undefined)?.rules ?? [];

  it('is not there unless it is asked for', async () => {
    expect(await helmTemplate({ values: valuesOf() })).not.toContain('audit');
  });

  it('may get and list what daygate render says, Secrets only on request, and write nothing', async () => {
    const find = await named([]);
    const rules = rulesOf(find('ClusterRole'));
    expect(new Set(rules.flatMap(({ verbs }) => verbs))).toEqual(new Set(['get', 'list']));
    expect(rules.flatMap(({ resources }) => resources)).toEqual(
      expect.arrayContaining(['deployments', 'pods', 'namespaces']),
    );
    expect(rules.flatMap(({ resources }) => resources)).not.toContain('secrets');
    expect(find('ConfigMap')?.data?.['daygate.yaml']).toContain('require-config-reference: "off"');
    expect(find('ClusterRole', 'daygate-policy-reports')).toBeUndefined();
    const asked = await named(['audit.readSecrets=true', 'audit.policyReports=true']);
    const [rendered] = parseAllDocuments(readFileSync(join(chart, 'files/audit.yaml'), 'utf8')).map(
      (document) => document.toJS() as KubernetesObject,
    );
    expect(rulesOf(asked('ClusterRole'))).toEqual(rulesOf(rendered));
    expect(asked('ConfigMap')?.data?.['daygate.yaml']).not.toContain('require-config-reference');
    const compiled = compileOrThrow(parseSettings('', undefined), policies, { now: 0 });
    expect(rulesOf(asked('ClusterRole', 'daygate-policy-reports'))).toEqual(
      rulesFor(compiled, 'policy-reports'),
    );
  });

  it.each([
    [
      'audit-cronjob',
      'CronJob',
      '"--fail-on=none","--output=text","--output=json=/var/lib/daygate/report.json"',
    ],
    ['audit-indexed', 'CronJob', '"completionMode":"Indexed","completions":3,"parallelism":3'],
    [
      'audit-indexed',
      'CronJob',
      '"--shard=$(JOB_COMPLETION_INDEX)/3","--output=json=/var/lib/daygate/shard-$(JOB_COMPLETION_INDEX).json"',
    ],
    ['audit-service', 'Deployment', '"--every=10m","--listen=:9090","--history=/var/lib/daygate/history"'],
    ['audit-service', 'Deployment', '"--write-policy-reports"'],
    ['audit-service', 'Deployment', '"persistentVolumeClaim":{"claimName":"reports"}'],
  ])('with %s is a %s with %s', async (values, kind, expected) => {
    const find = await named([], valuesOf(values));
    expect(JSON.stringify(find(kind))).toContain(expected);
  });

  it.each([
    [['audit.mode=IndexedJob'], 'audit.claim: the shards of an IndexedJob write to one volume'],
    [
      ['audit.mode=IndexedJob', 'audit.claim=reports', 'audit.policyReports=true'],
      'audit.policyReports: the shards of an IndexedJob would overwrite',
    ],
    [['audit.rendered=kind: ConfigMap'], 'audit.rendered: it has no ClusterRole with rules'],
    [
      ['audit.rendered=kind: ClusterRole\nrules:\n- verbs:\n  - create\n'],
      'an audit needs get and list, and not create',
    ],
    [['audit.mode=DaemonSet'], 'audit/mode'],
    [['audit.outputs={json=/etc/x}'], 'audit/outputs'],
    [['audit.outputs={yaml}'], 'audit/outputs'],
    [['audit.outputs={text,json}'], 'audit.outputs: two formats go to the log'],
    [
      ['audit.outputs={csv=/var/lib/daygate/a,json=/var/lib/daygate/a}'],
      'audit.outputs: two formats go to /var/lib/daygate/a',
    ],
    [['audit.mode=Deployment', 'audit.every=9s'], 'audit.every: 9s is no time from 10s to 24h'],
    [['audit.mode=Deployment', 'audit.every=25h'], 'audit.every: 25h is no time from 10s to 24h'],
  ])('is refused with %j', async (set, message) => {
    await expect(named(set)).rejects.toThrow(message);
  });
});
