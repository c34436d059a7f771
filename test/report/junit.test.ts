import { describe, expect, it } from 'vitest';
import { junitProblems } from './junit-schema.ts';
import { allKnown, clean, compared, errorsOnly, finding, hostileReport, mixed } from './sample-reports.ts';
import { render, rendered, report } from './sample-reports.ts';

function totals(text: string): string {
  return /<testsuites [^>]*>/.exec(text)?.[0] ?? '';
}

describe('JUnit XML', () => {
  it.each([
    ['findings', mixed],
    ['a clean run', clean],
    ['errors alone', errorsOnly],
    ['hostile texts', hostileReport],
    ['renderings', rendered],
    ['a baseline', compared],
  ])('is valid with %s', async (_, input) => {
    expect(await junitProblems(render('junit', input))).toEqual([]);
  });

  it('is held against a schema that objects', async () => {
    const text = render('junit', mixed);
    expect(await junitProblems(text.replace(' name="daygate"', ' title="daygate"'))).not.toEqual([]);
    expect(await junitProblems(text.replace('</testsuites>', ''))).not.toEqual([]);
  });

  it('has a test for each finding, and one that passes for each object without any', () => {
    const text = render('junit', mixed);
    // 2 denials and 2 warnings fail, audit passes, the exception and the gap are skipped, Service and coverage pass.
    expect(totals(text)).toContain('tests="9" failures="4" errors="0"');
    expect(text).toContain(
      '<testcase name="no findings" classname="deploy/web.yaml: Service shop/ready" time="0"/>',
    );
    expect(text).toContain(
      '<skipped message="excepted until 2027-03-31 by team-checkout: moves to a queue">',
    );
  });

  it('gives no two tests the same name', () => {
    const names = [...render('junit', mixed).matchAll(/<testcase name="([^"]*)" classname="([^"]*)"/g)];
    expect(new Set(names.map(([, name, group]) => `${group ?? ''} ${name ?? ''}`)).size).toBe(9);
  });

  it('passes tests when all is well: nothing ran looks different', () => {
    expect(totals(render('junit', clean))).toContain('tests="2" failures="0" errors="0"');
    const text = render('junit', errorsOnly);
    expect(totals(text)).toContain('tests="3" failures="0" errors="3"');
    expect(text).toContain('deploy/broken.yaml:3:7: the document is no object</error>');
  });

  it('has a suite for each rendering, also for one that is clean and one that failed', () => {
    const text = render('junit', rendered);
    const suites = new Map(
      [...text.matchAll(/<testsuite name="([^"]*)" tests="(\d+)" failures="(\d+)" errors="(\d+)"/g)].map(
        ([, name = '', ...numbers]) => [name, numbers.join(' ')],
      ),
    );
    expect(Object.fromEntries(suites)).toMatchObject({
      'charts/shop (dev.yaml)': '3 2 0',
      'charts/shop (prod.yaml)': '4 3 0',
      'overlays/clean': '1 0 0',
      'charts/broken': '1 0 1',
      'deploy/web.yaml': '2 1 0',
    });
    expect(text).toContain(
      '<testcase name="rendered" classname="overlays/clean" time="0"><system-out>3 of 4 objects judged, for Kubernetes 1.36</system-out>',
    );
    expect(text).toContain(
      'classname="charts/shop (dev.yaml): charts/shop/templates/web.yaml: Deployment shop/web"',
    );
    expect(text).toContain('charts/shop/templates/web.yaml:≈14 high');
  });

  it('passes an object in one rendering that has findings in another', () => {
    const [worker] = rendered.findings.slice(-1);
    const judged = ['charts/shop (dev.yaml)', 'charts/shop (prod.yaml)'].map((label) => ({
      ...{ file: 'charts/shop/templates/web.yaml', render: label, profile: 'baseline', skipped: [] },
      object: worker?.object ?? { apiVersion: '', kind: '', name: '' },
    }));
    const text = render('junit', { ...rendered, judged });
    expect([...text.matchAll(/name="no findings" classname="([^"]*)"/g)].map(([, name]) => name)).toEqual([
      'charts/shop (dev.yaml): charts/shop/templates/web.yaml: Deployment worker',
    ]);
  });

  it('skips what the baseline lists, and what it lists in vain', () => {
    expect(totals(render('junit', allKnown))).toContain('failures="0" errors="0"');
    const text = render('junit', compared);
    expect(text.match(/<skipped message="in the baseline: deny without it">/g)).toHaveLength(4);
    expect(text).toContain('name="Listed in daygate-baseline.yaml and no longer found"');
    expect(text).toContain(
      'require-image-digest at spec.template of Deployment shop/gone (deploy/gone.yaml, 2 times)',
    );
  });

  it('keeps the text of messages', () => {
    const text = render('junit', report([finding({ message: 'a < b && c > "d"' })]));
    expect(text).toContain('message="a &lt; b &amp;&amp; c &gt; &quot;d&quot;"');
  });
});
