import { describe, expect, test } from 'vitest';
import { readManifests } from '../../../src/cli/yaml/read-manifests.ts';
import { processorMs } from '../../../src/policy-test/processor-time.ts';

const head = 'apiVersion: v1\nkind: Example\n';

function specOf(text: string): unknown {
  const { manifests, problems } = readManifests(`${head}spec:\n  a: ${text}\n`);
  expect(problems).toEqual([]);
  return recordOf(manifests[0]?.object['spec'])['a'];
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function codesOf(source: string | Uint8Array): unknown {
  return readManifests(source).problems.map(({ code, line, column }) => [code, line, column]);
}

describe('a scalar means what it means to go-yaml v2', () => {
  test.each([
    ['y', true],
    ['N', false],
    ['on', true],
    ['Off', false],
    ['yEs', 'yEs'],
    ['"yes"', 'yes'],
    ['~', null],
    ['', null],
    ['0777', 511],
    ['0o777', 511],
    ['08', 8],
    ['-0x1F', -31],
    ['0b101', 5],
    ['0b-101', -5],
    ['1_000', 1000],
    ['_1', '_1'],
    ['1e3', 1000],
    ['1e999', '1e999'],
    ['.5', 0.5],
    ['-0.0', 0],
    ['0x', '0x'],
    ['12:30:45', '12:30:45'],
    ['2001-01-01', '2001-01-01'],
    ['9223372036854775807', 2 ** 63],
    ['!!str 12', '12'],
    ['!!int "0x10"', 16],
    ['!!float 3', 3],
    ['!!binary aGVsbG8=', 'hello'],
    ['!custom 12', '12'],
    ['! 12', '12'],
    ['<<', '<<'],
  ])('%s is %j', (text, expected) => {
    expect(specOf(text)).toBe(expected);
  });

  test.each(['.inf', '-.INF', '.nan', '!!int x', '!!bool 1', '!!null x', '!!binary "?"', '!!timestamp x'])(
    '%s is refused',
    (text) => {
      expect(readManifests(`${head}spec: ${text}\n`).problems).toMatchObject([{ line: 3 }]);
    },
  );

  test('lines of spaces behind a text that is kept are part of it', () => {
    expect(specOf('|+\n    a\n      ')).toBe('a\n  \n');
  });

  test('keys become the text that Go prints', () => {
    const text = `${head}spec: {y: 1, 0x10: 1, 1.50: 1, 1e6: 1, 0.1: 1, .inf: 1, __proto__: {x: 1}}\n`;
    const spec = readManifests(text).manifests[0]?.object['spec'];
    expect(Object.keys(recordOf(spec))).toEqual(['16', 'true', '1.5', '1e+06', '0.1', '.inf', '__proto__']);
    expect(spec).not.toHaveProperty('x');
  });
});

describe('what cannot be read is a problem with its place', () => {
  test.each([
    ['key twice', `${head}kind: Other\n`, [['yaml-duplicate-key', 3, 1]]],
    ['key twice in JSON', '{"apiVersion":"v1","kind":"X",\n "kind":"Y"}', [['yaml-duplicate-key', 2, 2]]],
    ['tab as indentation', `${head}spec:\n\ta: 1\n`, [['yaml-syntax', 4, 1]]],
    ['unknown anchor', `${head}spec: *x\n`, [['yaml-syntax', 3, 7]]],
    ['alias in itself', `${head}spec: &x [*x]\n`, [['yaml-syntax', 3, 11]]],
    ['null key', `${head}~: 1\n`, [['yaml-syntax', 3, 1]]],
    ['list as key', `${head}[a]: 1\n`, [['yaml-syntax', 3, 1]]],
    ['merge of a scalar', `${head}<<: 1\n`, [['yaml-syntax', 3, 1]]],
    ['open quote', `${head}spec: "x\n`, [['yaml-syntax', 4, 1]]],
    ['open bracket', `${head}spec: [x\n`, [['yaml-syntax', 4, 1]]],
    ['mapping behind a mapping', `${head}spec: a: b\n`, [['yaml-syntax', 3, 7]]],
    ['directive', `%YAML 1.1\n---\n${head}`, [['yaml-syntax', 1, 1]]],
    ['text behind ...', `${head}...\n${head}`, [['yaml-syntax', 4, 1]]],
    ['certificate at the margin', `${head}a: |\n-----BEGIN\nx\n`, [['yaml-syntax', 4, 1]]],
    ['content behind ---', `${head}--- {a: 1}\n`, [['yaml-syntax', 3, 1]]],
    ['NUL byte', `${head}a: "\u0000"\n`, [['control-character', 3, 5]]],
    ['line separator', `${head}a: \u2028\n`, [['control-character', 3, 4]]],
    ['deep nesting', `${head}a: ${'['.repeat(500)}`, [['too-deep', 3, 403]]],
    ['deep JSON', `{"a":${'['.repeat(500)}`, [['too-deep', 1, 406]]],
    ['huge JSON number', '{"apiVersion":"v1","kind":"X","a":1e999}', [['unsupported-value', 1, 35]]],
    ['scalar document', 'hello\n', [['not-an-object', 1, 1]]],
    ['list document', '# c\n- 1\n', [['not-an-object', 2, 1]]],
    ['no kind', 'apiVersion: v1\n', [['missing-kind', 1, 1]]],
    ['empty kind', 'apiVersion: v1\nkind:\n', [['missing-kind', 2, 1]]],
    ['kind a number', 'kind: 1\napiVersion: v1\n', [['missing-kind', 1, 1]]],
    ['no apiVersion', '\nkind: X\n', [['missing-api-version', 2, 1]]],
    ['neither', 'a: 1\n', [['missing-kind', 1, 1]]],
    ['Helm template', `{{- if .Values.a }}\n${head}{{- end }}\n`, [['yaml-template', 1, 1]]],
    ['Helm value', `${head}a: {{ .Values.a }}\n`, [['yaml-template', 3, 4]]],
    ['surrogate pair in YAML', `${head}a: "\\ud83d\\ude00"\n`, [['yaml-syntax', 3, 5]]],
    ['question mark in brackets', `${head}a: [b?]\n`, [['yaml-syntax', 3, 6]]],
    ['quote that an escape keeps open', `${head}a: "b\\"`, [['yaml-syntax', 3, 4]]],
    ['quote that a doubled one keeps open', `${head}a: 'b''`, [['yaml-syntax', 3, 4]]],
    ['text behind a key with ?', `${head}? "a" b\n`, [['yaml-syntax', 3, 3]]],
    ['list behind a key with ?', `${head}? a\n- b\n`, [['yaml-syntax', 3, 3]]],
    ['colon deeper than its ?', `${head}? a\n  : b\n`, [['yaml-syntax', 3, 3]]],
    ['tab behind the colon of a ?', `${head}? a\n:\tb\n`, [['yaml-syntax', 4, 2]]],
    ['tag with a comment', `${head}a: !!str# b\n`, [['yaml-syntax', 3, 4]]],
    ['tag with a comma', `${head}a: [!x,b c]\n`, [['yaml-syntax', 3, 5]]],
    ['escaped line break, then none', `${head}a: "b\\\n\n  c"\n`, [['yaml-syntax', 3, 6]]],
    ['spaces that a mark with a digit keeps', `${head}a: |1\n   b\n   \n`, [['yaml-syntax', 3, 4]]],
    ['spaces that a + keeps', `${head}a: |+\n  b\n `, [['yaml-syntax', 3, 4]]],
    ['... first', `...\n${head}`, [['yaml-syntax', 1, 1]]],
    ['tab before the first ---', `\t\n---\n${head}`, [['yaml-syntax', 1, 1]]],
    ['byte order mark behind ---', `${head}---\ufeff\n`, [['yaml-syntax', 3, 1]]],
    ['hard space behind the first ---', `---\u00a0# a\n${head}`, [['yaml-syntax', 1, 1]]],
    ['line break of YAML alone behind ---', `--- # a\u0085b\n${head}`, [['yaml-syntax', 1, 1]]],
    ['colon that belongs to a marked key', `${head}a: { ? b :[1] }\n`, [['yaml-syntax', 3, 8]]],
    ['lone carriage return before ---', `${head}\r---\r${head}`, [['yaml-syntax', undefined, undefined]]],
    ['too little text behind JSON', '{"apiVersion":"v1","kind":"X"}# a', [['yaml-syntax', 1, 31]]],
  ])('%s', (_, text, expected) => {
    expect(codesOf(text)).toEqual(expected);
  });

  test.each([
    ['UTF-16', Uint8Array.of(0xff, 0xfe, 0x61, 0), 'not-utf8'],
    ['Latin-1', Uint8Array.of(0x61, 0xe9), 'not-utf8'],
    ['half a surrogate pair', '\ud83d', 'not-utf8'],
    ['more than 32 MiB', new Uint8Array(33 * 1024 * 1024), 'too-large'],
    ['YAML of more than 8 MiB', 'a'.repeat(9 * 1024 * 1024), 'too-large'],
  ])('%s', (_, source, code) => {
    expect(readManifests(source).problems).toMatchObject([{ code }]);
  });

  test('the duplicate key is named with both lines, and no message quotes a value', () => {
    const [problem] = readManifests(`${head}a: hunter2\nb: 1\na: hunter2\n`).problems;
    expect(problem?.message).toBe('Key "a" is written twice, on lines 3 and 5: keep one of them.');
    const broken = readManifests(`${head}a: hunter2: hunter2\n"hunter2" hunter2\n`).problems;
    expect(broken).not.toEqual([]);
    expect(JSON.stringify(broken)).not.toContain('hunter2');
  });

  test('a template in quotes or a block scalar is no template', () => {
    const text = `${head}a: "{{ x }}"\nb: |\n  {{ range }}\nc: pre-{{ x }}\n`;
    expect(readManifests(text)).toMatchObject({ problems: [], manifests: [{}] });
  });

  test.each([
    ['{{- if .Values.a }}\na: 1\n{{- end }}\n', 'a template of Helm, Jinja or their like: "{{"', 1],
    ['a: 1\n{% if b %}\nc: {{ d }}\n{% endif %}\n', 'a template of Jinja or its like: "{%"', 2],
    ['a: 1\n<% if b %>\nc: 1\n<% end %>\n', 'a template of ERB or its like: "<%"', 2],
    ['a: 1\n${MORE}\n', 'a template of envsubst or its like: "${"', 2],
    ['a: { b: ${C}, d: [${E}] }\n', 'a template of envsubst or its like: "${"', 1],
  ])('a template is called what it is: %j', (text, said, line) => {
    const [problem] = readManifests(text).problems;
    expect(problem?.message).toContain(`This looks like ${said} stands outside quotes.`);
    expect(problem).toMatchObject({ code: 'yaml-template', line });
  });

  test('a variable of a script makes no template of a file that is broken elsewhere', () => {
    const text = `${head}a: |\n  \${B}\nc: d: e\nf: g: \${H}\n`;
    expect(readManifests(text).problems).toMatchObject([{ code: 'yaml-syntax', line: 5 }]);
  });

  test('a broken document hides no other, and lines stay those of the file', () => {
    const text = `${head}---\na: [\n---\n# nothing\n---\n${head}a: 1\n---\n`;
    const { manifests, problems } = readManifests(text);
    expect(manifests.map(({ document }) => document)).toEqual([0, 3]);
    expect(manifests[1]?.locate(['a'])).toEqual({ line: 10, column: 1 });
    expect(problems).toMatchObject([{ document: 1, line: 5 }]);
  });
});

describe('aliases and merges', () => {
  test('are written out without sharing', () => {
    const text = `${head}a: &x {b: [1]}\nc: *x\nd: {<<: *x, e: 2}\n`;
    const object = readManifests(text).manifests[0]?.object ?? {};
    expect(object).toMatchObject({ c: { b: [1] }, d: { b: [1], e: 2 } });
    expect(object['c']).not.toBe(object['a']);
    expect(Object.isFrozen(object)).toBe(false);
  });

  test('of several merged mappings the first wins, and a merge replaces what stands before it', () => {
    const text = `${head}a: {b: 0, <<: [{b: 1, c: 1}, {b: 2, c: 2, d: 2}], c: 3}\n`;
    expect(readManifests(text).manifests[0]?.object['a']).toEqual({ b: 1, c: 3, d: 2 });
  });

  test.each([
    [
      'lists of lists',
      (i: number) =>
        `a${i}: &a${i} [${Array(9)
          .fill(`*a${i - 1}`)
          .join(', ')}]\n`,
      12,
    ],
    ['a chain', (i: number) => `a${i}: &a${i} [*a${i - 1}]\n`, 3000],
    ['a chain of merges', (i: number) => `a${i}: &a${i}\n  <<: *a${i - 1}\n  k${i}: 1\n`, 3000],
  ])('that explode as %s are refused fast', (_, line, count) => {
    let text = `${head}a0: &a0 {x: 1}\n`;
    for (let i = 1; i < count; i++) text += line(i);
    let problems: readonly object[] = [];
    const took = processorMs(() => ({ problems } = readManifests(text)));
    expect(problems).toMatchObject([{ code: 'too-many-aliases' }]);
    expect(took).toBeLessThan(5000);
  });
});

describe('Lists', () => {
  test('are opened at any depth; each item keeps its index and place', () => {
    const item = (name: string): string => `{apiVersion: v1, kind: Pod, metadata: {name: ${name}}}`;
    const text = [
      'apiVersion: v1',
      'kind: List',
      'items:',
      `- ${item('a')}`,
      '- apiVersion: v1',
      '  kind: List',
      `  items: [${item('b')}]`,
      '-',
      '- kind: Pod',
    ].join('\n');
    const { manifests, problems } = readManifests(text);
    expect(manifests.map(({ item: index, path }) => [index, path])).toEqual([
      [0, ['items', 0]],
      [1, ['items', 1, 'items', 0]],
    ]);
    expect(manifests[1]?.locate(['metadata', 'name'])).toEqual({ line: 7, column: 50 });
    expect(manifests[1]?.locate(['spec'])).toEqual({ line: 7, column: 11 });
    expect(problems).toMatchObject([
      { code: 'not-an-object', item: 2, line: 8, column: 1 },
      { code: 'missing-api-version', item: 3, line: 9, column: 3 },
    ]);
  });

  test('of a kind lend it to their items', () => {
    const text = '{"apiVersion":"v1","kind":"PodList","items":[{"metadata":{"name":"a"}}]}';
    expect(readManifests(text).manifests[0]?.object).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a' },
    });
  });

  test('without items hold nothing; a kind that merely ends in List is an object', () => {
    const empty = readManifests('apiVersion: v1\nkind: List\nitems: []\n');
    expect(empty).toMatchObject({ manifests: [], problems: [] });
    expect(readManifests('apiVersion: v1\nkind: AllowList\n').manifests).toHaveLength(1);
    expect(codesOf('apiVersion: v1\nkind: List\n')).toEqual([['not-an-object', 1, 1]]);
  });
});

describe('JSON', () => {
  test('objects may follow one another, with half surrogate pairs as Go reads them', () => {
    const text =
      '{"apiVersion":"v1","kind":"X","a":"\\ud83d\\ude00\\ud83d"}\n{"apiVersion":"v1","kind":"Y"}{"a":1}';
    const { manifests, problems } = readManifests(text);
    expect(manifests.map(({ object, document }) => [document, object['kind']])).toEqual([
      [0, 'X'],
      [1, 'Y'],
    ]);
    expect(manifests[0]?.object['a']).toBe('😀\ufffd');
    expect(problems).toMatchObject([{ document: 2, code: 'missing-kind', line: 2 }]);
  });

  test('after one object YAML may follow, after two it may not', () => {
    const json = '{"apiVersion":"v1","kind":"X"}\n';
    expect(readManifests(`${json}---\n${head}`).manifests).toHaveLength(2);
    expect(readManifests(`${json}${json}---\n${head}`)).toMatchObject({
      manifests: [{}, {}],
      problems: [{ code: 'yaml-syntax', line: 3 }],
    });
  });

  test('a mistake is shown where it is, and flow YAML is no mistake', () => {
    expect(readManifests('{"apiVersion": "v1",\n  "kind" "X"}').problems).toMatchObject([
      { line: 2, column: 10, message: 'This is no valid JSON: expected ":" after the key.' },
    ]);
    expect(readManifests('{apiVersion: v1, kind: X}').manifests).toHaveLength(1);
  });
});

test('a byte order mark, Windows line ends and separators without content are fine', () => {
  const text = `\ufeff---\r\n${head.replaceAll('\n', '\r\n')}a: |\r\n  x\r\n  y\r\n---\r\n`;
  const { manifests, problems } = readManifests(new TextEncoder().encode(text));
  expect(manifests).toMatchObject([{ document: 0, object: { a: 'x\ny\n' } }]);
  expect(problems).toEqual([]);
  expect(manifests[0]?.locate(['a'])).toEqual({ line: 4, column: 1 });
});

test('line ends that became Windows ones twice are read as kubectl reads them', () => {
  const text = `${head}a: |\n  x\n  y\n---\n${head}`.replaceAll('\n', '\r\r\n');
  const { manifests, problems } = readManifests(text);
  expect(problems).toEqual([]);
  expect(manifests.map(({ object }) => object['a'])).toEqual(['x\ny\n', undefined]);
});

test.each(['', '\n\n', '# one\n', '---\n---\n', '~\n', '# one\n---\n# two\n'])(
  '%j has only empty documents',
  (text) => {
    expect(readManifests(text)).toMatchObject({ manifests: [], problems: [] });
  },
);
