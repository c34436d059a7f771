import { describe, expect, it } from 'vitest';
import { gapsOf } from '../../src/rollout/gaps.ts';
import { auditOf, fixtureObjects, standards } from './audit-of.ts';

const corpus = fixtureObjects(100);

describe('what is not known', () => {
  it('is each policy that the report was not judged by, or with other parameters', () => {
    const report = auditOf(corpus.slice(0, 5), { profile: 'baseline' });
    const own =
      'policies: { require-memory-limit: { params: { } } }\nprofiles: { production: { policies: { require-cost-center: warn } } }\n';
    const unknown = gapsOf(report, standards(own, { profile: 'production' }), false);
    const known = new Set(Object.keys(report.profiles?.['baseline'] ?? {}));
    expect(unknown.length).toBeGreaterThan(3);
    // The profiles ask for different numbers.
    expect(unknown.filter(({ policy }) => known.has(policy)).map(({ policy }) => policy)).toEqual([
      'require-replicas',
    ]);
    expect(unknown[0]).toMatchObject({
      reason: 'the report did not judge by it in profile baseline',
      ask: 'daygate audit --profile production -o json=FILE',
    });
    const stricter = 'profiles: { production: { policies: { require-replicas: { params: { min: 7 } } } } }\n';
    const whole = auditOf(corpus.slice(0, 5));
    expect(gapsOf(whole, standards('', { profile: 'production' }), false)).toEqual([]);
    expect(gapsOf(whole, standards(stricter, { profile: 'production' }), false)).toEqual([
      {
        policy: 'require-replicas',
        reason: 'the report judged by it with other parameters in profile production',
        ask: 'daygate audit --profile production -o json=FILE',
      },
    ]);
    expect(gapsOf(whole, standards(stricter, { deny: ['forbid-privileged'] }), false)).toEqual([]);
  });

  it('is known of a report of --only, also where it does not say what judged', () => {
    const report = { ...auditOf(corpus.slice(0, 5), { only: ['require-pull-policy'] }) };
    delete report.profiles;
    const asked = standards('', { deny: ['require-pull-policy'] });
    expect(gapsOf(report, asked, false)).toEqual([]);
    expect(gapsOf(report, standards('', { deny: ['forbid-latest-tag'] }), false)).toMatchObject([
      { policy: 'forbid-latest-tag', ask: 'daygate audit --only forbid-latest-tag -o json=FILE' },
    ]);
  });

  it('is what only requests tell, and what could say nothing', () => {
    const { objects, ...whole } = auditOf(corpus.slice(0, 5));
    const asked = standards('', { deny: ['require-gitops-actor', 'forbid-privileged'] });
    const report = {
      ...whole,
      objects: objects.map((object) => ({ ...object, skipped: ['forbid-privileged'] })),
    };
    expect(gapsOf(report, asked, false).map(({ policy, reason }) => [policy, reason])).toEqual([
      ['forbid-privileged', 'it could say nothing of 5 objects when the report was made'],
      ['require-gitops-actor', 'it is about who asks: only recorded reviews tell'],
    ]);
    expect(gapsOf(report, asked, true)).toHaveLength(1);
  });
});
