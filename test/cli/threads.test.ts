import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { policies } from '../../policies/index.ts';
import { check, type CheckOptions } from '../../src/cli/check.ts';
import type { StartThread } from '../../src/cli/threads/threads.ts';
import { UserError } from '../../src/errors.ts';
import { hostileFiles } from './hostile-files.ts';
import { inFolder, now, runCheck, type JsonOutput } from './run-check.ts';

const thread = new URL('../../src/judging-thread.ts', import.meta.url);
const startThread: StartThread = (data) => new Worker(thread, { workerData: data });

async function run(
  folder: string,
  options: Parameters<typeof check>[1],
  start: StartThread = startThread,
): Promise<string> {
  let out = '';
  const write = (text: string): void => void (out += text);
  const io = { out: write, err: write, input: () => Promise.resolve(new Uint8Array()), color: false, now: () => now }; // prettier-ignore
  const code = await check([folder], options, policies, io, start);
  return `${out}\nexit code ${code}`;
}

const deployment = (namespace: string, name: string): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace}, labels: { app: ${name} } }
spec:
  replicas: 3
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: app, image: "app:1", env: [{ name: DB_PASSWORD, value: correct-horse-battery }] }] }
`;
const names = Array.from({ length: 12 }, (_, index) => `app-${index}`);

/** Whatever makes an object depend on one in another file, in an order that no thread could guess. */
const related: Readonly<Record<string, string>> = {
  ...Object.fromEntries(names.map((name) => [`b/${name}.yaml`, deployment('shop', name)])),
  'a/budget.yaml': `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: app-1, namespace: shop }
spec: { maxUnavailable: 1, selector: { matchLabels: { app: app-1 } } }
`,
  'c/scaler.yaml': `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: app-2, namespace: shop }
spec: { minReplicas: 1, maxReplicas: 4, scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: app-2 } }
`,
  'z/namespace.yaml': `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { daygate.dev/profile: restricted, team: checkout } }
`,
  'z/definition.yaml': `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: gadgets.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { kind: Gadget, plural: gadgets, singular: gadget, listKind: GadgetList }
  versions:
    - name: v1
      served: true
      storage: true
      schema: { openAPIV3Schema: { type: object, properties: { spec: { type: object, properties: { size: { type: integer } } } } } }
`,
  'a/gadget.yaml': `apiVersion: example.com/v1
kind: Gadget
metadata: { name: one, namespace: shop }
spec: { size: large, colour: red }
`,
};
const hostile = Object.fromEntries(hostileFiles.map(({ content }, index) => [`m/${index}.yaml`, content]));

/** Starts threads that have read most of the files before the caller comes to read any. */
function startAhead(files: number, threads: number): StartThread {
  let started = 0;
  return (data) => {
    const worker = startThread(data);
    const share = Math.floor((files * ++started) / threads);
    while (Atomics.load(data.taken, 0) < share) Atomics.wait(pause, 0, 0, 5);
    return worker;
  };
}
const pause = new Int32Array(new SharedArrayBuffer(4));

describe('several threads', () => {
  it.each<[string, CheckOptions]>([
    ['text', {}],
    ['json', {}],
    ['html', {}],
    ['json', { include: ['pass'] }],
  ])('write the same %s as one with %j', { timeout: 60_000 }, async (format, more) => {
    const files = { ...related, ...hostile };
    await inFolder(files, async (folder) => {
      const one = await run(folder, { ...more, output: [format], threads: '1' });
      for (const threads of [2, 3]) {
        const start = startAhead(Object.keys(files).length, threads);
        expect(await run(folder, { ...more, output: [format], threads: String(threads) }, start)).toBe(one);
      }
    });
  });

  it('judge objects beside those of other files', async () => {
    await inFolder(related, async (folder) => {
      const out = await run(folder, { output: ['json'], threads: '2' }, startAhead(17, 2));
      const { findings } = JSON.parse(out.slice(0, out.lastIndexOf('\n'))) as JsonOutput;
      const named = (policy: string): readonly string[] =>
        findings.filter((finding) => finding.policy === policy).map(({ object }) => object.name);
      expect(named('require-pod-disruption-budget')).not.toContain('app-1');
      expect(named('require-pod-disruption-budget')).toContain('app-3');
      expect(named('forbid-unknown-field')).toContain('one');
    });
  });

  it.each<readonly [string, StartThread, RegExp]>([
    ['ends', () => new Worker('process.exit(0)', { eval: true }), /it ended early/],
    ['throws', () => new Worker('throw new Error("out of luck")', { eval: true }), /out of luck/],
    [
      'runs out of memory',
      (data) => new Worker(thread, { workerData: data, resourceLimits: { maxOldGenerationSizeMb: 4 } }),
      /memory/,
    ],
  ])('say so when one of them %s', async (_, start, reason) => {
    await inFolder(related, async (folder) => {
      const failure = await run(folder, { threads: '2' }, start).catch((error: unknown) => error);
      if (!(failure instanceof UserError)) throw failure;
      expect(failure.message).toMatch(reason);
      expect(failure.message).toMatch(/^a thread .* died: .* --threads 1 does without$/);
      expect(failure.code).toBe('internal');
    });
  });

  it('are a number', async () => {
    for (const threads of ['0', 'many', '1.5', '']) {
      const { code, err } = await runCheck(['examples'], { threads });
      expect(code).toBe(2);
      expect(err).toContain('--threads');
    }
  });
});
