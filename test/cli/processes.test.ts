import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { inFolder } from './run-check.ts';
import { ended, heard, main, startDaygate } from './run-program.ts';

const repository = join(import.meta.dirname, '../..');
const deployment = (name: string): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: web:1 }] }
`;

describe('output that is not taken', () => {
  it.each([
    ['policies', '-o', 'json'],
    ['explain', 'require-owner'],
    ['check', 'examples'],
    ['check', '--help'],
    ['render'],
    ['fix', '--diff', '--suggestions', 'examples'],
  ])('ends %s quietly, as SIGPIPE would', (...args) => {
    const command = `${[process.execPath, main, ...args].map((word) => `'${word}'`).join(' ')} | true; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', command], { cwd: repository, encoding: 'utf8' });
    expect(stdout).toBe('141\n');
    expect(stderr).not.toMatch(/EPIPE|^ +at /m);
  });

  it('because the disk is full is an error', () => {
    const { stderr, status } = spawnSync(
      'bash',
      ['-c', `'${process.execPath}' '${main}' policies > /dev/full`],
      {
        encoding: 'utf8',
      },
    );
    expect([status, stderr]).toEqual([2, 'daygate: cannot write the output: no space left on the disk\n']);
  });
});

it('an older Node.js is told how to get one that is new enough', () => {
  const older = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.1.0' } })`;
  const args = ['--import', `data:text/javascript,${encodeURIComponent(older)}`, 'bin/daygate.js', 'version'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: repository, encoding: 'utf8' });
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(
    /^daygate: needs Node\.js 24\.9 or newer, and this is 20\.1\.0: npm install node@24 /,
  );
});

it('daygate.yml is not read, and daygate says so', async () => {
  await inFolder({ 'daygate.yml': 'profile: baseline\n', 'web.yaml': deployment('web') }, (folder) => {
    const run = (...args: readonly string[]) =>
      spawnSync(process.execPath, [main, ...args], { cwd: folder, encoding: 'utf8' }).stderr;
    expect(run('check', 'web.yaml')).toContain('daygate.yml is not read: settings are in daygate.yaml');
    expect(run('check', '--settings', 'daygate.yml', 'web.yaml')).not.toContain('is not read');
    writeFileSync(join(folder, 'daygate.yaml'), 'profile: baseline\n');
    expect(run('check', 'web.yaml')).not.toContain('is not read');
    return Promise.resolve();
  });
});

it('Ctrl-C ends fix between two files, and leaves nothing else in the folder', async () => {
  const names = Array.from({ length: 600 }, (_, index) => `web-${1000 + index}.yaml`);
  const before = deployment('web');
  await inFolder(Object.fromEntries(names.map((name) => [name, before])), async (folder) => {
    const child = startDaygate(['fix', '.'], folder);
    const told = heard(child, 'stderr')(/ended by a signal/);
    child.stdout?.resume();
    const textOf = (name = ''): string => readFileSync(join(folder, name), 'utf8');
    await vi.waitFor(() => expect(textOf(names[0])).not.toBe(before), { timeout: 20_000, interval: 2 });
    child.kill('SIGINT');
    expect(await ended(child)).toBe(130);
    await told;
    expect(readdirSync(folder)).toEqual(names);
    const after = textOf(names[0]);
    const fixed = names.filter((name) => textOf(name) === after);
    expect(names.filter((name) => textOf(name) === before).length).toBe(names.length - fixed.length);
    expect(fixed.length).toBeLessThan(names.length);
  });
});

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  '%s while something is rendered ends the renderer and leaves no folder behind',
  async (signal, code) => {
    const kubectl = `#!/bin/sh\ntrap 'echo ended > "$TMPDIR/../ended"; exit' TERM\necho started > "$TMPDIR/../started"\nwhile [ -d "$TMPDIR" ]; do sleep 0.01; done\n`;
    const files = { 'bin/kubectl': kubectl, 'tmp/a': '', 'app/kustomization.yaml': 'resources: []\n' };
    await inFolder(files, async (folder) => {
      chmodSync(join(folder, 'bin/kubectl'), 0o755);
      const child = startDaygate(['check', 'app'], folder, {
        PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
        TMPDIR: join(folder, 'tmp'),
      });
      const end = ended(child);
      const wait = (name: string) =>
        vi.waitFor(() => expect(existsSync(join(folder, name))).toBe(true), { timeout: 20_000, interval: 5 });
      const left = () => readdirSync(join(folder, 'tmp')).filter((name) => name.startsWith('daygate-'));
      try {
        await wait('started');
        expect(left()).toHaveLength(1);
        child.kill(signal);
        expect(await end).toBe(code);
        expect(left()).toEqual([]);
        await wait('ended');
      } finally {
        child.kill('SIGKILL');
      }
    });
  },
);

describe('check --watch', () => {
  const policy = (message: string): string => `import { definePolicy } from 'daygate/sdk';
import { z } from 'zod';
export default definePolicy({
  id: 'require-tier',
  category: 'labels',
  title: 'Require a tier',
  severity: 'low',
  target: 'object',
  kinds: ['Workload'],
  profiles: { production: 'deny' },
  params: z.strictObject({}),
  messages: { missing: '${message}' },
  why: 'So that it is known.',
  remediation: 'Name one.',
  references: ['https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/'],
  validate: ({ at }, { report }) => report({ message: 'missing', at: at('metadata') }),
});
`;

  it('judges again when manifests, settings and policies change, until a signal', async () => {
    const files = { 'deploy/web.yaml': deployment('web'), 'policies/tier/policy.ts': policy('First.') };
    await inFolder(files, async (folder) => {
      const child = startDaygate(
        ['check', '--watch', '--policies', 'policies', '--only', 'require-tier', 'deploy'],
        folder,
      );
      const [told, ready, end] = [heard(child, 'stdout'), heard(child, 'stderr'), ended(child)];
      try {
        expect(await told(/1 object judged/)).toContain('Deployment shop/web');
        await ready(/Watching for changes/);

        // As editors save: a new file takes the name of the old one.
        writeFileSync(join(folder, 'deploy/.web.new'), deployment('shop'));
        renameSync(join(folder, 'deploy/.web.new'), join(folder, 'deploy/web.yaml'));
        expect(await told(/1 object judged/)).toContain('Deployment shop/shop');
        await ready(/Watching for changes/);

        writeFileSync(join(folder, 'policies/tier/policy.ts'), policy('Second.'));
        expect(await told(/1 object judged/)).toContain('Second.');
        await ready(/Watching for changes/);

        writeFileSync(join(folder, 'daygate.yaml'), 'policies: { require-tier: warn }\n');
        expect(await told(/1 object judged/)).toMatch(/1 finding \(1 warn\)/);
        await ready(/Watching for changes/);

        child.kill('SIGINT');
        expect(await end).toBe(130);
      } finally {
        child.kill('SIGKILL');
      }
    });
  });

  it('is not set off by the report it writes', async () => {
    await inFolder({ 'deploy/web.yaml': deployment('web') }, async (folder) => {
      const args = [
        'check',
        '--watch',
        '-o',
        'text',
        '-o',
        'json=deploy/report.json',
        'deploy/web.yaml',
        'deploy',
      ];
      const child = startDaygate(args, folder);
      const [told, ready] = [heard(child, 'stdout'), heard(child, 'stderr')];
      try {
        await told(/judged/);
        await ready(/Watching for changes/);
        writeFileSync(join(folder, 'deploy/web.yaml'), deployment('shop'));
        const since = await ready(/Watching for changes/);
        expect(since).toMatch(/^deploy\/web\.yaml has changed\.\n/m);
        expect(since.match(/changed\./g)).toHaveLength(1);
      } finally {
        child.kill('SIGKILL');
      }
    });
  });

  it('is not set off by what is excluded, unless a chart is made of it', async () => {
    const files = {
      'daygate.yaml': 'exclude: ["**/values.yaml", deploy/old]\n',
      'deploy/web.yaml': deployment('web'),
      'deploy/old/web.yaml': deployment('old'),
      'deploy/chart/Chart.yaml': 'apiVersion: v2\nname: chart\nversion: 0.1.0\n',
      'deploy/chart/values.yaml': '{}\n',
    };
    await inFolder(files, async (folder) => {
      const child = startDaygate(['check', '--watch', '--exclude', 'deploy/new', 'deploy'], folder);
      const ready = heard(child, 'stderr');
      try {
        await ready(/Watching for changes/);
        writeFileSync(join(folder, 'deploy/old/web.yaml'), deployment('older'));
        mkdirSync(join(folder, 'deploy/new'));
        writeFileSync(join(folder, 'deploy/new/web.yaml'), deployment('new'));
        writeFileSync(join(folder, 'deploy/values.yaml'), '{}\n');
        // What is told of them would come before this.
        writeFileSync(join(folder, 'deploy/chart/values.yaml'), 'a: 1\n');
        expect(await ready(/changed\.\n/)).toMatch(/^deploy\/chart\/values\.yaml has changed\.$/m);
      } finally {
        child.kill('SIGKILL');
      }
    });
  });

  it('watches a folder that is called like the format of the report', async () => {
    await inFolder({ 'json/web.yaml': deployment('web') }, async (folder) => {
      const child = startDaygate(['check', '--watch', '-o', 'json', 'json'], folder);
      const [told, ready] = [heard(child, 'stdout'), heard(child, 'stderr')];
      try {
        await ready(/Watching for changes/);
        writeFileSync(join(folder, 'json/web.yaml'), deployment('orders'));
        await told(/"orders"/);
      } finally {
        child.kill('SIGKILL');
      }
    });
  });

  it.each([
    [['-'], 'standard input does not change'],
    [['--write-baseline', 'b.yaml', '.'], '--write-baseline'],
  ])('refuses %j', async (args, message) => {
    await inFolder({}, async (folder) => {
      const child = startDaygate(['check', '--watch', ...args], folder);
      const said = heard(child, 'stderr')(/\n/);
      expect(await ended(child)).toBe(2);
      expect(await said).toContain(message);
    });
  });
});
