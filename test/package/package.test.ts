/** The package as a team gets it: packed, installed into an empty folder, and used there. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { formats } from '../../src/report/format-names.ts';
import { admissionReview } from '../server/reviews.ts';
import { endProcesses, startServe } from '../server/serve-process.ts';

const repository = join(import.meta.dirname, '../..');
const team = mkdtempSync(join(tmpdir(), 'daygate-package-'));
const installed = join(team, 'node_modules/daygate');

function run(folder: string, command: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
  return { status, out: stdout, text: stdout + stderr };
}

const daygate = (...args: readonly string[]) => run(team, 'npx', '--no-install', 'daygate', ...args);

function typeCheck(...options: readonly string[]): string {
  const tsc = join(repository, 'node_modules/typescript/bin/tsc');
  const common = ['--noEmit', '--strict', '--target', 'es2024', '--skipLibCheck', 'false'];
  return run(team, process.execPath, tsc, ...common, ...options, 'policies/require-tier/policy.ts').text;
}

beforeAll(() => {
  writeFileSync(join(team, 'package.json'), '{ "private": true, "type": "module" }');
  const quietly = ['--prefer-offline', '--no-audit', '--no-fund'];
  const install = run(team, 'npm', 'install', ...quietly, inject('tarball'));
  expect(install.status, install.text).toBe(0);
}, 300_000);

afterAll(() => {
  rmSync(team, { recursive: true, force: true });
});

describe('the package', () => {
  it('carries what runs, and neither tests, sources, maps nor a compiler', () => {
    const files = readdirSync(installed, { recursive: true, encoding: 'utf8' });
    const allowed = /^(?:bin|dist|docs|examples)(?:\/|$)|^(?:README\.md|LICENSE|package\.json)$/;
    expect(files.filter((file) => !allowed.test(file))).toEqual([]);
    expect(files.filter((file) => /test\.|\.map$|fixtures|(?<!\.d)\.ts$/.test(file))).toEqual([]);
    expect(readdirSync(join(team, 'node_modules'))).not.toContain('typescript');
    // What was copied into the bundle carries its licence.
    const licences = readFileSync(join(installed, 'dist/LICENCES.txt'), 'utf8');
    for (const name of ['zod', 'js-yaml', 'commander']) expect(licences).toContain(`${name}\n\n`);
    // Each command loads what it needs in a few files, and what two share is one more; declarations are those of the SDK.
    const [declarations, code] = [/\.d\.ts$/, /\.js$/].map(
      (end) => files.filter((file) => end.test(file)).length,
    );
    expect(declarations).toBeLessThan(90);
    expect(code).toBeLessThan(140);
    expect(files.length).toBeLessThan(240);
  });

  it('leaves no build behind in the checkout, where it would hide the sources', () => {
    expect(readdirSync(repository)).not.toContain('dist');
  });

  it('judges manifests as the sources do', () => {
    const example = join(repository, 'examples/first-draft.yaml');
    const options = ['check', '--no-color', example];
    const { status, out } = daygate(...options);
    expect(status).toBe(1);
    expect(out).toContain('first-draft.yaml:');
    expect(out).toBe(run(team, process.execPath, join(repository, 'src/main.ts'), ...options).out);
  });

  it('writes every format as the sources do', () => {
    const example = join(repository, 'examples/first-draft.yaml');
    for (const format of formats) {
      const options = ['check', '--no-color', '-o', format, example];
      const { status, out, text } = daygate(...options);
      expect(status, text).toBe(1);
      expect(out, format).toBe(run(team, process.execPath, join(repository, 'src/main.ts'), ...options).out);
    }
  });

  it('explains a policy and renders the webhook configuration', () => {
    expect(daygate('explain', 'require-memory-limit').out).toContain('require-memory-limit: ');
    writeFileSync(join(team, 'observe.yaml'), 'enforcement: observe');
    expect(daygate('render', '--settings', 'observe.yaml').out).toBe(
      readFileSync(join(repository, 'deploy/chart/files/webhooks/observe.yaml'), 'utf8'),
    );
  });

  it('has all that the other commands load', () => {
    const example = join(repository, 'examples/fixable-pod.yaml');
    expect(daygate('fix', '--diff', example).status).toBe(1);
    expect(daygate('types', example).text).toContain('there is no CustomResourceDefinition among 1 object');
    expect(daygate('serve').text).toContain('--self-signed');
    expect(daygate('policies').status).toBe(0);
  });

  it('serves from several workers', async () => {
    const server = await startServe({
      main: [process.execPath, join(installed, 'bin/daygate.js')],
      args: ['--workers', '2'],
    });
    try {
      await vi.waitFor(async () => expect(await server.metric('daygate_workers')).toBe(2), 20_000);
      const { status } = await server.caller.review(admissionReview());
      expect(status).toBe(200);
      server.child.kill('SIGTERM');
      expect(await server.exit, server.stderr()).toBe(0);
    } finally {
      await endProcesses();
    }
  });

  it('makes and tests a policy of the team', () => {
    expect(daygate('new-policy', 'policies/require-tier', '--target', 'object').status).toBe(0);
    const { status, out, text } = daygate('test', 'policies');
    expect(status, text).toBe(0);
    expect(out).toContain('1 passed, 0 failed');
  });

  it('has types that the compiler finds, the ways of Node and of bundlers', () => {
    expect(typeCheck('--module', 'nodenext')).toBe('');
    expect(typeCheck('--module', 'esnext', '--moduleResolution', 'bundler')).toBe('');
  });

  it('has types that object', () => {
    const file = join(team, 'policies/require-tier/policy.ts');
    writeFileSync(file, readFileSync(file, 'utf8').replace("severity: '", "severity: 'un"));
    expect(typeCheck('--module', 'nodenext')).toContain("is not assignable to type 'Severity'");
  });
});
