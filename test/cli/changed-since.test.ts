import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deployment } from './deployment.ts';
import { inFolder, runCheck, type JsonOutput } from './run-check.ts';

const only = ['require-replicas'];

function git(folder: string, ...args: readonly string[]): string {
  const who = ['-c', 'user.name=test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false'];
  const env = { PATH: process.env['PATH'], HOME: folder, GIT_CONFIG_NOSYSTEM: '1' };
  return execFileSync('git', [...who, '-C', folder, ...args], { encoding: 'utf8', env, stdio: 'pipe' });
}

/** git is asked in the current folder. */
async function within<T>(folder: string, run: () => Promise<T>): Promise<T> {
  const before = process.cwd();
  process.chdir(folder);
  try {
    return await run();
  } finally {
    process.chdir(before);
  }
}

interface Repository {
  readonly folder: string;
  readonly git: (...args: readonly string[]) => string;
  readonly write: (name: string, text: string) => void;
  readonly commit: () => void;
  /** The files that were judged, and how many were left out. */
  readonly judged: (
    ref: string,
    ...paths: readonly string[]
  ) => Promise<readonly [readonly string[], number | undefined]>;
}

/** A repository with a.yaml, b.yaml and settings.yaml on main, and the branch `topic` checked out. */
function inRepository(run: (repository: Repository) => Promise<void>): Promise<void> {
  return inFolder({}, (folder) => {
    const repository: Repository = {
      folder,
      git: (...args) => git(folder, ...args),
      write: (name, text) => {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), text);
      },
      commit: () => {
        git(folder, 'add', '-A');
        git(folder, 'commit', '-qm', 'change');
      },
      judged: async (ref, ...paths) => {
        const named = paths.length === 0 ? [folder] : paths.map((path) => join(folder, path));
        const { out, err } = await runCheck(named, { only, changedSince: ref, output: ['json'] });
        expect(err).toBe('');
        const { findings, coverage } = JSON.parse(out) as JsonOutput & {
          coverage: { readonly unchanged?: number };
        };
        const files = [...new Set(findings.map(({ file }) => relative(folder, file)))];
        return [files, coverage.unchanged];
      },
    };
    git(folder, 'init', '-q', '-b', 'main');
    for (const name of ['a', 'b']) repository.write(`${name}.yaml`, deployment(name));
    repository.write(
      'settings.yaml',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings, namespace: shop }\n',
    );
    repository.commit();
    git(folder, 'switch', '-qc', 'topic');
    return within(folder, () => run(repository));
  });
}

describe('--changed-since', () => {
  it('judges what this branch changed, wherever it is: committed, staged, in the folder, new, ignored', async () => {
    await inRepository(async ({ write, commit, judged, git: run }) => {
      expect(await judged('main')).toEqual([[], 3]);
      write('committed.yaml', deployment('c'));
      commit();
      write('staged.yaml', deployment('d'));
      run('add', 'staged.yaml');
      write('a.yaml', `${deployment('a')}# changed\n`);
      write('new folder/ünïcode "quoted".yaml', deployment('e'));
      write('.gitignore', 'ignored.yaml\n');
      write('ignored.yaml', deployment('f'));
      const [files, unchanged] = await judged('main');
      expect(files).toEqual([
        'a.yaml',
        'committed.yaml',
        'ignored.yaml',
        'new folder/ünïcode "quoted".yaml',
        'staged.yaml',
      ]);
      expect(unchanged).toBe(2);
    });
  });

  it('leaves alone what the other branch got since then', async () => {
    await inRepository(async ({ write, commit, judged, git: run }) => {
      write('a.yaml', `${deployment('a')}# topic\n`);
      commit();
      run('switch', '-q', 'main');
      write('b.yaml', `${deployment('b')}# main\n`);
      commit();
      run('switch', '-q', 'topic');
      expect(await judged('main')).toEqual([['a.yaml'], 2]);
    });
  });

  it('takes a renamed file for changed, and a deleted one for gone', async () => {
    await inRepository(async ({ folder, commit, judged, git: run }) => {
      run('mv', 'a.yaml', 'moved.yaml');
      commit();
      rmSync(join(folder, 'b.yaml'));
      expect(await judged('main')).toEqual([['moved.yaml'], 1]);
      renameSync(join(folder, 'moved.yaml'), join(folder, 'again.yaml'));
      expect(await judged('main')).toEqual([['again.yaml'], 1]);
    });
  });

  it('takes every file for a fact about the others', async () => {
    await inRepository(async ({ folder, write, commit }) => {
      const several = (name: string): string => deployment(name).replace('replicas: 1', 'replicas: 3');
      const budget = (name: string): string =>
        `apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: ${name}, namespace: shop }\nspec: { maxUnavailable: 1, selector: { matchLabels: { app: ${name} } } }\n`;
      for (const name of ['a', 'b']) write(`${name}.yaml`, several(name));
      write('budgets.yaml', `${budget('a')}---\n${budget('b')}`);
      commit();
      const unprotected = async (changedSince?: string): Promise<readonly string[]> => {
        const options = { only: ['require-pod-disruption-budget'], output: ['json'] };
        const since = changedSince === undefined ? {} : { changedSince };
        const { out } = await runCheck([folder], { ...options, ...since });
        return (JSON.parse(out) as JsonOutput).findings.map(({ file }) => relative(folder, file));
      };
      write('a.yaml', `${several('a')}# changed\n`);
      expect(await unprotected('HEAD')).toEqual([]);
      rmSync(join(folder, 'budgets.yaml'));
      expect(await unprotected()).toEqual(['a.yaml', 'b.yaml']);
      expect(await unprotected('HEAD')).toEqual(['a.yaml']);
    });
  });

  it('follows symbolic links, and judges what lies in no repository', async () => {
    await inRepository(async ({ folder, write, commit, judged }) => {
      mkdirSync(join(folder, 'links'));
      symlinkSync('../a.yaml', join(folder, 'links/to-a.yaml'));
      symlinkSync('../b.yaml', join(folder, 'links/to-b.yaml'));
      commit();
      write('a.yaml', `${deployment('a')}# changed\n`);
      expect(await judged('HEAD')).toEqual([['a.yaml', 'links/to-a.yaml'], 3]);
      await inFolder({ 'x.yaml': deployment('x') }, async (outside) => {
        expect(await judged('HEAD', 'b.yaml', relative(folder, join(outside, 'x.yaml')))).toEqual([
          [relative(folder, join(outside, 'x.yaml'))],
          1,
        ]);
      });
    });
  });

  it('says in text what was left out, and is clean where nothing has changed', async () => {
    await inRepository(async ({ folder, write }) => {
      const same = await runCheck([folder], { only, changedSince: 'main' });
      expect(same).toMatchObject({
        code: 0,
        out: '0 objects judged in 0 files (3 unchanged left out): no findings.\n',
      });
      write('empty.yaml', '# nothing\n');
      expect((await runCheck([join(folder, 'empty.yaml')], { only, changedSince: 'main' })).code).toBe(2);
    });
  });

  it.each([
    ['mian', 'git knows no commit mian: see whether it is spelt'],
    ['origin/main', 'or fetch it: git fetch origin main'],
    ['', 'expected a branch, tag or commit'],
    ['--output=/tmp/x', 'expected a branch, tag or commit'],
    ['main:a.yaml', 'git knows no commit'],
  ])('%j is refused', async (ref, message) => {
    await inRepository(async ({ folder }) => {
      const { code, err } = await runCheck([folder], { only, changedSince: ref });
      expect([code, err]).toEqual([2, expect.stringContaining(message)]);
    });
  });

  it('names what to do where the history is missing', async () => {
    await inRepository(async ({ folder, write, commit, git: run }) => {
      write('c.yaml', deployment('c'));
      commit();
      await inFolder({}, async (place) => {
        const clone = join(place, 'clone');
        execFileSync('git', ['clone', '-q', '--depth=1', `file://${folder}`, clone], { stdio: 'pipe' });
        const since = () => within(clone, () => runCheck(['.'], { only, changedSince: 'main' }));
        const unknown = await since();
        expect([unknown.code, unknown.err]).toEqual([
          2,
          expect.stringMatching(/no commit main: the clone is shallow: .*fetch-depth: 0/),
        ]);
        git(clone, 'fetch', '-q', '--depth=1', 'origin', 'main:main');
        const unrelated = await since();
        expect([unrelated.code, unrelated.err]).toEqual([
          2,
          expect.stringMatching(/main and HEAD have no commit in common: the clone is shallow/),
        ]);
      });
      run('switch', '-q', '--orphan', 'lonely');
      write('d.yaml', deployment('d'));
      commit();
      const lonely = await runCheck([folder], { only, changedSince: 'main' });
      expect(lonely.err).toContain('main and HEAD have no commit in common: name the branch');
    });
  });

  it('needs a repository, git, and files that git can know', async () => {
    const lonely = { 'a.yaml': deployment('a') };
    const inside = (run: (folder: string) => Promise<void>): Promise<void> =>
      inFolder(lonely, (folder) => within(folder, () => run(folder)));
    await inside(async (folder) => {
      const options = { only, changedSince: 'main' };
      expect((await runCheck([folder], options)).err).toContain('the current folder is in no git repository');
      expect((await runCheck(['-'], options, deployment('a'))).err).toContain(
        'git knows nothing of standard input',
      );
      const path = process.env['PATH'];
      process.env['PATH'] = folder;
      try {
        const { code, err } = await runCheck([folder], options);
        expect([code, err]).toEqual([2, expect.stringContaining('git is needed to tell what has changed')]);
      } finally {
        process.env['PATH'] = path;
      }
    });
  });
});
