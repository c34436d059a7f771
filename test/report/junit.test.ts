import { describe, expect, it } from 'vitest';
import { junitProblems } from './junit-schema.ts';
import { clean, errorsOnly, finding, hostileReport, mixed, render, report } from './sample-reports.ts';

function totals(text: string): string {
  return /<testsuites [^>]*>/.exec(text)?.[0] ?? '';
}

describe('JUnit XML', () => {
  it.each([
    ['findings', mixed],
    ['a clean run', clean],
    ['errors alone', errorsOnly],
    ['hostile texts', hostileReport],
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

  it('keeps the text of messages', () => {
    const text = render('junit', report([finding({ message: 'a < b && c > "d"' })]));
    expect(text).toContain('message="a &lt; b &amp;&amp; c &gt; &quot;d&quot;"');
  });
});
