/** How a change of an object reads, and what is not in it. */
import { describe, expect, it } from 'vitest';
import { patchLines } from '../../src/audit/patch-lines.ts';
import { maskOf } from '../../src/audit/patch-mask.ts';
import { applyPatch, type PatchOperation } from '../../src/engine/json-patch.ts';

function linesOf(object: object, ...patch: readonly PatchOperation[]): readonly string[] {
  return patchLines(object, applyPatch(object, patch), maskOf(object));
}

describe('the lines of a change', () => {
  it('are those that come and go, and what they stand in', () => {
    const object = {
      kind: 'Pod',
      spec: {
        dnsPolicy: 'Default',
        containers: [
          { name: 'app', image: 'app:1', ports: [{ containerPort: 80, hostPort: 80 }] },
          { name: 'b' },
        ],
      },
    };
    expect(
      linesOf(
        object,
        { op: 'remove', path: '/spec/containers/0/ports/0/hostPort' },
        { op: 'replace', path: '/spec/containers/0/image', value: 'app:2' },
        { op: 'add', path: '/spec/hostPID', value: false },
      ),
    ).toEqual([
      ' spec:',
      '   containers:',
      '     - name: app',
      '-      image: app:1',
      '+      image: app:2',
      '       ports:',
      '         - containerPort: 80',
      '-          hostPort: 80',
      '+  hostPID: false',
    ]);
  });

  it.each([
    ['/list/1', 'remove', ['-  - b']],
    ['/list/-', 'add', ['+  - x']],
    ['/list/1', 'add', ['+  - x']],
    ['/list/1', 'replace', ['-  - b', '+  - x']],
    ['/same/2', 'remove', ['-  - a']],
    ['/tables/1', 'remove', ['-  - name: b', '-    to: 1']],
    ['/tables/1/to', 'replace', ['   - name: b', '-    to: 1', '+    to: x']],
    ['/nameless/1/to', 'replace', ['   - # number 2', '-    to: 1', '+    to: x']],
  ] as const)('of a list: %s, %s', (path, op, expected) => {
    const tables = [{ name: 'a' }, { name: 'b', to: 1 }, { name: 'c' }];
    const nameless = [{ x: 1 }, { to: 1 }];
    const object = { list: ['a', 'b', 'c'], same: ['a', 'a', 'a'], containers: tables, nameless };
    const inTables = path.replace('/tables', '/containers');
    const operation = op === 'remove' ? { op, path: inTables } : { op, path: inTables, value: 'x' };
    const [, name = ''] = inTables.split('/');
    expect(linesOf(object, operation)).toEqual([` ${name}:`, ...expected]);
  });

  it('have the quotes that Kubernetes needs, and stay one line each', () => {
    const object = { metadata: { labels: { a: 'b' } } };
    const value = { 'x/y': 'yes', on: 'a\nb', bell: '\u0007' };
    expect(linesOf(object, { op: 'replace', path: '/metadata/labels', value })).toEqual([
      ' metadata:',
      '   labels:',
      '-    a: b',
      '+    x/y: "yes"',
      '+    "on": |-',
      '+      a',
      '+      b',
      '+    bell: "\\a"',
    ]);
  });

  it('are a hundred at most, of 300 characters each', () => {
    const value = Object.fromEntries(
      Array.from({ length: 150 }, (_, index) => [`k${index}`, 'x'.repeat(999)]),
    );
    const lines = linesOf({}, { op: 'add', path: '/labels', value });
    expect(lines).toHaveLength(101);
    expect(lines.at(-1)).toBe(' # and 51 more lines');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(310);
  });

  it('of an object with keys like __proto__ are told as they are', () => {
    const object = JSON.parse('{"__proto__":{"a":1},"labels":{}}') as object;
    expect(linesOf(object, { op: 'add', path: '/labels/constructor', value: 'x' })).toEqual([
      ' labels:',
      '+  constructor: x',
    ]);
    expect(linesOf(object, { op: 'replace', path: '/__proto__/a', value: 2 })).toEqual([
      ' __proto__:',
      '-  a: 1',
      '+  a: 2',
    ]);
  });
});

describe('what could be a credential', () => {
  const env = [{ name: 'MODE', value: 'hunter2' }, { name: 'B' }];
  const object = {
    metadata: { annotations: { note: 'hunter2' } },
    spec: { env, password: 'hunter2', args: ['hunter2'] },
  };
  const patch: readonly PatchOperation[] = [
    { op: 'replace', path: '/spec/env/0/value', value: 'hunter' },
    { op: 'add', path: '/spec/env/-', value: { name: 'C', value: 'hunter2' } },
    { op: 'replace', path: '/spec/password', value: 'hunter' },
    { op: 'add', path: '/spec/args/-', value: 'hunter2' },
    { op: 'remove', path: '/metadata/annotations/note' },
    { op: 'add', path: '/metadata/annotations/inject', value: 'enabled' },
  ];

  it('is masked where it comes, goes or stands around, and what a policy writes is not', () => {
    const lines = linesOf(object, ...patch);
    expect(lines.join('\n')).not.toContain('hunter');
    expect(lines).toContain('-    note: •••');
    expect(lines).toContain('+    inject: enabled');
    expect(lines).toContain('+      value: •••');
  });

  it('is masked in the JSON Patch', () => {
    const masked = maskOf(object).patch(patch);
    expect(JSON.stringify(masked)).not.toContain('hunter');
    expect(masked.at(-1)).toEqual(patch.at(-1));
    expect(masked.map(({ op, path }) => [op, path])).toEqual(patch.map(({ op, path }) => [op, path]));
  });
});
