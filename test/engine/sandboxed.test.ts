/** A policy says the same whether it runs here or in the sandbox: the library, half of it sent away and back. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { definePolicy, type KubernetesObject, type Policy } from '#sdk';
import { z } from 'zod';
import { policies as library } from '../../policies/index.ts';
import { compatible } from '../../src/policy-test/judge-fixture.ts';
import { readManifests } from '../../src/cli/yaml/read-manifests.ts';
import { keyedFingerprint } from '../../src/config/fingerprint.ts';
import { compileSettings } from '../../src/engine/compile.ts';
import type { Compiled } from '../../src/engine/compiled.ts';
import { judge } from '../../src/engine/judge.ts';
import type { Review, Verdict } from '../../src/engine/review.ts';
import {
  fromSandbox,
  runSandboxed,
  sandboxPlan,
  settingsForSandbox,
  type PolicyReport,
} from '../../src/engine/sandboxed.ts';
import { settingsSchema, type SettingsInput } from '../../src/engine/settings.ts';
import { reportSchema } from '../../src/server/sandbox/frames.ts';

const now = Date.parse('2026-11-21T12:00:00Z');

function compiled(
  settings: SettingsInput,
  library: readonly Policy[],
  sandboxed: readonly Policy[] = [],
  isSandbox = false,
): Compiled {
  const result = compileSettings(settingsSchema.parse(settings), library, {
    now,
    sandboxed: new Set(sandboxed.map(({ id }) => id)),
    // The key stays out of the sandbox.
    fingerprint: isSandbox ? undefined : keyedFingerprint('0f1e2d3c4b5a69788796a5b4c3d2e1f0'),
  });
  expect(result.problems).toEqual([]);
  return result.compiled;
}

function sent<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** Judges as `serve` does, with the other process left out. */
function throughSandbox(serving: Compiled, sandbox: Compiled, review: Review): Verdict {
  const plan = sandboxPlan(serving, review);
  if (plan === undefined) return judge(serving, review);
  const arrived = { ...review, ...sent({ object: review.object, oldObject: review.oldObject }) };
  const question = sent(plan);
  const reports = plan.policies
    .map((_, index) => runSandboxed(sandbox, question, arrived, index))
    .filter((report): report is PolicyReport => report !== undefined);
  const read = sent(reports).map((report) => reportSchema.parse(report));
  return judge(serving, review, { elsewhere: fromSandbox(serving, review, read) });
}

function ordered(verdict: Verdict): unknown {
  const byText = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
  return {
    ...verdict,
    errors: verdict.errors.toSorted(byText),
    skipped: verdict.skipped.toSorted(byText),
  };
}

const root = join(import.meta.dirname, '../..');
const objects = globSync(join(root, 'policies/*/*/fixtures/*.yaml'))
  .toSorted()
  .flatMap((file) => readManifests(readFileSync(file)).manifests.map(({ object }) => object));
const policies = compatible(library, '');
const own = policies.filter((_, index) => index % 2 === 0);
const settings: SettingsInput = {
  policies: Object.fromEntries(policies.map(({ id }) => [id, 'deny'])),
  profiles: { production: { policies: { [policies[1]?.id ?? '']: 'warn' } } },
  exceptions: [
    {
      policies: own.slice(0, 20).map(({ id }) => id),
      match: { name: 'orders*' },
      owner: 'shop',
      reason: 'test',
      expires: '2027-01-31',
    },
    {
      policies: own.map(({ id }) => id),
      match: { container: { name: '*', image: 'registry.example.com/shop/cart:*' } },
      owner: 'shop',
      reason: 'test',
      expires: '2027-01-31',
    },
  ],
};
const controller = {
  username: 'system:serviceaccount:kube-system:replicaset-controller',
  groups: [],
};
const user = { username: 'jane', groups: ['system:authenticated'] };

function reviewsOf(object: KubernetesObject, other: KubernetesObject | undefined): readonly Review[] {
  const review = { operation: 'CREATE', object, user, profile: 'production', now } as const;
  const relabelled = { ...object, metadata: { ...object.metadata, labels: { tier: 'web' } } };
  return [
    review,
    { ...review, operation: 'UPDATE', object: relabelled, oldObject: object },
    { ...review, operation: 'UPDATE', oldObject: other?.kind === object.kind ? other : object },
    { ...review, operation: 'UPDATE', object: relabelled, oldObject: object, user: controller },
    { ...review, operation: 'DELETE' },
    { ...review, operation: 'UPDATE', oldObject: object, subresource: 'ephemeralcontainers' },
  ];
}

describe('the sandbox', () => {
  it('changes no verdict', { timeout: 120_000 }, () => {
    const here = compiled(settings, policies);
    const serving = compiled(settings, policies, own);
    const sandbox = compiled(settingsForSandbox(serving.settings, serving.sandboxed), own, [], true);
    const seen = new Set<string>();
    let [findings, marked] = [0, 0];
    for (const [index, object] of objects.entries()) {
      for (const review of reviewsOf(object, objects[index + 1])) {
        const wanted = judge(here, review);
        expect(ordered(throughSandbox(serving, sandbox, review))).toEqual(ordered(wanted));
        for (const { policy, leniency, exception, fingerprint } of wanted.findings) {
          if (!serving.sandboxed.has(policy)) continue;
          findings += 1;
          if (fingerprint !== undefined) marked += 1;
          seen.add(exception === undefined ? (leniency ?? 'none') : 'exception');
        }
      }
    }
    expect(findings).toBeGreaterThan(1000);
    expect(marked).toBeGreaterThan(10);
    expect([...seen].toSorted()).toEqual(['controller', 'exception', 'metadata-only', 'none', 'old-object']);
  });

  it('leaves out what runs in it where nobody asks it, and has no plan where nothing does', () => {
    const serving = compiled({}, policies, policies);
    const review = { operation: 'CREATE', object: pod, profile: 'production', now } as const;
    expect(judge(serving, review).findings).toEqual([]);
    expect(sandboxPlan(serving, review)?.policies.length).toBeGreaterThan(10);
    expect(sandboxPlan(compiled({}, policies), review)).toBeUndefined();
    expect(sandboxPlan(serving, { ...review, namespace: 'kube-system' })).toBeUndefined();
  });

  it('names a policy that reports what is no finding, and one that has too much to say', () => {
    const bad = (id: string, times: number, data: Record<string, unknown>): Policy =>
      definePolicy({
        id,
        category: 'labels',
        title: 'Report',
        severity: 'low',
        target: 'object',
        kinds: ['Pod'],
        profiles: { production: 'deny' },
        params: z.strictObject({}),
        messages: { said: '{what}' },
        why: '',
        remediation: '',
        references: [],
        validate: ({ at }, { report }) => {
          for (let count = 0; count < times; count++) report({ message: 'said', at: at('x'), data: data as { what: string } });
        },
      }); // prettier-ignore
    const unreadable = Object.defineProperty({}, 'what', { enumerable: true, get: () => { throw new Error('no'); } }); // prettier-ignore
    const library = [
      bad('forbid-a', 1, unreadable),
      bad('forbid-b', 10_001, {}),
      bad('forbid-c', 1, { what: Number.NaN }),
      bad('forbid-d', 1, { what: Symbol('s') }),
      bad('forbid-e', 1, { what: '🔒'.repeat(100_000) }),
    ];
    const serving = compiled({}, library, library);
    const sandbox = compiled({}, library);
    const review = { operation: 'CREATE', object: pod, profile: 'production', now } as const;
    const verdict = throughSandbox(serving, sandbox, review);
    expect(verdict.errors).toEqual([
      { policy: 'forbid-a', message: 'reported something that is no finding' },
      { policy: 'forbid-b', message: 'reported 10001 findings about one object' },
    ]);
    const shown = judge(compiled({}, library.slice(4)), review).findings.map(({ message }) => message);
    expect(verdict.findings.map(({ message }) => message)).toEqual(['NaN', '?', ...shown]);
    const plan = sandboxPlan(serving, review);
    if (plan === undefined) throw new Error('no plan');
    const long = runSandboxed(sandbox, plan, review, 4);
    expect(JSON.stringify(long).length).toBeLessThan(2_000);
  });

  it('takes no fixes at admission and no more than a quarter of the webhook’s time', () => {
    const [policy] = policies;
    const sandboxed = new Set([policy?.id ?? '']);
    const problems = (input: SettingsInput): readonly string[] =>
      compileSettings(settingsSchema.parse(input), policies, { now, sandboxed }).problems.map(
        ({ path, message }) => `${path.join('.')}: ${message}`,
      );
    expect(problems({})).toEqual([]);
    expect(problems({ sandbox: { milliseconds: 300 }, webhook: { timeoutSeconds: 1 } })).toEqual([
      'sandbox.milliseconds: expected at most 250, a quarter of webhook.timeoutSeconds',
    ]);
    const wanted = { policies: { [policy?.id ?? '']: { action: 'warn', fix: true } } } as const;
    expect(new Set(problems(wanted))).toEqual(
      new Set([`policies.${policy?.id}.fix: policies of your own are fixed by \`daygate fix\`, not at admission: leave out fix`]),
    ); // prettier-ignore
  });
});

const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: { containers: [] } };
