import { describe, expect, test } from 'vitest';
import { readManifests } from '../../../src/cli/yaml/read-manifests.ts';

const block = `# comment
apiVersion: v1
kind: Pod
metadata:
  name: a
spec:
  # another
  containers:
  - name: app   # one
    image: &image nginx
    env:

    - {name: A, value: "1"}
    -
      name: B
  - image: *image
    resources: &small
      limits:
        cpu: 1
  - resources: *small
  - <<: *small
    name: last
  "quoted key": |
    text
  ? explicit
  : value
  empty:
`;
const json = `{
  "apiVersion": "v1",
  "kind": "Pod", "spec": {
    "containers": [
      {"name": "a"}, 7
    ]
  }
}`;

function at(text: string, path: readonly (string | number)[]): string {
  const position = readManifests(text).manifests[0]?.locate(path);
  return `${position?.line ?? 0}:${position?.column ?? 0}`;
}

describe('a path leads to the key of the field or the item of the list', () => {
  test.each([
    [[], '2:1'],
    [['kind'], '3:1'],
    [['metadata', 'name'], '5:3'],
    [['metadata', 'labels', 'app'], '4:1'],
    [['status'], '2:1'],
    [['spec', 'containers'], '8:3'],
    [['spec', 'containers', 0], '9:5'],
    [['spec', 'containers', '0', 'image'], '10:5'],
    [['spec', 'containers', 0, 'image', 'deeper'], '10:5'],
    [['spec', 'containers', 0, 'env', 0], '13:7'],
    [['spec', 'containers', 0, 'env', 0, 'value'], '13:17'],
    [['spec', 'containers', 0, 'env', 1], '15:7'],
    [['spec', 'containers', 0, 'env', 2], '11:5'],
    [['spec', 'containers', 1, 'image'], '16:5'],
    [['spec', 'containers', 2, 'resources'], '20:5'],
    [['spec', 'containers', 2, 'resources', 'limits', 'cpu'], '19:9'],
    [['spec', 'containers', 2, 'resources', 'requests'], '20:5'],
    [['spec', 'containers', 3, 'limits'], '18:7'],
    [['spec', 'containers', 3, 'limits', 'memory'], '18:7'],
    [['spec', 'containers', 3, 'name'], '22:5'],
    [['spec', 'containers', 9, 'name'], '8:3'],
    [['spec', 'quoted key'], '23:3'],
    [['spec', 'explicit'], '25:5'],
    [['spec', 'empty', 'x'], '27:3'],
  ])('in YAML: %j', (path, expected) => {
    expect(at(block, path)).toBe(expected);
    expect(at(block.replaceAll('\n', '\r\n'), path)).toBe(expected);
  });

  test.each([
    [[], '2:3'],
    [['spec'], '3:18'],
    [['spec', 'containers', 0], '5:7'],
    [['spec', 'containers', 0, 'name'], '5:8'],
    [['spec', 'containers', 0, 'image'], '5:7'],
    [['spec', 'containers', 1], '5:22'],
    [['spec', 'volumes'], '3:18'],
  ])('in JSON: %j', (path, expected) => {
    expect(at(json, path)).toBe(expected);
  });

  test('in a later document of a file', () => {
    const { manifests } = readManifests(`---\n${block}--- # next\n${block}`);
    expect(manifests[1]?.locate(['kind'])).toEqual({ line: 32, column: 1 });
  });

  test('in an item of a List that is an alias', () => {
    const text = 'apiVersion: v1\nkind: List\nx: &x\n  apiVersion: v1\n  kind: Pod\nitems:\n- *x\n';
    expect(at(text, [])).toBe('7:3');
    expect(at(text, ['kind'])).toBe('5:3');
  });
});
