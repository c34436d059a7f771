import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Compiled } from '../../src/engine/compiled.ts';
import { compiledFor, start, type Running, type Verdict } from './harness.ts';
import { admissionReview, badPod, limited, pod, widgetReview } from './reviews.ts';

let server: Running;
let compiled: Compiled;
beforeAll(async () => {
  compiled = compiledFor({
    enforcement: { default: 'enforce', namespaces: { sandbox: 'observe' } },
    exceptions: [
      {
        policies: ['require-memory'],
        match: { namespace: 'legacy', kind: 'Pod', name: 'web' },
        owner: 'shop team',
        reason: 'moves in spring',
        expires: new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10),
      },
    ],
  });
  server = await start({ compiled: () => compiled });
});
afterAll(() => server.end());

const judged = (review: object, path?: string): Promise<Verdict> => server.judged(review, path);

describe('a clean object', () => {
  it('is allowed with its uid and not a word more', async () => {
    const response = await judged(admissionReview({ uid: 'a "quoted" uid' }));
    expect(response).toEqual({ uid: 'a "quoted" uid', allowed: true });
  });
});

describe('a refused object', () => {
  it('hears of every finding at once: policy, field, what is wrong, what to write', async () => {
    const object = pod([{ name: 'app' }, { name: 'proxy' }, { name: 'ok', ...limited }], { labels: {} });
    const { allowed, status, warnings } = await judged(admissionReview({ object }));
    expect(allowed).toBe(false);
    expect(status).toMatchObject({ code: 403, reason: 'Forbidden', status: 'Failure' });
    const remedy = 'Set resources.limits.memory, for example 256Mi.';
    expect(status?.message.split('\n')).toEqual([
      'daygate (profile production) refused Pod shop/web: 2 findings',
      `- require-memory: spec.containers[app].resources.limits.memory: app has no memory limit. ${remedy}`,
      `- require-memory: spec.containers[proxy].resources.limits.memory: proxy has no memory limit. ${remedy}`,
    ]);
    expect(status?.details.causes).toEqual([
      {
        reason: 'require-memory',
        message: `app has no memory limit. ${remedy}`,
        field: 'spec.containers[app].resources.limits.memory',
      },
      {
        reason: 'require-memory',
        message: `proxy has no memory limit. ${remedy}`,
        field: 'spec.containers[proxy].resources.limits.memory',
      },
    ]);
    expect(warnings).toEqual([
      'daygate: require-owner: metadata.labels.owner: Pod web has no label owner. Set metadata.labels.owner to a team.',
    ]);
  });

  it('leaves its findings in the audit log as the engine has them', async () => {
    const { auditAnnotations } = await judged(admissionReview({ object: badPod() }));
    expect(Object.keys(auditAnnotations ?? {})).toEqual(['verdict', 'findings']);
    expect(auditAnnotations?.['verdict']).toBe('denied (profile production, enforce)');
    expect(JSON.parse(auditAnnotations?.['findings'] ?? '')).toEqual([
      {
        action: 'deny',
        fixable: false,
        locator: 'spec.containers[app].resources.limits.memory',
        message: 'app has no memory limit.',
        messageId: 'missing',
        pointer: '/spec/containers/0/resources/limits/memory',
        policy: 'require-memory',
        severity: 'high',
      },
    ]);
  });

  it('keeps its message within bounds when there are ten thousand findings', async () => {
    const names = Array.from({ length: 10_000 }, (_, index) => `name ${index} ${'x'.repeat(50)}`);
    const { status, auditAnnotations } = await judged(widgetReview(names));
    expect(status?.message.length).toBeLessThan(140_000);
    const [first, ...lines] = status?.message.split('\n') ?? [];
    expect(first).toBe('daygate (profile production) refused Widget shop/w: 10000 findings');
    const more = /^- and (\d+) more: run daygate check --profile production on the manifest$/.exec(
      lines.at(-1) ?? '',
    );
    expect(Number(more?.[1]) + lines.length - 1).toBe(10_000);
    expect(status?.details.causes).toHaveLength(lines.length - 1);
    const list = JSON.parse(auditAnnotations?.['findings'] ?? '') as unknown[];
    expect(Buffer.byteLength(auditAnnotations?.['findings'] ?? '')).toBeLessThanOrEqual(64 * 1024);
    expect(list.length + Number(auditAnnotations?.['findings-omitted'])).toBe(10_000);
  });
});

describe('the profile', () => {
  it('is the one the path names', async () => {
    const baseline = await judged(admissionReview({ object: badPod() }), '/validate/baseline');
    expect(baseline).toMatchObject({ allowed: true });
    expect(baseline.warnings?.[0]).toMatch(/^daygate: require-memory: /);
  });

  it('only warns in namespaces that are observed, and says so', async () => {
    const { allowed, warnings, auditAnnotations } = await judged(
      admissionReview({ object: badPod(), namespace: 'sandbox' }),
    );
    expect(allowed).toBe(true);
    expect(warnings).toHaveLength(1);
    expect(auditAnnotations?.['verdict']).toBe('warned (profile production, observe)');
  });

  it('says nothing in exempt namespaces, but leaves word that nothing was judged', async () => {
    const response = await judged(admissionReview({ object: badPod(), namespace: 'kube-system' }));
    expect(response).toMatchObject({ allowed: true });
    expect(response.auditAnnotations).toEqual({
      verdict: 'allowed (profile production, enforce)',
      skipped: 'namespace kube-system is exempt',
    });
  });

  it('leaves word of policies that lack facts', async () => {
    const object = {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'db', labels: { owner: 'db' } },
      spec: { template: { spec: { containers: [{ name: 'db', ...limited }] } } },
    };
    const review = admissionReview({ group: 'apps', kind: 'StatefulSet', resource: 'statefulsets', object });
    const { allowed, warnings, auditAnnotations } = await judged(review);
    expect({ allowed, warnings }).toEqual({ allowed: true, warnings: undefined });
    expect(auditAnnotations?.['skipped']).toBe('require-service: needs facts about other objects');
  });

  it('records the exception that let an object through', async () => {
    const response = await judged(admissionReview({ object: badPod(), namespace: 'legacy' }));
    expect(response).toMatchObject({ allowed: true });
    expect(response.warnings).toBeUndefined();
    expect(JSON.parse(response.auditAnnotations?.['exceptions'] ?? '')).toMatchObject([
      { policy: 'require-memory', owner: 'shop team', reason: 'moves in spring' },
    ]);
  });
});

describe('a policy that throws', () => {
  it('is named and hides nobody else', async () => {
    const object = pod([{ name: 'app', env: [{ name: 'JSON', value: 'no json' }] }]);
    const { allowed, status, warnings, auditAnnotations } = await judged(admissionReview({ object }));
    expect(allowed).toBe(false);
    expect(status?.message).toContain('require-memory');
    const failure = /throws-on-request failed with SyntaxError at policies\.ts:\d+:\d+/;
    expect(warnings).toHaveLength(1);
    expect(warnings?.[0]).toMatch(failure);
    expect(warnings?.[0]).toContain('and said nothing about this object');
    expect(auditAnnotations?.['policy-errors']).toMatch(failure);
    expect(await server.metric('daygate_policy_errors_total{policy="throws-on-request"}')).toBe(1);
    const line = server.log().find(({ failed }) => failed !== undefined);
    expect(line).toMatchObject({
      level: 'error',
      message: 'decision',
      verdict: 'denied',
      failed: ['throws-on-request'],
    });
    expect(line?.['errors']).toEqual([expect.stringMatching(failure)]);
  });

  it('alone makes a warning and no refusal', async () => {
    const object = pod([{ name: 'app', ...limited, env: [{ name: 'JSON', value: '{' }] }]);
    const { allowed, warnings, auditAnnotations } = await judged(admissionReview({ object }));
    expect(allowed).toBe(true);
    expect(warnings).toHaveLength(1);
    expect(auditAnnotations?.['verdict']).toBe('warned (profile production, enforce)');
  });
});

describe('dry runs', () => {
  it('get the same verdict and are counted apart', async () => {
    const denied =
      'daygate_decisions_total{profile="production",verdict="denied",operation="CREATE",dry_run="no"}';
    const findings = 'daygate_findings_total{policy="require-memory",action="deny"}';
    const before = [await server.metric(denied), await server.metric(findings)];
    expect(await judged(admissionReview({ object: badPod(), dryRun: true }))).toMatchObject({
      allowed: false,
    });
    expect([await server.metric(denied), await server.metric(findings)]).toEqual(before);
    expect(await server.metric(denied.replace('"no"', '"yes"'))).toBe(1);
    expect(server.log().at(-1)).toMatchObject({ verdict: 'denied', dryRun: true });
  });
});

describe('many at once', () => {
  it('get their own answers', async () => {
    const answers = await Promise.all(
      Array.from({ length: 300 }, async (_, index) => {
        const object = index % 3 === 0 ? badPod() : pod();
        const { uid, allowed } = await judged(admissionReview({ uid: `uid-${index}`, object }));
        return uid === `uid-${index}` && allowed === (index % 3 !== 0);
      }),
    );
    expect(answers.filter((right) => !right)).toEqual([]);
  });
});

describe('settings that are replaced', () => {
  it('count from the next review on', async () => {
    const digest = async (): Promise<string> =>
      /daygate_settings_info\{digest="(\w+)"\} 1/.exec((await server.call('/metrics')).text)?.[1] ?? '';
    const [before, first] = [compiled, await digest()];
    compiled = compiledFor({ profiles: { lenient: { policies: {} } } });
    try {
      expect(await judged(admissionReview({ object: badPod() }), '/validate/lenient')).toMatchObject({
        allowed: true,
      });
      expect(await digest()).not.toBe(first);
      expect((await server.call('/metrics')).text.match(/^daygate_settings_info/gm)).toHaveLength(1);
    } finally {
      compiled = before;
    }
    expect(await judged(admissionReview({ object: badPod() }))).toMatchObject({ allowed: false });
    expect(await digest()).toBe(first);
  });
});
