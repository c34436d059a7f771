/** What the chart adds where its settings say `facts: cluster`, as the real helm renders it. */
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { policies } from '../../policies/index.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { compileOrThrow } from '../../src/config/settings-file.ts';
import { rulesFor } from '../../src/engine/rbac.ts';
import { inFolder } from '../cli/run-check.ts';
import { helmTemplate, objectsIn } from './own-chart.ts';
import { buildRenderers } from './renderers.ts';

const own = relative('', join(import.meta.dirname, 'own-chart'));
const usual = [`${own}/defaults.yaml`];
const watching = [...usual, `${own}/facts.yaml`];

beforeAll(buildRenderers);

describe('pods of a chart with facts: cluster', () => {
  it('may list and watch what policies ask about where settings say facts: cluster, and nothing else', async () => {
    const objects = objectsIn(await helmTemplate({ values: watching, namespace: 'gate' }));
    const of = (kind: string, name: string): object | undefined =>
      objects.find((one) => one.kind === kind && one.metadata.name === name);
    const settings = parseSettings('facts: cluster', undefined);
    expect(of('ClusterRole', 'daygate-facts')).toMatchObject({
      rules: rulesFor(compileOrThrow(settings, policies, { now: 0 }), 'serve'),
    });
    expect(of('ClusterRoleBinding', 'daygate-facts')).toMatchObject({
      roleRef: { kind: 'ClusterRole', name: 'daygate-facts' },
      subjects: [{ kind: 'ServiceAccount', name: 'daygate', namespace: 'gate' }],
    });
    expect(of('Deployment', 'daygate')).toMatchObject({
      spec: { template: { spec: { automountServiceAccountToken: true } } },
    });
    expect(of('ServiceAccount', 'daygate')).toMatchObject({ automountServiceAccountToken: false });
    expect(of('NetworkPolicy', 'daygate')).toMatchObject({
      spec: {
        egress: [{ to: [{ ipBlock: { cidr: '10.1.2.3/32' } }], ports: [{ port: 6443, protocol: 'TCP' }] }],
      },
    });
    const without = objectsIn(await helmTemplate({ values: usual }));
    expect(without.map(({ metadata }) => metadata.name)).not.toContain('daygate-facts');
    expect(without.find(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'daygate')?.spec).not.toHaveProperty('egress'); // prettier-ignore
  });

  it('have the rights that facts.rendered names, and none that writes', async () => {
    const role = (verbs: readonly string[]): string =>
      stringify({ kind: 'ClusterRole', rules: [{ apiGroups: ['x.dev'], resources: ['widgets'], verbs }] });
    await inFolder(
      { 'good.yaml': role(['list', 'watch']), 'bad.yaml': role(['list', 'patch']), 'none.yaml': 'a: b' },
      async (folder) => {
        const template = (file: string): Promise<string> =>
          helmTemplate({ values: watching, facts: join(folder, file) });
        const found = objectsIn(await template('good.yaml')).find(
          ({ metadata }) => metadata.name === 'daygate-facts',
        );
        expect(found).toMatchObject({ rules: [{ resources: ['widgets'] }] });
        await expect(template('bad.yaml')).rejects.toThrow('a server needs list and watch, and not patch');
        await expect(template('none.yaml')).rejects.toThrow('it has no ClusterRole with rules');
      },
    );
  });
});
