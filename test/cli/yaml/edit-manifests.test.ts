import fc from 'fast-check';
import { create } from 'mutative';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { applyPatch, type PatchOperation } from '../../../src/engine/json-patch.ts';
import { editManifests } from '../../../src/cli/yaml/edit-manifests.ts';
import { readManifests } from '../../../src/cli/yaml/read-manifests.ts';
import { EditFault } from '../../../src/cli/yaml/source-text.ts';

const head = 'apiVersion: v1\nkind: Pod\n';

function edit(source: string, ...patch: readonly PatchOperation[]): string {
  const [manifest] = readManifests(source).manifests;
  if (manifest === undefined) throw new Error(`no object in ${source}`);
  const text = editManifests(source, [{ manifest, patch }], 'written out');
  const { manifests, problems } = readManifests(text);
  expect(problems).toEqual([]);
  expect(manifests[0]?.object).toEqual(applyPatch(manifest.object, patch));
  return text;
}

const add = (path: string, value: unknown): PatchOperation => ({ op: 'add', path, value });
const replace = (path: string, value: unknown): PatchOperation => ({ op: 'replace', path, value });
const remove = (path: string): PatchOperation => ({ op: 'remove', path });

describe('editing manifests', () => {
  it.each<[string, string, PatchOperation, string]>([
    ['adds a field behind the last one', 'spec:\n  a: 1 # one\n  # end\nx: 2\n', add('/spec/b', true), 'spec:\n  a: 1 # one\n  b: true\n  # end\nx: 2\n'],
    ['adds behind a block of text', 'spec:\n  a: |\n    text\n\nx: 2\n', add('/spec/b', 1), 'spec:\n  a: |\n    text\n  b: 1\n\nx: 2\n'],
    ['adds a mapping with its indentation', 'spec:\n    a:\n        b: 1\n', add('/spec/c', { d: { e: 1 } }), 'spec:\n    a:\n        b: 1\n    c:\n        d:\n            e: 1\n'],
    ['adds to a mapping in braces', 'spec: {a: 1} # here\n', add('/spec/b', 'x: y'), 'spec: {a: 1, b: "x: y"} # here\n'],
    ['adds to empty braces', 'spec: {}\n', add('/spec/b', [1]), 'spec: { b: [1] }\n'],
    ['adds where the file has no last line break', 'spec:\n  a: 1', add('/spec/b', 2), 'spec:\n  a: 1\n  b: 2'],
    ['gives an empty field a value and keeps its comment', 'spec:\n  a: # none yet\n  b: 1\n', replace('/spec/a', { c: 1 }), 'spec:\n  a: # none yet\n    c: 1\n  b: 1\n'],
    ['gives an empty field a word and keeps its comment', 'spec:\n  a: # none yet\n', replace('/spec/a', 'x'), 'spec:\n  a: x # none yet\n'],
    ['replaces a word in its quotes', "spec:\n  a: 'x' # c\n  b: \"y\"\n", replace('/spec/a', "it's"), "spec:\n  a: 'it''s' # c\n  b: \"y\"\n"],
    ['quotes what YAML 1.1 would take for something else', 'spec:\n  a: x\n', replace('/spec/a', 'yes'), 'spec:\n  a: "yes"\n'],
    ['quotes what only Kubernetes takes for a number', 'spec:\n  a: x\n', replace('/spec/a', '-_0'), 'spec:\n  a: "-_0"\n'],
    ['quotes a key that only Kubernetes takes for a number', 'spec:\n  a: x\n', add('/spec/-_0', 1), 'spec:\n  a: x\n  "-_0": 1\n'],
    ['replaces a block of text', 'spec:\n  a: |-\n    x\n    y\n  b: 1\n', replace('/spec/a', 'z'), 'spec:\n  a: z\n  b: 1\n'],
    ['writes text of several lines as a block', 'spec:\n  a: x\n', replace('/spec/a', 'x\ny\n'), 'spec:\n  a: |\n    x\n    y\n'],
    ['removes a field and nothing else', 'spec:\n  # about a\n  a: 1 # one\n  b: 2\n', remove('/spec/a'), 'spec:\n  # about a\n  b: 2\n'],
    ['removes the only field', 'spec:\n  a:\n    b: 1\n  c: 2\n', remove('/spec/a/b'), 'spec:\n  a: {}\n  c: 2\n'],
    ['removes the first field of an item', 'spec:\n- a: 1\n  b: 2\n', remove('/spec/0/a'), 'spec:\n- b: 2\n'],
    ['removes from braces', 'spec: {a: 1, b: 2, c: 3}\n', remove('/spec/b'), 'spec: {a: 1, c: 3}\n'],
    ['removes an item with all its lines', 'spec:\n  - a: 1\n    b: 2\n  - c: 3 # three\n', remove('/spec/0'), 'spec:\n  - c: 3 # three\n'],
    ['removes the only item', 'spec:\n  l:\n    - 1\n', remove('/spec/l/0'), 'spec:\n  l: []\n'],
    ['keeps the comments of items that stay', 'spec:\n  - 1 # one\n  - 2 # two\n  - 3 # three\n', replace('/spec', [1, 3]), 'spec:\n  - 1 # one\n  - 3 # three\n'],
    ['adds items to a list that becomes longer', 'spec:\n  - a: 1 # one\n  - b: 2 # two\n', replace('/spec', [{ a: 1 }, { x: 0 }, { b: 2 }, { z: 0 }]), 'spec:\n  - a: 1 # one\n  - x: 0\n  - b: 2 # two\n  - z: 0\n'],
    ['replaces what is new in a list and a mapping', 'spec:\n  - a: 1 # one\n    b: 2\n  - {c: 3} # three\n', replace('/spec', [{ a: 2, x: 0 }, { c: 4 }]), 'spec:\n  - a: 2 # one\n    x: 0\n  - {c: 4} # three\n'],
    ['keeps lists flush with their keys', 'spec:\n  l:\n  - a\n', add('/spec/m', { p: ['b'] }), 'spec:\n  l:\n  - a\n  m:\n    p:\n    - b\n'],
    ['adds an item at the end', 'spec:\n- a: 1\n', add('/spec/-', { b: 2, c: 3 }), 'spec:\n- a: 1\n- b: 2\n  c: 3\n'],
    ['adds an item at the start', 'spec:\n  # first\n  - a\n', add('/spec/0', 'b'), 'spec:\n  # first\n  - b\n  - a\n'],
    ['adds to a list in brackets', 'spec: [a, b]\n', add('/spec/1', 'x'), 'spec: [a, x, b]\n'],
    ['keeps windows line endings', 'spec:\r\n  a: 1\r\nx: 1\r\n', add('/spec/b', { c: 1 }), 'spec:\r\n  a: 1\r\n  b:\r\n    c: 1\r\nx: 1\r\n'],
    ['overrides what a merge brings', 'x: &x {a: 1}\nspec:\n  <<: *x\n', replace('/spec/a', 2), 'x: &x {a: 1}\nspec:\n  <<: *x\n  a: 2\n'],
    ['extends what an alias stands for, there alone', 'x: &x {a: 1}\nspec:\n  b: *x\n', add('/spec/b/c', 2), 'x: &x {a: 1}\nspec:\n  b:\n    <<: *x\n    c: 2\n'],
    ['extends an aliased item', 'x:\n- &x\n  a: 1\n- *x\n', add('/x/1/c', 2), 'x:\n- &x\n  a: 1\n- <<: *x\n  c: 2\n'],
    ['goes by keys with slashes and dots', 'metadata:\n  labels:\n    a/b.c: x\n', replace('/metadata/labels/a~1b.c', 'z'), 'metadata:\n  labels:\n    a/b.c: z\n'],
  ])('%s', (_, before, operation, after) => {
    const eol = before.includes('\r\n') ? '\r\n' : '\n';
    const start = head.replaceAll('\n', eol);
    expect(edit(start + before, operation)).toBe(start + after);
  }); // prettier-ignore

  it.each<[string, string, string]>([
    ['gives a field another name where it stands', 'spec:\n  Template: # the pods\n    # first\n    a: "x" # one\n  b: 1\n', 'spec:\n  template: # the pods\n    # first\n    a: "x" # one\n  b: 1\n'],
    ['renames in braces', 'spec: {Template: {a: 1}, b: 1}\n', 'spec: {template: {a: 1}, b: 1}\n'],
    ['renames a quoted key', 'spec:\n  "Template": *x\n', 'spec:\n  "template": *x\n'],
    ['writes out what a merge brings under another name', 'spec:\n  <<: {Template: 1}\n', ''],
  ])('%s', (_, before, after) => {
    const start = `${head}x: &x {a: 1}\n`;
    const [manifest] = readManifests(start + before).manifests;
    const spec = (manifest?.object as { spec?: { Template?: unknown } } | undefined)?.spec;
    const patch = [add('/spec/template', spec?.Template), remove('/spec/Template')];
    if (after === '') expect(() => edit(start + before, ...patch)).toThrow(EditFault);
    else expect(edit(start + before, ...patch)).toBe(start + after);
  }); // prettier-ignore

  it('writes JSON into JSON, each field on a line where the others have one', () => {
    const source = '{\n  "apiVersion": "v1",\n  "kind": "Pod",\n  "spec": {"a": []}\n}\n';
    const patch = [add('/metadata', { name: 'x' }), add('/spec/b', true)];
    expect(edit(source, ...patch)).toBe(
      '{\n  "apiVersion": "v1",\n  "kind": "Pod",\n  "spec": {"a": [], "b": true},\n  "metadata": {\n    "name": "x"\n  }\n}\n',
    );
  });

  it('writes a value that stands in two places out in both', () => {
    const labels = { app: 'x' };
    const source = `${head}spec:\n  a: 1\n`;
    expect(edit(source, add('/spec/b', [{ labels }, { labels }]))).toBe(
      `${source}  b:\n    - labels:\n        app: x\n    - labels:\n        app: x\n`,
    );
  });

  it('edits the right document and the right item', () => {
    const list =
      'kind: List\napiVersion: v1\nitems:\n- {apiVersion: v1, kind: Pod}\n- apiVersion: v1\n  kind: Pod\n';
    const source = `\ufeff# first\n---\n${list}---\n${head}`;
    const { manifests } = readManifests(source);
    const edits = manifests.map((manifest, index) => ({ manifest, patch: [add('/spec', index)] }));
    expect(editManifests(source, edits, 'written out')).toBe(
      `\ufeff# first\n---\n${list.replace('kind: Pod}', 'kind: Pod, spec: 0}').replace(/kind: Pod\n$/, 'kind: Pod\n  spec: 1\n')}---\n${head}spec: 2\n`,
    );
  });

  const scalar = fc.oneof(fc.string(), fc.constantFrom('yes', '1:30', '0x1', '# no', 'a: b', '- x', '', 'é\n'), fc.integer(), fc.boolean(), fc.constant(null)); // prettier-ignore
  const key = fc.oneof(
    fc.stringMatching(/^[a-z][a-z/.~]{0,6}$/),
    fc.constantFrom('on', 'null', '1', '__proto'),
  );
  const value = fc.letrec((tie) => ({
    any: fc.oneof({ maxDepth: 3, withCrossShrink: true }, scalar, tie('list'), tie('map')),
    list: fc.array(tie('any'), { maxLength: 4 }),
    map: fc.dictionary(key, tie('any'), { maxKeys: 4, noNullPrototype: true }),
  }));

  it('writes any edit of any manifest in any layout as the patch says, or says that it cannot', () => {
    let written = 0;
    let refused = 0;
    fc.assert(
      fc.property(
        value.map,
        value.any,
        fc.array(fc.nat(99), { minLength: 1, maxLength: 5 }),
        fc.record({
          indent: fc.constantFrom(2, 3, 4),
          indentSeq: fc.boolean(),
          collectionStyle: fc.constantFrom('any', 'block', 'flow' as const),
          defaultStringType: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE' as const),
        }),
        (spec, fresh, choices, layout) => {
          const source = stringify({ apiVersion: 'v1', kind: 'Pod', spec }, { version: '1.1', ...layout });
          const [manifest] = readManifests(source).manifests;
          // Some strings have no form in this layout that Kubernetes reads.
          if (manifest === undefined) return;
          const patch = somePatch(manifest.object, choices, fresh);
          try {
            edit(source, ...patch);
            written++;
          } catch (error) {
            if (!(error instanceof EditFault))
              throw new Error(`${source}\n${JSON.stringify(patch)}`, { cause: error });
            refused++;
          }
        },
      ),
      { numRuns: 3000 },
    );
    // Refusing all would be easy.
    expect(refused / written).toBeLessThan(0.02);
  });
});

/** Sets, removes or inserts something at a place of the object's spec. */
function somePatch(object: object, choices: readonly number[], fresh: unknown): readonly PatchOperation[] {
  const [, patch] = create(
    object as { spec: unknown },
    (draft) => {
      let at: unknown = draft;
      let step: string | number = 'spec';
      for (const choice of choices) {
        const next: unknown = (at as Record<string, unknown>)[step];
        if (typeof next !== 'object' || next === null || Object.keys(next).length === 0) break;
        at = next;
        const keys = Object.keys(next);
        step = Array.isArray(next) ? choice % next.length : (keys[choice % keys.length] ?? '');
      }
      const last = choices.at(-1) ?? 0;
      const place = at as Record<string, unknown>;
      if (Array.isArray(at)) at.splice(Number(step), last % 2, ...(last % 3 === 0 ? [] : [fresh]));
      else if (at !== draft && last % 3 === 0) Reflect.deleteProperty(place, step);
      else place[last % 2 === 0 ? step : `new${last}`] = fresh;
    },
    { enablePatches: { pathAsArray: false, arrayLengthAssignment: false } },
  );
  return patch;
}
