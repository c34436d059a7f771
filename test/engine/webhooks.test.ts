import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { definePolicy, type Policy } from '#sdk';
import { webhookConfigurations } from '../../src/engine/webhooks.ts';
import { compiled, policies } from './compile-test-settings.ts';

interface Webhook {
  readonly name: string;
  readonly failurePolicy: string;
  readonly namespaceSelector?: {
    readonly matchExpressions: readonly { key: string; operator: string; values: readonly string[] }[];
  };
  readonly matchConditions: readonly { name: string; expression: string }[];
  readonly rules: readonly {
    resources: readonly string[];
    operations: readonly string[];
    scope: string;
    apiGroups: readonly string[];
  }[];
  readonly clientConfig: { readonly service?: { path: string }; readonly url?: string };
}

function webhooks(
  settings: Parameters<typeof compiled>[0],
  library: readonly Policy[] = policies,
): ReadonlyMap<string, Webhook> {
  const configurations = webhookConfigurations(compiled(settings, {}, library)) as { webhooks: Webhook[] }[];
  return new Map(
    configurations.flatMap((configuration) =>
      configuration.webhooks.map((webhook) => [webhook.name, webhook]),
    ),
  );
}

describe('webhook configurations', () => {
  it('send kinds that are only warned about to a webhook that never blocks', () => {
    const all = webhooks({ webhook: { failurePolicy: 'Fail' } });
    expect([...all.keys()]).toEqual([
      'baseline.advise.daygate.dev',
      'production.enforce.daygate.dev',
      'own.advise.daygate.dev',
      'restricted.enforce.daygate.dev',
      'restricted.own.advise.daygate.dev',
    ]);
    expect(all.get('baseline.advise.daygate.dev')?.failurePolicy).toBe('Ignore');
    expect(all.get('own.advise.daygate.dev')?.failurePolicy).toBe('Ignore');
    expect(all.get('production.enforce.daygate.dev')?.failurePolicy).toBe('Fail');
  });

  it('never fail closed where nothing is enforced', () => {
    for (const settings of [
      { enforcement: 'observe' },
      { policies: { 'require-limit': 'warn', 'forbid-tag': 'audit' } },
    ] as const) {
      const all = [...webhooks({ ...settings, webhook: { failurePolicy: 'Fail' } }).values()];
      expect(all.length).toBeGreaterThan(0);
      expect(all.filter(({ failurePolicy }) => failurePolicy === 'Fail')).toEqual([]);
    }
  });

  describe('with failurePolicy Fail, where namespaces differ', () => {
    const living = (settings: Parameters<typeof compiled>[0]) =>
      [...webhooks({ webhook: { failurePolicy: 'Fail' }, ...settings }).values()]
        .filter(({ name }) => /^(?:production|own)\./.test(name))
        .map(({ name, failurePolicy, namespaceSelector }) => {
          const lives = namespaceSelector?.matchExpressions.at(-1);
          return `${failurePolicy} ${name.replace('.daygate.dev', '')} ${lives?.operator ?? ''} ${lives?.values.join(' ') ?? ''}`;
        });
    const own = 'Ignore own.advise In daygate-system';

    it('wait for an answer only in those that enforce', () => {
      const namespaces = {
        shop: 'enforce',
        pay: 'enforce',
        web: 'observe',
        'kube-system': 'enforce',
      } as const;
      expect(
        living({ enforcement: { default: 'observe', namespaces }, exemptNamespaces: ['kube-system'] }),
      ).toEqual([
        'Fail production.enforce In pay shop',
        own,
        'Ignore production.observe NotIn daygate-system kube-system pay shop',
      ]);
    });

    it('wait for none in those that observe', () => {
      const namespaces = { web: 'observe', shop: 'enforce' } as const;
      expect(living({ enforcement: { default: 'enforce', namespaces }, exemptNamespaces: [] })).toEqual([
        'Fail production.enforce NotIn daygate-system web',
        own,
        'Ignore production.observe In web',
      ]);
    });

    it('wait for none about objects of the cluster that only observes', () => {
      const about = definePolicy({
        id: 'require-nothing', category: 'labels', title: 'x', severity: 'low', target: 'object', kinds: ['PersistentVolume'],
        profiles: { baseline: 'deny' }, params: z.strictObject({}), messages: {}, why: '', remediation: '', references: [], validate: () => undefined,
      }); // prettier-ignore
      const enforcement = { default: 'observe', namespaces: { shop: 'enforce' } } as const;
      for (const failurePolicy of ['Fail', 'Ignore'] as const) {
        const all = webhooks({ enforcement, webhook: { failurePolicy } }, [about]);
        expect([...all].map(([name, webhook]) => [name, webhook.failurePolicy])).toEqual([
          ['cluster.advise.daygate.dev', 'Ignore'],
        ]);
      }
    });
  });

  it('route each namespace to exactly one profile', () => {
    const all = webhooks({ profiles: { team: { extends: 'baseline' } } });
    const label = (name: string) =>
      all.get(name)?.namespaceSelector?.matchExpressions.find(({ key }) => key === 'daygate.dev/profile');
    expect(label('production.enforce.daygate.dev')).toMatchObject({
      operator: 'NotIn',
      values: ['baseline', 'restricted', 'pss-baseline', 'pss-restricted', 'team'],
    });
    expect(label('team.advise.daygate.dev')).toMatchObject({ operator: 'In', values: ['team'] });
  });

  it('name the subresources through which what policies read can change', () => {
    const resources = webhooks({})
      .get('production.enforce.daygate.dev')
      ?.rules.flatMap((rule) => rule.resources);
    expect(resources).toContain('pods/ephemeralcontainers');
    expect(resources).not.toContain('deployments/scale');
    expect(resources).not.toContain('configmaps');
  });

  it('ask about connections to pods where a policy looks at them', () => {
    const aboutExec = definePolicy({
      id: 'bound-exec', category: 'delivery', title: 'x', severity: 'low', target: 'request', kinds: ['Pod'],
      operations: ['CONNECT'], subresources: ['exec', 'proxy'], profiles: { baseline: 'deny' },
      params: z.strictObject({}), messages: {}, why: '', remediation: '', references: [], validate: () => undefined,
    }); // prettier-ignore
    expect(webhooks({}, [aboutExec]).get('production.enforce.daygate.dev')?.rules).toMatchObject([
      { operations: ['CONNECT'], resources: ['pods/exec', 'pods/proxy'] },
    ]);
  });

  it('hand on the CA that the settings name', () => {
    const configs = [...webhooks({ webhook: { caBundle: 'Q0E=' } }).values()].map(
      ({ clientConfig }) => clientConfig,
    );
    expect(configs.length).toBeGreaterThan(0);
    for (const config of configs) expect(config).toMatchObject({ caBundle: 'Q0E=' });
    for (const { clientConfig } of webhooks({}).values()) expect(clientConfig).not.toHaveProperty('caBundle');
  });

  it('have one webhook of their own for cluster-scoped kinds', () => {
    const forNamespaces = definePolicy({
      id: 'require-nothing', category: 'labels', title: 'x', severity: 'low', target: 'object', kinds: ['Namespace'],
      profiles: { baseline: 'deny' }, params: z.strictObject({}), messages: {}, why: '', remediation: '', references: [], validate: () => undefined,
    }); // prettier-ignore
    const all = webhooks({}, [forNamespaces]);
    expect([...all.keys()]).toEqual(['cluster.enforce.daygate.dev']);
    expect(all.get('cluster.enforce.daygate.dev')).not.toHaveProperty('namespaceSelector');
    expect(all.get('cluster.enforce.daygate.dev')?.rules).toMatchObject([
      { resources: ['namespaces'], scope: 'Cluster' },
    ]);
  });

  it('leave what daygate itself needs outside of its namespace to a webhook that never blocks', () => {
    const about = (id: string, kinds: Policy['kinds']) => definePolicy({
      id, category: 'labels', title: 'x', severity: 'low', target: 'object', kinds: kinds ?? [],
      profiles: { baseline: 'deny' }, params: z.strictObject({}), messages: {}, why: '', remediation: '', references: [], validate: () => undefined,
    }); // prettier-ignore
    const library = [
      about('require-one', ['Namespace', 'ClusterRole', 'ClusterRoleBinding', 'PersistentVolume']),
    ];
    const all = webhooks({ webhook: { failurePolicy: 'Fail', namespace: 'guard' } }, library);
    const [own, others] = ['own-cluster.advise.daygate.dev', 'cluster.enforce.daygate.dev'].map((name) =>
      all.get(name),
    );
    expect([own?.failurePolicy, others?.failurePolicy]).toEqual(['Ignore', 'Fail']);
    expect(own?.rules.flatMap(({ resources }) => resources).toSorted()).toEqual([
      'clusterrolebindings',
      'clusterroles',
      'namespaces',
    ]);
    // Whole names, and the very opposite at the other webhook: each request is asked about once.
    const condition = own?.matchConditions.at(-1)?.expression;
    expect(condition).toBe(
      "(request.resource.group == 'rbac.authorization.k8s.io' && request.resource.resource in ['clusterroles', 'clusterrolebindings'] && request.name in ['daygate-certs', 'daygate-breakglass', 'daygate-facts']) || (request.resource.group == '' && request.resource.resource == 'namespaces' && request.name == 'guard')",
    );
    expect(others?.matchConditions.at(-1)?.expression).toBe(`!(${condition ?? ''})`);
    expect(webhooks({}, library).has('own-cluster.advise.daygate.dev')).toBe(false);
    expect(webhooks({}, library).get('cluster.enforce.daygate.dev')?.matchConditions).toHaveLength(3);
  });

  it('name as their own what the files for a cluster hold', () => {
    const files = ['certs.yaml', 'breakglass.yaml', 'install.yaml'].map((name) =>
      readFileSync(join(import.meta.dirname, '../../deploy', name), 'utf8'),
    );
    const names = files
      .flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as unknown))
      .flatMap((object) => {
        const { kind, metadata } = (object ?? {}) as { kind?: string; metadata?: { name: string } };
        return kind === 'ClusterRole' || kind === 'ClusterRoleBinding' ? (metadata?.name ?? []) : [];
      });
    expect([...new Set(names)].toSorted()).toEqual(['daygate-breakglass', 'daygate-certs']);
  });

  it('mutate Pods that are made, and nothing else, where a fix of containers is on', () => {
    expect([...webhooks({}).keys()].filter((name) => name.includes('.fix.'))).toEqual([]);
    const all = webhooks({ policies: { 'require-limit': { fix: true, params: { value: '1Gi' } } } });
    expect(all.get('production.fix.daygate.dev')).toMatchObject({
      failurePolicy: 'Ignore',
      clientConfig: { service: { path: '/mutate/production' } },
      rules: [{ operations: ['CREATE'], resources: ['pods'] }],
    });
  });

  it('are byte-identical in two renders', () => {
    const text = JSON.stringify(webhookConfigurations(compiled()));
    expect(JSON.stringify(webhookConfigurations(compiled()))).toBe(text);
  });
});
