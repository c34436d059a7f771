/** docs/writing-policies.md, followed step by step as a reader would. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const repository = join(import.meta.dirname, '../..');
const page = readFileSync(join(repository, 'docs/writing-policies.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'daygate-writing-'));

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function daygate(...args: readonly string[]) {
  const main = join(repository, 'src/main.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { cwd: folder, encoding: 'utf8' });
  return { status, text: stdout + stderr };
} // prettier-ignore

function write(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

const blocks = [...page.matchAll(/^```(\w+)(?: (.*))?\n([\s\S]*?)^```$/gm)].map(
  ([, language, info = '', text = '']) => ({ language, info, text }),
);
const textOf = (wanted: string): string => blocks.find(({ info }) => info === wanted)?.text ?? '';
const files = blocks.flatMap(({ info, text }) => {
  const file = /^file=(.*)$/.exec(info)?.[1];
  return file === undefined ? [] : [{ file, text }];
});

describe('docs/writing-policies.md', () => {
  it('begins with a policy that passes its test as it was made, once and in an empty place only', () => {
    expect(daygate('new-policy', 'policies/require-tier', '--target', 'object').status).toBe(0);
    expect(daygate('test', 'policies')).toEqual({ status: 0, text: 'ok   require-tier (2 fixtures)\n\n1 passed, 0 failed\n' });
    const named = daygate('check', '--policies', 'policies', '--only', 'require-tier', 'policies/require-tier/fixtures/fail-example.yaml');
    expect(named.text).toContain('Port 80 of Service web has no name.');
    expect(daygate('new-policy', 'policies/require-tier')).toEqual({ status: 2, text: 'daygate: policies/require-tier exists already\n' });
    expect(daygate('new-policy', 'policies/require-labels').text).toBe('daygate: the id require-labels is taken\n');
    expect(daygate('new-policy', 'policies/tier').text).toContain('must begin with require-');
    expect(daygate('new-policy', 'policies/require-x', '--target', 'pod').text).toContain('there is no target pod');
    expect(daygate('new-policy', 'policies/require-x', '--category', 'label').text).toContain('there is no category label: did you mean labels? (known: resources, probes, labels,');
    const shipped = daygate('new-policy', join(repository, 'policies/require-x'));
    expect(shipped).toMatchObject({ status: 2, text: expect.stringContaining('of this checkout holds what ships with daygate: npm run new-policy -- <category>/require-x adds to it') as string });
    expect(existsSync(join(repository, 'policies/require-x'))).toBe(false);
  }); // prettier-ignore

  it('goes on with one that passes, and objects while a fixture is missing', () => {
    rmSync(join(folder, 'policies/require-tier/fixtures'), { recursive: true });
    expect(existsSync(join(folder, 'policies/require-tier/README.md'))).toBe(false);
    for (const { file, text } of files) {
      if (!file.endsWith('fail-unknown.yaml')) write(file, text);
    }
    const { status, text } = daygate('test', 'policies');
    expect(status).toBe(1);
    expect(text).toContain('it shows what passes, every message and every fix: no\n');
    expect(text).toContain('no failing fixture leads to the message unknown\n');
    for (const { file, text } of files) write(file, text);
    expect(daygate('test', 'policies')).toEqual({ status: 0, text: 'ok   require-tier (3 fixtures)\n\n1 passed, 0 failed\n' }); // prettier-ignore
  });

  it('ends with settings that turn it on for check and fix', () => {
    write('daygate.yaml', textOf('settings'));
    write('manifests/orders.yaml', files.find(({ file }) => file.endsWith('fail-unknown.yaml'))?.text ?? '');
    const checked = daygate('check', '--only', 'require-tier', 'manifests');
    expect(checked.status).toBe(1);
    expect(checked.text).toContain('deny  Pod orders has a tier that is none of frontend, backend, batch. [require-tier]'); // prettier-ignore
    expect(daygate('test').status).toBe(0);
  });

  it('has types of a custom kind from its definition, and a policy that uses them', () => {
    write('crds/widgets.yaml', textOf('crd'));
    const { status, text } = daygate('types', 'crds');
    expect(status).toBe(0);
    write('policies/kinds/widgets.ts', text);
    write('policies/forbid-slow-widget/policy.ts', textOf('widget'));
    write('widget.yaml', 'apiVersion: example.org/v1\nkind: Widget\nmetadata: { name: hall }\nspec: { size: 101, mode: Slow }\n');
    const checked = daygate('check', '--policies', 'policies', '--only', 'forbid-slow-widget', 'widget.yaml');
    expect(checked.text).toContain('hall is slow and serves 101: more than 100. [forbid-slow-widget]');
    expect(checked.status).toBe(1);
  }); // prettier-ignore

  it('runs in a repository as npm init leaves it, which says that its files are no modules', () => {
    write('package.json', '{ "name": "policies", "type": "commonjs" }');
    const { status, text } = daygate('check', '--only', 'require-tier,forbid-slow-widget', 'widget.yaml');
    expect(text).not.toMatch(/warning|cannot be loaded/i);
    expect(text).toContain('hall is slow and serves 101: more than 100. [forbid-slow-widget]');
    expect(status).toBe(1);
    rmSync(join(folder, 'package.json'));
  });

  it('has examples that compile', () => {
    write('part.ts', `import { customKind } from 'daygate/sdk';\nexport ${textOf('part')}`);
    const paths = { 'daygate/sdk': [join(repository, 'src/sdk/index.ts')], zod: [join(repository, 'node_modules/zod')] };
    const compilerOptions = { strict: true, noEmit: true, target: 'es2024', module: 'nodenext', allowImportingTsExtensions: true, exactOptionalPropertyTypes: true, types: [], paths };
    write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['policies', 'part.ts'] }));
    const tsc = join(repository, 'node_modules/typescript/bin/tsc');
    const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
    expect(stdout).toBe('');
    rmSync(join(folder, 'policies/forbid-slow-widget'), { recursive: true });
  }); // prettier-ignore

  it('has tests for machines too, and clear words for a folder without policies', () => {
    const { text } = daygate('test', 'policies', '-o', 'json');
    expect(JSON.parse(text)).toMatchObject([{ policy: 'require-tier', fixtures: 3, objections: [] }]);
    expect(daygate('test', 'manifests')).toMatchObject({ status: 2 });
    expect(daygate('test', 'policies', '-o', 'xml').text).toContain('there is no output format xml');
  });
});
