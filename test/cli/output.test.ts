import { spawnSync } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { junitProblems } from '../report/junit-schema.ts';
import { parseCommands } from '../report/github-runner.ts';
import { sarifProblems } from '../report/sarif-schema.ts';
import { formats } from '../../src/report/format-names.ts';
import { inFolder, runCheck } from './run-check.ts';
import { main, runProgram } from './run-program.ts';

const examples = join(import.meta.dirname, '../../examples');

describe('check -o', () => {
  it('writes all formats at once, and nothing but the one to standard output', async () => {
    await inFolder({}, async (folder) => {
      const files = formats.filter((format) => format !== 'github');
      const output = ['github', ...files.map((format) => `${format}=${join(folder, format)}`)];
      const { code, out, err } = await runCheck([examples], { output });
      expect([code, err]).toEqual([1, '']);
      expect(parseCommands(out).length).toBeGreaterThan(20);
      for (const format of files) {
        const alone = await runCheck([examples], { output: [format] });
        expect(readFileSync(join(folder, format), 'utf8'), format).toBe(alone.out);
      }
    });
  });

  it.each(['first-draft.yaml', 'ready.yaml'])('writes valid SARIF and JUnit for %s', async (name) => {
    const path = join(examples, name);
    const { out: sarif, code } = await runCheck([path], { output: ['sarif'] });
    expect(code).toBe(name === 'ready.yaml' ? 0 : 1);
    expect(sarifProblems(sarif)).toEqual([]);
    const { out: junit } = await runCheck([path], { output: ['junit'] });
    expect(await junitProblems(junit)).toEqual([]);
    expect(junit.includes('<failure')).toBe(name !== 'ready.yaml');
  });

  it('has no credential in any format', async () => {
    for (const format of formats) {
      const { out } = await runCheck([join(examples, 'first-draft.yaml')], { output: [format] });
      expect(out).toContain('forbid-secret-in-env');
      expect(out, format).not.toContain('correct-horse');
    }
  });

  it('counts columns as UTF-16 does, which is what SARIF says', async () => {
    const pod =
      '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"😀"},"spec":{"replicas":1,"containers":[]}}';
    const { out } = await runCheck(['-'], { output: ['sarif'], only: ['forbid-unknown-field'] }, pod);
    const column = Number(/"startColumn": (\d+)/.exec(out)?.[1]);
    expect(pod.slice(column - 1)).toMatch(/^"replicas"/);
  });

  it.each<[string, readonly string[], string]>([
    [
      'two formats to standard output',
      ['text', 'json'],
      'only one format goes to standard output: write -o json=FILE',
    ],
    ['the same with a dash', ['json', 'sarif=-'], 'only one format goes to standard output'],
    ['two formats to one file', ['json=a', 'sarif=a'], 'two formats go to a: give each a file of its own'],
    [
      'two formats to one file by two names',
      ['json=a', 'sarif=./a'],
      'two formats go to ./a: give each a file',
    ],
    ['a format that is none', ['sarrif'], 'there is no output format sarrif: did you mean sarif?'],
    ['a file without a name', ['sarif='], 'write sarif=FILE'],
  ])('refuses %s', async (_, output, message) => {
    const result = await runCheck([examples], { output });
    expect(result.err).toContain(message);
    expect([result.code, result.out]).toEqual([2, '']);
  });

  it('writes what it can where a file cannot be written', async () => {
    await inFolder({}, async (folder) => {
      const [full, other] = [join(folder, 'full'), join(folder, 'other')];
      for (const link of [full, other]) symlinkSync('/dev/full', link);
      const output = [`sarif=${full}`, 'text', `json=${join(folder, 'x.json')}`, `html=${other}`];
      const { code, out, err } = await runCheck([examples], { output });
      expect(code).toBe(2);
      expect(out).toContain('findings');
      expect(readFileSync(join(folder, 'x.json'), 'utf8')).toContain('"version": 1');
      expect(err.match(/cannot write the report/g)).toHaveLength(2);
    });
  });

  it.each([
    ['check web.yaml -o json=./web.yaml', './web.yaml'],
    ['check web.yaml -o text -o sarif=link', 'link'],
    ['check -f web.yaml --settings daygate.yaml -o json=daygate.yaml', 'daygate.yaml'],
    ['check web.yaml -o json=daygate.yaml', 'daygate.yaml'],
    ['check . --baseline known.json -o json=known.json', 'known.json'],
    ['check . --write-baseline new.json -o json=new.json', 'new.json'],
    ['check . --crds crds.yaml -o json=crds.yaml', 'crds.yaml'],
    ['merge a.json b.json -o json=b.json', 'b.json'],
    ['audit --kubeconfig config -o json=config', 'config'],
    ['render --settings daygate.yaml -o daygate.yaml', 'daygate.yaml'],
    ['render --ca-bundle ca.pem -o ca.pem', 'ca.pem'],
  ])('reads no file that it would write over: %s', async (command, file) => {
    const names = ['web.yaml', 'daygate.yaml', 'known.json', 'crds.yaml', 'a.json', 'b.json', 'config', 'ca.pem'];
    await inFolder(Object.fromEntries(names.map((name) => [name, '{}'])), (folder) => {
      symlinkSync('web.yaml', join(folder, 'link'));
      const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...command.split(' ')], { cwd: folder, encoding: 'utf8' });
      expect([status, stdout, stderr]).toEqual([2, '', `daygate: ${file} is read, and would be written over: write to another file\n`]);
      for (const name of names) expect(readFileSync(join(folder, name), 'utf8')).toBe('{}');
      return Promise.resolve();
    });
  }); // prettier-ignore

  it('judges nothing where a report has no place to go, and leaves earlier reports as they are', async () => {
    await inFolder({ 'x.json': 'earlier', 'a/file': '' }, async (folder) => {
      const places = ['/no/such/folder/x', join(folder, 'a'), join(folder, 'a/file/x')];
      const output = ['text', `json=${join(folder, 'x.json')}`, ...places.map((place) => `sarif=${place}`)];
      const { code, out, err } = await runCheck([examples], { output });
      expect([code, out]).toEqual([2, '']);
      expect(err.split('\n')).toEqual([
        'cannot write the report to /no/such/folder/x: no such file or folder',
        `cannot write the report to ${join(folder, 'a')}: is a folder`,
        `cannot write the report to ${join(folder, 'a/file/x')}: what is named as a folder on the way to it is a file`,
      ]);
      expect(readFileSync(join(folder, 'x.json'), 'utf8')).toBe('earlier');
    });
  });

  it('of an audit is tried before it talks to a cluster', async () => {
    const { code, err } = await runProgram(['audit', '-o', 'json=/no/such/x', '--kubeconfig', '/no/such/y']);
    expect(err).toBe('daygate: cannot write the report to /no/such/x: no such file or folder\n');
    expect(code).toBe(2);
  });
});
