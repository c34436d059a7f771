import type { AuditException, AuditFinding, TrendPoint } from '../../src/report/audit/audit-report.ts';

/** One of each state, and one that is unused. */
export function exceptions(hostile: string): readonly AuditException[] {
  const one = { owner: `team-ledger${hostile}`, reason: `moves to a queue${hostile}` };
  return [
    {
      ...one,
      policies: ['require-replicas'],
      match: { namespace: 'payments-prod', kind: 'Deployment', name: 'legacy-*' },
      expires: '2027-03-31',
      state: 'in-force',
      daysLeft: 131,
      findings: 12,
    },
    {
      ...one,
      policies: ['require-image-digest', 'forbid-latest-tag'],
      match: { namespace: 'data-batch' },
      expires: '2026-11-30',
      state: 'expiring',
      daysLeft: 10,
      findings: 4,
    },
    {
      ...one,
      policies: ['require-runbook'],
      match: {},
      expires: '2026-10-31',
      state: 'expired',
      daysLeft: -20,
      findings: 7,
    },
    {
      ...one,
      policies: ['forbid-host-path'],
      match: { namespace: 'platform-prod' },
      expires: '2027-02-28',
      state: 'in-force',
      daysLeft: 100,
      findings: 0,
    },
  ];
}

/** Five earlier reports, with more findings. */
export function trendBefore(findings: readonly AuditFinding[], cluster: string): readonly TrendPoint[] {
  const counts: Record<string, number> = {};
  for (const { policy } of findings) counts[policy] = (counts[policy] ?? 0) + 1;
  const count = (action: string) => findings.filter((finding) => finding.action === action).length;
  return ['2026-08-29', '2026-09-26', '2026-10-24', '2026-11-07', '2026-11-14'].map((day, index) => {
    const factor = 1.6 - index * 0.12;
    const policies = Object.entries(counts).map(
      ([id, size], at) => [id, Math.round(size * (factor - (at % 5) * 0.1))] as const,
    );
    return {
      ...{ cluster, date: day, objects: 900 + index * 20 },
      ...{
        deny: Math.round(count('deny') * factor),
        warn: Math.round(count('warn') * (factor - 0.2)),
        excepted: 3 + index,
      },
      policies: Object.fromEntries(policies),
    };
  });
}
