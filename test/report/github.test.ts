import { error, notice, warning } from '@actions/core';
import { assert, constantFrom, property, string } from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { parseCommands, type WorkflowCommand } from './github-runner.ts';
import {
  clean,
  compared,
  errorsOnly,
  finding,
  hostileReport,
  mixed,
  render,
  rendered,
  report,
} from './sample-reports.ts';

describe('workflow commands', () => {
  it('arrive at the runner as they were meant', () => {
    const awkward = finding({
      message: '100% of a, b: c %0A %25.',
      file: 'a,b:c%2C/web.yaml',
      remediation: 'Write d.',
    });
    const [command, totals] = parseCommands(render('github', report([awkward])));
    expect(command).toEqual({
      name: 'error',
      properties: {
        file: 'a,b:c%2C/web.yaml',
        line: '20',
        col: '11',
        title: 'require-memory-limit: Deployment shop/web',
      },
      data: `100% of a, b: c %0A %25.\nat ${awkward.locator}\nWrite d.`,
    });
    expect(totals?.data).toBe('2 objects judged in 2 files: 1 finding (1 deny).');
  });

  it('are what the toolkit of GitHub prints for the same annotations', () => {
    const issue = { error, warning, notice };
    const byToolkit = (commands: readonly WorkflowCommand[]): string => {
      let printed = '';
      const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
        printed += String(text);
        return true;
      });
      try {
        for (const { name, properties, data } of commands) {
          const { title = '', file = '', line = '', col = '' } = properties;
          const place = { title, file, startLine: Number(line), startColumn: Number(col) };
          issue[name as keyof typeof issue](data, place);
        }
      } finally {
        spy.mockRestore();
      }
      return printed;
    };
    for (const sample of [clean, mixed, errorsOnly, rendered, compared, hostileReport]) {
      const output = render('github', sample);
      expect(byToolkit(parseCommands(output))).toBe(output);
    }
    // Whatever a file or a message is called.
    const awkward = string({ unit: 'binary', minLength: 1, maxLength: 30 });
    const marks = string({
      unit: constantFrom('%', ':', ',', '=', '\n', '\r', '::', '%25', '%0A', ' ', 'a'),
      minLength: 1,
    });
    assert(
      property(awkward, marks, (text, name) => {
        for (const one of [
          { message: text, file: name },
          { message: name, file: text },
        ]) {
          const output = render('github', report([finding(one)]));
          expect(byToolkit(parseCommands(output))).toBe(output);
        }
      }),
    );
  });

  it('are errors, warnings and notices by action, the gravest first, the totals before other notices', () => {
    const commands = parseCommands(render('github', mixed));
    expect(
      commands.map(({ name, properties }) => `${name} ${properties['title']?.split(':')[0] ?? ''}`),
    ).toEqual([
      'error require-memory-limit',
      'error require-memory-limit',
      'warning require-memory-limit',
      'warning require-replicas',
      'notice daygate',
      'notice require-runbook',
      'notice require-liveness-probe',
    ]);
  });

  it('say how many GitHub leaves out of its annotations', () => {
    const many = Array.from({ length: 25 }, (_, index) => finding({ line: index + 1 }));
    const audits = Array.from({ length: 12 }, (_, index) => finding({ line: index + 1, action: 'audit' }));
    const commands = parseCommands(render('github', report([...many, ...audits])));
    expect(commands).toHaveLength(38);
    // 15 errors and, with the totals, 3 notices.
    expect(commands[25]?.data).toContain("18 annotations beyond GitHub's ten of a level");
    const least = finding({ severity: 'low', line: 1 });
    const order = parseCommands(render('github', report([least, finding({ line: 2 })])));
    expect(order.map(({ properties }) => properties['line'])).toEqual(['2', '1', undefined]);
  });

  it('are one notice when all is well, and errors when something could not be checked', () => {
    expect(parseCommands(render('github', clean))).toEqual([
      { name: 'notice', properties: { title: 'daygate' }, data: '1 object judged in 2 files: no findings.' },
    ]);
    const [first, second, totals] = parseCommands(render('github', errorsOnly));
    expect(first).toMatchObject({
      name: 'error',
      properties: { file: 'deploy/broken.yaml', line: '3', col: '7' },
    });
    expect(second).toMatchObject({ name: 'error', data: 'nothing was checked at all' });
    expect(totals?.data).toContain('2 errors');
  });

  it('are one for each place in the source, with what was rendered in the title', () => {
    const commands = parseCommands(render('github', rendered));
    expect(commands.map(({ properties }) => properties['title'])).toEqual([
      'daygate: render-failed',
      'forbid-secret-in-env: Deployment shop/web',
      'require-liveness-probe: Deployment dev-web, Deployment prod-web in overlays/dev, overlays/prod',
      'require-replicas: Deployment shop/web in charts/shop (dev.yaml), charts/shop (stage.yaml)',
      'require-memory-limit: Deployment shop/web, Deployment worker in all 3 renderings of charts/shop',
      'require-replicas: Deployment shop/web in charts/shop (prod.yaml)',
      'daygate',
    ]);
    // A guess has no column, and says that it is one.
    expect(commands[2]?.properties).not.toHaveProperty('col');
    expect(commands[2]?.data).toContain('(the line is a guess)');
    expect(commands[0]?.data).toBe('cannot be rendered (charts/broken)');
    expect(commands[6]?.data).toContain('\ncharts/broken: failed\n'.trimEnd());
    expect(commands[6]?.data).toContain('overlays/clean: 3 of 4 objects judged, no findings');
  });

  it('leave out what the baseline lists, but for its number', () => {
    const [command, totals, ...others] = parseCommands(render('github', compared));
    expect(command?.properties['title']).toBe('require-runbook: Deployment shop/web');
    expect(totals?.data).toContain('5 findings (1 warn, 4 in the baseline)');
    expect(totals?.data).toContain(
      'Listed in daygate-baseline.yaml and no longer found: 2 findings. --write-baseline',
    );
    expect(others).toEqual([]);
  });

  it('cannot be started by a name or a message', () => {
    const commands = parseCommands(render('github', hostileReport));
    expect(commands).toHaveLength(5);
    expect(commands.some(({ data }) => data.trim() === 'injected')).toBe(false);
  });
});
