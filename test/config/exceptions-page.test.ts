/** The settings that docs/exceptions.md shows are settings that daygate takes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { policies } from '../../policies/index.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { compileOrThrow } from '../../src/config/settings-file.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/exceptions.md'), 'utf8');
const examples = [...page.matchAll(/^```yaml\n([\s\S]+?)^```$/gm)].map(([, text = '']) => text);

it.each(examples)('an example of the page on exceptions compiles: %s', (text) => {
  const { exceptions } = compileOrThrow(parseSettings(text, 'docs/exceptions.md'), policies, {
    now: Date.parse('2026-11-21T12:00:00Z'),
  });
  expect(exceptions.length).toBeGreaterThan(0);
});

it('the page has examples', () => {
  expect(examples.length).toBe(2);
});
