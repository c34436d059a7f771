/** Files that try to confuse, and what `check` must make of each. */

export interface HostileFile {
  readonly name: string;
  readonly content: string | Uint8Array;
  /** The exit code of `check --only forbid-latest-tag`. */
  readonly code: 0 | 1 | 2;
  /** Part of the error, where there is one. */
  readonly says?: RegExp;
}

const pod = (extra = '', image = 'app:1') => `apiVersion: v1
kind: Pod
metadata:
  name: web
${extra}spec:
  containers:
    - name: app
      image: ${image}
`;
const bytes = (...parts: readonly (string | readonly number[])[]): Uint8Array =>
  Uint8Array.from(
    parts.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : [...part])),
  );
const deep = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);

function aliasBomb(): string {
  const levels = Array.from({ length: 12 }, (_, level) => {
    const items = level === 0 ? 'lol' : `*a${level - 1}`;
    return `a${level}: &a${level} [${Array.from({ length: 10 }, () => items).join(', ')}]`;
  });
  return `${pod()}extra:\n${levels.map((line) => `  ${line}\n`).join('')}`;
}

export const hostileFiles: readonly HostileFile[] = [
  { name: 'nothing', content: '', code: 2, says: /nothing was checked/ },
  { name: 'blank lines', content: '\n\n  \n', code: 2, says: /nothing was checked/ },
  { name: 'comments alone', content: '# a\n# b\n', code: 2, says: /nothing was checked/ },
  {
    name: 'a Pod that nobody judges',
    content: pod('  namespace: kube-system\n'),
    code: 2,
    says: /nothing was checked: 1 object in 1 file: namespace kube-system is exempt\W/,
  },
  { name: 'empty documents around a good one', content: `---\n---\n${pod()}---\n`, code: 0 },
  { name: 'a document of null', content: `null\n---\n${pod()}`, code: 0 },
  { name: 'a scalar', content: 'just text\n', code: 2, says: /object/ },
  { name: 'a list at the top', content: '- a\n- b\n', code: 2, says: /object/ },
  { name: 'no kind', content: 'apiVersion: v1\nmetadata: { name: x }\n', code: 2, says: /kind/ },
  { name: 'no apiVersion', content: 'kind: Pod\nmetadata: { name: x }\n', code: 2, says: /apiVersion/ },
  { name: 'a number as kind', content: 'apiVersion: v1\nkind: 5\n', code: 2, says: /kind/ },
  { name: 'null as kind', content: 'apiVersion: v1\nkind:\n', code: 2, says: /kind/ },
  { name: 'an empty kind', content: 'apiVersion: v1\nkind: ""\n', code: 2, says: /kind/ },
  {
    name: 'tabs for indentation',
    content: 'apiVersion: v1\nkind: Pod\nspec:\n\tcontainers: []\n',
    code: 2,
    says: /tab/i,
  },
  { name: 'a flow mapping that never ends', content: 'apiVersion: v1\nkind: Pod\nspec: {\n', code: 2 },
  { name: 'a quote that never ends', content: `${pod()}  x: "never\n`, code: 2 },
  { name: 'duplicate keys', content: `${pod()}spec: {}\n`, code: 2, says: /spec/ },
  {
    name: 'duplicate keys deep inside',
    content: pod().replace('image: app:1', 'image: app:1\n      image: app:2'),
    code: 2,
    says: /image/,
  },
  { name: 'an alias without an anchor', content: `${pod()}x: *nowhere\n`, code: 2, says: /names no anchor/ },
  { name: 'an alias bomb', content: aliasBomb(), code: 2 },
  { name: 'a list that contains itself', content: `${pod()}x: &x [*x]\n`, code: 2 },
  { name: 'lists nested 100,000 deep', content: `${pod()}x: ${deep('[', ']', 100_000)}\n`, code: 2 },
  { name: 'mappings nested 20,000 deep', content: `${pod()}x: ${deep('{a: ', '}', 20_000)}\n`, code: 2 },
  {
    name: 'JSON nested 100,000 deep',
    content: `{"apiVersion":"v1","kind":"Pod","x":${deep('[', ']', 100_000)}}`,
    code: 2,
  },
  { name: 'a byte order mark', content: bytes([0xef, 0xbb, 0xbf], pod()), code: 0 },
  {
    name: 'UTF-16',
    content: bytes(
      [0xff, 0xfe],
      Array.from(pod()).flatMap((letter) => [letter.charCodeAt(0), 0]),
    ),
    code: 2,
    says: /UTF-8/,
  },
  {
    name: 'bytes that are no UTF-8',
    content: bytes(pod(), 'x: ', [0xc3, 0x28], '\n'),
    code: 2,
    says: /UTF-8/,
  },
  {
    name: 'a NUL byte',
    content: bytes('apiVersion: v1\nkind: Pod\nmetadata: { name: "a', [0], '" }\n'),
    code: 2,
  },
  { name: 'only NUL bytes', content: new Uint8Array(1000), code: 2 },
  { name: 'CRLF', content: pod().replaceAll('\n', '\r\n'), code: 0 },
  { name: 'CRLF with a finding', content: pod('', 'app:latest').replaceAll('\n', '\r\n'), code: 1 },
  { name: 'no newline at the end', content: pod().trimEnd(), code: 0 },
  {
    name: 'YAML 1.1 booleans',
    content: pod('', 'app:1').replace('name: app', 'name: app\n      tty: yes\n      stdin: on'),
    code: 0,
  },
  {
    name: 'a key that looks like a prototype',
    content: pod('  labels: { __proto__: x, constructor: y, toString: z }\n'),
    code: 0,
  },
  { name: '__proto__ at the top', content: `${pod('', 'app:latest')}__proto__:\n  spec: {}\n`, code: 1 },
  {
    name: '__proto__ as a container',
    content: pod().replace('- name: app', '- __proto__: { image: x }\n      name: app'),
    code: 0,
  },
  {
    name: 'JSON with __proto__',
    content:
      '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"x"},"__proto__":{"spec":1},"spec":{"containers":[{"name":"a","image":"a:latest"}]}}',
    code: 1,
  },
  { name: 'truncated JSON', content: '{"apiVersion":"v1","kind":"Pod","spec":{', code: 2 },
  {
    name: 'JSON with a trailing comma',
    content: '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"x",},"spec":{"containers":[],},}',
    code: 0,
  },
  {
    name: 'JSON with duplicate keys',
    content: '{"apiVersion":"v1","kind":"Pod","kind":"Service"}',
    code: 2,
    says: /kind/,
  },
  {
    name: 'spec of null',
    content: 'apiVersion: v1\nkind: Pod\nmetadata: { name: x }\nspec:\n',
    code: 2,
    says: /nothing was checked: 1 object in 1 file: this Pod has no pod spec at spec: nothing is said/,
  },
  {
    name: 'spec of text',
    content: 'apiVersion: v1\nkind: Pod\nmetadata: { name: x }\nspec: text\n',
    code: 2,
    says: /this Pod has no pod spec/,
  },
  {
    name: 'containers of text',
    content: 'apiVersion: v1\nkind: Pod\nmetadata: { name: x }\nspec: { containers: text }\n',
    code: 0,
  },
  {
    name: 'containers of null, numbers and lists',
    content: 'apiVersion: v1\nkind: Pod\nmetadata: { name: x }\nspec: { containers: [null, 5, [], {}] }\n',
    code: 0,
  },
  {
    name: 'a container whose fields are all wrong',
    content:
      'apiVersion: v1\nkind: Pod\nmetadata: { name: 5 }\nspec: { containers: [{ name: [], image: {}, env: 5, ports: x, resources: [], securityContext: y }] }\n',
    code: 0,
  },
  {
    name: 'metadata of null',
    content: 'apiVersion: v1\nkind: Pod\nmetadata:\nspec: { containers: [{ name: a, image: a:latest }] }\n',
    code: 1,
  },
  { name: 'labels of a list', content: pod('  labels: [a, b]\n'), code: 0 },
  {
    name: 'a name with terminal escapes',
    content: pod()
      .replace('name: web', 'name: "\\e[31mweb\\e[0m\\r\\nfake: line"')
      .replace('app:1', 'app:latest'),
    code: 1,
  },
  {
    name: 'a container name of 100 kB',
    content: pod('', 'app:latest').replace('name: app', `name: ${'x'.repeat(100_000)}`),
    code: 1,
  },
  { name: 'an image of 1 MB', content: pod('', 'x'.repeat(1_000_000)), code: 1 },
  {
    name: 'a List without items',
    content: 'apiVersion: v1\nkind: List\nitems: []\n',
    code: 2,
    says: /nothing was checked/,
  },
  { name: 'a List of null', content: 'apiVersion: v1\nkind: List\nitems: [null]\n', code: 2 },
  { name: 'a List whose items are text', content: 'apiVersion: v1\nkind: List\nitems: text\n', code: 2 },
  {
    name: 'a List in a List',
    content: `apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: List\n    items:\n      - { apiVersion: v1, kind: Pod, metadata: { name: x }, spec: { containers: [{ name: a, image: a:latest }] } }\n`,
    code: 1,
  },
  {
    name: 'Lists nested 2,000 deep',
    content: `${'{"apiVersion":"v1","kind":"List","items":['.repeat(2_000)}${']}'.repeat(2_000)}`,
    code: 2,
  },
  {
    name: 'a template',
    content: 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Release.Name }}\n',
    code: 2,
    says: /[Hh]elm/,
  },
  {
    name: 'a template directive',
    content: `{{- if .Values.on }}\n${pod()}{{- end }}\n`,
    code: 2,
    says: /[Hh]elm/,
  },
  { name: 'a good document after a broken one', content: `kind: [\n---\n${pod('', 'app:latest')}`, code: 2 },
  {
    name: 'a tag that would make an object',
    content: `${pod()}x: !!js/function 'function () {}'\n`,
    code: 0,
  },
  { name: 'binary that is no base64', content: `${pod()}x: !!binary "***"\n`, code: 2 },
  { name: 'infinity', content: `${pod()}x: .inf\n`, code: 2 },
  { name: 'an integer beyond all bounds', content: `${pod()}x: ${'9'.repeat(400)}\n`, code: 0 },
  { name: 'a merge of a scalar', content: `${pod()}x: { <<: 5 }\n`, code: 2 },
  { name: 'a key that is a list', content: `${pod()}x: { [a, b]: c }\n`, code: 2 },
  { name: 'a very long line of brackets', content: '['.repeat(1_000_000), code: 2 },
  {
    name: 'HTML instead of YAML',
    content: '<!doctype html><html><body>404: not found</body></html>',
    code: 2,
  },
  {
    name: 'random bytes',
    content: Uint8Array.from({ length: 4_096 }, (_, index) => (index * 7919) % 256),
    code: 2,
  },
];
