import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliPage, describedProgram } from '../../scripts/generate/cli-page.ts';
import { processIo } from '../../src/cli/io.ts';
import { placeholderOf } from '../../src/cli/program/placeholders.ts';
import { shownCommands } from '../../src/cli/program/shown-commands.ts';
import { runProgram } from './run-program.ts';

const examples = join(import.meta.dirname, '../../examples');

const commands = shownCommands(describedProgram());

describe('the help of', () => {
  it.each(commands.map((command) => command.name()))(
    '%s has examples and stays within 80 columns',
    async (name) => {
      const { code, out } = await runProgram([name, '--help']);
      expect(code).toBe(0);
      expect(out).toMatch(/\nExamples:\n {2}\S/);
      expect(out).toMatch(/\nExit codes:\n {2}0 {2}\S/);
      expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    },
  );

  it.each(commands.map((command) => command.name()))(
    '%s speaks of kubectl daygate where it is a plugin',
    async (name) => {
      const { out } = await runProgram([name, '--help'], {}, 'kubectl daygate');
      expect(out).toMatch(new RegExp(`^Usage: kubectl daygate ${name}\\b`));
      const [, shown = ''] = out.split('\nExamples:\n');
      expect(shown.replaceAll('kubectl daygate', '')).not.toMatch(/\bdaygate (?!completion)[a-z]/);
    },
  );

  it('every command says what may stand for its placeholders', () => {
    for (const command of commands)
      for (const taker of [...command.registeredArguments, ...command.options])
        expect(() => placeholderOf(taker)).not.toThrow();
  });
});

it('the reference tells of every command, and keeps what people wrote below', () => {
  const page = cliPage('<!-- generated -->\nold\n<!-- /generated -->\n\n## By hand\n');
  for (const command of commands) expect(page).toContain(`\n## ${command.name()}\n`);
  expect(page).not.toContain('old\n');
  expect(page).toMatch(/<!-- \/generated -->\n\n## By hand\n$/);
  expect(cliPage(page)).toBe(page);
});

describe('an empty value', () => {
  it.each([
    [['check', '--only=', examples], '--only'],
    [['check', '--only', '', examples], '--only'],
    [['check', '--only', 'require-owner,', examples], '--only'],
    [['check', '--profile', '', examples], '--profile'],
    [['check', '--set', '', examples], '--set'],
    [['check', '-f', ''], '--filename'],
    [['check', ''], 'paths'],
    [['check', '--fail-on', ' ', examples], '--fail-on'],
    [['fix', '--only=', '--dry-run', examples], '--only'],
    [['explain', ''], 'the id'],
    [['render', '--settings='], '--settings'],
  ])('is wrong use: %j', async (args, named) => {
    const { code, out, err } = await runProgram(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(named);
    expect(err).toContain('empty');
  });
});

describe('what was meant is suggested', () => {
  it.each([
    [['chekc'], 'Did you mean check?'],
    [['check', '--quite', examples], 'Did you mean --quiet?'],
    [['check', '--profile', 'prod', examples], 'did you mean production?'],
    [['check', '--fail-on', 'hihg', examples], 'did you mean high?'],
    [['check', '--only', 'require-ownr', examples], 'did you mean require-owner?'],
    [['check', '-o', 'jsn', examples], 'did you mean json?'],
    [['explain', 'requir-owner'], 'did you mean require-owner?'],
    [['explain', 'require-owner', '-o', 'jsn'], 'did you mean json?'],
    [['policies', '--severity', 'crit'], 'did you mean critical?'],
    [['policies', '--category', 'lables'], 'did you mean labels?'],
    [['policies', '--profile', 'base'], 'did you mean baseline?'],
    [['new-policy', 'policies/require-x', '--target', 'objct'], 'did you mean object?'],
    [['completion', 'bsh'], 'did you mean bash?'],
  ])('%j', async (args, suggestion) => {
    const { code, err } = await runProgram(args);
    expect(code).toBe(2);
    expect(err).toContain(suggestion);
  });

  it('a word of an id or title lists the policies about it', async () => {
    const { code, err } = await runProgram(['explain', 'memory']);
    expect(code).toBe(2);
    expect(err).toMatch(/\n {2}require-memory-limit +Require a memory limit\n/);
    expect((await runProgram(['explain', 'require'])).err).toMatch(/and \d+ more: daygate policies require/);
  });
});

it('a command that is used wrongly names its own help', async () => {
  expect((await runProgram(['check', '--bogus'])).err).toBe(
    "daygate: unknown option '--bogus'\n(daygate check --help tells more)\n",
  );
  expect((await runProgram(['explain'], {}, 'kubectl daygate')).err).toMatch(
    /\(kubectl daygate explain --help tells more\)\n$/,
  );
  expect((await runProgram(['chek'])).err).toMatch(
    /Did you mean check\?\)\n\(daygate --help tells more\)\n$/,
  );
});

it('help says when there is no such command', async () => {
  const { code, err } = await runProgram(['help', 'chek']);
  expect(code).toBe(2);
  expect(err).toMatch(
    /\n {2}audit \[options\] [\s\S]*\ndaygate: there is no command "chek": those above are all\n$/,
  );
  for (const args of [[], ['help'], ['--help']])
    expect(Object.values(await runProgram(args)).join('')).not.toContain('there is no command');
});

it('a terminal without a size is taken for one of any width', () => {
  const { isTTY, columns } = process.stdout;
  try {
    process.stdout.isTTY = true;
    process.stdout.columns = 0;
    expect(processIo().columns).toBeUndefined();
    process.stdout.columns = 90;
    expect(processIo().columns).toBe(90);
  } finally {
    Object.assign(process.stdout, { isTTY, columns });
  }
});

it('explain fits the terminal', async () => {
  const wide = await runProgram(['explain', 'require-owner']);
  const narrow = await runProgram(['explain', 'require-owner'], { columns: 60 });
  const [, sections = ''] = narrow.out.split('\nWhy\n');
  const isUrl = (line: string): boolean => line.includes('https://');
  expect(sections.split('\n').filter((line) => line.length > 60 && !isUrl(line))).toEqual([]);
  expect(narrow.out.replaceAll(/\s+/g, ' ')).toBe(wide.out.replaceAll(/\s+/g, ' '));
});

describe('daygate policies', () => {
  const list = async (...args: readonly string[]) => {
    const { out } = await runProgram(['policies', '-o', 'json', ...args]);
    return JSON.parse(out) as readonly {
      readonly id: string;
      readonly category: string;
      readonly severity: string;
      readonly profiles: Readonly<Record<string, string>>;
    }[];
  };

  it('narrows the list by words, category, severity and profile', async () => {
    const all = await list();
    const narrow = async (keeps: (policy: (typeof all)[number]) => boolean, ...args: readonly string[]) => {
      const kept = await list(...args);
      expect(kept.length).toBeGreaterThan(0);
      expect(kept.length).toBeLessThan(all.length);
      expect(kept).toEqual(all.filter(keeps));
    };
    await narrow(({ category }) => category === 'probes', '--category', 'probes');
    await narrow(({ severity }) => severity === 'critical', '--severity', 'critical');
    await narrow(
      ({ profiles }) => 'baseline' in profiles && profiles['baseline'] !== 'off',
      '--profile',
      'baseline',
    );
    const ids = (await list('Memory', 'limit')).map(({ id }) => id);
    expect(ids).toContain('require-memory-limit');
    expect(ids).not.toContain('require-memory-request');
  });

  it('says that there is none', async () => {
    const { code, out, err } = await runProgram(['policies', 'zeppelin']);
    expect([code, out]).toEqual([0, '']);
    expect(err).toContain('no policy');
  });
});

describe('the version', () => {
  it.each([['--version'], ['-V'], ['version']])('is what %s prints', async (arg) => {
    const { code, out } = await runProgram([arg]);
    expect(code).toBe(0);
    expect(out).toMatch(/^daygate \d+\.\d+\.\d+\n$/);
  });
});

it('fix says nothing of fixes where nothing could be read', async () => {
  const { code, out, err } = await runProgram(['fix', 'nope']);
  expect([code, out, err]).toEqual([2, '', 'error nope: no such file or folder\n']);
});
