import { describe, expect, it } from 'vitest';
import { renderContext } from '../../src/cli/output.ts';
import { htmlReport } from '../../src/report/html/page.ts';
import { textReport } from '../../src/report/text.ts';
import { allKnown, clean, compared, errorsOnly, finding, mixed, rendered, report } from './sample-reports.ts';

const long =
  'Set resources.limits.memory, for example 256Mi, to what the container needs under load and no more.';

describe('the text report', () => {
  it('ends with what was looked at and what came of it', () => {
    const last = (text: string) => text.trimEnd().split('\n').at(-1);
    expect(last(textReport(mixed))).toBe(
      '3 objects judged in 2 files: 6 findings (2 deny, 2 warn, 1 audit, 1 excepted).',
    );
    expect(last(textReport(clean))).toBe('1 object judged in 2 files: no findings.');
    expect(last(textReport(errorsOnly))).toBe('0 objects judged in 1 file: 2 errors.');
    const coverage = { files: 2, objects: 12, judged: 10 };
    expect(last(textReport({ ...clean, coverage }))).toBe('10 of 12 objects judged in 2 files: no findings.');
  });

  it('fits a narrow terminal, with what belongs together below each other', () => {
    const findings = [finding({ remediation: long, excerpt: `        command: ${'x'.repeat(100)}` })];
    const lines = textReport(report(findings), { columns: 80 }).split('\n');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    const start = lines.findIndex((line) => line.includes('→'));
    expect(lines.slice(start, start + 2)).toEqual([
      '             → Set resources.limits.memory, for example 256Mi, to what the',
      '               container needs under load and no more.',
    ]);
    // What cannot be broken stays whole: a locator has to be copied.
    const locator = `spec.${'a'.repeat(90)}`;
    expect(textReport(report([finding({ locator })]), { columns: 80 })).toContain(`at ${locator}\n`);
  });

  it('breaks no line where nobody says how wide it may be', () => {
    expect(textReport(report([finding({ remediation: long })]))).toContain(`→ ${long}\n`);
  });

  it('says once what several renderings say, in which of them it is, and counts both', () => {
    const text = textReport(rendered);
    const titles = text.split('\n').filter((line) => /^\S+\.yaml: /.test(line));
    expect(titles).toEqual([
      'deploy/web.yaml: Deployment shop/web',
      'base/web.yaml: Deployment dev-web, Deployment prod-web in overlays/dev, overlays/prod',
      'charts/shop/templates/web.yaml: Deployment shop/web in charts/shop (dev.yaml), charts/shop (stage.yaml)',
      'charts/shop/templates/web.yaml: Deployment shop/web, Deployment worker in all 3 renderings of charts/shop',
      'charts/shop/templates/web.yaml: Deployment shop/web in charts/shop (prod.yaml)',
    ]);
    expect(text).toMatch(/: 10 findings \(10 deny\) at 5 places and 1 error\.\n$/);
  });

  it('says of no finding that it is in all renderings where one of them failed', () => {
    const [, ...others] = rendered.renderings ?? [];
    const failed = { label: 'charts/shop (dev.yaml)', path: 'charts/shop', kubernetes: '1.36' };
    const renderings = [{ ...failed, objects: 0, judged: 0 }, ...others];
    const findings = rendered.findings.filter(({ render }) => render !== failed.label);
    expect(textReport({ ...rendered, findings, renderings })).toContain(
      'Deployment shop/web, Deployment worker in charts/shop (stage.yaml), charts/shop (prod.yaml)\n',
    );
  });

  it('shows a line once, however many of its columns are at fault', () => {
    const flow = report([8, 20, 31].map((column) => finding({ column, excerpt: 'spec: { hostPID: true }' })));
    expect(textReport(flow).split('hostPID')).toHaveLength(2);
    expect(htmlReport(flow, renderContext()).split('hostPID')).toHaveLength(2);
  });

  it('shows a line of a template as each rendering has it', () => {
    const at = { ...rendered, findings: rendered.findings.filter(({ line }) => line === 14) };
    const images = at.findings.map((one, index) => ({ ...one, excerpt: `  image: web:${index % 3}` }));
    expect(textReport({ ...at, findings: images })).toContain(
      '  ≈14 │   image: web:0\n      │   image: web:1\n      │   image: web:2\n        deny  app has',
    );
    const many = at.findings.map((one, index) => ({ ...one, excerpt: `  image: web:${index}` }));
    expect(textReport({ ...at, findings: many })).toContain('web:2\n      │ …\n        deny ');
  });

  it('marks lines that are guesses, and says how each rendering went', () => {
    const text = textReport(rendered);
    expect(text).toMatch(/^ {2}≈9 │ .*\n(?: {7}.*\n){3}\n.*\n {2}≈14 │ /m);
    expect(text).toContain('error Chart.yaml: cannot be rendered (charts/broken)\n');
    expect(text).toContain(
      [
        'Rendered:',
        '  charts/shop (dev.yaml): 3 of 4 objects judged, 2 findings',
        '  charts/shop (stage.yaml): 3 of 4 objects judged, 2 findings',
        '  charts/shop (prod.yaml): 3 of 4 objects judged, 3 findings',
        '  overlays/dev: 3 of 4 objects judged, 1 finding',
        '  overlays/prod: 3 of 4 objects judged, 1 finding',
        '  overlays/clean: 3 of 4 objects judged, no findings',
        '  charts/broken: failed',
      ].join('\n'),
    );
    expect(text).toContain('at env (fingerprint 0123abcd)\n');
  });

  it('counts what the baseline lists, and lists what it lists in vain', () => {
    expect(textReport(allKnown).trimEnd().split('\n').slice(-4)).toEqual([
      'Listed in daygate-baseline.yaml and no longer found: --write-baseline daygate-baseline.yaml in place of --baseline takes them out, and lists what is new',
      '  require-image-digest at spec.template of Deployment shop/gone (deploy/gone.yaml, 2 times)',
      '',
      '4 objects judged in 2 files and 2 renderings: no new findings (4 in the baseline).',
    ]);
    expect(textReport(compared)).toContain('charts/shop (dev.yaml): 3 of 4 objects judged, no new findings');
    expect(textReport(compared)).not.toContain('require-replicas');
  });

  it('says in a long report what is wrong most often', () => {
    const many = Array.from({ length: 60 }, (_, index) =>
      finding({
        policy: index < 40 ? 'require-memory-limit' : 'require-replicas',
        object: { apiVersion: 'v1', kind: 'Pod', name: `p-${index % 30}` },
      }),
    );
    expect(textReport(report(many))).toContain(
      'Most often:\n  40 require-memory-limit in 30 objects\n  20 require-replicas in 20 objects\n',
    );
    expect(textReport(mixed)).not.toContain('Most often');
  });

  it('counts there what renderings share once', () => {
    const [, , , first] = rendered.findings;
    const many = ['dev', 'prod'].flatMap((values) =>
      Array.from({ length: 50 }, (_, line) =>
        finding({ ...first, render: `charts/shop (${values}.yaml)`, line }),
      ),
    );
    expect(textReport({ ...rendered, findings: many })).toContain(
      'Most often:\n  50 require-replicas in 1 object\n',
    );
    expect(textReport({ ...rendered, findings: many.filter(({ line }) => line > 0) })).not.toContain(
      'Most often',
    );
  });
});
