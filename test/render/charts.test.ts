/** What `check` makes of Helm charts, with the real helm. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { inFolder } from '../cli/run-check.ts';
import { buildRenderers, check, placesByRendering } from './renderers.ts';

const fixtures = relative('', join(import.meta.dirname, 'fixtures'));
const shop = `${fixtures}/shop`;
const only = { only: ['forbid-latest-tag'] };

beforeAll(buildRenderers);

/** A chart of these files, with what every chart needs. */
const chartOf = (files: Readonly<Record<string, string>>, name = 'web'): Record<string, string> =>
  Object.fromEntries([
    [`${name}/Chart.yaml`, `apiVersion: v2\nname: ${name}\nversion: 0.1.0\n`],
    ...Object.entries(files).map(([file, text]) => [`${name}/${file}`, text]),
  ]) as Record<string, string>;

const pod = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example.com/web:latest
`;

describe('a chart under three values files', () => {
  const options = {
    settings: `${fixtures}/daygate.yaml`,
    only: ['forbid-latest-tag,require-replicas,require-memory-limit'],
  };

  it('gives three labelled results in one run, at lines of its templates', async () => {
    const { code, json } = await check([shop], options);
    expect(code).toBe(1);
    const templates = `${shop}/templates/deployment.yaml`;
    const cache = [
      `${shop}/charts/cache/templates/pod.yaml:7 require-memory-limit`,
      `${shop}/charts/cache/templates/pod.yaml:8 forbid-latest-tag`,
    ];
    expect(placesByRendering(json)).toEqual({
      'shop (shop/values-dev.yaml)': [
        ...cache,
        `${templates}:8 require-replicas`,
        `${templates}:21 require-memory-limit`,
        `${templates}:22 forbid-latest-tag`,
      ],
      'shop (shop/values-staging.yaml)': [...cache, `${templates}:10 require-replicas`],
      // Of a loop's second turn there is no line of its own: those of the loop are meant.
      'shop (shop/values-prod.yaml)': [
        ...cache,
        `${templates}:31 require-memory-limit`,
        `${templates}:31 require-memory-limit`,
        `${templates}:32 forbid-latest-tag`,
      ],
    });
    expect(json.findings.every(({ approximate }) => approximate)).toBe(true);
    expect(json.renderings).toMatchObject([
      { label: 'shop (shop/values-dev.yaml)', objects: 2, judged: 2, findings: 5, renderer: 'helm template' },
      { label: 'shop (shop/values-prod.yaml)', objects: 3, judged: 2, findings: 5 },
      { label: 'shop (shop/values-staging.yaml)', objects: 2, judged: 2, findings: 3 },
    ]);
    expect(json.coverage).toEqual({ files: 0, objects: 7, judged: 6 });
  });

  it('comes out the same each time', async () => {
    const [first, second] = [await check([shop], options), await check([shop], options)];
    expect(second.out).toBe(first.out);
  });

  it('needs no paths where the settings say what to render', async () => {
    const { json } = await check([], options);
    expect(json.renderings).toHaveLength(3);
  });

  it('writes nothing into the chart', async () => {
    await inFolder({}, async (folder) => {
      cpSync(shop, join(folder, 'shop'), { recursive: true });
      const before = readdirSync(folder, { recursive: true }).sort();
      await check([folder]);
      expect(readdirSync(folder, { recursive: true }).sort()).toEqual(before);
    });
  });
});

describe('a chart that nothing is said about', () => {
  it('is rendered with its own values, under its own name, and its tests are named', async () => {
    const { json } = await check([fixtures], only);
    const rendering = json.renderings?.find(({ path }) => path === shop);
    expect(rendering).toMatchObject({ label: shop, release: 'shop', namespace: 'shop', kubernetes: '1.36' });
    expect(json.skipped).toContainEqual({
      file: `${shop}/templates/tests/reachable.yaml`,
      object: { apiVersion: 'v1', kind: 'Pod', name: 'shop-test' },
      reason: 'a test of the chart, which only helm test runs',
      render: shop,
    });
    expect(JSON.stringify(json.findings)).not.toContain('shop-test');
  });

  it('may be an archive', async () => {
    await inFolder({}, async (folder) => {
      const archive = join(folder, 'shop-1.2.3.tgz');
      execFileSync('tar', ['czf', archive, '-C', fixtures, 'shop']);
      const { json } = await check([archive], only);
      expect(json.renderings).toMatchObject([{ label: archive, release: 'shop', objects: 2 }]);
      expect(json.findings).toMatchObject([{ file: archive, line: 1, object: { name: 'shop-cache' } }]);
    });
  });

  it('is judged with its definitions of custom kinds', async () => {
    const crd = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.example.com }
spec:
  group: example.com
  names: { kind: Widget, plural: widgets }
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema: { openAPIV3Schema: { type: object, properties: { spec: { type: object, properties: { size: { type: integer } } } } } }
`;
    const widget = `apiVersion: example.com/v1\nkind: Widget\nmetadata: { name: w }\nspec: { siez: 3 }\n`;
    await inFolder(chartOf({ 'crds/widgets.yaml': crd, 'templates/w.yaml': widget }), async (folder) => {
      const { json } = await check([folder], { only: ['forbid-unknown-field'] });
      expect(json.findings).toMatchObject([{ file: `${folder}/web/templates/w.yaml`, line: 4 }]);
    });
  });

  it('is passed over, and named, where it is a library', async () => {
    const files = {
      ...chartOf({}),
      'web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 0.1.0\ntype: library\n',
    };
    await inFolder({ ...files, 'pod.yaml': pod }, async (folder) => {
      const { json } = await check([folder], only);
      expect(json.renderings).toBeUndefined();
      expect(json.skipped).toContainEqual({
        file: `${folder}/web/Chart.yaml`,
        reason: 'a library chart, judged in the charts that use it',
      });
    });
  });
});

describe('a chart that cannot be rendered', () => {
  it.each([
    [
      'a value is required',
      { 'templates/a.yaml': 'a: b\nc: {{ required "an image has to be named" .Values.image }}\n' },
      'an image has to be named',
      { file: 'web/templates/a.yaml', line: 2 },
    ],
    [
      'a template is broken',
      { 'templates/a.yaml': 'a: {{ if }}\n' },
      'missing value for if',
      { file: 'web/templates/a.yaml', line: 1 },
    ],
    [
      'the result is no YAML',
      { 'templates/a.yaml': 'a: "b\n' },
      'YAML parse error on web/templates/a.yaml',
      { file: 'web/templates/a.yaml' },
    ],
    [
      'values do not fit the schema',
      {
        'values.yaml': 'replicas: many\n',
        'values.schema.json': '{ "properties": { "replicas": { "type": "integer" } } }',
        'templates/a.yaml': pod,
      },
      "at '/replicas': got string, want integer",
      { file: 'web/Chart.yaml' },
    ],
    [
      'a dependency is missing',
      {
        'Chart.yaml':
          'apiVersion: v2\nname: web\nversion: 0.1.0\ndependencies: [{ name: redis, version: 1.0.0, repository: "file://../redis" }]\n',
        'templates/a.yaml': pod,
      },
      'missing in charts/ directory: redis',
      { file: 'web/Chart.yaml' },
    ],
  ])('is exit 3 with helm’s own words, and hides nothing else: %s', async (_, files, words, place) => {
    await inFolder({ ...chartOf(files), 'pod.yaml': pod }, async (folder) => {
      const { code, json } = await check([folder], only);
      expect(code).toBe(3);
      expect(json.errors).toMatchObject([
        { code: 'render-failed', render: `${folder}/web`, ...place, file: join(folder, place.file) },
      ]);
      expect(json.errors[0]?.message).toContain(`helm cannot render this chart: `);
      expect(json.errors[0]?.message).toContain(words);
      expect(json.renderings).toMatchObject([{ label: `${folder}/web`, objects: 0 }]);
      expect(json.findings).toMatchObject([{ file: `${folder}/pod.yaml`, policy: 'forbid-latest-tag' }]);
    });
  });

  it('shows no credential in helm’s words', async () => {
    const template = '{{ fail "cannot reach postgres://shop:correct-horse-battery@db/shop" }}\n';
    await inFolder(chartOf({ 'templates/a.yaml': template }), async (folder) => {
      const { code, out } = await check([folder]);
      expect(code).toBe(3);
      expect(out).toContain('cannot reach postgres');
      expect(out).not.toContain('correct-horse');
    });
  });

  it('says how to get helm where there is none', async () => {
    const { code, json } = await check([shop], only, ['kubectl']);
    expect(code).toBe(2);
    expect(json.errors).toMatchObject([{ code: 'renderer-missing', file: `${shop}/Chart.yaml` }]);
    expect(json.errors[0]?.message).toContain('https://helm.sh/docs/intro/install/');
  });
});

describe('settings about charts', () => {
  const template = `apiVersion: v1
kind: Pod
metadata:
  name: {{ .Release.Name }}-{{ .Release.Namespace }}-{{ .Capabilities.KubeVersion.Minor }}-{{ .Values.tier }}
spec:
  containers:
    - { name: web, image: "registry.example.com/web:{{ .Values.tag }}" }
{{- if .Capabilities.APIVersions.Has "example.com/v1" }}
---
apiVersion: v1
kind: Pod
metadata: { name: extra }
spec: { containers: [{ name: web, image: "registry.example.com/web:latest" }] }
{{- end }}
`;
  const files = chartOf({ 'templates/a.yaml': template, 'values.yaml': 'tag: latest\ntier: none\n' });
  const run = (settings: string, more: Record<string, string> = {}, options = {}) =>
    inFolder({ ...files, ...more, 'daygate.yaml': settings }, (folder) =>
      check([folder], { ...only, settings: `${folder}/daygate.yaml`, ...options }),
    );
  const named = (json: Awaited<ReturnType<typeof run>>['json']) =>
    json.findings.map(
      ({ render, object: { namespace, name } }) => `${render ?? ''}: ${namespace ?? ''}/${name}`,
    );

  it('every list makes one rendering of each entry, and lists in the list belong together', async () => {
    const { json } = await run(
      `render:
  - name: web
    chart: web
    values: [a.yaml, [a.yaml, b.yaml]]
    kubernetes: ['1.33', '1.36']
    release: r
    namespace: [n, m]
    set: { tag: latest }
`,
      { 'a.yaml': 'tier: a\ntag: 1.0.0\n', 'b.yaml': 'tier: b\n' },
    );
    expect(named(json)).toEqual([
      'web (a.yaml + b.yaml, Kubernetes 1.33, namespace m): m/r-m-33-b',
      'web (a.yaml + b.yaml, Kubernetes 1.33, namespace n): n/r-n-33-b',
      'web (a.yaml + b.yaml, Kubernetes 1.36, namespace m): m/r-m-36-b',
      'web (a.yaml + b.yaml, Kubernetes 1.36, namespace n): n/r-n-36-b',
      'web (a.yaml, Kubernetes 1.33, namespace m): m/r-m-33-a',
      'web (a.yaml, Kubernetes 1.33, namespace n): n/r-n-33-a',
      'web (a.yaml, Kubernetes 1.36, namespace m): m/r-m-36-a',
      'web (a.yaml, Kubernetes 1.36, namespace n): n/r-n-36-a',
    ]);
  });

  it('judges by the version it renders for', async () => {
    const gone = `apiVersion: flowcontrol.apiserver.k8s.io/v1beta3
kind: FlowSchema
metadata: { name: web }
spec: { priorityLevelConfiguration: { name: web } }
`;
    const { json } = await run(
      `render: [{ chart: web, kubernetes: ['1.31', '1.32'] }]\n`,
      { 'web/templates/flow.yaml': gone },
      { only: ['forbid-removed-api'] },
    );
    expect(json.findings.map(({ render, messageId }) => `${render ?? ''} ${messageId}`)).toEqual([
      'web (Kubernetes 1.31) rewritableSoon',
      'web (Kubernetes 1.32) rewritable',
    ]);
  });

  it('tells templates about custom API versions', async () => {
    const { json } = await run('render: [{ chart: web, apiVersions: [example.com/v1] }]\n');
    expect(json.findings.map(({ object }) => object.name)).toContain('extra');
  });

  it('--kubernetes and --namespace have the last word', async () => {
    const { json } = await run(
      `render: [{ chart: web, kubernetes: ['1.33', '1.34'] }]\n`,
      {},
      { kubernetes: '1.35', namespace: 'blue' },
    );
    expect(named(json)).toEqual(['web: blue/web-blue-35-none']);
  });

  it('a name with a comma, a quote or a dash is nothing but a name', async () => {
    const { json } = await run(
      `render: [{ chart: web, values: '--post-renderer=x, "y".yaml', set: { tag: '1,tier=x' } }]\n`,
      { '--post-renderer=x, "y".yaml': 'tier: odd\n' },
      { only: ['require-memory-limit'] },
    );
    expect(json.errors).toEqual([]);
    expect(named(json)).toEqual(['web (--post-renderer=x, "y".yaml): web/web-web-36-odd']);
  });

  it('a chart whose name is a command is a chart', async () => {
    const odd = '$(touch pwned);--debug';
    const chart = chartOf({ 'templates/a.yaml': pod }, odd);
    await inFolder(
      { ...chart, [`${odd}/Chart.yaml`]: 'apiVersion: v2\nname: web\nversion: 0.1.0\n' },
      async (folder) => {
        const { json } = await check([folder], only);
        expect(json.renderings).toMatchObject([
          { path: `${folder}/${odd}`, release: 'touch-pwned----debug', objects: 1 },
        ]);
        expect(existsSync('pwned')).toBe(false);
      },
    );
  });

  it('alternatives know nothing of each other, but of the files beside them', async () => {
    const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 3
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "web:1" }] }
`;
    const budget = `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web, namespace: web }
spec: { maxUnavailable: 1, selector: { matchLabels: { app: web } } }
`;
    const conditional = `{{- if .Values.budget }}\n${budget}{{- end }}\n`;
    const settings = `render:
  - { name: with, chart: web, set: { budget: true } }
  - { name: without, chart: web }
`;
    const templates = { 'web/templates/a.yaml': deployment, 'web/templates/b.yaml': conditional };
    const options = { only: ['require-pod-disruption-budget'] };
    const alone = await run(settings, templates, options);
    expect(alone.json.findings.map(({ render }) => render)).toEqual(['without']);
    const beside = await run(settings, { ...templates, 'budget.yaml': budget }, options);
    expect(beside.json.findings).toEqual([]);
  });
});
