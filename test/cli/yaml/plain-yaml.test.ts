/**
 * Two parsers may not differ: whatever the fast reader takes, the thorough one, which is held against Kubernetes
 * itself, has to read alike, places included. What the fast one refuses is only slow.
 */
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parsePlainYaml } from '../../../src/cli/yaml/plain-yaml.ts';
import type { SourceNode } from '../../../src/cli/yaml/source-node.ts';
import { splitDocuments } from '../../../src/cli/yaml/split-documents.ts';
import { parseThoroughly } from '../../../src/cli/yaml/thorough-yaml.ts';
import { oddShapes } from './odd-shapes.ts';

const root = join(import.meta.dirname, '../../..');

function documentsOf(text: string): readonly string[] {
  return splitDocuments(text, 0)
    .filter(({ fault }) => fault === undefined)
    .map(({ start, end }) => text.slice(start, end));
}

const manifests = ['policies', 'examples', 'deploy', 'test/cli/golden-positions']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  )
  .filter((file) => file.endsWith('.yaml'))
  .flatMap((file) => documentsOf(readFileSync(join(root, file), 'utf8')));

/** Where an empty value is thought to be differs, and nothing asks. */
function withoutEmptyPlaces(node: SourceNode): unknown {
  if (node.kind === 'list') {
    return { ...node, items: node.items.map((item) => ({ ...item, value: withoutEmptyPlaces(item.value) })) };
  }
  if (node.kind === 'scalar') return node.start === node.end ? node.value : node;
  const entries = [...node.entries].map(([name, entry]) => [
    name,
    { ...entry, value: withoutEmptyPlaces(entry.value) },
  ]);
  return { ...node, entries };
}

/** Whether the fast reader takes the text; it has to read what the thorough one reads then. */
function isReadAlike(text: string): boolean {
  const plain = parsePlainYaml(text, 7);
  if (plain === undefined) return false;
  const thorough = parseThoroughly(text, 7, () => 0);
  expect(thorough.duplicates).toEqual([]);
  expect(withoutEmptyPlaces(plain)).toEqual(thorough.root && withoutEmptyPlaces(thorough.root));
  return true;
}

describe('what the fast reader takes, the thorough one reads alike', () => {
  test('in all manifests at hand, of which it takes nearly all', () => {
    const taken = manifests.filter(isReadAlike);
    expect(manifests.length).toBeGreaterThan(1000);
    expect(taken.length / manifests.length).toBeGreaterThan(0.95);
  });

  test('in odd shapes', () => {
    const documents = oddShapes.flatMap(({ text }) => documentsOf(text));
    expect(documents.filter(isReadAlike).length).toBeGreaterThan(50);
  });

  test('in manifests with a few characters changed', { timeout: 60_000 }, () => {
    const marks = ['a', 'b: ', ':', ' ', '\n', '\n  ', '- ', '\n- ', '? ', '[', ']', '{', '}', ',', '"', "'"];
    const more = [
      '#',
      ' #',
      '|',
      '>',
      ': |\n',
      ': >-\n',
      '|+\n',
      '|2\n',
      '\\',
      '\\n',
      '<<: ',
      '...',
      '%',
      '!',
    ];
    const values = [
      'null',
      '~',
      '0x1f',
      '1_000',
      'yes',
      '1e3',
      '.inf',
      '-0',
      '12:30',
      '--',
      '@',
      '\u00a0',
      '😀',
    ];
    const change = fc.record({
      at: fc.nat(1000),
      cut: fc.constantFrom(0, 0, 1, 2, 3),
      mark: fc.constantFrom('', ...marks, ...more, ...values),
    });
    const short = manifests.filter(({ length }) => length > 20 && length < 1000);
    let taken = 0;
    const property = fc.property(
      fc.constantFrom(...short),
      fc.array(change, { minLength: 1, maxLength: 4 }),
      (text, changes) => {
        let changed = text;
        for (const { at, cut, mark } of changes)
          changed = changed.slice(0, at) + mark + changed.slice(at + cut);
        if (isReadAlike(changed)) taken++;
      },
    );
    fc.assert(property, { numRuns: 4000 });
    expect(taken).toBeGreaterThan(400);
  });
});

test.each([
  ['an anchor', 'a: &x 1\n'],
  ['an alias', 'a: *x\n'],
  ['a tag', 'a: !!str 1\n'],
  ['a merge', '<<: {a: 1}\n'],
  ['a tab', 'a:\t1\n'],
  ['a directive', '%YAML 1.2\n---\na: 1\n'],
  ['an end', 'a: 1\n...\n'],
  ['two documents', 'a: 1\n---\nb: 1\n'],
  ['an explicit key', '? a\n: 1\n'],
  ['a key on two lines', '"a\n  b": 1\n'],
  ['a long key', `${'a'.repeat(1001)}: 1\n`],
  ['a key without a colon', '{a, b: 1}\n'],
  ['a key that is written twice', 'a: 1\na: 2\n'],
  ['a key that is null', '~: 1\n'],
  ['a key that is a list', '[a]: 1\n'],
  ['a colon without a space', '{"a":1}\n'],
  ['a pair in a list', 'a: [b: 1]\n'],
  ['an item that is empty', 'a:\n-\n- b\n'],
  ['an escape beyond the simple ones', 'a: "\\/"\n'],
  ['a question mark in brackets', 'a: [b?]\n'],
  ['a key behind the item before it', 'a:\n- {b: 1}c: 2\n'],
  ['an item behind another', 'a:\n- {b: 1}- c\n'],
  ['blank lines that are kept', 'a: |+\n  b\n\n'],
  ['a line of spaces behind a block', 'a: |\n  b\n   \n'],
  ['a question mark in a key in braces', 'a: {b?: 1}\n'],
  ['a text of two lines in brackets', 'a: [b\n  c]\n'],
  ['a block with its own indentation', 'a: |2\n   b\n'],
  ['infinity', 'a: .inf\n'],
  ['no mapping', '- a\n'],
  ['nothing', '# a comment\n'],
  ['what is no YAML', 'a: "\n'],
])('the fast reader leaves %s to the thorough one', (_, text) => {
  expect(parsePlainYaml(text, 0)).toBeUndefined();
});
