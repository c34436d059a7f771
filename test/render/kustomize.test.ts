/** What `check` makes of Kustomize folders, with the real kubectl and kustomize. */
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { policies } from '../../policies/index.ts';
import { readRenderings } from '../../src/cli/rendered/read-renderings.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { compileOrThrow } from '../../src/config/settings-file.ts';
import { inFolder, now } from '../cli/run-check.ts';
import { buildRenderers, check, placesByRendering, withInstalled } from './renderers.ts';

const overlays = relative('', join(import.meta.dirname, 'fixtures/overlays'));
const only = { only: ['forbid-latest-tag,require-replicas,require-memory-limit'] };

beforeAll(buildRenderers);

describe('a tree of Kustomize folders', () => {
  const base = `${overlays}/base/deployment.yaml`;
  const expected = {
    [`${overlays}/prod`]: [`${base}:15 require-memory-limit`],
    [`${overlays}/staging`]: [
      `${base}:7 require-replicas`,
      `${base}:15 require-memory-limit`,
      `${base}:16 forbid-latest-tag`,
    ],
  };

  it('is judged overlay by overlay, at lines of the base', async () => {
    const { code, json } = await check([overlays], only);
    expect(code).toBe(1);
    expect(placesByRendering(json)).toMatchObject(expected);
    expect(json.findings).toHaveLength(4);
    // The patch is no Deployment of its own, and the base is judged as the overlays make it.
    expect(json.coverage).toEqual({ files: 0, objects: 3, judged: 2 });
    expect(json.renderings?.map(({ renderer }) => renderer)).toEqual([
      'kubectl kustomize',
      'kubectl kustomize',
    ]);
  });

  it('is rendered by kustomize where there is no kubectl', async () => {
    const { json } = await check([overlays], only, ['kustomize']);
    expect(placesByRendering(json)).toMatchObject(expected);
    expect(json.renderings?.map(({ renderer }) => renderer)).toEqual(['kustomize build', 'kustomize build']);
  });

  it('says how to get kubectl where there is neither', async () => {
    const { code, json } = await check([`${overlays}/prod`], only, []);
    expect(code).toBe(2);
    expect(json.errors).toMatchObject([
      { code: 'renderer-missing', file: `${overlays}/prod/kustomization.yaml` },
    ]);
    expect(json.errors[0]?.message).toContain('https://kubernetes.io/docs/tasks/tools/');
  });

  it('a base is judged alone where somebody asks for it, and -k is a way to ask', async () => {
    for (const asked of [
      await check([`${overlays}/base`], only),
      await check([], { ...only, kustomize: [`${overlays}/base`] }),
    ]) {
      expect(asked.json.renderings).toMatchObject([{ label: `${overlays}/base`, objects: 1 }]);
    }
  });

  it('objects carry nothing that was put in to find where they come from', async () => {
    const compiled = compileOrThrow(parseSettings('', undefined), policies, { now });
    const path = `${overlays}/staging`;
    const [read] = await withInstalled(['kubectl'], () =>
      readRenderings([{ tool: 'kustomize', label: path, path, namespace: undefined, compiled }]),
    );
    expect(read?.sources.map(({ file }) => file)).toEqual([base]);
    expect(read?.sources.map(({ manifest }) => manifest.object['metadata'])).toEqual([
      { name: 'web', namespace: 'staging' },
    ]);
    const [source] = read?.sources ?? [];
    const missing = source?.place(['metadata', 'annotations', 'contact']);
    expect([missing?.line, missing?.excerpt()]).toEqual([3, 'metadata:']);
    expect(source?.place(['metadata', 'name']).excerpt()).toBe('  name: web');
  });
});

describe('a Kustomize folder', () => {
  it('leads to the object and the container that are meant, however Kustomize sorts them', async () => {
    const container = (name: string): string =>
      `      containers:\n        - name: ${name}\n          image: x:latest\n`;
    const deployment = (name: string): string =>
      `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\nspec:\n  template:\n    spec:\n`;
    const files = {
      'kustomization.yaml':
        'resources: [all.yaml]\nnamePrefix: eu-\npatches:\n  - path: patch.yaml\n    target: { kind: Deployment, name: web }\n',
      'patch.yaml': `${deployment('web')}${container('proxy').replace('latest', '1.4.0')}`,
      'all.yaml': `${deployment('web')}${container('web')}      initContainers:\n        - name: first\n          image: x:latest\n---\n${deployment('cache')}${container('web')}`,
    };
    await inFolder(files, async (folder) => {
      const { json } = await check([folder], { only: ['forbid-latest-tag'] });
      expect(json.findings.map(({ line, object, locator }) => [line, object.name, locator])).toEqual([
        [24, 'eu-cache', 'spec.template.spec.containers[web].image'],
        [10, 'eu-web', 'spec.template.spec.containers[web].image'],
        [13, 'eu-web', 'spec.template.spec.initContainers[first].image'],
      ]);
    });
  });

  it('that cannot be rendered is exit 3 with the words of kubectl about this very folder', async () => {
    await inFolder({ 'a/kustomization.yaml': 'resources: [gone.yaml]\n' }, async (folder) => {
      const { code, json } = await check([folder], only);
      expect(code).toBe(3);
      expect(json.errors).toMatchObject([
        { code: 'render-failed', file: `${folder}/a/kustomization.yaml`, render: `${folder}/a` },
      ]);
      expect(json.errors[0]?.message).toMatch(
        /^kubectl kustomize cannot render this folder: .*accumulating resources from 'gone\.yaml'/,
      );
      expect(json.errors[0]?.message).not.toContain('daygate-kustomize-');
    });
  });

  it('that inflates charts is told how to judge it, since the flag that kubectl asks for is not one of check', async () => {
    const charts = { 'kustomization.yaml': 'helmCharts: [{ name: web, version: 1.0.0 }]\n' };
    await inFolder(charts, async (folder) => {
      const { code, json } = await check([folder], only);
      expect(code).toBe(3);
      expect(json.errors[0]?.message).toMatch(
        /must specify --enable-helm.* \(daygate does not pass on this flag: kustomize build --enable-helm … \| daygate check -\)$/,
      );
    });
  });

  it('that kubectl complains about is rendered, and the complaint is passed on', async () => {
    const files = {
      'kustomization.yaml': 'resources: [pod.yaml]\ncommonLabels: { app: x }\n',
      'pod.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: { name: x }\nspec: { containers: [] }\n',
    };
    await inFolder(files, async (folder) => {
      const { err, json } = await check([folder], only);
      expect(err).toContain(`${folder}: kubectl kustomize: # Warning: 'commonLabels' is deprecated.`);
      expect(json.renderings).toMatchObject([{ objects: 1 }]);
    });
  });

  it('that is a component nobody uses is named', async () => {
    const files = {
      'c/kustomization.yaml':
        'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [pod.yaml]\n',
      'c/pod.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: { name: x }\n',
    };
    await inFolder(files, async (folder) => {
      const { code, json } = await check([folder], only);
      expect(code).toBe(2);
      expect(json.errors).toMatchObject([{ code: 'nothing-checked' }]);
      expect(json.skipped).toEqual([
        {
          file: `${folder}/c/kustomization.yaml`,
          reason: 'a Kustomize component, judged in the overlays that use it',
        },
      ]);
    });
  });

  it('of the settings gets a name, and its objects a namespace', async () => {
    const files = {
      'daygate.yaml': 'render: [{ name: shop, kustomize: base, namespace: blue }]\n',
      'base/kustomization.yaml': 'resources: [pod.yaml]\n',
      'base/pod.yaml':
        'apiVersion: v1\nkind: Pod\nmetadata: { name: x }\nspec: { containers: [{ name: x, image: "x:latest" }] }\n',
    };
    await inFolder(files, async (folder) => {
      const { json } = await check([], { only: ['forbid-latest-tag'], settings: `${folder}/daygate.yaml` });
      expect(json.findings).toMatchObject([
        { render: 'shop', file: `${folder}/base/pod.yaml`, line: 4, object: { namespace: 'blue' } },
      ]);
    });
  });
});
