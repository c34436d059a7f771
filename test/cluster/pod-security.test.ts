/** Pod Security admission is asked about thousands of pods: every disagreement about a control is a bug of ours. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtinKinds, property, type KubernetesObject } from '#sdk';
import { policies } from '../../policies/index.ts';
import { controls } from '../../scripts/generate/pod-security-controls.ts';
import { compileSettings } from '../../src/engine/compile.ts';
import type { Compiled } from '../../src/engine/compiled.ts';
import { fixReview } from '../../src/engine/fix.ts';
import { judge } from '../../src/engine/judge.ts';
import type { Finding, Review } from '../../src/engine/review.ts';
import { settingsSchema } from '../../src/engine/settings.ts';
import {
  basePod,
  bases,
  containerContext,
  containerMutations,
  mixedCases,
  mutate,
  nameOf,
  singleCases,
  type DraftPod,
} from '../policies/pod-security-cases.ts';
import { apiClient, inParallel, type ApiAnswer, type ApiClient } from './api-client.ts';
import { startControlPlane, type ControlPlane } from './control-plane.ts';
import { violatedControls } from './pod-security-admission.ts';

const levels = ['baseline', 'restricted'] as const;
type Level = (typeof levels)[number];
/** Minor versions of Kubernetes from the first whose standard knows Windows on. */
const minors = Array.from({ length: 12 }, (_, index) => 25 + index);
const seed = 36;

let cluster: ControlPlane;
let api: ApiClient;

beforeAll(async () => {
  cluster = await startControlPlane({ controllers: false });
  api = apiClient(cluster);
  const make = async (name: string, labels: Record<string, string>): Promise<void> => {
    const metadata = { name, labels: prefixed(labels) };
    const answer = await api.call('POST', '/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata,
    });
    expect(answer.status).toBe(201);
  };
  await make('free', { enforce: 'privileged' });
  for (const level of levels) {
    await make(`enforce-${level}`, { enforce: level });
    await make(`warn-${level}`, { warn: level });
    for (const minor of minors)
      await make(`enforce-${level}-${minor}`, { enforce: level, 'enforce-version': `v1.${minor}` });
  }
});

afterAll(async () => {
  api.close();
  await cluster.stop();
});

function prefixed(labels: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).map(([key, value]) => [`pod-security.kubernetes.io/${key}`, value]),
  );
}

const compiledByMinor = new Map<number, Compiled>();

function compiledFor(minor: number): Compiled {
  const known = compiledByMinor.get(minor);
  if (known !== undefined) return known;
  const settings = settingsSchema.parse({ kubernetes: `1.${minor}` });
  const { compiled, problems } = compileSettings(settings, policies, { now: 0 });
  expect(problems).toEqual([]);
  compiledByMinor.set(minor, compiled);
  return compiled;
}

/** What Restricted calls the controls of Baseline that it replaces. */
const replaced: Readonly<Record<string, string>> = {
  'non-default capabilities': 'unrestricted capabilities',
  'hostPath volumes': 'restricted volume types',
};

/** The controls that daygate's profile for the level finds violated, in the words of Pod Security. */
function ownControls(level: Level, review: Omit<Review, 'profile' | 'now'>, minor = 36): readonly string[] {
  const { findings, errors, enforcement } = judge(compiledFor(minor), {
    ...review,
    profile: `pss-${level}`,
    now: 0,
  });
  expect([errors, enforcement]).toEqual([[], 'enforce']);
  const reasons = findings.filter(({ action }) => action === 'deny').map(reasonOf);
  return [
    ...new Set(reasons.map((name) => (level === 'restricted' ? (replaced[name] ?? name) : name))),
  ].sort();
}

function reasonOf({ policy, messageId }: Finding): string {
  if (policy === 'require-run-as-non-root')
    return messageId === 'root' || messageId === 'podRoot' ? 'runAsUser=0' : 'runAsNonRoot != true';
  const control = controls.find(({ policies: ids }) => ids.includes(policy));
  return control?.reason ?? `unknown: ${policy}`;
}

/** docs/pod-security.md, "Root by number": with user 0 a missing runAsNonRoot is not named as well. */
function withoutSecondNameOfRoot(theirs: readonly string[], own: readonly string[]): readonly string[] {
  const named = own.includes('runAsUser=0') && !own.includes('runAsNonRoot != true');
  return named ? theirs.filter((reason) => reason !== 'runAsNonRoot != true') : theirs;
}

function sameControls(theirs: readonly string[], own: readonly string[]): boolean {
  return JSON.stringify(withoutSecondNameOfRoot(theirs, own)) === JSON.stringify(own);
}

interface Tally {
  judged: number;
  clean: number;
  readonly seen: Set<string>;
  readonly differences: unknown[];
}

function newTally(): Tally {
  return { judged: 0, clean: 0, seen: new Set(), differences: [] };
}

/** Notes one comparison; an answer that is no verdict of Pod Security counts for nothing. */
function compare(
  tally: Tally,
  theirs: readonly string[] | undefined,
  own: readonly string[],
  about: object,
): void {
  if (theirs === undefined) return;
  tally.judged++;
  if (theirs.length === 0) tally.clean++;
  theirs.forEach((reason) => tally.seen.add(reason));
  if (!sameControls(theirs, own)) tally.differences.push({ ...about, theirs, own });
}

const dryRun = (namespace: string, resource = 'pods', group = '/api/v1'): string =>
  `${group}/namespaces/${namespace}/${resource}?dryRun=All`;

/** All reasons that Pod Security can give on a level. */
function reasonsOf(level: Level): readonly string[] {
  const names = controls
    .filter((control) => level === 'restricted' || control.level === 'Baseline')
    .map(({ reason }) => (level === 'restricted' ? (replaced[reason] ?? reason) : reason));
  return [...new Set(names)].sort();
}

describe('Pod Security admission', () => {
  const pods = [...singleCases(), ...mixedCases(5_000, seed)];
  /** What the API server makes of them where nothing is enforced, asked once. */
  const stored: Promise<ApiAnswer>[] = [];

  it.each(levels)('agrees about Pods, control by control: %s', { timeout: 300_000 }, async (level) => {
    const tally = newTally();
    await inParallel(pods, async (pod, index) => {
      const [answer, taken] = await Promise.all([
        api.call('POST', dryRun(`enforce-${level}`), pod),
        (stored[index] ??= api.call('POST', dryRun('free'), pod)),
      ]);
      const theirs = violatedControls(answer);
      if (theirs === undefined) return;
      expect(taken.status).toBe(201);
      // What a webhook sees, with everything that the API server fills in.
      const object = { ...pod, ...(taken.body as KubernetesObject) };
      compare(tally, theirs, ownControls(level, { operation: 'CREATE', object }), { pod });
      // What `daygate check` sees.
      const written = ownControls(level, { operation: 'CREATE', object: pod });
      const filledIn = pod.spec['hostNetwork'] === true && !written.includes('hostPort');
      const seen = theirs.filter((reason) => !(filledIn && reason === 'hostPort'));
      if (!sameControls(seen, written)) tally.differences.push({ manifest: pod, theirs, own: written });
    });
    expect(tally.differences.slice(0, 5)).toEqual([]);
    expect(tally.judged).toBeGreaterThanOrEqual(5_000);
    expect(tally.clean).toBeGreaterThan(500);
    expect(tally.judged - tally.clean).toBeGreaterThan(1_500);
    // Kubernetes takes Unmasked in a user namespace only, where Baseline allows it.
    const possible = reasonsOf(level).filter((reason) => level === 'restricted' || reason !== 'procMount');
    expect([...tally.seen].sort()).toEqual(possible);
  });

  it('takes what the fixes make of Pods that it took before', { timeout: 300_000 }, async () => {
    const own = policies.filter(({ category }) => category === 'security');
    const all = Object.fromEntries(own.map(({ id }) => [id, 'warn']));
    const { compiled } = compileSettings(settingsSchema.parse({ policies: all }), own, { now: 0 });
    const refused: unknown[] = [];
    let fixed = 0;
    await inParallel([...singleCases(), ...mixedCases(300, seed + 3)], async (pod) => {
      const taken = await api.call('POST', dryRun('free'), pod);
      if (taken.status !== 201) return;
      const review = { operation: 'CREATE', object: pod, profile: 'restricted', now: 0 } as const;
      const { object, patch } = fixReview(compiled, review, 'all');
      if (patch.length === 0) return;
      fixed++;
      const { status, body } = await api.call('POST', dryRun('free'), object);
      if (status !== 201) refused.push({ pod, why: property(body, 'message') });
    });
    expect(refused.slice(0, 5)).toEqual([]);
    expect(fixed).toBeGreaterThan(1_000);
  });

  it.each(levels)('agrees about workloads: %s', { timeout: 300_000 }, async (level) => {
    const tally = newTally();
    await inParallel(mixedCases(1_200, seed + 1), async (pod, index) => {
      const { object, path } = workloadOf(pod, index, `warn-${level}`);
      const theirs = violatedControls(await api.call('POST', path, object));
      compare(tally, theirs, ownControls(level, { operation: 'CREATE', object }), { object });
    });
    expect(tally.differences.slice(0, 5)).toEqual([]);
    expect(tally.judged).toBeGreaterThanOrEqual(500);
    expect(tally.judged - tally.clean).toBeGreaterThan(200);
  });

  it('agrees about every version of the standard since 1.25', { timeout: 300_000 }, async () => {
    const changed = /sysctls|hostUsers|procMount|seLinux|Probe|lifecycle|os"|runAs/;
    const singles = singleCases(['containers', 'user namespace']);
    const some = [
      ...singles.filter((pod) => changed.test(JSON.stringify(pod.spec))),
      ...mixedCases(60, seed + 2),
    ];
    const asked = minors.flatMap((minor, offset) =>
      levels.flatMap((level) =>
        // Each version gets every twelfth pod, and all that its changes are about.
        some
          .filter((pod, index) => index % minors.length === offset || isAboutVersions(pod))
          .map((pod) => ({ minor, level, pod })),
      ),
    );
    const tally = newTally();
    await inParallel(asked, async ({ minor, level, pod }) => {
      const theirs = violatedControls(await api.call('POST', dryRun(`enforce-${level}-${minor}`), pod));
      const own = ownControls(level, { operation: 'CREATE', object: pod }, minor);
      const filledIn = pod.spec['hostNetwork'] === true && !own.includes('hostPort');
      const seen = theirs?.filter((reason) => !(filledIn && reason === 'hostPort'));
      compare(tally, seen, own, { minor, level, pod });
    });
    expect(tally.differences.slice(0, 5)).toEqual([]);
    expect(tally.judged).toBeGreaterThanOrEqual(1_500);
  });

  it.each(levels)('agrees about debugging containers: %s', { timeout: 300_000 }, async (level) => {
    const tally = newTally();
    for (const base of bases.slice(0, 4)) {
      const name = base.replace(' ', '-');
      const created = await api.call('POST', `/api/v1/namespaces/enforce-${level}/pods`, basePod(base, name));
      expect(created.status).toBe(201);
      const oldObject = { ...basePod(base), ...(created.body as KubernetesObject) };
      await inParallel(containerMutations, async (mutation) => {
        const container: Record<string, unknown> = {
          name: 'debug',
          image: 'registry.example.com/tools/busybox:1.37',
          terminationMessagePolicy: 'File',
          securityContext: containerContext(base),
        };
        mutate(container, mutation);
        const value = [container];
        const answer = await api.call(
          'PATCH',
          `/api/v1/namespaces/enforce-${level}/pods/${name}/ephemeralcontainers?dryRun=All`,
          [{ op: 'add', path: '/spec/ephemeralContainers', value }],
          'application/json-patch+json',
        );
        const object = { ...oldObject, spec: { ...oldObject.spec, ephemeralContainers: value } };
        const own = ownControls(level, {
          operation: 'UPDATE',
          subresource: 'ephemeralcontainers',
          object,
          oldObject,
        });
        compare(tally, violatedControls(answer), own, { base, mutation: nameOf(mutation) });
      });
    }
    expect(tally.differences.slice(0, 5)).toEqual([]);
    expect(tally.judged).toBeGreaterThanOrEqual(300);
    expect(tally.judged - tally.clean).toBeGreaterThan(50);
  });
});

function isAboutVersions({ spec }: DraftPod): boolean {
  return /sysctls":\[\{|container_engine_t|Unmasked|"host":"127|"runAsUser":0|"runAsNonRoot":false/.test(
    JSON.stringify(spec),
  );
}

const kinds = Object.values(builtinKinds).filter(
  ({ template, kind }) => template !== undefined && kind !== 'Pod',
);

/** The pod in a workload of a kind that the index chooses, and where to send it. */
function workloadOf(
  pod: DraftPod,
  index: number,
  namespace: string,
): { object: KubernetesObject; path: string } {
  const info = kinds[index % kinds.length];
  if (info === undefined) throw new RangeError('there are no workloads');
  const { kind, group, versions, resource, template: steps = [] } = info;
  const labels = { app: 'orders' };
  const restartPolicy = kind === 'Job' || kind === 'CronJob' ? 'Never' : 'Always';
  const annotations = property(pod.metadata, 'annotations');
  const template = { metadata: { labels, annotations }, spec: { ...pod.spec, restartPolicy } };
  const nested = steps.reduceRight<object>((content, step) => ({ [step]: content }), template);
  const selector = kind === 'ReplicationController' ? labels : { matchLabels: labels };
  const more: Readonly<Record<string, object>> = {
    PodTemplate: {},
    Job: {},
    CronJob: { schedule: '0 3 * * *' },
    StatefulSet: { selector, serviceName: 'orders' },
  };
  const inner = property(nested, 'spec');
  const apiVersion = group === '' ? 'v1' : `${group}/${versions[0] ?? 'v1'}`;
  const object = {
    apiVersion,
    kind,
    metadata: { name: 'orders' },
    ...nested,
    ...(inner === undefined ? {} : { spec: { ...inner, ...(more[kind] ?? { selector }) } }),
  };
  const root = group === '' ? '/api/v1' : `/apis/${apiVersion}`;
  return { object: object, path: dryRun(namespace, resource, root) };
}
