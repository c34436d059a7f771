/**
 * What other programs run of daygate, run as they would: the script steps of the GitHub Action and the job of the
 * GitLab component. What their runners do around them (setup-node, uploads) is not at hand here.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';

const repository = join(import.meta.dirname, '../..');
const place = mkdtempSync(join(tmpdir(), 'daygate-integrations-'));
const action = join(place, 'action');
const project = join(place, 'project');

/** Runs a script as a CI runner does, with the Node that runs the tests. */
function bash(script: string, env: Readonly<Record<string, string>>) {
  const path = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`;
  const { status, stdout, stderr } = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', script], {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, ...env, PATH: path },
  });
  return { status, text: stdout + stderr };
}

beforeAll(() => {
  mkdirSync(join(project, 'deploy of shop'), { recursive: true });
  for (const name of ['first-draft.yaml', 'ready.yaml'])
    writeFileSync(join(project, 'deploy of shop', name), readFileSync(join(repository, 'examples', name)));
  const cloned = spawnSync('git', ['clone', '--quiet', '--no-hardlinks', repository, action]);
  expect(cloned.status, String(cloned.stderr)).toBe(0);
  // The files as they are here, committed or not.
  writeFileSync(join(action, 'action.yml'), readFileSync(join(repository, 'action.yml')));
}, 120_000);

afterAll(() => {
  rmSync(place, { recursive: true, force: true });
}, 60_000);

describe('the GitHub Action', () => {
  interface Step {
    readonly run?: string;
    readonly env?: Readonly<Record<string, string>>;
  }
  interface Action {
    readonly inputs: Readonly<Record<string, { readonly default: string }>>;
    readonly runs: { readonly steps: readonly Step[] };
  }
  const { inputs, runs } = parse(readFileSync(join(repository, 'action.yml'), 'utf8')) as Action;
  const summary = join(place, 'summary.md');
  const done = new Set<string>();

  function runWith(values: Readonly<Record<string, string>>) {
    writeFileSync(summary, '');
    const valueOf = (text: string): string =>
      text.replace(
        /^\$\{\{ inputs\.(\w+) \}\}$/,
        (_match, name: string) => values[name] ?? inputs[name]?.default ?? '',
      );
    let last = { status: null as number | null, text: '' };
    for (const { run, env = {} } of runs.steps) {
      if (run === undefined || done.has(run)) continue;
      // An input in a script would be run as a part of it.
      expect(run).not.toContain('${{');
      const own = Object.fromEntries(Object.entries(env).map(([name, text]) => [name, valueOf(text)]));
      last = bash(run, { ...own, GITHUB_ACTION_PATH: action, GITHUB_STEP_SUMMARY: summary });
      // What has no inputs does the same each time.
      if (Object.keys(env).length === 0) done.add(run);
    }
    return last;
  }

  it('annotates the lines, sums up, writes SARIF and fails the step', { timeout: 240_000 }, () => {
    const { status, text } = runWith({ paths: 'deploy of shop/first-draft.yaml\n', sarif: 'daygate.sarif' });
    expect(status, text).toBe(1);
    expect(text).toMatch(/^::error title=[^,]+,file=deploy of shop\/first-draft\.yaml,line=\d+,/m);
    expect(readFileSync(summary, 'utf8')).toContain('require-memory-limit');
    const sarif = JSON.parse(readFileSync(join(project, 'daygate.sarif'), 'utf8')) as { version: string };
    expect(sarif.version).toBe('2.1.0');
  });

  it(
    'takes what looks like a command or a flag for a path, and passes arguments on',
    { timeout: 240_000 },
    () => {
      const hostile = runWith({ paths: '$(touch hacked)\n; touch hacked\n--only' });
      expect(hostile.status).toBe(2);
      expect(readdirSync(project)).not.toContain('hacked');
      expect(runWith({})).toMatchObject({ status: 2, text: expect.stringContaining('no input') as string });
      const clean = runWith({ paths: 'deploy of shop/ready.yaml', arguments: '--profile=production\n' });
      expect(clean.status, clean.text).toBe(0);
    },
  );
});

describe('the GitLab component', () => {
  interface Job {
    readonly variables: Readonly<Record<string, string>>;
    readonly script: readonly string[];
    readonly artifacts: { readonly reports: Readonly<Record<string, string>> };
  }
  interface Spec {
    readonly spec: { readonly inputs: Readonly<Record<string, { readonly default?: string }>> };
  }
  const text = readFileSync(join(repository, 'templates/check.yml'), 'utf8');
  const [spec, jobs] = parseAllDocuments(text).map((document) => document.toJS() as unknown);
  const { inputs } = (spec as Spec).spec;

  it('writes the reports that GitLab reads, and fails the job', { timeout: 300_000 }, () => {
    const values: Readonly<Record<string, string>> = { package: inject('tarball'), paths: '.' };
    const interpolated = JSON.stringify(jobs).replaceAll(
      /\$\[\[ inputs\.(\w+) \]\]/g,
      (_match, name: string) => values[name] ?? inputs[name]?.default ?? `no input ${name}`,
    );
    const { daygate: job } = JSON.parse(interpolated) as { readonly daygate: Job };
    const folder = join(place, 'gitlab');
    const script = job.script.join('\n').replaceAll('/tmp/daygate', folder);
    const { status, text: said } = bash(script, job.variables);
    expect(status, said).toBe(1);
    expect(said).toContain('[require-memory-limit]');
    const { codequality = '', junit = '' } = job.artifacts.reports;
    const quality = JSON.parse(readFileSync(join(project, codequality), 'utf8')) as readonly object[];
    expect(quality.length).toBeGreaterThan(5);
    expect(readFileSync(join(project, junit), 'utf8')).toContain('<testsuites');
  });
});
