import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { KubernetesObject } from '#sdk';
import { fixReview } from '../../src/engine/fix.ts';
import { judge, reference } from '../../src/engine/judge.ts';
import type { Exception } from '../../src/engine/settings.ts';
import type { Change } from '../../src/rollout/changed-settings.ts';
import { draftExceptions, exceptionsYaml } from '../../src/rollout/draft-exceptions.ts';
import { gapsOf } from '../../src/rollout/gaps.ts';
import { predict, type Prediction } from '../../src/rollout/predict.ts';
import { isAsked, type Standards } from '../../src/rollout/standards.ts';
import { finding, report as sample } from '../merge/sample-report.ts';
import { answering, auditOf, fixtureObjects, reviewOf, standards } from './audit-of.ts';

const corpus = fixtureObjects(3);

const keyOf = (
  object: object,
  { policy, messageId, locator }: { policy: string; messageId: string; locator: string },
) => JSON.stringify([object, policy, messageId, locator]);

const predicted = ({ objects }: Prediction): readonly string[] =>
  objects.flatMap(({ object, findings }) => findings.map((finding) => keyOf(object, finding))).sort();

/** What the server would refuse: it patches, then judges. */
function refused(
  objects: readonly KubernetesObject[],
  asked: Standards,
  isChange = false,
): readonly string[] {
  const profile = 'profile' in asked.change ? asked.change.profile : asked.after.settings.profile;
  return objects
    .flatMap((object) => {
      const review = { ...reviewOf(object, profile), now: asked.at };
      const labelled = {
        ...object,
        metadata: { ...object.metadata, labels: { ...object.metadata?.labels, x: 'y' } },
      };
      const { object: patched } = fixReview(asked.after, review, 'admission');
      const sent = isChange
        ? { ...review, operation: 'UPDATE' as const, oldObject: object, object: labelled }
        : { ...review, object: patched };
      return judge(asked.after, sent)
        .findings.filter(({ action, policy }) => action === 'deny' && isAsked(asked, policy))
        .map((finding) => keyOf(reference(review), finding));
    })
    .sort();
}

const worlds: Readonly<Record<string, readonly [settings: string, change: Change]>> = {
  'a stricter profile': ['', { profile: 'restricted' }],
  'enforcing what is only observed': ['enforcement: observe\n', { profile: 'production' }],
  'one policy on deny': ['', { deny: ['require-cost-center'] }],
  'policies that are off': [
    'policies: { forbid-latest-tag: off }\n',
    { deny: ['forbid-latest-tag', 'require-replicas'] },
  ],
  'a profile of a team': [
    'profiles: { team: { extends: production, enforcement: observe, policies: { require-replicas: { action: warn, params: { min: 5 } } } } }\n',
    { profile: 'team' },
  ],
  'a policy that a profile of the settings softens': [
    'profile: team\nprofiles: { team: { extends: production, policies: { require-replicas: { action: warn, params: { min: 5 } } } } }\n',
    { deny: ['require-replicas'] },
  ],
  'fixes at admission': [
    'policies: { require-read-only-root: { fix: true }, forbid-token-automount: { action: deny, fix: true } }\n',
    { profile: 'restricted' },
  ],
  'exceptions and exempt namespaces': [
    `exemptNamespaces: [ns-1, ns-2, ns-3]\nexceptions: [{ policies: [require-memory-limit], match: { namespace: ns-1* }, owner: o, reason: r, expires: 2027-01-01 }]\n`,
    { profile: 'production' },
  ],
  'an exception for containers': [
    `exceptions: [{ policies: [require-memory-limit, forbid-latest-tag], match: { container: { name: app, image: 'registry.example.com/**' } }, owner: o, reason: r, expires: 2027-01-01 }]\n`,
    { profile: 'production' },
  ],
};

/** The report that the question needs. */
function auditFor(settings: string, change: Change): ReturnType<typeof auditOf> {
  return auditOf(corpus, 'profile' in change ? { settings, ...change } : { settings, only: change.deny });
}

describe('a prediction', () => {
  it.each(Object.entries(worlds))('is what the server refuses: %s', (_name, [settings, change]) => {
    const asked = standards(settings, change);
    const report = auditFor(settings, change);
    const prediction = predict(report, asked);
    expect(prediction.objects.length).toBeGreaterThan(3);
    expect(predicted(prediction)).toEqual(refused(corpus, asked));
    expect(gapsOf(report, asked, true)).toEqual([]);
  });

  it.each(Object.entries(worlds))(
    'is empty once its exceptions are in the settings: %s',
    (_name, [settings, change]) => {
      const report = auditFor(settings, change);
      const { objects } = predict(report, standards(settings, change));
      const { exceptions } = parse(exceptionsYaml(draftExceptions(objects, [], answering))) as {
        exceptions: Exception[];
      };
      const excepted = standards(settings, change, { exceptions });
      expect(predict(report, excepted).objects).toEqual([]);
      expect(refused(corpus, excepted)).toEqual([]);
      // And no exception covers more than was refused.
      expect(exceptions.length).toBe(objects.length);
      // A day too late they have ended.
      const late = standards(settings, change, { exceptions, at: Date.parse('2027-04-01T00:00:00Z') });
      expect(predict(report, late).objects.length).toBeGreaterThanOrEqual(objects.length);
    },
  );

  it('tells which changes of what exists are refused, and from which day on', () => {
    const settings = 'policies: { require-memory-limit: { grandfatherUntil: 2027-01-31 } }\n';
    const report = auditOf(corpus, { settings });
    for (const [day, isOver] of [
      ['2027-01-31', false],
      ['2027-02-01', true],
    ] as const) {
      const asked = standards(settings, { profile: 'production' }, { at: Date.parse(`${day}T00:00:00Z`) });
      const { objects } = predict(report, asked);
      const blocking = objects.flatMap(({ object, findings }) =>
        findings.filter(({ blocksChanges }) => blocksChanges).map((finding) => keyOf(object, finding)),
      );
      expect(blocking.length > 0).toBe(isOver);
      expect(blocking.sort()).toEqual(refused(corpus, asked, true));
      const dated = objects.flatMap(({ findings }) =>
        findings.filter(({ policy }) => policy === 'require-memory-limit'),
      );
      expect(new Set(dated.map(({ blocksFrom }) => blocksFrom))).toEqual(new Set(['2027-02-01']));
    }
  });

  it('counts as work of daygate fix what it writes without being asked for suggestions', () => {
    const change = { deny: ['forbid-token-automount', 'forbid-secret-in-env', 'require-memory-limit'] };
    const { objects } = predict(auditFor('', change), standards('', change));
    const found = objects.flatMap(({ findings }) => findings);
    const fixed = found.filter(({ fixable }) => fixable).map(({ policy }) => policy);
    const byHand = found.filter(({ fixable }) => !fixable).map(({ policy }) => policy);
    expect(new Set(fixed)).toEqual(new Set(['forbid-token-automount']));
    expect(byHand).toEqual(expect.arrayContaining(['forbid-secret-in-env', 'require-memory-limit']));
  });

  it('leaves out what admission patches', () => {
    const [settings, change] = worlds['fixes at admission'] ?? ['', { profile: 'restricted' }];
    const { patched } = predict(
      auditOf(corpus, { settings, profile: 'restricted' }),
      standards(settings, change),
    );
    expect(patched).toBeGreaterThan(5);
  });

  it('leaves out what the control plane makes, and counts what other controllers make', () => {
    const via = { kind: 'Pod', names: ['web-5d4f-x2x', 'web-5d4f-z9z'] };
    const rollout = { apiVersion: 'example.org/v1', kind: 'Rollout', namespace: 'shop', name: 'web' };
    const report = sample({ findings: [finding({ via }), finding({ via, object: rollout })] });
    const asked = standards('', { profile: 'production' });
    const { objects, onMade } = predict(report, asked);
    expect(onMade).toBe(1);
    expect(objects).toMatchObject([{ object: rollout, makes: via, owner: 'checkout' }]);
    const exceptions = draftExceptions(objects, [], answering);
    expect(exceptions.map(({ match }) => match)).toEqual([{ namespace: 'shop', kind: 'Pod', name: 'web-*' }]);
    expect(predict(report, standards('', { profile: 'production' }, { exceptions })).objects).toEqual([]);
    const half = { ...answering, policies: ['require-memory-limit'], match: { name: 'web-5d4f-x2x' } };
    expect(
      predict(report, standards('', { profile: 'production' }, { exceptions: [half] })).objects,
    ).toHaveLength(1);
    const known =
      "workloads: [{ group: example.org, kind: Rollout, resource: rollouts, controller: 'system:serviceaccount:a:b' }]\n";
    expect(predict(report, standards(known, { profile: 'production' }))).toMatchObject({
      objects: [],
      onMade: 2,
    });
    const odd = sample({ findings: [finding({ via: { kind: 'Pod', names: ['other'] }, object: rollout })] });
    const [own] = draftExceptions(predict(odd, asked).objects, [], answering);
    expect(own?.match).toEqual({ namespace: 'shop', kind: 'Pod', name: 'other' });
  });

  it('takes an object whose profile the settings do not have for one of the default profile', () => {
    const findings = [finding()];
    const { objects, ...rest } = sample({ findings });
    const report = { ...rest, objects: objects.map((object) => ({ ...object, profile: 'gone' })) };
    const [first] = predict(report, standards('', { deny: ['require-memory-limit'] })).objects;
    expect(first?.profile).toBe('production');
  });

  it('leaves out namespaces that the settings exempt, also where the report did not', () => {
    const { objects } = predict(sample(), standards('exemptNamespaces: [shop]\n', { profile: 'production' }));
    expect(objects).toEqual([]);
  });

  it('says what is refused already', () => {
    const report = sample({
      findings: [finding(), finding({ policy: 'require-cost-center', messageId: 'missing' })],
    });
    const already = (settings: string) =>
      predict(
        report,
        standards(settings, { deny: ['require-memory-limit', 'require-cost-center'] }),
      ).objects.flatMap(({ findings }) => findings.map(({ policy, already: is }) => [policy, is]));
    expect(already('')).toEqual([
      ['require-memory-limit', true],
      ['require-cost-center', false],
    ]);
    expect(already('enforcement: observe\n').map(([, is]) => is)).toEqual([false, false]);
  });
});
