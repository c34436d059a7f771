import { describe, expect, it } from 'vitest';
import { auditText } from '../../src/report/audit/text.ts';
import { audit, auditFinding, cleanAudit, mergedAudit, mixedAudit, partialAudit } from './sample-audits.ts';

const pod = (index: number) => ({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: `pod-${index}` });

describe('the text of an audit', () => {
  it('has the findings by object, with the pods they are on', () => {
    expect(auditText(mixedAudit)).toContain(
      [
        'Deployment shop/web',
        '  deny  app has no memory limit. [require-memory-limit]',
        '        at spec.template.spec.containers[app].resources.limits.memory (in 4 of its Pods: web-1, web-2, web-3 and 1 more)',
        '        → Set resources.limits.memory, for example 256Mi.',
        '  warn  replicas is 1. [require-replicas]',
        '        at spec.replicas (blocks from 2027-01-01 on; the object had it before)',
        '        → Set spec.replicas to at least 2.',
      ].join('\n'),
    );
    expect(auditText(mergedAudit)).toContain('\neast: ClusterRole all\n');
  });

  it('tells what it saw, and what it did not', () => {
    const coverage = (report: typeof mixedAudit) =>
      /^Coverage:\n(.*?)\n\n/ms
        .exec(auditText(report))?.[1]
        ?.split('\n')
        .map((line) => line.trim());
    expect(coverage(mixedAudit)).toEqual([
      'prod (v1.36.3), judged for Kubernetes 1.36 on 2026-11-21.',
      '120 objects listed, 60 judged; the others are exempt, made by those that were judged, or going.',
      '40 unchanged since the earlier report, and not judged again.',
      '3 kinds: Pod (70), ClusterRole.rbac.authorization.k8s.io (30), Deployment.apps (20)',
      '1 namespace: shop',
      'list of more than one moment, since its token expired: Pod',
      'not served here: Gateway.gateway.networking.k8s.io',
      'Rollout.argoproj.io owns 12 objects and is not known to make pods: its pods were judged themselves.',
    ]);
    expect(coverage(partialAudit)).toEqual(
      expect.arrayContaining([
        'This is shard 1 of 4.',
        'Only these namespaces were asked for: shop, pay.',
        'may not be listed: Secret',
        'could not be listed: NetworkPolicy.networking.k8s.io',
        'removed from the cluster in the meantime: Widget.example.com',
      ]),
    );
    const [shop] = cleanAudit.namespaces;
    if (shop === undefined) throw new Error('a sample without a namespace');
    const namespaces = [
      shop,
      { ...shop, name: 'kube-system', exempt: true as const },
      { ...shop, name: 'new', enforcement: 'observe' as const },
    ];
    expect(coverage({ ...cleanAudit, namespaces })).toEqual(
      expect.arrayContaining([
        '2 namespaces: shop, new',
        '1 namespace where nothing is denied yet: new',
        '1 namespace exempt: kube-system',
      ]),
    );
  });

  it('names exceptions that somebody should look at, the ended ones first', () => {
    expect(auditText(mixedAudit)).toContain(
      [
        'Exceptions to look at:',
        '  expired  require-runbook on namespace shop, until 2026-11-01 (ended 20 days ago), team-checkout: moves to a queue; no longer covers 3 findings',
        '  unused   require-runbook on namespace gone, until 2027-05-01 (161 days left), team-checkout: moves to a queue; covers nothing: remove it',
        '  expiring require-replicas on kind Deployment, until 2026-11-26 (6 days left), team-checkout: moves to a queue; covers 2 findings',
        '',
      ].join('\n'),
    );
  });

  it('calls no exception unused that may cover what was not seen', () => {
    expect(auditText(partialAudit)).not.toContain('unused');
    const { errors, coverage, ...others } = partialAudit;
    expect(errors).toHaveLength(1);
    const seen = { listed: 1, judged: 1, kinds: [], unmapped: [] };
    expect(auditText({ ...others, errors: [], coverage: seen })).toContain('unused');
    expect(auditText({ ...others, errors: [], coverage: { ...seen, kinds: coverage.kinds } })).not.toContain(
      'unused',
    );
    expect(auditText({ ...others, errors: [], coverage: { ...seen, only: ['shop'] } })).not.toContain(
      'unused',
    );
  });

  it('says of an upgrade what blocks it, or that nothing does', () => {
    expect(auditText(mixedAudit)).toContain(
      'Upgrade from 1.36 to 1.37:\n  PodDisruptionBudget shop/web allows no eviction now (2 pods are healthy, and 2 have to be): the drain of a node waits for it.\n',
    );
    const upgrade = { from: '1.36', to: '1.37', blockedDrains: [] };
    expect(auditText({ ...cleanAudit, upgrade })).toContain(
      'No PodDisruptionBudget blocks the drain of a node.',
    );
    expect(auditText(cleanAudit)).not.toContain('Upgrade');
  });

  it('shows the gravest of many, and says how many there are besides', () => {
    const findings = Array.from({ length: 500 }, (_, index) =>
      auditFinding({ object: pod(index), action: index < 400 ? 'warn' : 'deny' }),
    );
    const text = auditText(audit(findings));
    expect(text.match(/^ +deny /gm)).toHaveLength(100);
    expect(text.match(/^ +warn /gm)).toHaveLength(100);
    expect(text.indexOf('Pod shop/pod-400\n')).toBe(0);
    expect(text).toContain('\n… and 300 more findings, none graver: -o html=audit.html has them all\n');
    expect(text).toContain('500 require-memory-limit in 500 objects');
    expect(text.trimEnd().split('\n').at(-1)).toBe(
      '501 objects judged in 1 namespace of prod: 500 findings (100 deny, 400 warn).',
    );
    expect(auditText(audit(findings.slice(0, 200)))).not.toContain('more findings');
  });

  it('ends with what was judged and what came of it', () => {
    const last = (report: typeof mixedAudit) => auditText(report).trimEnd().split('\n').at(-1);
    expect(last(mixedAudit)).toBe(
      '100 of 120 objects judged in 1 namespace of prod: 6 findings (3 deny, 1 warn, 1 audit, 1 excepted).',
    );
    expect(last(cleanAudit)).toBe('1 object judged in 1 namespace of prod: no findings.');
    expect(last(partialAudit)).toBe('1 of 3 objects judged in 1 namespace of prod: 1 error.');
    expect(last(mergedAudit)).toBe('3 objects judged in 2 namespaces of 2 clusters: 3 findings (3 deny).');
  });

  it('fits a narrow terminal', () => {
    const lines = auditText(mixedAudit, { columns: 90 }).trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(auditText(mixedAudit).trimEnd().split('\n').length);
    // The summary is one line everywhere.
    const wide = lines.slice(0, -1).filter((line) => line.length > 90);
    expect(wide).toEqual([]);
  });
});
