import { expect, it, vi } from 'vitest';
import type * as plainYaml from '../../../src/cli/yaml/plain-yaml.ts';
import { suggestionText } from '../../../src/cli/suggestion.ts';
import { readManifests } from '../../../src/cli/yaml/read-manifests.ts';

const read = vi.hoisted(() => ({ times: 0 }));
vi.mock('../../../src/cli/yaml/plain-yaml.ts', async (original) => {
  const actual = await original<typeof plainYaml>();
  return {
    ...actual,
    parsePlainYaml: (text: string, base: number) => {
      read.times++;
      return actual.parsePlainYaml(text, base);
    },
  };
});

function manifestsOf(number: number, padding = '') {
  const file = (name: number) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: map-${name}\n${padding}`;
  return Array.from({ length: number }, (_, name) => readManifests(file(name)));
}

/** How often texts are read while findings in several files are located in turn. */
function timesRead(files: ReturnType<typeof manifestsOf>, turns: number): number {
  read.times = 0;
  for (let turn = 0; turn < turns; turn++) {
    for (const [name, { manifests, excerpt }] of files.entries()) {
      expect(manifests[0]?.locate(['metadata', 'name'])).toEqual({ line: 4, column: 3 });
      expect(excerpt(4)).toBe(`  name: map-${name}`);
    }
  }
  return read.times;
}

it('a result and its source are read once more for all their findings', () => {
  expect(timesRead(manifestsOf(2), 50)).toBe(2);
});

it('few trees are kept, and none beside the latest where texts are long', () => {
  expect(timesRead(manifestsOf(5), 3)).toBe(15);
  expect(timesRead(manifestsOf(2, `# ${'x'.repeat(1_100_000)}\n`), 3)).toBe(6);
});

it('a long text stays beside short ones', () => {
  const long = manifestsOf(1, `# ${'x'.repeat(1_100_000)}\n`);
  expect(timesRead([...long, ...manifestsOf(2).slice(1)], 50)).toBe(2);
});

it('suggestions push no tree out', () => {
  const files = manifestsOf(1);
  expect(timesRead(files, 1)).toBe(1);
  for (let index = 0; index < 10; index++)
    suggestionText({ apiVersion: 'v1', kind: 'Pod' }, { apiVersion: 'v1', kind: 'Pod', index });
  expect(timesRead(files, 1)).toBe(0);
});

it('of a thousand documents no more are looked at than may lie on the line', () => {
  const text = (number: number): string =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: map-${number}\n`;
  const file = Array.from({ length: 1000 }, (_, number) => text(number)).join('---\n');
  const { excerpt } = readManifests(file);
  const filter = vi.spyOn(Array.prototype, 'filter');
  for (const number of [0, 1, 500, 999]) expect(excerpt(5 * number + 4)).toBe(`  name: map-${number}`);
  const looked = filter.mock.contexts.map((list) => (list as readonly unknown[]).length);
  filter.mockRestore();
  expect(Math.max(...looked)).toBeLessThan(10);
});
