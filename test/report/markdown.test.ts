import { describe, expect, it } from 'vitest';
import { clean, finding, mixed, render, report } from './sample-reports.ts';

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

  it('lets no character of a name mean anything', () => {
    expect(render('markdown', report([finding({ locator: 'a`b|c_d*[e]<f>' })]))).toContain(
      '<code>a\\`b\\|c\\_d\\*\\[e\\]&lt;f&gt;</code>',
    );
  });
});
