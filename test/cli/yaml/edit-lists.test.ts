import { expect, it, vi } from 'vitest';
import type { PatchOperation } from '../../../src/engine/json-patch.ts';
import { editManifests } from '../../../src/cli/yaml/edit-manifests.ts';
import { readManifests } from '../../../src/cli/yaml/read-manifests.ts';
import type * as sourceText from '../../../src/cli/yaml/source-text.ts';

const read = vi.hoisted(() => ({ characters: 0 }));
vi.mock('../../../src/cli/yaml/source-text.ts', async (original) => {
  const actual = await original<typeof sourceText>();
  const editorOf: typeof actual.editorOf = (text, style) => {
    read.characters += text.length;
    return actual.editorOf(text, style);
  };
  return { ...actual, editorOf };
});

/** Gives every object of a text what its place in the text says. */
function edit(source: string): string {
  const edits = readManifests(source).manifests.map((manifest, index) => ({
    manifest,
    patch: [
      { op: 'add', path: '/spec', value: { l: [{ a: index }] } },
      { op: 'replace', path: '/metadata/name', value: `new-${index}` },
    ] satisfies PatchOperation[],
  }));
  return editManifests(source, edits, 'written out');
}

const pod = (index: number) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: `old-${index}` } });
const pods = Array.from({ length: 100 }, (_, index) => pod(index));
const item = (index: number): string =>
  `- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: old-${index}\n`;

it.each([
  ['YAML', `apiVersion: v1\nitems:\n${pods.map((_, index) => item(index)).join('')}kind: List\n`],
  ['JSON', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: pods }, null, 2)],
])('the objects of a List in %s are edited without reading all of it for each', (_, source) => {
  read.characters = 0;
  const edited = edit(source);
  expect(readManifests(edited).manifests.map(({ object }) => object)).toEqual(
    pods.map((object, index) => ({
      ...object,
      metadata: { name: `new-${index}` },
      spec: { l: [{ a: index }] },
    })),
  );
  // All of it once, the last item by way of all of it, and each of the others for each of its operations.
  expect(read.characters / source.length).toBeLessThan(8);
});

const edited = (index: number): string =>
  `- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: new-${index}\n  spec:\n    l:\n    - a: ${index}\n`;

it('an item is laid out like all of the List', () => {
  const source = `apiVersion: v1\nkind: List\nitems:\n${item(0)}\n  # about the next\n${item(1)}# end\n`;
  expect(edit(source)).toBe(
    `apiVersion: v1\nkind: List\nitems:\n${edited(0)}\n  # about the next\n${edited(1)}# end\n`,
  );
});

it('items that share a line, begin with a comment or lie in a List of their own are edited, too', () => {
  const nested = (item(1) + item(2)).replace(/^/gm, '  ').trimEnd();
  const inner = `- apiVersion: v1\n  kind: List\n  items:\n${nested}\n`;
  const flow = '- {apiVersion: v1, kind: Pod, metadata: {name: old-0}}\n';
  const commented = `- # first\n  ${item(3).slice(2)}`;
  const source = `apiVersion: v1\nkind: List\nitems:\n${flow}${inner}${commented}${item(4)}`;
  const { manifests, problems } = readManifests(edit(source));
  expect([manifests.length, problems]).toEqual([5, []]);
  expect(manifests.map(({ object }) => object['spec'])).toEqual(
    manifests.map((_, index) => ({ l: [{ a: index }] })),
  );
});
