import { describe, expect, it } from 'vitest';
import { parseFailOn, reasonOfExit } from '../../src/cli/fail-on.ts';
import type { LocatedFinding } from '../../src/report/report.ts';
import { inFolder, runCheck } from './run-check.ts';
import { runProgram } from './run-program.ts';

function finding(own: Partial<LocatedFinding>): LocatedFinding {
  return {
    policy: 'require-owner',
    messageId: 'missing',
    severity: 'medium',
    action: 'deny',
    message: 'There is no owner.',
    remediation: 'Name one.',
    object: { apiVersion: 'v1', kind: 'Pod', name: 'web' },
    pointer: '',
    locator: 'Pod',
    fixable: false,
    file: 'web.yaml',
    line: 1,
    column: 1,
    document: 0,
    ...own,
  };
}

const all = (['deny', 'warn', 'audit'] as const).flatMap((action) =>
  (['critical', 'high', 'medium', 'low'] as const).map((severity) => finding({ action, severity })),
);
const named = (levels: readonly string[]): readonly string[] =>
  all.filter(parseFailOn(levels)).map(({ action, severity }) => `${action} ${severity}`);
const every = (action: string): readonly string[] =>
  ['critical', 'high', 'medium', 'low'].map((severity) => `${action} ${severity}`);

describe('--fail-on', () => {
  it.each([
    [['deny'], every('deny')],
    [['warn'], [...every('deny'), ...every('warn')]],
    [['audit'], [...every('deny'), ...every('warn'), ...every('audit')]],
    [['none'], []],
    [['critical'], ['deny critical', 'warn critical']],
    [['high'], ['deny critical', 'deny high', 'warn critical', 'warn high']],
    [['low'], [...every('deny'), ...every('warn')]],
    [['deny,high'], [...every('deny'), 'warn critical', 'warn high']],
    [
      ['deny', ' critical'],
      [...every('deny'), 'warn critical'],
    ],
  ])('%j', (levels, expected) => {
    expect(named(levels)).toEqual(expected);
  });

  it('is warn where nobody says otherwise', () => {
    expect(all.filter(parseFailOn()).map(({ action }) => action)).not.toContain('audit');
    expect(all.filter(parseFailOn())).toHaveLength(8);
  });

  it('never counts what an exception or the baseline covers', () => {
    const fails = parseFailOn(['audit']);
    const exception = { owner: 'team', reason: 'moves', expires: '2027-03-31' };
    expect(fails(finding({ action: 'audit', exception }))).toBe(false);
    expect(fails(finding({ action: 'audit', baselined: { action: 'deny' } }))).toBe(false);
  });

  it.each([[['denny']], [['none,deny']], [['']], [['deny,']]])('refuses %j', (levels) => {
    expect(() => parseFailOn(levels)).toThrow(/--fail-on/);
  });
});

describe('the reason of an exit code', () => {
  const reason = (findings: readonly LocatedFinding[], failOn?: readonly string[], quiet = false): string =>
    reasonOfExit({ findings, errors: [] }, parseFailOn(failOn), {
      ...(failOn === undefined ? {} : { failOn }),
      quiet,
    });
  const [deny, warn] = [finding({}), finding({ action: 'warn' })];

  it.each([
    ['denials by default', reason([deny, warn]), ''],
    [
      'warnings by default',
      reason([warn]),
      'Exit code 1 for warnings alone: with --fail-on deny they pass.\n',
    ],
    ['nothing', reason([]), ''],
    [
      'none that counts',
      reason([warn], ['deny']),
      'Exit code 0: none of 1 finding fails the run (--fail-on deny).\n',
    ],
    [
      'some',
      reason([deny, deny, warn], ['deny']),
      'Exit code 1: 2 of 3 findings fail the run (--fail-on deny).\n',
    ],
    [
      'what --quiet hides',
      reason([deny, finding({ action: 'audit' })], undefined, true),
      'Exit code 1: 1 of 2 findings fails the run.\n',
    ],
  ])('is told: %s', (_what, told, expected) => {
    expect(told).toBe(expected);
  });
});

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: web:1 }] }
`;

describe('daygate check', () => {
  const settings = 'policies: { require-owner: warn }\n';

  it('passes with warnings where only denials fail', async () => {
    await inFolder({ 'web.yaml': deployment, 'daygate.yaml': settings }, async (folder) => {
      const check = (...args: readonly string[]) =>
        runProgram(['check', '--settings', `${folder}/daygate.yaml`, '--only', 'require-owner', ...args, `${folder}/web.yaml`]); // prettier-ignore
      expect(await check()).toMatchObject({
        code: 1,
        err: expect.stringContaining('warnings alone') as string,
      });
      const passed = await check('--fail-on', 'deny');
      expect(passed.code).toBe(0);
      expect(passed.out).toContain('[require-owner]');
      expect(passed.err).toContain('Exit code 0: none of 2 findings');
      expect((await check('--fail-on', 'deny,low')).code).toBe(1);
    });
  });

  it('gives 2 for what could not be read, whatever --fail-on says', async () => {
    await inFolder({ 'web.yaml': deployment, 'broken.yaml': 'a: [' }, async (folder) => {
      expect((await runCheck([folder], { failOn: ['none'] })).code).toBe(2);
    });
  });

  it('--quiet shows what fails the run and the summary, and leaves other formats whole', async () => {
    await inFolder({ 'web.yaml': deployment, 'daygate.yaml': settings }, async (folder) => {
      const options = { settings: `${folder}/daygate.yaml`, only: ['require-owner'], failOn: ['deny'] };
      const loud = await runCheck([`${folder}/web.yaml`, folder], options);
      expect(loud.out).toContain('Not judged:');
      const quiet = await runCheck([`${folder}/web.yaml`, folder], { ...options, quiet: true });
      expect(quiet.code).toBe(0);
      expect(quiet.out).toMatch(/^1 object judged in \d files?: (\d) findings? \(\1 warn\)\.\n$/);
      const json = { ...options, output: ['json'] };
      expect((await runCheck([folder], { ...json, quiet: true })).out).toBe(
        (await runCheck([folder], json)).out,
      );
    });
  });
});
