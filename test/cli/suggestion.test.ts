import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { isRecord, type JsonRecord, type KubernetesObject } from '#sdk';
import { policies } from '../../policies/index.ts';
import { suggestionText } from '../../src/cli/suggestion.ts';
import { suggestEdits } from '../../src/engine/suggest-edits.ts';
import { judge } from '../../src/engine/judge.ts';
import { locator, mergeKeysOf } from '../../src/engine/locate.ts';
import { readPolicyFolder } from '../../src/policy-test/fixtures.ts';
import { compileFor, reviewsOf } from '../../src/policy-test/judge-fixture.ts';
import { checkText, runCheck } from './run-check.ts';

const app = { name: 'app', env: [{ name: 'A', value: 'a' }, { name: 'B' }], args: ['--a', '--b'], tty: true };
const podSpec = {
  containers: [app, { name: 'log' }],
  volumes: [{ name: 'tmp' }, { name: 'old' }],
  hostPID: true,
};
const pod = (change: object): JsonRecord => ({
  apiVersion: 'v1',
  kind: 'Pod',
  spec: { ...podSpec, ...change },
});
const withApp = (change: object): JsonRecord => pod({ containers: [{ ...app, ...change }, { name: 'log' }] });

function shown(before: JsonRecord, after: JsonRecord): string {
  const text = suggestionText(before, after);
  expect(text.startsWith('apiVersion: v1\nkind: Pod\n')).toBe(true);
  return text.slice('apiVersion: v1\nkind: Pod\n'.length);
}

describe('suggestions', () => {
  it.each<[string, JsonRecord, string]>([
    ['what changes in an item, with its name', withApp({ image: 'x:1' }), 'spec:\n  containers:\n    - name: app\n      image: x:1'],
    ['what goes as a remark', withApp({ tty: undefined }), 'spec:\n  containers:\n    - name: app\n      # remove: tty'],
    ['what comes and goes together', withApp({ stdin: true, tty: undefined }), 'spec:\n  containers:\n    - name: app\n      stdin: true\n      # remove: tty'],
    ['a text with the empty lines at its end', withApp({ image: 'a\n\n' }), 'spec:\n  containers:\n    - name: app\n      image: "a\\n\\n"'],
    ['a text with the blanks at its end', withApp({ image: 'a\nb  ' }), 'spec:\n  containers:\n    - name: app\n      image: "a\\nb  "'],
    ['an item that goes', pod({ volumes: [{ name: 'tmp' }] }), '# remove: spec.volumes[old]'],
    ['an item that comes', pod({ volumes: [...podSpec.volumes, { name: 'new', emptyDir: {} }] }), 'spec:\n  volumes:\n    - name: new\n      emptyDir: {}'],
    ['a list without names as a whole', withApp({ args: ['--b', '--c'] }), 'spec:\n  containers:\n    - name: app\n      args:\n        - ••• # as it stands now\n        - ••• # as it stands now'],
    ['a list whose order changes as a whole', pod({ volumes: podSpec.volumes.toReversed() }), 'spec:\n  volumes:\n    - name: old\n    - name: tmp'],
    ['nothing of what stays', pod({ hostPID: undefined, hostIPC: false }), 'spec:\n  hostIPC: false\n  # remove: hostPID'],
  ])('show %s', (_, after, text) => {
    expect(shown(pod({}), JSON.parse(JSON.stringify(after)) as JsonRecord)).toBe(text);
  }); // prettier-ignore

  it('tell items with the same name apart', () => {
    const twice = pod({ volumes: [{ name: 'a', emptyDir: {} }, { name: 'a' }] });
    expect(shown(twice, pod({ volumes: [{ name: 'a' }] }))).toBe('# remove: spec.volumes[a], number 1 of 2');
  });

  it('mask what they would move from one place to another', () => {
    const text = shown(pod({}), withApp({ env: [...app.env, { name: 'TOKEN', value: 'hunter2' }] }));
    expect(text).toContain('TOKEN');
    expect(text).not.toContain('hunter2');
  });

  it('keep what a key could smuggle into a remark on its line and out of sight', () => {
    const labels = { 'a\nspec: {}': 'x', ghp_c4n4ryC4N4RYc4n4ryC4N4RYc4n4ry123456: 'x' };
    const text = shown({ ...pod({}), metadata: { labels } }, { ...pod({}), metadata: { labels: {} } });
    expect(text.split('\n').every((line) => line.startsWith('# remove: metadata.labels.'))).toBe(true);
    expect(text).not.toContain('c4n4ry');
  });

  it('stand with their findings, for people and for machines, each with its own change', async () => {
    const text = `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - name: app\n      image: x:1\n      resources: {requests: {memory: 512m}, limits: {memory: 700m}}\n`;
    const options = { only: ['forbid-suspicious-quantity'] };
    const { json } = await checkText(text, options);
    const head = 'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: app\n      resources:\n';
    expect(json.findings.map(({ suggestion }) => suggestion).sort()).toEqual([
      `${head}        limits:\n          memory: 700Mi`,
      `${head}        requests:\n          memory: 512Mi`,
    ]);
    const { out } = await runCheck(['-'], options, text);
    const pad = ' '.repeat(14);
    expect(out).toContain(`\n${pad}containers:\n${pad}  - name: app\n${pad}    resources:\n${pad}      requests:\n${pad}        memory: 512Mi\n`);
  }); // prettier-ignore

  it('name the item that goes where others of the list move up into its place', async () => {
    const env = '[{name: MODE, value: fast}, {name: MODE, value: slow}, {name: LEVEL, value: info}]';
    const text = `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - name: app\n      image: x:1\n      env: ${env}\n`;
    const { json } = await checkText(text, { only: ['forbid-duplicate-env'] });
    expect(json.findings.map(({ suggestion }) => suggestion)).toEqual([
      'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: app\n      # remove: env[MODE], number 1 of 2',
    ]);
  }); // prettier-ignore

  it('write what names an item once, where that is what changes', async () => {
    const text = `apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  ports:\n    - {name: web, port: "80"}\n`;
    const { json } = await checkText(text, { only: ['forbid-unknown-field'] });
    expect(json.findings.map(({ suggestion }) => suggestion)).toEqual([
      'apiVersion: v1\nkind: Service\nspec:\n  ports:\n    - port: 80',
    ]);
  });

  it('show a new apiVersion, which is the change itself', async () => {
    const { out } = await runCheck(['-'], { only: ['forbid-removed-api'] }, 'apiVersion: batch/v1beta1\nkind: CronJob\nmetadata: {name: a}\n');
    expect(out).toMatch(/\n +apiVersion: batch\/v1\n +kind: CronJob\n/);
  }); // prettier-ignore
});

const suggesting = policies.filter(({ fix }) => fix?.safety === 'suggestion');

describe.each(suggesting.map((policy) => [policy.id, policy] as const))('what %s suggests', (_, policy) => {
  const failing = readPolicyFolder(policy).fixtures.filter(({ fixed }) => fixed !== undefined);

  it.each(failing.map((fixture) => [fixture.name, fixture] as const))('is YAML that resolves its finding: %s', (_, fixture) => {
    const compiled = compileFor(policy, fixture);
    let pasted = 0;
    for (const review of reviewsOf(fixture)) {
      for (const suggestion of suggestEdits(compiled, review)) {
        const text = suggestionText({ ...review.object }, { ...suggestion.object });
        pasted++;
        // What it masks it also says to be there already.
        if (text.includes('•••')) continue;
        const object = paste(text, review.object) as KubernetesObject;
        const place = locator(review.object, suggestion.at);
        expect(judge(compiled, { ...review, object }).findings.map((finding) => finding.locator), text).not.toContain(place);
        expect(text).not.toMatch(/: null$|\$patch/m);
      }
    }
    expect(pasted).toBeGreaterThan(0);
  }); // prettier-ignore
});

/** What a reader does with a suggestion: writes what is there into the object, item by item, and takes away what goes. */
function paste(text: string, object: unknown): unknown {
  const result = structuredClone(object);
  merge(result as Record<string, unknown>, parse(text) as JsonRecord);
  const tables: { readonly indent: number; readonly value: unknown }[] = [{ indent: 0, value: result }];
  // From the bottom to the top, so that numbers of items stay right, but with the tables known from above.
  const removals: (() => void)[] = [];
  let names: { readonly indent: number; readonly key: string }[] = [];
  for (const line of text.split('\n')) {
    const indent = line.search(/\S/);
    while ((tables.at(-1)?.indent ?? 0) > indent) tables.pop();
    names = names.filter((one) => one.indent < indent);
    const here = tables.at(-1)?.value;
    const removed = /^\s*# remove: (.*)$/.exec(line)?.[1];
    const item = /^\s*- (\w+): (.*)$/.exec(line);
    const key = /^\s*(?:"([^"]+)"|([\w./-]+)):(?: .*)?$/.exec(line);
    if (removed !== undefined) removals.push(() => remove(here, removed));
    else if (item !== null && Array.isArray(here)) {
      const found: unknown = here.find((one) => isRecord(one) && String(one[item[1] ?? '']) === item[2]);
      tables.push({ indent: indent + 2, value: found });
    } else if (key !== null && isRecord(here)) {
      tables.push({ indent: indent + 1, value: here[key[1] ?? key[2] ?? ''] });
      tables.push({ indent: indent + 2, value: here[key[1] ?? key[2] ?? ''] });
    }
  }
  for (const take of removals.reverse()) take();
  return result;
}

function merge(target: Record<string, unknown>, change: JsonRecord): void {
  for (const [key, value] of Object.entries(change)) {
    const old = target[key];
    if (isRecord(old) && isRecord(value)) merge(old, value);
    else if (Array.isArray(old) && Array.isArray(value)) target[key] = mergeLists(key, old as unknown[], value as unknown[]);
    else target[key] = value;
  }
} // prettier-ignore

function mergeLists(name: string, old: readonly unknown[], change: readonly unknown[]): readonly unknown[] {
  const key = mergeKeysOf(name).find((one) =>
    [...old, ...change].every((item) => isRecord(item) && one in item),
  );
  if (key === undefined) return change;
  const result = [...old];
  for (const item of change as readonly JsonRecord[]) {
    const same = result.find((one) => isRecord(one) && one[key] === item[key]);
    if (isRecord(same)) merge(same, item);
    else result.push(item);
  }
  return result;
}

/** `securityContext.privileged`, `env[A], number 2 of 3` */
function remove(from: unknown, words: string): void {
  const [, path = '', number = '1'] = /^(.*?)(?:, number (\d+) of \d+)?$/.exec(words) ?? [];
  const steps = path.match(/"[^"]+"|[\w-]+|\[[^\]]+\]/g) ?? [];
  let value = from;
  for (const [index, raw] of steps.entries()) {
    const step = raw.replaceAll(/[[\]"]/g, '');
    const isLast = index === steps.length - 1;
    if (Array.isArray(value)) {
      const items = value as Record<string, unknown>[];
      const same = items.filter((item) => item['name'] === step || item['mountPath'] === step);
      const found = same[Number(number) - 1] ?? {};
      if (isLast) items.splice(items.indexOf(found), 1);
      value = found;
    } else {
      const table = value as Record<string, unknown>;
      if (isLast) expect(Object.hasOwn(table, step) && Reflect.deleteProperty(table, step), words).toBe(true);
      else value = table[step];
    }
  }
}
