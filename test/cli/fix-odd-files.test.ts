/** What `fix` makes of files as people write them, held against what they would have written: odd-files.ts. */
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

  it('of many files', () => {
    expect(new Set(oddFiles.map(([name]) => name)).size).toBe(oddFiles.length);
    expect(oddFiles.length).toBeGreaterThan(120);
  });
});
