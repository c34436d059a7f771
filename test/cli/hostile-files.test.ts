import { describe, expect, it } from 'vitest';
import { hostileFiles } from './hostile-files.ts';
import { checkText, runCheck } from './run-check.ts';

describe('hostile files', () => {
  it('are many', () => {
    expect(hostileFiles.length).toBeGreaterThanOrEqual(60);
  });

  it.each(hostileFiles)('$name', { timeout: 5_000 }, async ({ content, code, says }) => {
    const result = await checkText(content, { only: ['forbid-latest-tag'] });
    const errors = JSON.stringify(result.json.errors);
    expect([result.code, errors]).toEqual([code, errors]);
    // A fault must never look like success, and an error always says what it is about.
    expect(result.json.errors.length > 0).toBe(code === 2);
    for (const { message } of result.json.errors) expect(message).not.toBe('');
    if (says !== undefined) expect(errors).toMatch(says);
    const { out } = await runCheck(['-'], { only: ['forbid-latest-tag'] }, content);
    expect(
      Array.from(out).filter((letter) => letter !== '\n' && (letter < ' ' || letter === '\u007f')),
    ).toEqual([]);
  });

  it('judge what all policies see in them without a fault', { timeout: 60_000 }, async () => {
    for (const { name, content } of hostileFiles) {
      const { code, json } = await checkText(content);
      expect(
        json.errors.filter((error) => error.code === 'internal' || error.code === 'policy-failed'),
        name,
      ).toEqual([]);
      expect(code, name).not.toBe(3);
    }
  });
});
