import { describe, expect, test } from 'vitest';
import { readManifests } from '../../../src/cli/yaml/read-manifests.ts';

const head = 'apiVersion: v1\nkind: Example\n';

/** The lines of a document behind its first two. */
function shown(text: string): string[] {
  const file = readManifests(head + text);
  expect(file.problems).toEqual([]);
  return text
    .trimEnd()
    .split('\n')
    .map((_, index) => file.excerpt(index + 3));
}

describe('an excerpt shows the line without its secrets', () => {
  test.each([
    ['an open value', 'a: {b: 1}', ['a: {b: 1}']],
    ['data', 'data:\n  k: hunter2\n  l: 1', ['data:', '  k: •••', '  l: •••']],
    ['quoted data', 'stringData: {"k": "hunter2", l: \'x\'}', ['stringData: {"k": •••, l: •••}']],
    [
      'a block scalar',
      'data:\n  k: |-\n    hunter2\n\n    more',
      ['data:', '  k: |-', '    •••', '', '    •••'],
    ],
    ['a quoted text over lines', 'data:\n  k: "hunter2\n    more" ', ['data:', '  k: •••', '    •••']],
    ['a plain text over lines', 'data:\n  k: hunter2\n    more', ['data:', '  k: •••', '    •••']],
    ['binary data', 'binaryData:\n  k: !!binary aGk=', ['binaryData:', '  k: !!binary •••']],
    [
      'annotations',
      'metadata: {annotations: {a: hunter2}, name: n}',
      ['metadata: {annotations: {a: •••}, name: n}'],
    ],
    ['arguments', 'args: [--password, hunter2]', ['args: [•••, •••]']],
    ['a command', 'command:\n- hunter2', ['command:', '- •••']],
    ['variables', 'env: [{name: A, value: hunter2}]', ['env: [{name: A, value: •••}]']],
    [
      'a variable from elsewhere',
      'env:\n- name: A\n  valueFrom: {x: 1}',
      ['env:', '- name: A', '  valueFrom: {x: 1}'],
    ],
    ['headers', 'httpHeaders:\n- name: A\n  value: hunter2', ['httpHeaders:', '- name: •••', '  value: •••']],
    ['a field named for a secret', 'dbPassword: hunter2\ntoken: true', ['dbPassword: •••', 'token: true']],
    [
      'a field that the detector knows',
      'attributes: {bindPW: hunter2, clientSecret: hunter2!, secret: web-tls}',
      ['attributes: {bindPW: •••, clientSecret: •••, secret: web-tls}'],
    ],
    [
      'a value whose name stands beside it',
      'parameters:\n- name: auth.password\n  value: hunter2\n- name: replicas\n  value: three',
      ['parameters:', '- name: auth.password', '  value: •••', '- name: replicas', '  value: three'],
    ],
    [
      'a document with a password',
      'values: |\n  auth:\n    password: hunter\nother: |\n  auth:\n    enabled: true',
      ['values: |', '  •••', '    •••', 'other: |', '  auth:', '    enabled: true'],
    ],
    [
      'comments',
      'a: 1 # hunter2\n# hunter2\nb: | # hunter2\n  x',
      ['a: 1 # •••', '# •••', 'b: | # •••', '  x'],
    ],
    ['an alias', 'a: &x hunter2\ndata: {k: *x}', ['a: &x •••', 'data: {k: *x}']],
    ['a merge', 'a: &x {k: hunter2}\ndata:\n  <<: *x', ['a: &x {k: •••}', 'data:', '  <<: *x']],
    ['a value that a merge replaced', 'a: {k: hunter2, <<: {k: 1}}', ['a: {•••k: 1}}']],
    ['data without a key', 'data: {hunter2}', ['data: {•••}']],
    ['escape sequences', 'a: "x\u200b\u202ey"\nb: "\u00ad"', ['a: "x\ufffd\ufffdy"', 'b: "\ufffd"']],
    ['long text', `a: ${'x'.repeat(300)}`, [`a: ${'x'.repeat(200)}…`]],
    [
      'long blocks',
      `a: |\n  ${'x'.repeat(150)}\n  ${'y'.repeat(150)}`,
      ['a: |', `  ${'x'.repeat(150)}`, `  ${'y'.repeat(45)}…`],
    ],
  ])('%s', (_, text, expected) => {
    expect(shown(text)).toEqual(expected);
  });

  test('JSON, and lines of several objects', () => {
    const file = readManifests(
      '{"apiVersion":"v1","kind":"A","data":{"k":"x"}} {"apiVersion":"v1","kind":"B"}',
    );
    expect(file.excerpt(1)).toBe(
      '{"apiVersion":"v1","kind":"A","data":{"k":•••}}{"apiVersion":"v1","kind":"B"}',
    );
  });

  test('nothing of what was not read', () => {
    const file = readManifests(`# hunter2\n--- # hunter2\n${head}---\na: [hunter2\n`);
    expect([0, 1, 2, 3, 4, 5, 6, 7, 99].map((line) => file.excerpt(line))).toEqual([
      '',
      '',
      '',
      'apiVersion: v1',
      'kind: Example',
      '',
      '',
      '',
      '',
    ]);
  });
});
