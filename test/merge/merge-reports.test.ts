import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffReports } from '../../src/merge/diff-reports.ts';
import type { FoundReport } from '../../src/merge/join-shards.ts';
import { mergeReports } from '../../src/merge/merge-reports.ts';
import { byFinding, byObject } from '../../src/merge/order.ts';
import type { AuditFinding, AuditReport } from '../../src/report/audit/audit-report.ts';
import { exception, finding, jsonOf, report } from './sample-report.ts';

const found = (...reports: readonly AuditReport[]): readonly FoundReport[] =>
  reports.map((one, index) => ({ file: `${index}.json`, report: one }));

const letters = fc.constantFrom('a', 'b', 'c', 'd');
const findings = fc.array(
  fc
    .record({ namespace: letters, name: letters, policy: letters, locator: letters, isDeny: fc.boolean() })
    .map(({ namespace, name, policy, locator, isDeny }): AuditFinding =>
      finding({
        ...{ policy, locator, action: isDeny ? 'deny' : 'warn' },
        object: { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name },
      }),
    ),
  { maxLength: 20 },
);

/** The report of a cluster as an audit sorts it. */
function whole(all: readonly AuditFinding[], cluster = 'prod'): AuditReport {
  const one = report({ cluster, findings: [...all].sort(byFinding), exceptions: [exception(), exception()] });
  return { ...one, objects: [...one.objects].sort(byObject), profiles: { production: { a: '1', b: '2' } } };
}

/** What each of some shards reports of it: namespaces are shared out, the rest is in all of them. */
function shardsOf(one: AuditReport, of: number): readonly AuditReport[] {
  return Array.from({ length: of }, (_, index) => {
    const isOwn = (namespace: string | undefined): boolean => (namespace ?? 'a').charCodeAt(0) % of === index;
    const objects = one.objects.filter(({ namespace }) => isOwn(namespace));
    return {
      ...one,
      objects,
      findings: one.findings.filter(({ object }) => isOwn(object.namespace)),
      namespaces: one.namespaces.filter(({ name }) => isOwn(name)),
      exceptions: one.exceptions.map((each) => ({ ...each, findings: index === 0 ? each.findings : 0 })),
      coverage: {
        listed: objects.length,
        judged: objects.length,
        kinds: one.coverage.kinds.map((kind) => ({ ...kind, objects: objects.length })),
        unmapped: [],
        shard: { index, of },
      },
    };
  });
}

const shuffled = <T>(items: readonly T[]): fc.Arbitrary<readonly T[]> =>
  fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length });

describe('merging', () => {
  it('joins shards into what the whole would be, in any order', () => {
    const cases = fc
      .tuple(findings, fc.integer({ min: 1, max: 5 }))
      .chain(([all, of]) => fc.tuple(fc.constant(whole(all)), shuffled(shardsOf(whole(all), of))));
    fc.assert(
      fc.property(cases, ([one, shards]) => {
        expect(jsonOf(mergeReports(found(...shards)))).toBe(jsonOf(one));
      }),
    );
  });

  it('gives the same for any order of clusters, byte for byte, also in steps', () => {
    const cases = fc
      .tuple(findings, findings, findings)
      .map((all) => all.map((each, index) => whole(each, `cluster-${index}`)))
      .chain((reports) => fc.tuple(fc.constant(reports), shuffled(reports)));
    fc.assert(
      fc.property(cases, ([reports, mixed]) => {
        const merged = jsonOf(mergeReports(found(...reports)));
        expect(jsonOf(mergeReports(found(...mixed)))).toBe(merged);
        const [first, ...rest] = mixed;
        if (first === undefined) return;
        expect(jsonOf(mergeReports(found(mergeReports(found(...rest)), first)))).toBe(merged);
      }),
      { numRuns: 50 },
    );
  });

  it('says of everything of which cluster it is, and sums up the rest', () => {
    const error = { code: 'cluster', message: 'pods: forbidden' };
    const skip = { policy: 'x', reason: 'needs facts', objects: 2 };
    const drains = [{ namespace: 'shop', name: 'web', healthy: 1, desired: 1 }];
    const eu = {
      ...report({
        cluster: 'eu',
        errors: [error],
        skipped: [skip],
        exceptions: [exception()],
        notices: ['hm'],
      }),
      upgrade: { from: '1.36', to: '1.37', blockedDrains: drains },
    };
    const us = report({
      ...{ cluster: 'us', date: '2026-11-20', server: 'v1.35.1', settings: 'bbbbbbbbbbbb' },
      findings: [finding({ policy: 'forbid-privileged' })],
      exceptions: [exception({ state: 'expired', daysLeft: -1, findings: 4 })],
      coverage: { ...report().coverage, only: ['shop'], unchanged: 3 },
    });
    const merged = mergeReports(found(us, eu));
    expect(merged).toMatchObject({
      cluster: '2 clusters',
      date: '2026-11-21',
      server: 'v1.35.1, v1.36.3',
      settings: 'aaaaaaaaaaaa, bbbbbbbbbbbb',
      clusters: [
        { name: 'eu', date: '2026-11-21' },
        { name: 'us', server: 'v1.35.1' },
      ],
      exceptions: [{ state: 'expired', daysLeft: -1, findings: 5 }],
      coverage: { listed: 2, judged: 2, unchanged: 3 },
      errors: [{ message: 'eu: pods: forbidden' }],
      upgrade: { from: '1.36', to: '1.37', blockedDrains: [{ cluster: 'eu' }] },
      notices: [
        expect.stringMatching(/judged by 2 different settings/),
        'The reports are of different days, from 2026-11-20 to 2026-11-21',
        'eu: hm',
        'us: only these namespaces were audited: shop',
      ],
    });
    expect(merged.coverage.only).toBeUndefined();
    const { findings: all, objects, namespaces, skipped, coverage } = merged;
    for (const part of [all, objects, namespaces, coverage.kinds])
      expect(part.map(({ cluster }) => cluster)).toEqual(['eu', 'us']);
    expect(skipped).toEqual([{ ...skip, cluster: 'eu' }]);
    expect(merged.policies.map(({ id }) => id)).toEqual(['forbid-privileged', 'require-memory-limit']);
  });

  it('tells exceptions for different containers apart', () => {
    const of = (cluster: string, image: string): AuditReport =>
      report({ cluster, exceptions: [exception({ match: { container: { name: 'istio-proxy', image } } })] });
    const images = ['istio/proxyv2:1.*', 'istio/proxyv2:2.*'].map((image, index) => of(`c${index}`, image));
    expect(mergeReports(found(...images)).exceptions).toEqual(images.flatMap(({ exceptions }) => exceptions));
  });

  it('leaves the report of one cluster as it is', () => {
    const one = whole([finding()]);
    expect(mergeReports(found(one))).toEqual(one);
  });

  const shards = shardsOf(whole([finding()]), 3);
  const [zero = report(), one = report(), two = report()] = shards;
  it.each<[string, readonly AuditReport[], RegExp]>([
    [
      'a missing shard',
      [zero, two],
      /^cluster prod: shards 0, 2 of 3 are here and 1 missing: name the reports of all/,
    ],
    ['one shard alone', [two], /shards 2 of 3 are here and 2 missing/],
    ['a shard that is there twice', [zero, one, one], /shard 1 of 3 is there twice, in 1\.json and 2\.json/],
    [
      'shards of two runs',
      [zero, ...shardsOf(whole([]), 2).slice(1)],
      /one of 3 shards and 1\.json one of 2/,
    ],
    [
      'shards and the whole',
      [zero, one, two, report()],
      /cluster prod is in two reports, of which one is a shard: 0\.json and 3\.json/,
    ],
    [
      'the same cluster twice',
      [report(), report({ cluster: 'eu' }), report()],
      /cluster prod is in two reports: 0\.json and 2\.json: name each cluster once, or give them different names with daygate audit --cluster/,
    ],
    [
      'a cluster that was merged already',
      [mergeReports(found(report(), report({ cluster: 'eu' }))), report()],
      /cluster prod is in two reports: 0\.json and 1\.json/,
    ],
    [
      'a hostile name',
      [report({ cluster: 'a\u001b[2J\n' }), report({ cluster: 'a\u001b[2J\n' })],
      /^cluster a\?\[2J\? is/,
    ],
  ])('refuses %s', (_name, reports, said) => {
    expect(() => mergeReports(found(...reports))).toThrow(said);
    expect(() => mergeReports(found(...reports))).toThrow(
      expect.objectContaining({ code: 'report' }) as Error,
    );
  });

  it('takes shards that count from 1', () => {
    const from1 = shards.map((shard) => {
      const { index = 0, of = 1 } = shard.coverage.shard ?? {};
      return { ...shard, coverage: { ...shard.coverage, shard: { index: index + 1, of } } };
    });
    expect(mergeReports(found(...from1))).toEqual(whole([finding()]));
  });

  it('keeps of what judged the shards only what is the same in all', () => {
    const other = {
      ...one,
      settings: 'other',
      profiles: { production: { a: '1', b: '3' }, baseline: { c: '4' } },
    };
    const joined = mergeReports(found(zero, other, two));
    expect(joined.profiles).toEqual({ baseline: { c: '4' }, production: { a: '1' } });
    expect(joined.notices).toEqual([
      'The shards of prod were judged by different settings, policies or versions of daygate',
    ]);
  });
});

describe('what has changed since a report', () => {
  it('is what has come and gone, by cluster, namespace and policy', () => {
    const gone = finding({ policy: 'forbid-privileged', object: { ...finding().object, namespace: 'pay' } });
    const excepted = { owner: 'o', reason: 'r', expires: '2027-01-01' };
    const moved = finding({
      pointer: '/elsewhere',
      message: 'other words',
      object: { ...finding().object, apiVersion: 'apps/v1beta2' },
    });
    const now = finding({ policy: 'require-replicas' });
    const before = report({ date: '2026-11-14', findings: [finding(), gone, finding({ policy: 'x' })] });
    const after = report({ findings: [moved, now, now, finding({ policy: 'x', exception: excepted })] });
    const { diff, notices } = diffReports(before, after);
    expect(diff.since).toBe('2026-11-14');
    expect(diff.groups).toEqual([
      { cluster: 'prod', namespace: 'pay', policy: 'forbid-privileged', appeared: 0, gone: 1 },
      { cluster: 'prod', namespace: 'shop', policy: 'require-replicas', appeared: 2, gone: 0 },
      { cluster: 'prod', namespace: 'shop', policy: 'x', appeared: 0, gone: 1 },
    ]);
    expect([diff.appeared.length, diff.gone.length]).toEqual([2, 2]);
    expect(notices).toEqual([]);
  });

  it('is nothing between a report and itself, and mirrored the other way', () => {
    fc.assert(
      fc.property(findings, findings, (a, b) => {
        const [before, after] = [whole(a), whole(b)];
        expect(diffReports(before, before).diff).toMatchObject({ groups: [], appeared: [], gone: [] });
        const [there, back] = [diffReports(before, after).diff, diffReports(after, before).diff];
        expect([back.gone, back.appeared]).toEqual([there.appeared, there.gone]);
        expect(there.appeared.length - there.gone.length).toBe(b.length - a.length);
      }),
    );
  });

  it('takes nothing for gone that nobody looked at', () => {
    const before = mergeReports(found(report(), report({ cluster: 'eu' })));
    const after = report({
      settings: 'other',
      findings: [],
      errors: [{ code: 'cluster', message: 'forbidden' }],
    });
    const { diff, notices } = diffReports(before, mergeReports(found(after, report({ cluster: 'us' }))));
    expect(diff.groups.map(({ cluster, gone, appeared }) => [cluster, gone, appeared])).toEqual([
      ['prod', 1, 0],
    ]);
    expect(notices).toEqual([
      'Not compared, as the report of 2026-11-21 has not: us',
      'Not compared, as only the report of 2026-11-21 has: eu',
      'Settings, policies or daygate have changed since 2026-11-21: what is new may only be newly looked for',
      'Not all could be audited: what is gone may only not have been seen',
    ]);
  });
});
