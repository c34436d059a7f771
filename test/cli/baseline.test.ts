import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CheckOptions } from '../../src/cli/check.ts';
import type { BaselineReport } from '../../src/report/report.ts';
import { checkOutputSchema } from '../../scripts/generate/check-output-schema.ts';
import { daygateVersion } from '../../src/version.ts';
import { deployment } from './deployment.ts';
import { inFolder, runCheck, type JsonOutput } from './run-check.ts';

const only = ['require-replicas,forbid-latest-tag'];

type Compared = JsonOutput & { readonly baseline?: BaselineReport };

interface Project {
  readonly file: string;
  readonly path: (name: string) => string;
  readonly write: (options?: CheckOptions, paths?: readonly string[]) => Promise<void>;
  readonly compare: (
    options?: CheckOptions,
    paths?: readonly string[],
  ) => Promise<{ readonly code: number; readonly json: Compared }>;
}

/** A folder with manifests below deploy/ and a baseline beside it. */
function inProject<T>(
  manifests: Readonly<Record<string, string>>,
  run: (project: Project) => Promise<T>,
): Promise<T> {
  const files = Object.fromEntries(Object.entries(manifests).map(([name, text]) => [`deploy/${name}`, text]));
  return inFolder(files, (folder) => {
    const file = join(folder, 'baseline.yaml');
    const path = (name: string): string => join(folder, 'deploy', name);
    return run({
      file,
      path,
      write: async (options = {}, paths = [join(folder, 'deploy')]) => {
        const { code, err } = await runCheck(paths, { only, ...options, writeBaseline: file });
        expect([code, err]).toEqual([0, expect.stringMatching(/wrote \S+: \d+ (?:entry|entries)\b/)]);
      },
      compare: async (options = {}, paths = [join(folder, 'deploy')]) => {
        const { code, out, err } = await runCheck(paths, {
          only,
          ...options,
          baseline: file,
          output: ['json'],
        });
        expect(err).toBe('');
        checkOutputSchema.parse(JSON.parse(out));
        return { code, json: JSON.parse(out) as Compared };
      },
    });
  });
}

const stale = ({ baseline }: Compared): readonly string[] =>
  (baseline?.stale ?? []).map(({ policy, object, count }) => `${policy} ${object.name} ${count}`);
const fresh = ({ findings }: Compared): readonly string[] =>
  findings
    .filter(({ baselined }) => baselined === undefined)
    .map(({ policy, object }) => `${policy} ${object.name}`);

describe('a baseline', () => {
  it('takes what it lists out of the count and leaves it visible', async () => {
    await inProject({ 'a.yaml': deployment('a') }, async ({ write, compare, path, file }) => {
      await write();
      const before = readFileSync(file, 'utf8');
      const { code, json } = await compare();
      expect(code).toBe(0);
      expect(json.summary).toMatchObject({ findings: 2, baselined: 2, deny: 0, warn: 0, audit: 0 });
      expect(json.findings).toMatchObject([
        { action: 'audit', baselined: { action: 'deny' } },
        { action: 'audit', baselined: { action: 'deny' } },
      ]);
      const text = await runCheck([path('a.yaml')], { only, baseline: file });
      expect(text.out).toBe('1 object judged in 1 file: no new findings (2 in the baseline).\n');
      expect(readFileSync(file, 'utf8')).toBe(before);
    });
  });

  it('is sorted, has a line for each finding and no texts of the manifests', async () => {
    const secret = 'correct-horse-battery';
    const manifest = deployment('b').replace(
      "image: 'app:latest' }",
      `image: 'app:latest', env: [{ name: DB_PASSWORD, value: ${secret} }] }`,
    );
    const files = { 'z.yaml': manifest, 'a.yaml': `${deployment('v')}---\n${deployment('u')}` };
    await inProject(files, async ({ write, file, path }) => {
      await write({ only: [...only, 'forbid-secret-in-env'] });
      const text = readFileSync(file, 'utf8');
      expect(text.slice(text.indexOf('version'))).toBe(`version: 1
daygate: ${daygateVersion()}
objects:
${['a.yaml u', 'a.yaml v', 'z.yaml b']
  .map((place) => {
    const [name, object] = place.split(' ');
    return `  - file: deploy/${name}
    kind: Deployment
    group: apps
    namespace: shop
    name: ${object}
    findings:
      - { policy: forbid-latest-tag, message: moving, at: 'spec.template.spec.containers[app].image' }
${object === 'b' ? "      - { policy: forbid-secret-in-env, message: credential, at: 'spec.template.spec.containers[app].env[DB_PASSWORD].value' }\n" : ''}      - { policy: require-replicas, message: tooFew, at: spec.replicas }
`;
  })
  .join('')}`);
      await write({ only: [...only, 'forbid-secret-in-env'] }, [path('z.yaml'), path('a.yaml')]);
      expect(readFileSync(file, 'utf8')).toBe(text);
      expect(text).not.toContain(secret);
    });
  });

  it('knows a finding again when lines, documents, API versions or files move', async () => {
    await inProject({ 'a.yaml': deployment('a') }, async ({ write, compare, path }) => {
      await write();
      const moved = `${deployment('c', { image: 'c:1', replicas: 3 })}---\n# moved\n\n${deployment('a')}`;
      renameSync(path('a.yaml'), path('b.yaml'));
      writeFileSync(path('b.yaml'), moved);
      const { code, json } = await compare();
      expect([code, fresh(json), stale(json)]).toEqual([0, [], []]);
    });
  });

  it('counts what is new', async () => {
    await inProject({ 'a.yaml': deployment('a', { image: 'a:1' }) }, async ({ write, compare, path }) => {
      await write();
      writeFileSync(path('a.yaml'), deployment('a'));
      const { code, json } = await compare();
      expect([code, fresh(json)]).toEqual([1, ['forbid-latest-tag a']]);
    });
  });

  it('counts a copy in another file as new, and how often the same finding occurs', async () => {
    await inProject(
      { 'a.yaml': deployment('a'), 'b.yaml': deployment('a') },
      async ({ write, compare, path, file }) => {
        await write({}, [path('a.yaml')]);
        const { json } = await compare();
        expect(json.findings.map(({ baselined, file: name }) => [name.slice(-6), baselined?.action])).toEqual(
          [
            ['a.yaml', 'deny'],
            ['a.yaml', 'deny'],
            ['b.yaml', undefined],
            ['b.yaml', undefined],
          ],
        );
        expect(fresh((await compare({}, [path('b.yaml')])).json)).toHaveLength(2);

        writeFileSync(path('b.yaml'), `${deployment('a')}---\n${deployment('a')}`);
        await write();
        expect(readFileSync(file, 'utf8')).toMatch(/at: spec\.replicas, count: 2/);
        expect((await compare()).code).toBe(0);
        writeFileSync(path('b.yaml'), [1, 2, 3].map(() => deployment('a')).join('---\n'));
        expect(fresh((await compare()).json)).toEqual(['require-replicas a', 'forbid-latest-tag a']);
        writeFileSync(path('b.yaml'), deployment('a'));
        expect(stale((await compare()).json)).toEqual(['forbid-latest-tag a 1', 'require-replicas a 1']);
      },
    );
  });

  it('names what no longer occurs, and fails where that is asked for', async () => {
    await inProject({ 'a.yaml': deployment('a'), 'b.yaml': deployment('b') }, async (project) => {
      const { write, compare, path, file } = project;
      await write();
      writeFileSync(path('a.yaml'), deployment('a', { replicas: 3 }));
      rmSync(path('b.yaml'));
      const { code, json } = await compare();
      expect([code, stale(json)]).toEqual([
        0,
        ['require-replicas a 1', 'forbid-latest-tag b 1', 'require-replicas b 1'],
      ]);
      const failed = await compare({ failOnStaleBaseline: true });
      expect([failed.code, failed.json.baseline?.failsOnStale]).toEqual([1, true]);
      const { out } = await runCheck([path('')], { only, baseline: file });
      expect(out).toContain(`require-replicas at spec.replicas of Deployment shop/a (deploy/a.yaml)`);
      await write();
      expect(stale((await compare({ failOnStaleBaseline: true })).json)).toEqual([]);
    });
  });

  it('is silent about what a run was not about, and keeps it when it is written again', async () => {
    const files = { 'a.yaml': deployment('a'), 'sub/b.yaml': deployment('b') };
    await inProject(files, async ({ write, compare, path, file }) => {
      await write();
      const before = readFileSync(file, 'utf8');
      const narrower: readonly (readonly [CheckOptions, readonly string[] | undefined, number])[] = [
        [{ only: ['require-replicas'] }, undefined, 2],
        [{}, [path('a.yaml')], 2],
        [{}, [join(path('sub'), '*.yaml')], 2],
        [{ only: ['forbid-privileged'], profile: 'pss-baseline' }, undefined, 4],
      ];
      for (const [options, paths, unseen] of narrower) {
        const { json } = await compare(options, paths);
        expect([json.baseline?.stale, json.baseline?.unseen]).toEqual([[], unseen]);
        await write(options, paths);
        expect(readFileSync(file, 'utf8')).toBe(before);
      }
    });
  });

  it('does not take for mended what could not be read', async () => {
    await inProject(
      { 'a.yaml': deployment('a'), 'b.yaml': deployment('b') },
      async ({ write, compare, path }) => {
        await write();
        writeFileSync(path('a.yaml'), 'kind: [');
        const { code, json } = await compare({ failOnStaleBaseline: true });
        expect([code, stale(json), json.baseline?.unseen]).toEqual([2, [], 2]);
      },
    );
  });

  it('nor what lies in a folder that could not be read', async () => {
    await inProject({ 'sub/app/a.yaml': deployment('a') }, async ({ write, compare, path }) => {
      await write();
      rmSync(path('sub'), { recursive: true });
      writeFileSync(path('sub'), '');
      const { code, json } = await compare({}, [path('sub/app')]);
      expect([code, stale(json), json.baseline?.unseen]).toEqual([2, [], 2]);
    });
  });

  it('knows findings at ports from when TCP was part of their names', async () => {
    const host = deployment('a').replace(
      "image: 'app:latest' }",
      "image: 'app:1', ports: [{ containerPort: 80, hostPort: 80, protocol: TCP }] }",
    );
    await inProject({ 'a.yaml': host }, async ({ write, compare, file }) => {
      const ports = { only: ['forbid-host-ports'] };
      await write(ports);
      const text = readFileSync(file, 'utf8');
      expect(text).toContain('ports[80].hostPort');
      writeFileSync(file, text.replace('ports[80]', 'ports[80/TCP]'));
      const { code, json } = await compare(ports);
      expect([code, fresh(json), stale(json)]).toEqual([0, [], []]);
    });
  });

  it('leaves findings with an exception to the exception', async () => {
    const settings = (expires: string): string =>
      `exceptions: [{ policies: [require-replicas], match: { name: a }, owner: shop, reason: r, expires: ${expires} }]\n`;
    await inProject({ 'a.yaml': deployment('a') }, async ({ write, compare, path, file }) => {
      const named = join(path('..'), 's.yaml');
      const soon = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
      writeFileSync(named, settings(soon));
      await write({ settings: named });
      expect(readFileSync(file, 'utf8')).not.toContain('require-replicas');
      writeFileSync(named, settings('2020-01-01'));
      const { code, json } = await compare({ settings: named });
      expect([code, fresh(json)]).toEqual([1, ['require-replicas a']]);
      expect(json.findings.find(({ ended }) => ended !== undefined)?.ended).toEqual({
        owner: 'shop',
        reason: 'r',
        expires: '2020-01-01',
      });
      const { out } = await runCheck([path('a.yaml')], { only, settings: named });
      expect(out).toContain('(the exception of shop ended on 2020-01-01)');
    });
  });

  it('is no manifest, even where it lies among them', async () => {
    await inProject({ 'a.yaml': deployment('a') }, async ({ path }) => {
      const file = path('known.yaml');
      await runCheck([path('')], { only, writeBaseline: file });
      const { code, out } = await runCheck([path('')], { only, baseline: file });
      expect([code, out]).toEqual([0, expect.stringContaining('no new findings')]);
    });
  });

  it('knows what came through standard input', async () => {
    await inProject({ 'a.yaml': deployment('a') }, async ({ file }) => {
      const check = (text: string) => runCheck(['-'], { only, baseline: file, output: ['json'] }, text);
      await runCheck(['-'], { only, writeBaseline: file }, deployment('a'));
      expect((await check(deployment('a'))).code).toBe(0);
      const other = await check(deployment('b'));
      expect([other.code, stale(JSON.parse(other.out) as Compared)]).toEqual([1, []]);
    });
  });
});

describe('a baseline that cannot be used', () => {
  it.each([
    ['', 'is empty'],
    ['  \n', 'is empty'],
    ['\u0000\u0001', 'is no baseline of daygate'],
    ['[1, 2', 'is no baseline of daygate'],
    ['kind: Pod\n', ':1:1: version: is missing'],
    ['null\n', 'is no baseline of daygate'],
    ['version: 1\ndaygate: 0.0.1\nobjects: []\n', 'was written by daygate 0.0.1, and this is'],
    ['version: 2\nentries: {}\n', 'has format 2, and this daygate reads format 1'],
    ['version: "1"\ndaygate: x\nobjects: []\n', 'has format 1'],
    [
      `version: 1\ndaygate: ${daygateVersion()}\nobjects: [{ file: a }]\n`,
      ':3:11: objects.0.kind: is missing',
    ],
    [
      `version: 1\ndaygate: ${daygateVersion()}\nobjects:\n  - { file: a, kind: Pod, name: a, findings: [{ policy: a, message: b, at: c }, { policy: a, message: b, at: c }] }\n`,
      'lists a at c of Pod a twice',
    ],
  ])('%j ends the run', async (text, message) => {
    await inFolder(
      { 'a.yaml': deployment('a', { image: 'a:1', replicas: 3 }), 'b.yaml': text },
      async (folder) => {
        const result = await runCheck([join(folder, 'a.yaml')], { only, baseline: join(folder, 'b.yaml') });
        expect([result.code, result.err]).toEqual([2, expect.stringContaining(message)]);
      },
    );
  });

  it('is not written where not all could be read, and stays as it is', async () => {
    await inProject({ 'a.yaml': deployment('a') }, async ({ write, path, file }) => {
      const refused = async (): Promise<void> => {
        const { code, out, err } = await runCheck([path('.')], { only, writeBaseline: file });
        expect([code, err]).toEqual([
          2,
          `daygate: baseline ${file}: not written, as not all could be checked: ${path('b.yaml')}\n`,
        ]);
        expect(out).toContain('2 findings (2 deny)');
      };
      writeFileSync(path('b.yaml'), 'kind: [');
      await refused();
      expect(existsSync(file)).toBe(false);
      rmSync(path('b.yaml'));
      await write();
      const before = readFileSync(file, 'utf8');
      writeFileSync(path('a.yaml'), deployment('other'));
      writeFileSync(path('b.yaml'), 'kind: [');
      await refused();
      expect(readFileSync(file, 'utf8')).toBe(before);
    });
  });

  it('is not written over, unless another daygate wrote it in this format', async () => {
    const files = { 'a.yaml': deployment('a'), 'b.yaml': `version: 1\ndaygate: 0.0.1\nobjects: []\n` };
    await inFolder(files, async (folder) => {
      const write = (name: string) =>
        runCheck([join(folder, 'a.yaml')], { only, writeBaseline: join(folder, name) });
      expect((await write('a.yaml')).code).toBe(2);
      expect(readFileSync(join(folder, 'a.yaml'), 'utf8')).toBe(files['a.yaml']);
      expect((await write('b.yaml')).code).toBe(0);
      expect(readFileSync(join(folder, 'b.yaml'), 'utf8')).toContain(`daygate: ${daygateVersion()}`);
      expect((await write('no/such/folder.yaml')).err).toContain('cannot be written');
      // Nor is anything read before that is known.
      const settings = join(folder, 'no-such.yaml');
      const late = await runCheck([], { settings, writeBaseline: join(folder, 'no/such/folder.yaml') });
      expect(late.err).toContain('cannot be written');
    });
  });

  it.each<readonly [CheckOptions, string]>([
    [
      { baseline: 'no-such-file.yaml' },
      'no such file or folder: --write-baseline no-such-file.yaml makes one',
    ],
    [{ baseline: '.' }, 'baseline .: '],
    [{ baseline: '' }, 'expected the name of a file'],
    [{ baseline: 'a', writeBaseline: 'b' }, 'use one of them at a time'],
    [{ failOnStaleBaseline: true }, 'name the file with --baseline'],
  ])('%j is wrong use', async (options, message) => {
    const result = await runCheck(['-'], { only, ...options }, deployment('a'));
    expect([result.code, result.err]).toEqual([2, expect.stringContaining(message)]);
  });
});
