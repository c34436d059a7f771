import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { policies } from '../../policies/index.ts';
import type { AuditReport } from '../../src/report/audit/audit-report.ts';
import type { Answer } from '../../src/rollout/answer.ts';
import { inFolder } from '../cli/run-check.ts';
import { runProgram, type Ran } from '../cli/run-program.ts';
import { exception, finding, jsonOf, report } from '../merge/sample-report.ts';
import { admissionReview, limited, pod } from '../server/reviews.ts';
import { auditOf as auditCluster, object } from '../audit/audit-of.ts';
import { auditOf, fixtureObjects, now } from './audit-of.ts';

const settings = 'enforcement: observe\n';
const expires = '2027-03-31';

/** Runs a roll-out in a folder with a report, records and settings; `@name` is the file of that name there. */
async function run(
  files: Readonly<Record<string, string | AuditReport | readonly object[]>>,
  args: readonly string[],
  look: (folder: string, again: (more: readonly string[]) => Promise<Ran>) => unknown = () => undefined,
): Promise<Ran> {
  const texts = Object.entries({ 'daygate.yaml': settings, ...files }).map(([name, content]) => [
    name,
    typeof content === 'string' ? content : 'cluster' in content ? jsonOf(content) : lines(content),
  ]);
  return inFolder(Object.fromEntries(texts) as Record<string, string>, async (folder) => {
    const inside = (given: readonly string[]) => given.map((arg) => arg.replace(/^@/, `${folder}/`));
    const again = (more: readonly string[]): Promise<Ran> =>
      runProgram(['rollout', ...inside(['--settings', '@daygate.yaml', ...more])], { now: () => now });
    const ran = await again(args);
    await look(folder, again);
    return ran;
  });
}

const lines = (values: readonly object[]): string => values.map((value) => JSON.stringify(value)).join('\n');

const json = ({ out }: Ran) =>
  JSON.parse(out) as Answer & { version: number; written?: { exceptions: number } };

/** What serve --record writes. */
function record(profile: string, review: object): object {
  return {
    ...{ daygateRecord: 1, time: '2026-11-01T00:00:00Z', daygate: '0.1.0', settings: 'x', profile },
    verdict: { allowed: true, enforcement: 'observe', findings: [], failed: [] },
    ...{ redacted: [], notCompared: [], review },
  };
}

const privileged = { name: 'app', image: 'web:1.0', ...limited, securityContext: { privileged: true } };
const deployment = {
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'app', image: 'web:1.0' }] },
    },
  },
};
const web = auditOf(fixtureObjects(60), { settings });

describe('daygate rollout', () => {
  it('tells owners what would be refused, and what cures it', async () => {
    const findings = [
      finding({ grandfatherUntil: '2027-01-31' }),
      finding({ policy: 'require-cost-center' }),
    ];
    const { code, out } = await run({ 'audit.json': report({ findings }) }, ['--report', '@audit.json', '--deny', 'require-memory-limit,require-cost-center']); // prettier-ignore
    expect(out).toMatch(/^checkout: 1 object in shop$/m);
    expect(out).toMatch(/^ {2}Deployment shop\/web$/m);
    expect(out).toMatch(/^ {4}require-memory-limit spec\.template\S+: app has no memory limit\.$/m);
    expect(out).toMatch(/^require-cost-center: 1 finding on 1 object: 1 by hand or an exception$/m);
    expect(out).toMatch(/^note 1 of these is where the settings only observe/m);
    expect(out).toMatch(
      /1 object would be refused, none of them today \(objects only where they are created anew/,
    );
    expect(code).toBe(1);
  });

  it('tells how many more than today would be refused, whatever refuses them today', async () => {
    const old = { ...finding().object, name: 'old' };
    const next = { ...finding().object, name: 'next' };
    const unlabelled = { policy: 'require-cost-center', messageId: 'missing' };
    const args = ['--report', '@audit.json', '--deny', 'require-cost-center'];
    const told = async (findings: AuditReport['findings']) => {
      const { out } = await run({ 'daygate.yaml': '', 'audit.json': report({ findings }) }, args);
      return /^With .*? on deny: ([^(]*) \(/m.exec(out)?.[1] ?? out;
    };
    const both = [finding({ ...unlabelled, object: old }), finding({ ...unlabelled, object: next })];
    expect(await told(both)).toBe('2 objects would be refused, none of them today');
    // By a policy that the question is not about.
    const one = [...both, finding({ object: old })];
    expect(await told(one)).toBe('2 objects would be refused, 1 more than today');
    const all = [...one, finding({ object: next })];
    expect(await told(all)).toBe('2 objects would be refused, all of them today, too');
    const excepted = finding({ object: next, exception: { owner: 'o', reason: 'r', expires } });
    expect(await told([...one, excepted])).toContain('refused, 1 more than today');
    const { out } = await run({ 'daygate.yaml': '', 'audit.json': report({ findings: one }) }, args);
    expect(out).toMatch(/^ {2}Deployment shop\/old, refused today, too$/m);
    expect(out).toMatch(/^ {2}Deployment shop\/next$/m);
  });

  it('knows what is refused today from a report by the profile to come, too', async () => {
    const baseline = object('v1', 'Namespace', 'shop', { metadata: { name: 'shop', labels: { 'daygate.dev/profile': 'baseline' } } });
    const production = { metadata: { name: 'web', namespace: 'pay', uid: 'other' } };
    const one = object('apps/v1', 'Deployment', 'web', deployment);
    const { report: judged } = await auditCluster([baseline, one, { ...one, ...production }], { profile: 'restricted' });
    const args = ['--report', '@audit.json', '--profile', 'restricted'];
    const { out } = await run({ 'daygate.yaml': '', 'audit.json': judged }, args);
    expect(out).toMatch(/^ {2}Deployment shop\/web$/m);
    expect(out).toMatch(/^ {2}Deployment pay\/web, refused today, too$/m);
    expect(out).toContain('2 objects would be refused, 1 more than today');
  }); // prettier-ignore

  it('takes nothing for new that a policy may refuse today by which the report was not judged', async () => {
    const refusedToday = object('apps/v1', 'Deployment', 'web', {
      spec: {
        ...deployment.spec,
        template: { ...deployment.spec.template, spec: { containers: [privileged] } },
      },
    });
    const told = async (audit: Parameters<typeof auditCluster>[1], own = '') => {
      const { report: judged } = await auditCluster([refusedToday], audit);
      const files = { 'daygate.yaml': own, 'audit.json': judged };
      const args = ['--report', '@audit.json', '--deny', 'require-read-only-root'];
      return [(await run(files, args)).out, json(await run(files, [...args, '-o', 'json']))] as const;
    };
    const byOne = { library: policies.filter(({ id }) => id === 'require-read-only-root') };
    const [out, { unjudgedToday }] = await told(byOne);
    expect(out).toMatch(
      /^note The report did not judge by [\w, -]+ and \d+ more: what they refuse today counts as new here/m,
    );
    expect(out).toContain(
      '1 object would be refused, none of them today (as far as the report tells; objects',
    );
    expect(unjudgedToday).toContain('forbid-privileged');
    // Judged by all; or nothing is refused today.
    const [whole, { unjudgedToday: none }] = await told({});
    expect(whole).toContain('1 object would be refused, all of them today, too (objects');
    const [observed] = await told(byOne, settings);
    expect(observed).toContain('1 object would be refused, none of them today (objects');
    expect(none).toEqual([]);
  });

  it('counts what breaks on a day', async () => {
    const own = `policies: { require-memory-limit: { grandfatherUntil: 2027-01-31 } }
exceptions: [{ policies: [require-replicas], match: { name: web }, owner: o, reason: r, expires: 2026-12-31 }]\n`;
    const findings = [
      finding(),
      finding({ policy: 'require-replicas', messageId: 'tooFew', locator: 'spec.replicas' }),
    ];
    const files = { 'daygate.yaml': own, 'audit.json': report({ findings, exceptions: [exception()] }) };
    const on = async (until: readonly string[]) => {
      const args = [
        '--report',
        '@audit.json',
        '-o',
        'json',
        '--deny',
        'require-memory-limit,require-replicas',
      ];
      const { summary, deadlines } = json(await run(files, [...args, ...until]));
      return [summary.objects, summary.atChanges, summary.excepted, deadlines];
    };
    const deadlines = [{ from: '2027-02-01', objects: 1 }];
    expect(await on([])).toEqual([1, 0, 1, deadlines]);
    expect(await on(['--until', '2026-12-31'])).toEqual([1, 0, 1, deadlines]);
    expect(await on(['--until', '2027-01-01'])).toEqual([1, 0, 0, deadlines]);
    expect(await on(['--until', '2027-01-31'])).toEqual([1, 0, 0, deadlines]);
    expect(await on(['--until', '2027-02-01'])).toEqual([1, 1, 0, []]);
  });

  it('names what the report was not judged by, and gives exit code 2', async () => {
    const args = ['--report', '@audit.json', '--profile', 'restricted'];
    const { code, out } = await run(
      { 'audit.json': auditOf(fixtureObjects(60), { profile: 'baseline' }) },
      args,
    );
    expect(out).toMatch(/^not known: what these would refuse \(daygate audit --profile restricted -o json=FILE tells\)$/m); // prettier-ignore
    expect(out.match(/^not known/gm)).toHaveLength(1);
    expect(out).toMatch(/^ {2}require-replicas: the report judged by it with other parameters in profile baseline$/m); // prettier-ignore
    expect(out).toMatch(/^ {2}require-owner: the report did not judge by it in profile baseline$/m);
    expect(code).toBe(2);
  });

  it('drafts exceptions with which nothing is refused', async () => {
    const args = ['--report', '@audit.json', '--reviews', '@reviews', '--profile', 'production'];
    const drafts = ['--write-exceptions', '@drafts.yaml', '--owner', 'platform', '--reason', 'OPS-1: "a"', '--expires', expires]; // prettier-ignore
    const reviews = [record('production', admissionReview({ object: pod([privileged]), username: 'eve' }))];
    const files = { 'audit.json': web, 'reviews/a.jsonl': reviews };
    const { code, out } = await run(files, [...args, ...drafts, '-o', 'json'], async (folder, again) => {
      const text = readFileSync(join(folder, 'drafts.yaml'), 'utf8');
      expect(text).toMatch(/^# Drafted by daygate rollout/);
      expect(text).toContain('reason: ' + '\'OPS-1: "a"\'');
      writeFileSync(join(folder, 'daygate.yaml'), `${settings}${text}`);
      const after = await again([...args, '-o', 'json']);
      expect([after.code, json(after).objects, json(after).requests]).toEqual([0, [], []]);
      const twice = await again([...args, ...drafts]);
      expect(twice.err).toMatch(/drafts\.yaml: is there already: name a new file/);
      expect(readFileSync(join(folder, 'drafts.yaml'), 'utf8')).toBe(text);
    });
    const answer = JSON.parse(out) as Answer & { written: { exceptions: number } };
    expect(answer.objects.length).toBeGreaterThan(3);
    expect(answer.written.exceptions).toBe(answer.objects.length + answer.requests.length);
    expect(code).toBe(1);
  });

  it('predicts for recorded requests by the profile that they had, and at the present time', async () => {
    const ended = `exceptions: [{ policies: [forbid-privileged], match: { name: web }, owner: o, reason: r, expires: 2026-11-20 }]\n`;
    const old = {
      operation: 'UPDATE',
      object: pod([privileged], { labels: { a: 'b' } }),
      oldObject: pod([privileged]),
    };
    const files = {
      'daygate.yaml': ended,
      'r.jsonl': [
        record('baseline', admissionReview({ object: pod([privileged]) })),
        record('production', admissionReview({ object: pod([privileged]) })),
        record('production', admissionReview(old)),
        record('gone', admissionReview({ object: pod() })),
      ],
    };
    const ran = await run(files, ['--reviews', '@r.jsonl', '--deny', 'forbid-privileged', '-o', 'json']);
    const { requests, summary, notices, owners } = json(ran);
    expect(summary).toMatchObject({ requests: 2, requestsJudged: 4, requestsAlready: 2, objects: 0 });
    expect(requests).toMatchObject([
      { requests: 2, owner: 'web', findings: [{ policy: 'forbid-privileged' }] },
    ]);
    expect(owners).toMatchObject([{ owner: 'web', requests: 2, namespaces: ['shop'] }]);
    expect(notices.join('\n')).toMatch(/There is no profile gone/);
    expect(ran.code).toBe(1);
    // A change of what exists brings nothing new; a policy that is on nowhere is on then.
    const latest = await run({ 'r.jsonl': [record('baseline', admissionReview({ object: pod([{ name: 'app', image: 'web' }]) }))] }, ['--reviews', '@r.jsonl', '--deny', 'forbid-latest-tag']); // prettier-ignore
    expect(latest.out).toMatch(/^ {2}Pod shop\/web: 1 request, such as CREATE by jane in \S+r\.jsonl:1$/m);
  });

  it('says that a policy about other objects refuses nothing at admission', async () => {
    const findings = [finding({ policy: 'require-pod-disruption-budget', messageId: 'missing' })];
    const args = ['--report', '@audit.json', '--deny', 'require-pod-disruption-budget'];
    const { code, out } = await run({ 'audit.json': report({ findings }) }, args);
    expect(out).toMatch(
      /^note require-pod-disruption-budget refuses nothing: facts: none keeps admission from looking/m,
    );
    expect(code).toBe(0);
    const facts = await run({ 'audit.json': report({ findings }), 'daygate.yaml': 'facts: cluster\n' }, args);
    expect(facts.code).toBe(1);
  });

  it('does not take silence of an audit for success', async () => {
    const nothing = report({ findings: [] });
    const forbidden = report({
      errors: [{ code: 'cluster', message: 'pods: forbidden' }],
    });
    const kinds = [{ apiVersion: 'v1', kind: 'Pod', objects: 0, state: 'forbidden' as const }];
    const partial = { ...report(), coverage: { ...report().coverage, kinds } };
    for (const [given, said] of [
      [nothing, 'the audit judged no object'],
      [forbidden, 'the audit was not complete: pods: forbidden'],
      [partial, 'the audit was not complete: Pod: forbidden'],
    ] as const) {
      const ran = await run({ 'audit.json': given }, [
        '--report',
        '@audit.json',
        '--deny',
        'forbid-privileged',
      ]);
      expect(ran.out).toContain(`error ${said}`);
      expect(ran.code).toBe(2);
    }
    const empty = await run({ 'r.jsonl': '' }, ['--reviews', '@r.jsonl', '--deny', 'forbid-privileged']);
    expect([empty.code, empty.out]).toEqual([2, expect.stringContaining('no recorded review was judged')]);
  });

  it.each<[string, readonly string[], RegExp]>([
    ['nothing to predict from', ['--profile', 'production'], /name what to predict from: --report/],
    ['no question', ['--report', '@audit.json'], /name what is to become stricter: --profile/],
    ['two questions', ['--report', '@audit.json', '--profile', 'baseline', '--deny', 'forbid-privileged'], /name what is to become stricter/], // prettier-ignore
    ['an unknown profile', ['--report', '@audit.json', '--profile', 'prodution'], /no profile prodution: did you mean production/], // prettier-ignore
    ['an unknown policy', ['--report', '@audit.json', '--deny', 'forbid-privilegd'], /no policy forbid-privilegd: did you mean forbid-privileged\?$/], // prettier-ignore
    ['an empty id', ['--report', '@audit.json', '--deny', 'forbid-privileged,'], /there is no policy/],
    [
      'an unknown format',
      ['--report', '@audit.json', '--profile', 'baseline', '-o', 'html'],
      /no output format html/,
    ],
    ['a day that is none', ['--report', '@audit.json', '--profile', 'baseline', '--until', '2027-02-30'], /--until 2027-02-30: expected a day/], // prettier-ignore
    [
      'a day that is over',
      ['--report', '@audit.json', '--profile', 'baseline', '--until', '2026-11-19'],
      /is over/,
    ],
    ['exceptions nobody answers for', ['--report', '@audit.json', '--profile', 'production', '--write-exceptions', '@x.yaml', '--reason', 'r'], /say with --owner who/], // prettier-ignore
    ['an owner without exceptions', ['--report', '@audit.json', '--profile', 'production', '--owner', 'me'], /belong to --write-exceptions/], // prettier-ignore
    ['exceptions that end before', ['--report', '@audit.json', '--profile', 'production', '--until', '2027-04-01', '--write-exceptions', '@x.yaml', '--owner', 'o', '--reason', 'r', '--expires', expires], /ends before the day that is asked about/], // prettier-ignore
    ['exceptions for too long', ['--report', '@audit.json', '--profile', 'production', '--write-exceptions', '@x.yaml', '--owner', 'o', '--reason', 'r', '--expires', '2028-03-31'], /no exception last longer than 365 days/], // prettier-ignore
    [
      'a report that is none',
      ['--report', '@daygate.yaml', '--profile', 'production'],
      /daygate\.yaml: is no JSON/,
    ],
    ['one shard', ['--report', '@shard.json', '--profile', 'production'], /is one of 3 shards: join them first: daygate merge/], // prettier-ignore
  ])('refuses %s', async (_name, args, said) => {
    const shard = { ...report(), coverage: { ...report().coverage, shard: { index: 1, of: 3 } } };
    const ran = await run({ 'audit.json': report(), 'shard.json': shard }, args, (folder) => {
      expect(existsSync(join(folder, 'x.yaml'))).toBe(false);
    });
    expect([ran.code, ran.out]).toEqual([2, '']);
    expect(ran.err.trim()).toMatch(said);
  });

  it('writes no exceptions where there is nothing to except', async () => {
    const args = ['--report', '@audit.json', '--deny', 'forbid-privileged', '--write-exceptions', '@x.yaml', '--owner', 'o', '--reason', 'r', '--expires', expires]; // prettier-ignore
    const { code, out } = await run({ 'audit.json': report() }, args, (folder) => {
      expect(existsSync(join(folder, 'x.yaml'))).toBe(false);
    });
    expect(out).toContain('nothing that is known of would be refused');
    expect(code).toBe(2);
  });

  it('lets hostile names neither start a line nor steer a terminal', async () => {
    const hostile = 'a\u001b[2Jb\nc\u202e';
    const object = { apiVersion: 'apps/v1', kind: hostile, namespace: hostile, name: hostile };
    const given = report({ findings: [finding({ object, message: hostile, locator: hostile })] });
    const files = { 'audit.json': { ...given, cluster: hostile, notices: [hostile] } };
    const { out } = await run(files, ['--report', '@audit.json', '--deny', 'require-memory-limit']);
    // eslint-disable-next-line no-control-regex -- they are what must not be there
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(out).toMatch(/^ {2}a\?\[2Jb c\? a\?\[2Jb c\?\/a\?\[2Jb c\?$/m);
  });
});
