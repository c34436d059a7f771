/** What `fix` makes of files as people write them, held against what they would have written: odd-files.ts. */
import { applyPatch } from 'diff';
import { describe, expect, it } from 'vitest';
import { oddFiles } from './odd-files.ts';
import { runFix } from './run-fix.ts';

describe('fix keeps the layout of a file:', () => {
  it.each(oddFiles)('%s', async (_, only, before, after) => {
    const options = { only: only.split(','), suggestions: true };
    const { code, out } = await runFix(['-'], options, before);
    if (after === 'refused') {
      expect(code).toBe(2);
      // What cannot be read at all is not passed on either.
      expect(['', before]).toContain(out);
      return;
    }
    expect(out).toBe(after);
    expect(code).toBe(0);
    expect(await runFix(['-'], options, out)).toMatchObject({
      code: 0,
      out,
      err: expect.stringMatching(/^nothing to fix\n/) as string,
    });
  });

  it.each(oddFiles.filter(([, , , after]) => after !== 'refused'))('and says in a diff what it would write: %s', async (_, only, before, after) => {
    const { out, err } = await runFix(['-'], { only: only.split(','), suggestions: true, diff: true }, before);
    const patched = before === after ? after : applyPatch(before, out, { autoConvertLineEndings: false });
    expect(patched === after).toBe(!err.includes('masked or cut: it is to be read, and not to be applied'));
  }); // prettier-ignore

  it('of many files', () => {
    expect(new Set(oddFiles.map(([name]) => name)).size).toBe(oddFiles.length);
    expect(oddFiles.length).toBeGreaterThan(120);
  });
});
