/** Pass, finding, not judged: every policy that was asked about an object is one of the three, and no other is any. */
import { describe, expect, it } from 'vitest';
import { definePolicy, type Policy } from '#sdk';
import { z } from 'zod';
import { policies as catalogue } from '../../policies/index.ts';
import { answersOf, type Answers } from '../../src/engine/answers.ts';
import type { Compiled } from '../../src/engine/compiled.ts';
import { judge } from '../../src/engine/judge.ts';
import type { Review } from '../../src/engine/review.ts';
import { factsOf } from '../../src/facts/facts-of.ts';
import { readPolicyFolder } from '../../src/policy-test/fixtures.ts';
import { compileLibrary, reviewsOf } from '../../src/policy-test/judge-fixture.ts';
import { compiled, forbidTag, pod, policies, requireLimit, review } from './compile-test-settings.ts';

function answers(by: Compiled, of: Review): Answers {
  return answersOf(by, of, judge(by, of));
}

const named = (name: string, image: string) => ({ name, image });

describe('answers', () => {
  it('are passes of what looked and found nothing', () => {
    const limited = { ...named('app', 'web:1'), resources: { limits: { memory: '1Gi' } } };
    expect(answers(compiled(), review(pod(limited)))).toEqual({
      passes: ['forbid-tag', 'require-limit'],
      notJudged: [],
    });
    expect(answers(compiled(), review(pod(named('app', 'web:1')))).passes).toEqual(['forbid-tag']);
  });

  it('are no passes under an exception', () => {
    const exceptions = [
      {
        ...{ policies: ['require-limit'], match: { kind: 'Pod', name: 'web', namespace: 'shop' } },
        ...{ owner: 'shop', reason: 'It goes.', expires: '2026-12-31' },
      },
    ];
    const object = review(pod(named('app', 'web:1')));
    const by = compiled({ exceptions });
    expect(judge(by, object).findings[0]?.exception).toBeDefined();
    expect(answers(by, object)).toEqual({ passes: ['forbid-tag'], notJudged: [] });
  });

  it('are none of policies that do not look at such an object', () => {
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'shop' } };
    expect(answers(compiled(), review(service))).toEqual({ passes: [], notJudged: [] });
    // Without a container of its class a policy is not asked, nor where there is no pod at all.
    const debugging = pod();
    const ephemeral = {
      ...debugging,
      spec: { containers: [], ephemeralContainers: [named('debug', 'busybox:1')] },
    };
    expect(answers(compiled(), review(ephemeral)).passes).toEqual(['forbid-tag']);
    const empty = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: {} };
    expect(answers(compiled(), review(empty)).passes).toEqual([]);
  });

  it('are none in an exempt namespace', () => {
    const by = compiled({ exemptNamespaces: ['shop'] });
    expect(answers(by, review(pod(named('app', 'web:1'))))).toEqual({ passes: [], notJudged: [] });
  });

  it('are not judged where a policy fails on one container, and a finding where it found something before', () => {
    const failing: Policy = {
      ...forbidTag,
      validate(subject, context) {
        const { container } = subject as { readonly container: { readonly name: string } };
        if (container.name === 'odd') throw new Error('odd');
        forbidTag.validate(subject, context);
      },
    };
    const by = compiled({}, {}, [requireLimit, failing]);
    const judged = answers(by, review(pod(named('app', 'web:1'), named('odd', 'web:1'))));
    expect(judged).toEqual({ passes: [], notJudged: ['forbid-tag'] });
    const found = answers(by, review(pod(named('app', 'web:latest'), named('odd', 'web:1'))));
    expect(found).toEqual({ passes: [], notJudged: [] });
  });

  const needy = definePolicy({
    ...{ id: 'require-service', category: 'network', title: 'Require a Service', severity: 'low' },
    ...{ target: 'relation', kinds: ['Pod'], facts: ['Service'], profiles: { production: 'deny' } },
    ...{ params: z.strictObject({}), messages: { none: 'None.' }, why: 'A test.', remediation: 'Write one.' },
    ...{ references: [], validate: () => undefined },
  });

  it('are not judged without the facts that a policy needs', () => {
    const by = compiled({}, {}, [...policies, needy]);
    const object = pod(named('app', 'web:1'));
    expect(answers(by, review(object))).toEqual({
      passes: ['forbid-tag'],
      notJudged: ['require-service'],
    });
    const facts = factsOf([{ object, namespace: 'shop' }], by.kinds.values());
    expect(answers(by, review(object, { facts })).passes).toEqual(['forbid-tag', 'require-service']);
  });

  it('are none of what needs a schema where nobody has any', () => {
    const schemed = catalogue.filter(({ needsSchema }) => needsSchema === true);
    expect(schemed).not.toEqual([]);
    const by = compiled({}, {}, schemed);
    expect(answers(by, review(pod(named('app', 'web:1'))))).toEqual({ passes: [], notJudged: [] });
  });
});

describe('answers of the catalogue', () => {
  const called = new Set<string>();
  const library = catalogue.map((policy): Policy => ({
    ...policy,
    validate(subject, context) {
      called.add(policy.id);
      return policy.validate(subject, context);
    },
  }));
  it('are about the policies that ran, and about what was skipped', { timeout: 120_000 }, () => {
    let judged = 0;
    for (const policy of catalogue.filter((_, index) => index % 4 === 0)) {
      const { fixtures } = readPolicyFolder(policy);
      for (const fixture of fixtures) {
        const by = compileLibrary(library, fixture, policy.id);
        for (const of of reviewsOf(fixture)) {
          called.clear();
          const verdict = judge(by, of);
          const ran = [...called].sort();
          const { passes, notJudged } = answersOf(by, of, verdict);
          const found = new Set(verdict.findings.map((finding) => finding.policy));
          const unable = new Set([...verdict.errors, ...verdict.skipped].map((one) => one.policy ?? ''));
          expect(passes, fixture.name).toEqual(ran.filter((id) => !found.has(id) && !unable.has(id)));
          expect(notJudged.filter((id) => !unable.has(id))).toEqual([]);
          expect([...passes, ...notJudged, ...found].length).toBe(
            new Set([...passes, ...notJudged, ...found]).size,
          );
          judged++;
        }
      }
    }
    expect(judged).toBeGreaterThan(500);
  });
});
