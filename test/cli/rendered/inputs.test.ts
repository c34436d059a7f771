/** How charts and Kustomize folders are told from manifests; nothing is installed that could render them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policies } from '../../../policies/index.ts';
import { fix } from '../../../src/cli/fix.ts';
import { inFolder, now, runCheck, type JsonOutput } from '../run-check.ts';
import { runFix } from '../run-fix.ts';

const path = process.env['PATH'];
beforeAll(() => {
  process.env['PATH'] = '/daygate-knows-no-such-folder';
});
afterAll(() => {
  process.env['PATH'] = path;
});

const pod = `apiVersion: v1
kind: Pod
metadata: { name: web }
spec: { containers: [{ name: web, image: "web:latest" }] }
`;
const chart = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 0.1.0\n',
  'chart/values.yaml': 'a: b\n',
  'chart/templates/a.yaml': 'kind: "{{ .Values.kind }}"\n',
  'chart/templates/plain.yaml': pod,
  'chart/charts/sub/Chart.yaml': 'name: sub\n',
};

/** Paths that would have been rendered, and files that were judged as they are. */
async function found(files: Readonly<Record<string, string>>, settings?: string) {
  return await inFolder({ ...files, 'pod.yaml': pod }, async (folder) => {
    const { code, out } = await runCheck([folder], {
      only: ['forbid-latest-tag'],
      output: ['json'],
      ...(settings === undefined ? {} : { settings: `${folder}/${settings}` }),
    });
    const { errors, findings, renderings, skipped } = JSON.parse(out) as JsonOutput;
    const local = (text = '') => text.replace(`${folder}/`, '');
    return {
      code,
      errors: errors.map((error) => `${error.code} ${local(error.file)}`),
      files: findings.map(({ file }) => local(file)),
      renderings: renderings?.map((one) => local(one.label)),
      skipped: skipped.map(({ file }) => local(file)),
    };
  });
}

describe('charts and Kustomize folders', () => {
  it('a chart is one thing, with its subcharts, and nothing of it is read as a manifest', async () => {
    expect(await found(chart)).toEqual({
      code: 2,
      errors: ['renderer-missing chart/Chart.yaml'],
      files: ['pod.yaml'],
      renderings: ['chart'],
      skipped: [],
    });
  });

  it('overlays are rendered; bases, patches and what generators read are parts of them', async () => {
    const files = {
      'base/kustomization.yml': 'resources:\n- ./a.yaml\n',
      'base/a.yaml': pod,
      'base/forgotten.yaml': pod,
      'prod/Kustomization':
        'resources: [../base/]\npatches: [{ path: p.yaml }]\nconfigMapGenerator: [{ name: c, files: [c.yaml=conf/c.yaml] }]\n',
      'prod/p.yaml': pod,
      'prod/conf/c.yaml': 'a: b\n',
    };
    const result = await found(files);
    expect(result.renderings).toEqual(['prod']);
    expect(result.files).toEqual(['base/forgotten.yaml', 'pod.yaml']);
    expect(result.errors).toEqual(['renderer-missing prod/Kustomization']);
  });

  it('a circle of Kustomize folders is no silence, and neither is one that cannot be read', async () => {
    const circle = {
      'a/kustomization.yaml': 'resources: [../b]\n',
      'b/kustomization.yaml': 'resources: [../a]\n',
    };
    expect((await found(circle)).renderings).toEqual(['a']);
    expect((await found({ 'a/kustomization.yaml': '{ nothing: [ closed' })).renderings).toEqual(['a']);
    expect((await found({ 'a/kustomization.yaml': 'resources: 3\npatches: x\n' })).renderings).toEqual(['a']);
  });

  it('a template that somebody names is named as one, and not read as what it is not', async () => {
    await inFolder(chart, async (folder) => {
      const templates = `${folder}/chart/templates`;
      for (const named of [templates, `${templates}/a.yaml`, `${templates}/*.yaml`]) {
        const { code, out } = await runCheck([named], { output: ['json'] });
        const { errors } = JSON.parse(out) as JsonOutput;
        expect(errors).toMatchObject([{ code: 'helm-chart' }]);
        expect(errors[0]?.file).toMatch(/chart\/templates\/a\.yaml$/);
        expect(errors[0]?.message).toContain(`a template of the Helm chart`);
        expect(code).toBe(2);
      }
    });
  });

  it('a patch that somebody names is skipped with its reason, and the objects beside it are judged', async () => {
    const files = {
      'prod/kustomization.yaml': 'resources: [a.yaml]\npatches: [{ path: patches/p.yaml }]\n',
      'prod/a.yaml': pod,
      'prod/patches/p.yaml': pod,
      'prod/patches/q.yaml': pod,
    };
    await inFolder(files, async (folder) => {
      const names = ['a.yaml', 'patches/p.yaml', 'patches/q.yaml'].map((name) => `${folder}/prod/${name}`);
      const { out } = await runCheck(names, { output: ['json'] });
      const { coverage, skipped } = JSON.parse(out) as JsonOutput;
      expect(coverage).toMatchObject({ files: 2, judged: 2 });
      expect(skipped.filter(({ reason }) => reason.startsWith('a patch'))).toMatchObject([
        {
          file: names[1],
          reason: expect.stringContaining(`${folder}/prod/kustomization.yaml takes in`) as string,
        },
      ]);
    });
  });

  it('fix writes no template and no patch', async () => {
    const files = {
      ...chart,
      'prod/kustomization.yaml': 'resources: [a.yaml]\npatches: [{ path: p.yaml }]\n',
      'prod/a.yaml': pod,
      'prod/p.yaml': pod,
    };
    await inFolder(files, async (folder) => {
      let [out, err] = ['', ''];
      const io = {
        out: (text: string) => void (out += text),
        err: (text: string) => void (err += text),
        input: () => Promise.resolve(new Uint8Array()),
        color: false,
        now: () => now,
      };
      const code = await fix([folder], { dryRun: true, suggestions: true }, policies, io);
      expect(out).toContain('would fix');
      expect(out).toContain('prod/a.yaml');
      expect(out).not.toContain('p.yaml');
      expect(out).not.toContain('chart/');
      expect(err).toContain('chart/Chart.yaml: a Helm chart');
      expect(err).toContain('edited by hand');
      // There is something to fix; the chart is left, as findings are.
      expect(code).toBe(1);
    });
  });

  it('fix names a chart among manifests, and refuses one that is named', async () => {
    const only = { only: ['forbid-token-automount'] };
    await inFolder({ ...chart, 'pod.yaml': pod }, async (folder) => {
      const said = `${folder}/chart/Chart.yaml: a Helm chart`;
      const among = await runFix([folder], only);
      expect(among).toMatchObject({ code: 0 });
      expect(among.out).toContain(`fixed ${folder}/pod.yaml`);
      expect(among.err).toContain(`not fixed: ${said}`);
      const named = await runFix([`${folder}/chart/`, `${folder}/pod.yaml`], only);
      expect(named).toMatchObject({ code: 2 });
      expect(named.err).toContain(`error ${said}`);
    });
    await inFolder(chart, async (folder) => {
      const alone = await runFix([folder], only);
      expect(alone.code).toBe(2);
      expect(alone.err).toMatch(/^not fixed: .*\nerror nothing was fixed/);
    });
  });

  it('-k wants a Kustomize folder', async () => {
    await inFolder({ 'pod.yaml': pod }, async (folder) => {
      const { code, out } = await runCheck([], { kustomize: [folder, `${folder}/gone`] });
      expect(code).toBe(2);
      expect(out).toContain(`${folder}: no kustomization.yaml in this folder`);
      expect(out).toContain(`${folder}/gone: no such file or folder`);
    });
  });
});

describe('render in the settings', () => {
  const said = async (render: string) =>
    await inFolder(
      { ...chart, 'daygate.yaml': `render:\n  - ${render}\n`, 'prod.yaml': 'a: b\n' },
      async (folder) => {
        const { code, out, err } = await runCheck([], { settings: `${folder}/daygate.yaml` });
        return `${code} ${out}${err}`.replaceAll(`${folder}/`, '');
      },
    );

  it.each([
    ['{ charts: chart }', 'render.0.charts: there is no such setting'],
    ['{ values: prod.yaml }', 'render.0: expected either chart or kustomize'],
    ['{ chart: chart, kustomize: chart }', 'render.0: expected either chart or kustomize'],
    ['{ kustomize: chart, values: prod.yaml }', 'render.0.values: is for charts'],
    ['{ chart: chart, kubernetes: 1.36 }', 'render.0.kubernetes: expected a version in quotes'],
    ['{ chart: chart, values: 3 }', 'render.0.values: expected a file'],
    ['{ chart: chart, set: { image: { tag: x } } }', 'render.0.set.image: expected a text'],
    ['{ chart: chart, set: { "a=b,c": x } }', 'expected a key as in helm --set'],
    ['{ chart: chart, release: --debug }', 'render.0.release: '],
    ['{ chart: chart, namespace: [] }', 'render.0.namespace: '],
    ['{ chart: gone }', 'gone: the settings name it under render: no such file or folder'],
    [
      '{ chart: chart, values: values.yaml }',
      'values.yaml: the settings name it under values: no such file; paths are seen from the folder of the settings: write chart/values.yaml',
    ],
    ['{ chart: chart, values: "https://example.com/values.yaml" }', 'no such file'],
    [
      '{ chart: chart }\n  - { chart: chart }',
      'render: two renderings are called chart: give one of them a name',
    ],
  ])('%s is refused: %s', async (render, message) => {
    const text = await said(render);
    expect(text).toContain(message);
    expect(text).toMatch(/^2 /);
  });

  it('what it names is rendered as it says, and nothing else of it; values files are no manifests', async () => {
    const settings =
      'render:\n  - { chart: chart, values: [prod.yaml, chart/values.yaml] }\n  - { name: x, chart: chart }\n';
    const result = await found({ ...chart, 'daygate.yaml': settings, 'prod.yaml': 'a: b\n' }, 'daygate.yaml');
    expect(result.renderings).toEqual(['chart (chart/values.yaml)', 'chart (prod.yaml)', 'x']);
    // Three renderings, and one program to install.
    expect(result.errors).toEqual(['renderer-missing chart/Chart.yaml']);
  });

  it('what it names elsewhere is left alone', async () => {
    const files = { ...chart, 'daygate.yaml': 'render: [{ chart: chart }]\n', 'b/pod.yaml': pod };
    await inFolder(files, async (folder) => {
      const { out } = await runCheck([`${folder}/b`], {
        settings: `${folder}/daygate.yaml`,
        output: ['json'],
      });
      expect((JSON.parse(out) as JsonOutput).renderings).toBeUndefined();
    });
  });
});
