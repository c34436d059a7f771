import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describedProgram } from '../../scripts/generate/cli-page.ts';
import { policies } from '../../policies/index.ts';
import { completionLines } from '../../src/cli/completion/complete.ts';
import { completionScript } from '../../src/cli/completion/script.ts';

const known = { policies, profiles: ['team'] };

/** What `daygate __complete` prints, without the notes. */
function complete(...words: readonly string[]): readonly string[] {
  const lines = completionLines(describedProgram(), words, known).trimEnd().split('\n');
  return lines.map((line) => line.split('\t')[0] ?? '');
}

describe('daygate __complete', () => {
  it.each([
    [['che'], ['check', ':4']],
    [['--v'], ['--version', ':4']],
    [
      ['help', 'exp'],
      ['explain', ':4'],
    ],
    [['nothing', ''], [':4']],
    [
      ['check', '--fail-on-'],
      ['--fail-on-stale-baseline', ':4'],
    ],
    [
      ['check', '--profile', ''],
      ['baseline', 'production', 'restricted', 'pss-baseline', 'pss-restricted', 'team', ':4'],
    ],
    [
      ['check', '--profile=te'],
      ['--profile=team', ':4'],
    ],
    [
      ['check', '--only', 'forbid-tty,require-repl'],
      ['forbid-tty,require-replicas', ':4'],
    ],
    [
      ['check', '--only=require-repl'],
      ['--only=require-replicas', ':4'],
    ],
    [['check', '--only', 'require-replicas,require-repl'], [':4']],
    [
      ['check', '--set', 'require-replicas.mi'],
      ['require-replicas.min=', ':6'],
    ],
    [
      ['check', '--fail-on', 'cri'],
      ['critical', ':4'],
    ],
    [
      ['check', '-o', 'js'],
      ['json', ':4'],
    ],
    [['check', '-o', 'json='], [':0']],
    [['check', '-s', ''], [':0']],
    [['check', 'one.yaml', 'tw'], [':0']],
    [['check', '-k', ''], [':16']],
    [['check', '--', '--on'], [':0']],
    [['check', '-n', ''], [':4']],
    [
      ['policies', '--severity', 'h'],
      ['high', ':4'],
    ],
    [
      ['serve', '--log-level', 'de'],
      ['debug', ':4'],
    ],
    [
      ['explain', 'require-repl'],
      ['require-replicas', ':4'],
    ],
    [['explain', 'require-replicas', ''], [':4']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish', ':4'],
    ],
  ])('%j', (words, expected) => {
    expect(complete(...words)).toEqual(expected);
  });

  it('offers an option once, and again where it may be repeated', () => {
    const offered = complete('check', '--quiet', '--only', 'forbid-tty', '--');
    expect(offered).not.toContain('--quiet');
    expect(offered).toContain('--only');
    expect(offered).toContain('--watch');
  });

  it('notes what a policy is about', () => {
    const { title = '' } = policies.find(({ id }) => id === 'require-owner') ?? {};
    expect(completionLines(describedProgram(), ['explain', 'require-ow'], known)).toBe(
      `require-owner\t${title}\n:4\n`,
    );
  });
});

const folder = mkdtempSync(join(tmpdir(), 'daygate-completion-'));
const bin = join(folder, 'bin');
const has = (command: string): boolean => spawnSync(command, ['--version']).error === undefined;

beforeAll(() => {
  mkdirSync(join(folder, 'manifests'));
  mkdirSync(bin);
  writeFileSync(join(folder, 'daygate.yaml'), 'profiles: { team: { extends: baseline } }\n');
  for (const name of ['daygate', 'kubectl-daygate', 'kubectl_complete-daygate'])
    symlinkSync(join(import.meta.dirname, '../../bin/daygate.js'), join(bin, name));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(command: string, ...args: readonly string[]): string {
  const { stdout, stderr } = spawnSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    timeout: 60_000,
    env: {
      ...process.env,
      HOME: folder,
      PATH: [bin, dirname(process.execPath), process.env['PATH']].join(delimiter),
    },
  });
  expect(stderr.replaceAll(/^\[Debug\].*\n|^Completion ended.*\n/gm, '')).toBe('');
  return stdout;
}

/** What each shell is given, and what it must offer for it. */
const cases: readonly (readonly [string, string, string])[] = [
  ['a command', 'daygate che', 'check'],
  ['an option', 'daygate check --qui', '--quiet'],
  ['a profile of the settings here', 'daygate check --profile te', 'team'],
  ['a value behind =', 'daygate check --profile=te', 'team'],
  ['a list', 'daygate check --only forbid-tty,require-repl', 'forbid-tty,require-replicas'],
  ['a parameter', 'daygate check --set require-replicas.mi', 'require-replicas.min='],
  ['a folder', 'daygate check mani', 'manifests'],
  ['a file behind a format', 'daygate check -o json=mani', 'manifests'],
];

describe('the script for', () => {
  // bash splits at = before it asks.
  const forBash = cases.map(([, line]) => line.replaceAll(/(?<=\S)=/g, ' = ').split(' '));

  it('bash offers the same', () => {
    const script = `
source <(daygate completion bash)
try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _daygate; (IFS=' '; echo "\${COMPREPLY[*]}"); }
${forBash.map((words) => `try ${words.join(' ')}`).join('\n')}
complete -p daygate`;
    const lines = run('bash', '--norc', '-c', script).trimEnd().split('\n');
    expect(lines).toEqual([...cases.map(([, , expected]) => expected), 'complete -F _daygate daygate']);
  });

  it.runIf(has('zsh'))('zsh offers the same', () => {
    // The parts of zsh's own that only work while somebody types stand in for themselves.
    const script = `
compdef() { registered="$*"; }
compset() { :; }
_describe() { print -r -- "\${(@P)2%%:*}"; }
_files() { print -r -- files; }
source <(daygate completion zsh)
try() { words=("$@"); CURRENT=$#; PREFIX=$words[-1]; _daygate; }
${cases.map(([, line]) => `try ${line}`).join('\n')}
print -r -- $registered`;
    const lines = run('zsh', '-f', '-c', script).trimEnd().split('\n');
    const expected = cases.map(([, , value]) => (value === 'manifests' ? 'files' : value));
    expect(lines).toEqual([...expected, '_daygate daygate']);
  });

  it.runIf(has('fish'))('fish offers the same', () => {
    const script = [
      'daygate completion fish | source',
      ...cases.map(([, line]) => `complete -C '${line}'; echo ==`),
    ];
    const offered = run('fish', '--no-config', '-c', script.join('\n')).split('==\n').slice(0, -1);
    for (const [index, [, , expected]] of cases.entries()) {
      // fish is given whole words.
      const [first = ''] = offered[index]?.split('\t') ?? [];
      expect(
        first
          .trim()
          .replace(/^--profile=|^json=/, '')
          .replace(/\/$/, ''),
      ).toBe(expected);
    }
  });

  it('each of them is one that the shell can read', () => {
    const read = { bash: ['bash', '-n'], zsh: ['zsh', '-n'], fish: ['fish', '--no-execute'] } as const;
    for (const [shell, [command, flag]] of Object.entries(read)) {
      const file = join(folder, `script.${shell}`);
      writeFileSync(file, completionScript(shell as keyof typeof read));
      if (has(command)) run(command, flag, file);
    }
  });
});

describe('kubectl', () => {
  it.runIf(has('kubectl'))('finds daygate as its plugin, and completes its command line', () => {
    expect(run('kubectl', 'daygate', 'fix', '--help')).toMatch(/^Usage: kubectl daygate fix /);
    const offered = run('kubectl', '__complete', 'daygate', 'check', '--profile', 'te');
    expect(offered).toBe('team\n:4\n');
  });
});

const missing = ['zsh', 'fish', 'kubectl'].filter((command) => !has(command));
if (missing.length > 0)
  console.log(`not tried, because not installed: completion with ${missing.join(', ')}`);
