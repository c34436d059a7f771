import { chmodSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asNobody } from './as-nobody.ts';
import { inFolder, runCheck, type JsonOutput } from './run-check.ts';
import { runFix } from './run-fix.ts';

const pod = `apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop }
spec: { containers: [{ name: web, image: web:latest }] }
`;
const only = ['forbid-latest-tag'];

interface Outcome {
  readonly code: number;
  /** Files with findings. */
  readonly found: readonly string[];
  readonly errors: readonly string[];
  readonly skipped: Readonly<Record<string, string>>;
}

/** Files are named as seen from the folder, and so are the settings. */
async function checkIn(
  folder: string,
  paths: readonly string[],
  { settings, exclude }: { readonly settings?: string; readonly exclude?: readonly string[] } = {},
): Promise<Outcome> {
  const seen = (file = ''): string => (file === '' ? '' : resolve(file).slice(folder.length + 1));
  const { code, out } = await runCheck(
    paths.map((path) => join(folder, path)),
    {
      output: ['json'],
      only,
      ...(settings === undefined ? {} : { settings: join(folder, settings) }),
      ...(exclude === undefined ? {} : { exclude: exclude.map((pattern) => join(folder, pattern)) }),
    },
  );
  const { findings, errors, skipped } = JSON.parse(out) as JsonOutput;
  return {
    code,
    found: findings.map(({ file }) => seen(file)),
    errors: errors.map(({ file, message }) => `${seen(file)}: ${message}`),
    skipped: Object.fromEntries(
      skipped.flatMap(({ file, reason }) =>
        file === undefined ? [] : [[seen(file), reason.replace(`${folder}/`, '')]],
      ),
    ),
  };
}

describe('what is excluded', () => {
  const files = {
    'daygate.yaml': 'exclude: [docker-compose.yml, "*.json", ./old/, "**/values*.yaml"]\n',
    'docker-compose.yml': 'services: {}\n',
    'package.json': '{}',
    'web.yaml': pod,
    'old/a.yaml': pod,
    'old/deep/b.yaml': pod,
    'new/values-prod.yaml': 'a: 1\n',
    'new/old/c.yaml': pod,
  };
  const reasons = {
    'daygate.yaml': 'a file of daygate itself, no Kubernetes object',
    'docker-compose.yml': 'daygate.yaml excludes docker-compose.yml',
    'package.json': 'daygate.yaml excludes *.json',
    old: 'daygate.yaml excludes ./old/',
    'new/values-prod.yaml': 'daygate.yaml excludes **/values*.yaml',
  };

  it('is left out of folders, and named with its pattern', async () => {
    await inFolder(files, async (folder) => {
      const outcome = await checkIn(folder, [''], { settings: 'daygate.yaml' });
      expect(outcome).toEqual({
        code: 1,
        found: ['new/old/c.yaml', 'web.yaml'],
        errors: [],
        skipped: reasons,
      });
    });
  });

  it('is left out by its name and of patterns too', async () => {
    await inFolder(files, async (folder) => {
      const paths = ['old/deep/b.yaml', '*.yml', '*/*.yaml', 'web.yaml'];
      const { found, errors, skipped } = await checkIn(folder, paths, { settings: 'daygate.yaml' });
      expect({ found, errors }).toEqual({ found: ['web.yaml'], errors: [] });
      expect(Object.keys(skipped).toSorted()).toEqual([
        'docker-compose.yml',
        'new/values-prod.yaml',
        'old/a.yaml',
        'old/deep/b.yaml',
      ]);
    });
  });

  it('is what the command line says beside the settings', async () => {
    await inFolder(files, async (folder) => {
      const { found, skipped } = await checkIn(folder, [''], {
        settings: 'daygate.yaml',
        exclude: ['new/old'],
      });
      expect(found).toEqual(['web.yaml']);
      expect(skipped['new/old']).toBe('--exclude new/old');
    });
  });

  it('leaves nothing that could pass as success', async () => {
    await inFolder(files, async (folder) => {
      const { code, errors } = await checkIn(folder, ['', 'web.yaml'], { exclude: ['**'] });
      expect(code).toBe(2);
      expect(errors).toEqual([`: nothing was checked: 0 objects in 0 files: --exclude ${folder}/**`]);
    });
  });

  it('may be a folder that nobody may read, a link, a chart and a Kustomize folder', async () => {
    const odd = {
      'web.yaml': pod,
      'closed/a.yaml': pod,
      'elsewhere/a.yaml': pod,
      'chart/Chart.yaml': 'name: shop\nversion: 1.0.0\napiVersion: v2\n',
      'chart/templates/web.yaml': '{{ fail "no" }}\n',
      'overlay/kustomization.yaml': 'resources: [missing.yaml]\n',
    };
    await inFolder(odd, async (folder) => {
      symlinkSync(join(folder, 'elsewhere'), join(folder, 'link'));
      chmodSync(folder, 0o755);
      chmodSync(join(folder, 'closed'), 0o000);
      const exclude = ['closed', 'link', 'chart', 'overlay', 'elsewhere/*.yaml'];
      const { found, errors, skipped } = await asNobody(() => checkIn(folder, [''], { exclude }));
      chmodSync(join(folder, 'closed'), 0o755);
      expect({ found, errors }).toEqual({ found: ['web.yaml'], errors: [] });
      expect(Object.keys(skipped).toSorted()).toEqual([
        'chart',
        'closed',
        'elsewhere/a.yaml',
        'link',
        'overlay',
      ]);
    });
  });

  it('is not fixed', async () => {
    const fixable = 'apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: {}\n';
    await inFolder({ 'a.yaml': pod, 'b.yaml': fixable }, async (folder) => {
      const { out, err } = await runFix([folder], { exclude: [join(folder, 'a.yaml')] });
      expect(readFileSync(join(folder, 'a.yaml'), 'utf8')).toBe(pod);
      expect(out + err).not.toContain('a.yaml');
    });
  });

  it('is never taken back in', async () => {
    await inFolder({ 'daygate.yaml': 'exclude: [old, "!old/a.yaml"]\n' }, async (folder) => {
      const settings = join(folder, 'daygate.yaml');
      const { code, err } = await runCheck([folder], { settings });
      expect(code).toBe(2);
      expect(err).toContain('daygate.yaml:1:16: exclude.1: expected a pattern without !');
    });
    for (const pattern of ['!old', '']) {
      const { code, err } = await runCheck(['.'], { exclude: [pattern] });
      expect(code).toBe(2);
      expect(err).toContain(`--exclude ${pattern}: expected a pattern without !`);
    }
  });
});

describe('the fixtures beside a policy', () => {
  const files = {
    'policies/tier/policy.ts': '',
    'policies/tier/fixtures/fail-a.yaml': pod,
    'policies/tier/fixtures/deep/b.yaml': pod,
    'fixtures/c.yaml': pod,
  };

  it('are left out of folders, and named', async () => {
    await inFolder(files, async (folder) => {
      const { found, skipped } = await checkIn(folder, ['']);
      expect(found).toEqual(['fixtures/c.yaml']);
      expect(skipped).toEqual({
        'policies/tier/fixtures': 'fixtures of a policy, which daygate test judges',
      });
    });
  });

  it('are judged where they are named', async () => {
    await inFolder(files, async (folder) => {
      const { found } = await checkIn(folder, ['policies/tier/fixtures']);
      expect(found).toEqual(['policies/tier/fixtures/deep/b.yaml', 'policies/tier/fixtures/fail-a.yaml']);
    });
  });

  it('are not fixed', async () => {
    const fixable = pod.replace('web:latest', 'web:1.2.3');
    const name = 'policies/tier/fixtures/fail-a.yaml';
    await inFolder({ ...files, [name]: fixable }, async (folder) => {
      await runFix([folder]);
      expect(readFileSync(join(folder, name), 'utf8')).toBe(fixable);
      expect(readFileSync(join(folder, 'fixtures/c.yaml'), 'utf8')).not.toBe(pod);
    });
  });
});

describe('a file that is no manifest', () => {
  it('is an error that says how to leave it out', async () => {
    await inFolder({ 'package.json': '{}', 'web.yaml': pod }, async (folder) => {
      const { code, out } = await runCheck([folder], { only });
      expect(code).toBe(2);
      expect(out).toContain('can be left out: exclude in the settings, or --exclude');
    });
  });
});

it('a baseline is no manifest under whatever name, nor are settings that are named', async () => {
  const files = { 'web.yaml': pod, 'a/prod.yaml': 'kubernetes: "1.36"\n' };
  await inFolder(files, async (folder) => {
    await runCheck([join(folder, 'web.yaml')], { only, writeBaseline: join(folder, 'a/known.yaml') });
    const settings = join(folder, 'a/prod.yaml');
    const { out } = await runCheck([folder], { only, settings, output: ['json'] });
    const { errors, skipped } = JSON.parse(out) as JsonOutput;
    expect(errors).toEqual([]);
    expect(skipped.map(({ file, reason }) => [file, reason])).toEqual([
      [join(folder, 'a/known.yaml'), 'a baseline of daygate, no Kubernetes object'],
      [settings, 'the settings, no Kubernetes object'],
    ]);
    expect(await runFix([folder], { only, settings })).toMatchObject({ code: 0, err: '' });
  });
});
