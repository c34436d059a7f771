/** daygate's own chart, as the real helm renders it. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { policies } from '../../policies/index.ts';
import {
  installManifestProblem,
  renderInstallManifest,
} from '../../scripts/generate/chart/install-manifest.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { compileOrThrow } from '../../src/config/settings-file.ts';
import { webhookConfigurations } from '../../src/engine/webhooks.ts';
import { inFolder, runCheck, type JsonOutput } from '../cli/run-check.ts';
import { findBinaries } from '../cluster/binaries.ts';
import { chart, helmTemplate, objectsIn, type KubernetesObject } from './own-chart.ts';
import { buildRenderers, check } from './renderers.ts';

const repository = join(import.meta.dirname, '../..');
const own = relative('', join(import.meta.dirname, 'own-chart'));
const valuesOf = (...names: readonly string[]) => ['defaults', ...names].map((name) => `${own}/${name}.yaml`);
const audits = [valuesOf('audit-service'), valuesOf('audit-cronjob'), valuesOf('audit-indexed')];
const ways = [
  ...[valuesOf(), valuesOf('enforcing'), valuesOf('cert-manager'), valuesOf('existing')],
  ...audits,
];

beforeAll(buildRenderers);

type Finding = JsonOutput['findings'][number];

/** Those that the one exception of its settings does not cover. */
const open = ({ findings }: Pick<JsonOutput, 'findings'>) =>
  findings.filter(({ exception }) => exception === undefined);

/** What `daygate render` writes for these settings. */
function webhooksOf(settings: object): readonly KubernetesObject[] {
  const compiled = compileOrThrow(parseSettings(JSON.stringify(settings), undefined), policies, { now: 0 });
  return structuredClone(webhookConfigurations(compiled)) as KubernetesObject[];
}

const configurations = (objects: readonly KubernetesObject[]) =>
  objects
    .filter(({ kind }) => kind.endsWith('WebhookConfiguration'))
    // Those without rules are never called: they only keep a place for a CA.
    .map(({ kind, webhooks }) => ({ kind, webhooks: webhooks?.filter(({ rules }) => rules !== undefined) }))
    .toSorted((a, b) => (a.kind < b.kind ? -1 : 1));

describe('what is under deploy/', () => {
  it('passes the restricted profile without a finding, in every way it is installed', async () => {
    // A dashboard for Grafana is no manifest; everything else is.
    const files = readdirSync('deploy', { recursive: true, encoding: 'utf8' }).filter(
      (file) => /\.ya?ml$/.test(file) && !file.startsWith('chart/'),
    );
    expect(files).toContain('monitoring/alerts.yaml');
    // What is in a file is another way to install the same, and no fact about the chart.
    const settings = `${own}/daygate.yaml`;
    const written = await check(
      files.map((file) => join('deploy', file)),
      { settings },
    );
    expect([written.json.findings, written.json.errors, written.code]).toEqual([[], [], 0]);
    const { code, json } = await check(['deploy/chart'], { settings });
    // Who turns its network policies off has others, which are not seen here.
    const isOpen = ({ policy, render }: Finding) =>
      policy !== 'require-network-policy' || render?.includes('existing.yaml') !== true;
    const findings = json.findings.filter(isOpen);
    expect(open({ findings })).toEqual([]);
    expect(findings.map(({ object }) => object.name)).toEqual(Array(2).fill('daygate-audit'));
    expect(json.errors).toEqual([]);
    expect(code).toBe(1);
    expect(json.renderings?.map(({ objects }) => objects > 5)).toEqual(Array(16).fill(true));
  });

  it('passes it as applied, its test included', async () => {
    for (const values of [...ways, valuesOf('facts')]) {
      // Who turns its network policies off has others, which are not seen here.
      const text = await helmTemplate({ values, set: ['networkPolicy.enabled=true'] });
      expect(text).toContain('helm.sh/hook: test');
      const { code, out } = await runCheck(
        ['-'],
        { settings: `${own}/daygate.yaml`, output: ['json'] },
        text,
      );
      expect(open(JSON.parse(out) as JsonOutput)).toEqual([]);
      expect(code).toBe(0);
    }
  });

  it('is the same in two renders, and nothing in it is random or looked up', async () => {
    for (const values of ways) expect(await helmTemplate({ values })).toBe(await helmTemplate({ values }));
    for (const entry of readdirSync(join(chart, 'templates'), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const template = readFileSync(join(entry.parentPath, entry.name), 'utf8');
      expect(template, entry.name).not.toMatch(
        /\b(?:rand\w+|gen[A-Z]\w+|uuidv4|now|lookup|derivePassword|htpasswd|bcrypt|getHostByName|env|expandenv)\b(?=[^\n]*\}\})/,
      );
      // Helm does not take away what a hook made.
      if (entry.name !== 'answers.yaml') expect(template).not.toContain('helm.sh/hook');
    }
  });

  it('is the chart in install.yaml, too', async () => {
    const { helm } = await findBinaries(['helm']);
    const text = readFileSync(join(repository, 'deploy/install.yaml'), 'utf8');
    expect(text).toBe(renderInstallManifest(repository, helm));
    expect(installManifestProblem(repository, text)).toBeUndefined();
    expect(installManifestProblem(repository, text.replace('replicas: 3', 'replicas: 1'))).toBe(
      text.includes('replicas: 3') ? 'stale, or edited by hand' : undefined,
    );
    expect(installManifestProblem(repository, text.replace(/# chart: ./, '# chart: x'))).toBeDefined();
    expect(objectsIn(text)[0]).toMatchObject({ kind: 'Namespace', metadata: { name: 'daygate-system' } });
  });
});

describe('webhooks of the chart', () => {
  const production = { profile: 'production' };
  it.each<object>([
    {},
    { enforcement: 'observe' },
    { enforcement: 'observe', webhook: { failurePolicy: 'Fail' } },
    { enforcement: 'enforce', webhook: { failurePolicy: 'Ignore', timeoutSeconds: 2 } },
    { enforcement: 'enforce', webhook: { failurePolicy: 'Fail' } },
    { webhook: { failurePolicy: 'Fail' }, exemptNamespaces: ['legacy', 'a', 'kube-system'] },
    { exemptNamespaces: [], ...production },
    {
      enforcement: 'observe',
      exemptNamespaces: ['shop'],
      webhook: { url: 'https://gate.example.com:8443/x/' },
    },
    { enforcement: 'enforce', facts: 'cluster', webhook: { failurePolicy: 'Fail' } },
    { enforcement: 'observe', facts: 'cluster', factsMaxAgeSeconds: 30 },
    { enforcement: 'enforce', webhook: { failurePolicy: 'Fail', caBundle: 'Q0E=' }, kubernetes: '1.34' },
    {
      policies: {
        'require-replicas': { params: { min: 5 } },
        'forbid-privileged': 'off',
        'require-labels': 'off',
      },
      longestExceptionDays: 30,
      sandbox: { milliseconds: 100 },
    },
  ])('are those of daygate render: %j', async (settings) => {
    // As text, since Helm would merge them with those of values.yaml.
    const mode = JSON.stringify(settings).includes('caBundle') ? 'existing' : 'job';
    const text = await helmTemplate({ values: valuesOf(), settings, set: [`certificates.mode=${mode}`] });
    const webhook = {
      namespace: 'daygate-system',
      ...('webhook' in settings ? (settings.webhook as object) : {}),
    };
    expect(configurations(objectsIn(text))).toEqual(configurations(webhooksOf({ ...settings, webhook })));
  });

  it('have the same names however they enforce, so that each has its CA before it counts', async () => {
    const names = async (settings: object) =>
      objectsIn(await helmTemplate({ values: valuesOf(), settings }))
        .flatMap(({ webhooks = [] }) => webhooks.map(({ name }) => name))
        .toSorted();
    const failing = { enforcement: 'enforce', webhook: { failurePolicy: 'Fail' } };
    const all = await names(failing);
    expect(all).toContain('own.advise.daygate.dev');
    for (const settings of [{ enforcement: 'observe' }, { enforcement: 'enforce' }])
      expect(await names(settings)).toEqual(expect.arrayContaining(all));
    const observing = objectsIn(await helmTemplate({ values: valuesOf() })).flatMap(
      ({ webhooks = [] }) => webhooks,
    );
    for (const { rules, failurePolicy } of observing) {
      expect(failurePolicy).toBe('Ignore');
      expect(rules).not.toEqual([]);
    }
  });

  it('are those of daygate render in another namespace', async () => {
    const settings = { webhook: { failurePolicy: 'Fail', namespace: 'gate' } };
    const text = await helmTemplate({ values: valuesOf(), settings, namespace: 'gate' });
    expect(configurations(objectsIn(text))).toEqual(configurations(webhooksOf(settings)));
    expect(text).not.toContain('daygate-system');
  });

  const custom = {
    enforcement: 'enforce',
    profile: 'team',
    profiles: { team: { extends: 'baseline' } },
    policies: { 'require-pull-policy': { action: 'deny', fix: true } },
  };

  it('are taken from webhooks.rendered where the settings change their rules', async () => {
    await inFolder({ 'webhooks.yaml': stringifyAll(webhooksOf(custom)) }, async (folder) => {
      const rendered = join(folder, 'webhooks.yaml');
      const text = await helmTemplate({ values: valuesOf(), settings: custom, rendered });
      const found = configurations(objectsIn(text));
      expect(found.map(({ kind }) => kind)).toEqual([
        'MutatingWebhookConfiguration',
        'ValidatingWebhookConfiguration',
      ]);
      expect(found).toEqual(configurations(webhooksOf(custom)));
      await expect(
        helmTemplate({ values: valuesOf(), settings: custom, rendered, namespace: 'gate' }),
      ).rejects.toThrow('it is for the namespace daygate-system, and this release is in gate');
    });
  });

  it('are not taken with a caBundle that the cluster writes', async () => {
    const webhooks = webhooksOf({ ...custom, webhook: { caBundle: 'Q0E=' } });
    await inFolder({ 'webhooks.yaml': stringifyAll(webhooks) }, async (folder) => {
      const rendered = join(folder, 'webhooks.yaml');
      await expect(helmTemplate({ values: valuesOf(), settings: custom, rendered })).rejects.toThrow(
        'render again without --ca-bundle',
      );
    });
  });

  it.each<[string, object, object, string]>([
    ['a profile', custom, { enforcement: 'enforce' }, 'it asks for the profile team, which the settings do not have'],
    ['a failurePolicy', { webhook: { failurePolicy: 'Fail' } }, {}, 'it has failurePolicy Fail, and the settings do not'],
    ['no failurePolicy', {}, { webhook: { failurePolicy: 'Fail' } }, 'it has failurePolicy Ignore, and the settings say Fail'],
  ])('are not taken from an earlier upgrade that had %s of its own', async (_, before, settings, problem) => {
    await inFolder({ 'webhooks.yaml': stringifyAll(webhooksOf(before)) }, async (folder) => {
      const rendered = join(folder, 'webhooks.yaml');
      await expect(helmTemplate({ values: valuesOf(), settings, rendered })).rejects.toThrow(problem);
      const again = join(folder, 'again.yaml');
      writeFileSync(again, stringifyAll(webhooksOf(settings)));
      await helmTemplate({ values: valuesOf(), settings, rendered: again });
    });
  }); // prettier-ignore

  it.each<[object, string]>([
    [{ profile: 'baseline' }, 'settings.profile'],
    [{ profiles: { team: { extends: 'baseline' } } }, 'settings.profiles'],
    [{ workloads: [{ group: 'argoproj.io', kind: 'Rollout', resource: 'rollouts' }] }, 'settings.workloads'],
    [{ enforcement: { default: 'observe' } }, 'settings.enforcement'],
    [{ policies: { 'require-replicas': 'deny' } }, 'settings.policies.require-replicas'],
    [{ policies: { 'require-replicas': { action: 'audit' } } }, 'settings.policies.require-replicas'],
    [{ policies: { 'forbid-token-automount': { fix: true } } }, 'settings.policies.forbid-token-automount'],
  ])('are refused where the rules would not fit: %j', async (settings, named) => {
    await expect(helmTemplate({ values: valuesOf(), settings })).rejects.toThrow(
      new RegExp(`${named}: the webhooks must ask .*daygate render .* --set-file webhooks\\.rendered`),
    );
    // Whoever applies them by other means needs none.
    const without = await helmTemplate({ values: valuesOf(), settings, set: ['webhooks.create=false'] });
    expect(configurations(objectsIn(without))).toEqual([]);
  });

  it('refuses own policies without their rules', async () => {
    await expect(
      helmTemplate({ values: valuesOf(), set: ['ownPolicies.configMap=policies'] }),
    ).rejects.toThrow('ownPolicies.configMap: the webhooks must ask');
  });

  it('can be narrowed, and leave cluster-scoped kinds alone', async () => {
    const objects = objectsIn(await helmTemplate({ values: valuesOf('cert-manager') }));
    const webhooks = configurations(objects).flatMap(({ webhooks }) => webhooks ?? []);
    for (const { name, namespaceSelector } of webhooks) {
      if (name.startsWith('cluster.')) expect(namespaceSelector).toBeUndefined();
      else expect(namespaceSelector).toMatchObject({ matchLabels: { tier: 'shop' } });
    }
    expect(objects.find(({ kind }) => kind === 'ValidatingWebhookConfiguration')?.metadata).toMatchObject({
      annotations: { 'cert-manager.io/inject-ca-from': 'daygate-system/daygate' },
    });
  });
});

function stringifyAll(objects: readonly object[]): string {
  return objects.map((object) => stringify(object)).join('---\n');
}

describe('pods of the chart', () => {
  it('have no rights and no token, but for the jobs that write certificates', async () => {
    for (const values of ways) {
      const objects = objectsIn(await helmTemplate({ values }));
      const subjects = objects.flatMap(({ subjects: bound = [] }) => bound.map(({ name }) => name));
      const withRights = ['daygate-certs', 'daygate-breakglass', 'daygate-audit'];
      expect(subjects.filter((name) => !withRights.includes(name))).toEqual([]);
      expect(JSON.stringify(objects)).not.toMatch(/"(?:verbs|resources|resourceNames)":\["\*"\]/);
      const deployment = objects.find(
        ({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'daygate',
      );
      expect(deployment?.spec?.template?.spec).toMatchObject({
        serviceAccountName: 'daygate',
        automountServiceAccountToken: false,
      });
    }
    const existing = objectsIn(await helmTemplate({ values: valuesOf('existing') }));
    expect(existing.filter(({ kind }) => /Role|Secret|Job/.test(kind))).toEqual([]);
  });

  it('get as long to end as preStop, draining and what is under way take together', async () => {
    const text = await helmTemplate({ values: valuesOf(), set: ['drainSeconds=30', 'preStopSeconds=7'] });
    const deployment = objectsIn(text).find(({ kind }) => kind === 'Deployment');
    expect(deployment?.spec?.template?.spec).toMatchObject({
      terminationGracePeriodSeconds: 62,
      containers: [{ lifecycle: { preStop: { sleep: { seconds: 7 } } } }],
    });
  });

  it('record reviews into a volume of their own, where they are told to', async () => {
    const podOf = async (...names: readonly string[]): Promise<string> => {
      const objects = objectsIn(await helmTemplate({ values: valuesOf(...names) }));
      return JSON.stringify(objects.find(({ kind }) => kind === 'Deployment')?.spec);
    };
    const recording = await podOf('enforcing');
    expect(recording).toContain('"--record=/var/lib/daygate/reviews","--record-bytes=32Mi"');
    expect(recording).toContain('{"name":"records","mountPath":"/var/lib/daygate"}');
    expect(recording).toContain('{"name":"records","emptyDir":{}}');
    expect(await podOf()).not.toContain('record');
  });

  it('are counted by one party: the autoscaler or the Deployment', async () => {
    const scaled = objectsIn(await helmTemplate({ values: valuesOf() }));
    expect(scaled.find(({ kind }) => kind === 'Deployment')?.spec).not.toHaveProperty('replicas');
    expect(scaled.find(({ kind }) => kind === 'HorizontalPodAutoscaler')?.spec).toMatchObject({
      minReplicas: 3,
    });
    const fixed = objectsIn(await helmTemplate({ values: valuesOf('enforcing') }));
    expect(fixed.find(({ kind }) => kind === 'Deployment')?.spec).toMatchObject({ replicas: 5 });
    expect(fixed.map(({ kind }) => kind)).not.toContain('HorizontalPodAutoscaler');
  });

  it.each([
    ['certs.yaml', /^daygate-(?:certs|tls|ca)/, 9],
    ['breakglass.yaml', /^daygate-breakglass/, 4],
  ])('run the jobs of deploy/%s', async (file, names, count) => {
    const about = (objects: readonly KubernetesObject[]) =>
      Object.fromEntries(
        objects
          .filter(({ metadata }) => names.test(metadata.name))
          .map((object) => {
            const name = object.metadata.name.replace(/-[0-9a-f]{8}$/, '');
            const rest = JSON.parse(
              JSON.stringify(object, (key, value: unknown) =>
                ['metadata', 'image', 'fsGroup'].includes(key) ? undefined : value,
              ),
            ) as unknown;
            return [`${object.kind} ${name}`, rest];
          }),
      );
    const plain = about(objectsIn(readFileSync(join(repository, 'deploy', file), 'utf8')));
    expect(Object.keys(plain).length).toBe(count);
    const text = await helmTemplate({ values: valuesOf(), set: ['breakglass.undo.enabled=true'] });
    expect(about(objectsIn(text))).toEqual(plain);
  });

  it('are watched by the alerts of deploy/monitoring, in the namespace of the release', async () => {
    const set = ['monitoring.prometheusRule=true', 'monitoring.serviceMonitor=true'];
    const { spec } = parse(readFileSync(join(repository, 'deploy/monitoring/alerts.yaml'), 'utf8')) as {
      spec: object;
    };
    const rule = async (namespace: string) =>
      objectsIn(await helmTemplate({ values: valuesOf(), set, namespace })).find(
        ({ kind }) => kind === 'PrometheusRule',
      );
    expect((await rule('daygate-system'))?.spec).toEqual(spec);
    expect(JSON.stringify((await rule('gate'))?.spec)).toContain('namespace=\\"gate\\"');
  });
});
