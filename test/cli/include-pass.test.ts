/** `check --include pass`: what passes is told beside findings, and nothing else changes. */
import { join } from 'node:path';
import type { Log } from 'sarif';
import { describe, expect, it } from 'vitest';
import { checkOutputSchema } from '../../scripts/generate/check-output-schema.ts';
import type { CheckOptions } from '../../src/cli/check.ts';
import { junitProblems } from '../report/junit-schema.ts';
import { sarifProblems } from '../report/sarif-schema.ts';
import { deployment } from './deployment.ts';
import { inFolder, now, runCheck } from './run-check.ts';

const control = 'Pod Security Standards: Privileged Containers (Baseline)';
const only = ['forbid-privileged,require-replicas,require-gitops-actor'];
const include = ['pass'];

const files = {
  'deploy/good.yaml': deployment('good', { replicas: 3 }),
  'deploy/bad.yaml': deployment('bad').replace('image:', 'securityContext: { privileged: true }, image:'),
};

/** The output of `check` on the files, and of any others. */
function checked(options: CheckOptions, more: Readonly<Record<string, string>> = {}) {
  return inFolder({ ...files, ...more }, async (folder) => {
    const paths = ['settings', 'baseline'] as const;
    const placed = Object.fromEntries(
      paths.flatMap((key) => (options[key] === undefined ? [] : [[key, join(folder, options[key])]])),
    );
    const { code, out, err } = await runCheck([join(folder, 'deploy')], { only, ...options, ...placed });
    return { code, out: out.replaceAll(`${folder}/`, ''), err: err.replaceAll(`${folder}/`, '') };
  });
}

async function json(options: CheckOptions = {}, more: Readonly<Record<string, string>> = {}) {
  const { out } = await checked({ include, ...options, output: ['json'] }, more);
  return checkOutputSchema.parse(JSON.parse(out));
}

describe('check --include pass', () => {
  it('says which policies each object passes, which could not judge it, and what controls they answer to', async () => {
    const { objects, policies } = await json();
    const own = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', profile: 'production' };
    const notJudged = ['require-gitops-actor'];
    expect(objects).toEqual([
      { ...own, name: 'bad', file: 'deploy/bad.yaml', passes: [], notJudged },
      {
        ...own,
        name: 'good',
        file: 'deploy/good.yaml',
        passes: ['forbid-privileged', 'require-replicas'],
        notJudged,
      },
    ]);
    expect(policies?.map(({ id, controls }) => [id, controls])).toEqual([
      ['forbid-privileged', [control]],
      ['require-gitops-actor', undefined],
      ['require-replicas', undefined],
    ]);
  });

  it.each(['text', 'json', 'sarif', 'junit', 'github', 'gitlab', 'markdown', 'html'])(
    'adds to %s, and leaves the rest and the exit code as they are',
    async (format) => {
      // Fingerprints are made of the names of files.
      const [without, including] = await inFolder(files, async (folder) =>
        Promise.all([{}, { include }].map((more) => runCheck([folder], { only, ...more, output: [format] }))),
      );
      if (without === undefined || including === undefined) throw new Error('two runs');
      expect(including.code).toBe(without.code);
      const hasPasses = format !== 'github' && format !== 'gitlab';
      expect(including.out === without.out).toBe(!hasPasses);
      expect(including.out.includes(control)).toBe(hasPasses);
      expect(without.out.includes(control)).toBe(false);
    },
  );

  const row = (id: string, ...numbers: readonly number[]): RegExp =>
    new RegExp(String.raw`^  ${id} +${numbers.join(' +')}(?: |$)`, 'm');

  it('counts objects by policy in the text', async () => {
    const { out } = await checked({ include });
    expect(out).toMatch(/^Passes: +pass +finding +not judged$/m);
    expect(out).toMatch(row('forbid-privileged', 1, 1, 0));
    expect(out).toMatch(row('require-replicas', 1, 1, 0));
    expect(out).toMatch(row('require-gitops-actor', 0, 0, 2));
    expect(out).toContain(control);
    expect((await checked({ include, quiet: true })).out).not.toContain('Passes:');
  });

  it('counts what an exception holds back as a finding', async () => {
    const inAMonth = new Date(now + 30 * 86_400_000).toISOString().slice(0, 10);
    const exception = `{ policies: [require-replicas], match: { kind: Deployment, name: bad, namespace: shop }, owner: shop, reason: It goes., expires: ${inAMonth} }`; // prettier-ignore
    const more = { 'daygate.yaml': `exceptions: [${exception}]\n` };
    const settings = 'daygate.yaml';
    const report = await json({ settings }, more);
    expect(report.summary.excepted).toBe(1);
    expect(report.objects?.[0]?.passes).toEqual([]);
    expect((await checked({ include, settings }, more)).out).toMatch(row('require-replicas', 1, 1, 0));
  });

  it('counts what the baseline lists as a finding', async () => {
    await inFolder(files, async (folder) => {
      const [paths, baseline] = [[join(folder, 'deploy')], join(folder, 'baseline.yaml')];
      await runCheck(paths, { only, writeBaseline: baseline });
      const { code, out } = await runCheck(paths, { only, include, baseline });
      expect(code).toBe(0);
      expect(out).toMatch(row('forbid-privileged', 1, 1, 0));
      const sarif = await runCheck(paths, { only, include, baseline, output: ['sarif'] });
      expect(sarifProblems(sarif.out)).toEqual([]);
      const known = await runCheck(paths, { only, include, baseline, output: ['json'] });
      const { objects } = checkOutputSchema.parse(JSON.parse(known.out));
      expect(objects?.map(({ passes }) => passes.length)).toEqual([0, 2]);
    });
  });

  it('names no control that other parameters do not answer to', async () => {
    const chosen = { only: ['bound-volume-types'] };
    const volumes = 'Pod Security Standards: Volume Types (Restricted)';
    expect((await json(chosen)).policies?.[0]?.controls).toEqual([volumes]);
    expect(
      (await json({ ...chosen, set: ['bound-volume-types.types=["hostPath"]'] })).policies?.[0]?.controls,
    ).toBeUndefined();
  });

  it('writes passes into SARIF as results of that kind', async () => {
    const { out } = await checked({ include, output: ['sarif'] });
    expect(sarifProblems(out)).toEqual([]);
    const { results = [], tool } = (JSON.parse(out) as Log).runs[0] ?? {};
    const passed = results.filter(({ kind }) => kind === 'pass');
    expect(passed.map(({ ruleId, level, message }) => [ruleId, level, message.text])).toEqual([
      ['forbid-privileged', 'none', 'Deployment shop/good passes forbid-privileged.'],
      ['require-replicas', 'none', 'Deployment shop/good passes require-replicas.'],
    ]);
    expect(passed[0]?.locations?.[0]?.physicalLocation?.artifactLocation?.uri).toMatch(/deploy\/good\.yaml$/);
    expect(tool?.driver.rules?.[passed[0]?.ruleIndex ?? -1]?.properties?.['controls']).toEqual([control]);
  });

  it('writes passes into JUnit as test cases that pass, in place of one for the whole object', async () => {
    const { out } = await checked({ include, output: ['junit'] });
    expect(await junitProblems(out)).toEqual([]);
    expect(out).not.toContain('no findings');
    expect(out).toContain(
      `<testcase name="forbid-privileged" classname="deploy/good.yaml: Deployment shop/good" time="0"><system-out>${control}</system-out></testcase>`,
    );
    expect(out).toContain(
      '<testcase name="require-replicas" classname="deploy/good.yaml: Deployment shop/good" time="0"/>',
    );
    expect(out).toMatch(/<testsuite name="deploy\/bad.yaml" tests="2" failures="2"/);
  });

  it('is a table in Markdown and HTML', async () => {
    const markdown = (await checked({ include, output: ['markdown'] })).out;
    expect(markdown).toContain(`| <code>forbid-privileged</code><br>${control} | 1 | 1 | 0 |`);
    const html = (await checked({ include, output: ['html'] })).out;
    expect(html).toMatch(/<code>require-gitops-actor<\/code><\/th>(?:<td [^>]*>\d<\/td>){3}<\/tr>/);
  });

  it('refuses to include what there is not', async () => {
    expect(await checked({ include: ['fail'] })).toMatchObject({
      code: 2,
      err: 'there is no --include fail (known: pass)',
    });
  });
});
