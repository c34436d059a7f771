import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { readManifests } from '../../../src/cli/yaml/read-manifests.ts';
import { oddShapes } from './odd-shapes.ts';
import { processorMs } from '../../../src/policy-test/processor-time.ts';

const marks = [
  ...[
    'a',
    'b: ',
    ':',
    ' ',
    '\n',
    '\n  ',
    '- ',
    '? ',
    '[',
    ']',
    '{',
    '}',
    ',',
    '"',
    "'",
    '#',
    '|',
    '>',
    '&x ',
    '*x',
  ],
  ...[
    '<<: ',
    '!!int ',
    '1',
    '\t',
    '\\',
    '...',
    '\n---\n',
    '%',
    '{{',
    '}}',
    'data:',
    '\r',
    '\u0000',
    '\u2028',
    'é',
  ],
];
const piece = fc.oneof(fc.constantFrom(...marks), fc.string({ maxLength: 3 }));
const soup = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));

describe('whatever the text', () => {
  test('reading, locating and excerpts never throw', () => {
    fc.assert(
      fc.property(soup, fc.boolean(), (text, isObject) => {
        const file = readManifests(isObject ? `apiVersion: v1\nkind: X\na: ${text}` : text);
        for (const { locate } of file.manifests) locate(['a', 0, 'b']);
        for (let line = 0; line < 10; line++) file.excerpt(line);
        for (const { message } of file.problems) expect(message).not.toBe('');
      }),
      { numRuns: 3000 },
    );
  });

  test('bytes never throw', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readManifests(bytes)));
  });

  test('a value in data shows up in no excerpt and no problem', () => {
    fc.assert(
      fc.property(soup, (text) => {
        const file = readManifests(`apiVersion: v1\nkind: X\ndata:\n  k: hunter2${text}\nargs: [hunter2]\n`);
        const lines = Array.from({ length: 60 }, (_, line) => file.excerpt(line));
        const isKey = file.manifests.some(({ object }) => /hunter2[^"]*":/.test(JSON.stringify(object)));
        if (!isKey) expect(lines.join('\n')).not.toContain('hunter2');
        const others = file.problems.filter(({ code }) => code !== 'yaml-duplicate-key');
        expect(JSON.stringify(others)).not.toContain('hunter2');
      }),
      { numRuns: 2000 },
    );
  });

  test('JSON is read as JSON.parse reads it, on its own and as YAML', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false, maxDepth: 4 }), (a) => {
        const expected: unknown = JSON.parse(JSON.stringify({ apiVersion: 'v1', kind: 'X', a }));
        const text = JSON.stringify(expected);
        const [manifest] = readManifests(text).manifests;
        expect(JSON.stringify(manifest?.object)).toBe(text);
        const yaml = readManifests(
          stringify(expected, { version: '1.1', defaultStringType: 'QUOTE_DOUBLE' }),
        );
        if (yaml.problems.length === 0) expect(yaml.manifests[0]?.object).toEqual(JSON.parse(text));
      }),
      { numRuns: 300 },
    );
  });
});

test.each([
  '[',
  '{',
  '{{ ',
  '- ',
  '? ',
  'a: ',
  '&a ',
  '"',
  "'",
  ']',
  '*a ',
  '\n',
  '---\n',
  '# x\n',
  '" {{ ',
  '|\n ',
])('a long run of %j is answered in time', (text) => {
  const took = processorMs(() => {
    readManifests(text.repeat(20_000));
    readManifests(`apiVersion: v1\nkind: X\na: ${text.repeat(20_000)}`);
  });
  expect(took).toBeLessThan(10_000);
});

test('odd shapes are many and named once', () => {
  expect(oddShapes.length).toBeGreaterThanOrEqual(200);
  expect(new Set(oddShapes.map(({ name }) => name)).size).toBe(oddShapes.length);
  for (const { text } of oddShapes) readManifests(text);
});
