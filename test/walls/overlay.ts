import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const repository = join(import.meta.dirname, '../..');

/** A copy of the tree with files planted in it; the real one stays as it is. */
export function overlay(planted: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'daygate-walls-'));
  const copied = [
    'src',
    'package.json',
    'tsconfig.json',
    'tsconfig.pure.json',
    'eslint.config.ts',
    'policies',
  ];
  for (const name of copied) cpSync(join(repository, name), join(root, name), { recursive: true });
  // The rules speak of paths in the tree; what the link leads to must look as if it lay there.
  const config = JSON.parse(readFileSync(join(repository, '.dependency-cruiser.json'), 'utf8')) as {
    options: object;
  };
  const options = { ...config.options, preserveSymlinks: true };
  writeFileSync(join(root, '.dependency-cruiser.json'), JSON.stringify({ ...config, options }));
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
  for (const [file, content] of Object.entries(planted)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
  }
  return root;
}

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
}

function run(root: string, script: string, ...args: readonly string[]): Ran {
  const file = join(repository, 'node_modules', script);
  return spawnSync(process.execPath, [file, ...args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
}

/** What dependency-cruiser objects to, as `file rule`, and how much it looked at. */
export function cruise(root: string): { readonly modules: number; readonly objections: readonly string[] } {
  const args = ['--config', '.dependency-cruiser.json', '--output-type', 'json', 'src', 'policies'];
  const { stdout } = run(root, 'dependency-cruiser/bin/dependency-cruiser.mjs', ...args);
  const { summary } = JSON.parse(stdout) as {
    summary: { totalCruised: number; violations: { from: string; rule: { name: string } }[] };
  };
  const objections = summary.violations.map(({ from, rule }) => `${from} ${rule.name}`);
  return { modules: summary.totalCruised, objections: [...new Set(objections)].sort() };
}

/** Files in which the compiler finds errors with the project of the pure layers. */
export function compilePure(root: string): readonly string[] {
  const { stdout } = run(root, 'typescript/bin/tsc', '-p', 'tsconfig.pure.json', '--pretty', 'false');
  const files = [...stdout.matchAll(/^(\S+?)\(\d+,\d+\): error /gm)].map(([, file = '']) => file);
  return [...new Set(files)].sort();
}

/** What ESLint objects to, as `file rule`. */
export function lint(root: string, files: readonly string[]): readonly string[] {
  const { stdout } = run(root, 'eslint/bin/eslint.js', '--format', 'json', ...files);
  const results = JSON.parse(stdout) as {
    filePath: string;
    messages: { ruleId: string | null; message: string }[];
  }[];
  return results.flatMap(({ filePath, messages }) =>
    messages.map(({ ruleId, message }) => `${filePath.slice(root.length + 1)} ${ruleId ?? message}`),
  );
}
