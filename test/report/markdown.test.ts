import { describe, expect, it } from 'vitest';
import { allKnown, clean, compared, finding, mixed, render, rendered, report } from './sample-reports.ts';

describe('Markdown', () => {
  it('leads with the verdict and folds the findings of each object', () => {
    const text = render('markdown', mixed);
    expect(text).toMatch(
      /^### ❌ daygate: 6 findings \(2 deny, 2 warn, 1 audit, 1 excepted\)\n\n3 objects judged in 2 files\.\n/,
    );
    expect(text).toContain(
      '<summary><b>Deployment shop/web</b> · deploy/web.yaml · ❌ 2 deny, ⚠️ 2 warn, 📝 1 audit</summary>',
    );
    expect(text.match(/<details/g)).toHaveLength(text.match(/<\/details>/g)?.length ?? 0);
    expect(render('markdown', clean)).toBe('### ✅ daygate: no findings\n\n1 object judged in 2 files.\n');
  });

  it('stays below what a comment holds, and says what it leaves out', () => {
    const many = Array.from({ length: 3_000 }, (_, index) =>
      finding({
        line: index + 1,
        object: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: `p-${Math.trunc(index / 40)}` },
      }),
    );
    const text = render('markdown', report(many));
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text.length).toBeGreaterThan(60_000);
    const shown = text.match(/^\| ❌ /gm)?.length ?? 0;
    expect(text).toContain(`**${3_000 - shown} findings not shown**`);
    expect(text.match(/<details/g)).toHaveLength(text.match(/<\/details>/g)?.length ?? 0);
  });

  it('has a table of the renderings, and the findings of an object once for all that share them', () => {
    const text = render('markdown', rendered);
    expect(text).toContain(
      [
        '| Rendering | Findings | Scope |',
        '|---|---|---|',
        '| charts/shop (dev.yaml) | 2 findings | 3 of 4 objects judged |',
      ].join('\n'),
    );
    expect(text).toContain('| overlays/clean | ✅ no findings | 3 of 4 objects judged |');
    expect(text).toContain('| charts/broken | ❌ failed |  |');
    expect(text).toContain(
      '<summary><b>Deployment dev-web, Deployment prod-web</b> · base/web.yaml in overlays/dev, overlays/prod · ❌ 1 deny</summary>',
    );
    expect(text).toContain('| ❌ deny | ≈20 |');
  });

  it('counts what the baseline lists, and lists what it lists in vain', () => {
    expect(render('markdown', allKnown)).toContain(
      [
        '### ✅ daygate: no new findings (4 in the baseline)',
        '',
        '4 objects judged in 2 files and 2 renderings. The baseline <code>daygate-baseline.yaml</code> lists 4 findings, not shown here.',
      ].join('\n'),
    );
    const text = render('markdown', compared);
    expect(text).toContain(
      '<summary><b>Listed in daygate-baseline.yaml and no longer found</b> (1)</summary>',
    );
    expect(text).toContain('(deploy/gone.yaml, 2 times)');
    expect(text).toContain('the exception of team-checkout ended on 2026-01-31');
  });

  it('counts findings that it leaves out, not rows', () => {
    const labels = ['dev', 'prod'];
    const many = Array.from({ length: 1_500 }, (_, index) =>
      labels.map((label) => finding({ render: label, line: index + 1, file: `t-${index % 30}.yaml` })),
    ).flat();
    const text = render('markdown', report(many));
    const shown = text.match(/^\| ❌ /gm)?.length ?? 0;
    expect(shown).toBeGreaterThan(50);
    expect(text).toContain(`**${3_000 - 2 * shown} findings not shown**`);
  });

  it('lets no character of a name mean anything', () => {
    expect(render('markdown', report([finding({ locator: 'a`b|c_d*[e]<f>' })]))).toContain(
      '<code>a\\`b\\|c\\_d\\*\\[e\\]&lt;f&gt;</code>',
    );
  });
});
