/** The page of an audit as text; how it looks and works in a browser is in test/browser. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AuditReport } from '../../src/report/audit/audit-report.ts';
import { hostile } from './sample-reports.ts';
import { auditHtml, auditReport, emptyAudit } from './audit-fixture.ts';
import { mergedReport } from './audit-merged.ts';

const small = auditReport({ workloads: 24, findings: 90, teams: 3, namespaces: 6 });
const size = { workloads: 2000, findings: 10_000, teams: 10, namespaces: 60 };
const merged = mergedReport(
  ['prod-eu', 'prod-us', 'staging'].map((cluster, index) =>
    auditReport({ workloads: 60, findings: 300, teams: 4, namespaces: 8, cluster, seed: index + 1 }),
  ),
);

const harmful =
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufffe\p{Surrogate}]/u;

function shownFindings(page: string): number {
  return [...page.matchAll(/<li class="(?:deny|warn|audit|excepted) /g)].length;
}

function headlineOf(report: AuditReport): string {
  return /<h1>([^<]*)<\/h1>/.exec(auditHtml(report))?.[1] ?? '';
}

describe('the page', () => {
  it.each([
    ['an empty report', emptyAudit, 0],
    ['a small report', small, 90],
    ['three clusters', merged, 900],
  ])('has every finding of %s, twice the same', (_, report, findings) => {
    const page = auditHtml(report);
    expect(shownFindings(page)).toBe(findings);
    expect(auditHtml(structuredClone(report))).toBe(page);
    const body = page.slice(page.indexOf('<body>'), page.indexOf('<script>'));
    expect(/undefined|NaN/.exec(body)).toBeNull();
  });

  it.each([
    ['ordinary names', ''],
    ['hostile names', `<b>"&`],
  ])('has 10,000 findings on 2,000 workloads with %s in less than 5 MB', (_, names) => {
    const page = auditHtml(auditReport({ ...size, hostile: names }));
    expect(shownFindings(page)).toBe(10_000);
    expect(Buffer.byteLength(page)).toBeLessThan(5_000_000);
    expect(/id="cut"|more are left out|<b>"/.exec(page)).toBeNull();
  });

  it('leaves out the least of what no page can hold, and says how many', () => {
    const page = auditHtml(auditReport({ ...size, findings: 20_000, hostile }));
    const shown = shownFindings(page);
    expect(shown).toBeGreaterThan(500);
    expect(Buffer.byteLength(page)).toBeLessThan(5_000_000);
    const [, told = ''] = /id="cut">\s*([\d,]+) findings/.exec(page) ?? [];
    expect(Number(told.replace(',', '')) + shown).toBe(20_000);
    expect(page).toMatch(/[\d,]+ more(?: workloads)? are left out here/);
  });

  it('keeps hostile texts harmless wherever they come from', () => {
    const all = auditReport({ workloads: 12, findings: 40, teams: 2, namespaces: 3, hostile });
    const page = auditHtml({
      ...all,
      cluster: hostile,
      server: hostile,
      kubernetes: hostile,
      settings: hostile,
      date: hostile,
      notices: [hostile],
      errors: [{ code: 'x', message: hostile, file: hostile }],
      skipped: [{ policy: hostile, reason: hostile, objects: 1, cluster: hostile }],
      policies: all.policies.map((policy) => ({
        ...policy,
        title: hostile,
        why: hostile,
        references: [hostile],
      })),
      objects: all.objects.map((object) => ({ ...object, attestations: { [hostile]: hostile } })),
      findings: all.findings.map((finding) => ({ ...finding, policy: hostile, grandfatherUntil: hostile })),
      upgrade: {
        from: hostile,
        to: hostile,
        blockedDrains: [{ cluster: hostile, namespace: hostile, name: hostile, healthy: 1, desired: 1 }],
      },
      trend: [
        ...[1, 2].map((deny) => ({
          cluster: hostile,
          date: hostile,
          objects: 1,
          deny,
          warn: 1,
          excepted: 0,
          policies: { [hostile]: 1, ['__proto__']: 2 },
        })),
        ...all.trend,
      ],
    });
    expect(harmful.exec(page)).toBeNull();
    expect(page.split('<script>')).toHaveLength(2);
    expect(page).not.toContain('<img');
    expect(page).not.toMatch(/href="(?!https:\/\/|#|data:,)/);
    expect(shownFindings(page)).toBe(40);
  });

  it('lets run what it brings, and nothing else', () => {
    const page = auditHtml(small);
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    const digest = (text = '') => createHash('sha256').update(text).digest('base64');
    const [, style] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
    const [, script] = /<script>([\s\S]*?)<\/script>/.exec(page) ?? [];
    expect(policy).toContain(`style-src &#39;sha256-${digest(style)}&#39;`);
    expect(policy).toContain(`script-src &#39;sha256-${digest(script)}&#39;`);
    expect(policy).toContain('default-src &#39;none&#39;');
    expect(page).not.toMatch(/ style="| on[a-z]+="/);
  });

  it('says each text about how to fix something once where many findings share it', () => {
    const page = auditHtml(auditReport({ workloads: 400, findings: 2000, teams: 3, namespaces: 6 }));
    const advice = 'Set priorityClassName to one of the PriorityClasses of the cluster';
    expect(page.split(advice)).toHaveLength(2);
    for (const [, anchor = ''] of page.matchAll(/href="#(fix-\d+)"/g))
      expect(page).toContain(`id="${anchor}"`);
  });

  it('has no id twice, and every link within it leads somewhere', () => {
    const [object, finding] = [small.objects[0], small.findings[0]];
    if (object === undefined || finding === undefined) throw new Error('there are objects and findings');
    // What a link may not hold becomes the same; and a kind may be of two groups.
    const alike = ['a b', 'a c', 'a_b', 'a_b'].map((name, index) => ({
      ...{ kind: 'Thing', namespace: 'shop', name },
      apiVersion: `g${index}.example.com/v1`,
    }));
    const similar = {
      ...small,
      objects: alike.map((one) => ({ ...object, ...one })),
      findings: alike.map((one) => ({ ...finding, object: one })),
    };
    for (const report of [emptyAudit, small, merged, similar]) {
      const page = auditHtml(report);
      const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
      expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
      const known = new Set(ids);
      const links = [...page.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id);
      expect(links.length).toBeGreaterThan(3);
      expect(links.filter((id) => !known.has(id))).toEqual([]);
    }
  });
});

describe('the headline', () => {
  it('counts the workloads that are ready', () => {
    expect(headlineOf(small)).toMatch(/^\d+ of 24 workloads are ready for production$/);
    expect(headlineOf({ ...small, findings: [] })).toBe('All 24 workloads ready for production');
  });

  it('never looks clean where something could not be judged', () => {
    const [kind] = small.coverage.kinds;
    if (kind === undefined) throw new Error('there are kinds');
    const kinds = [{ ...kind, kind: 'Secret', state: 'forbidden' as const }];
    const denied = { ...small, findings: [], coverage: { ...small.coverage, kinds } };
    for (const report of [
      denied,
      { ...small, findings: [], errors: [{ code: 'x', message: 'the list was cut off' }] },
    ]) {
      const page = auditHtml(report);
      expect(page).toContain('<h1>Not everything could be judged</h1>');
      expect(page).toContain('<header class="bad">');
      expect(page).toMatch(/may not be listed by this account|the list was cut off/);
    }
  });

  it('says that nothing was judged where that is so, whatever the reason', () => {
    const message = 'nothing was judged: there is no object that a policy looks at';
    const none = { ...emptyAudit, errors: [{ code: 'nothing-checked', message }] };
    const kinds = [{ apiVersion: 'v1', kind: 'Secret', objects: 0, state: 'forbidden' as const }];
    const denied = { ...emptyAudit, coverage: { ...emptyAudit.coverage, kinds } };
    for (const report of [emptyAudit, none, denied]) {
      expect(headlineOf(report)).toBe('Nothing was judged');
      expect(auditHtml(report)).not.toContain('<header class="good">');
    }
    const unchanged = { ...emptyAudit, coverage: { ...emptyAudit.coverage, unchanged: 7 } };
    expect(headlineOf(unchanged)).not.toBe('Nothing was judged');
  });
});

describe('what could not be judged', () => {
  it('is said once of each kind, with the reasons folded away', () => {
    const refused = 'https://api: not allowed to list secrets (403): ops needs a ClusterRole';
    const page = auditHtml({
      ...small,
      errors: [
        { code: 'cluster', message: refused },
        { code: 'internal', message: 'a fault on Pod shop/web' },
      ],
      coverage: {
        ...small.coverage,
        kinds: [{ apiVersion: 'v1', kind: 'Secret', objects: 0, state: 'forbidden' }],
      },
    });
    const problems = /<section class="problems".*?<\/section>/s.exec(page)?.[0] ?? '';
    expect(problems).toContain('Not judged (2)');
    const [shown = '', folded = ''] = problems.split('<details');
    expect(shown).toContain('<b>Secret</b> may not be listed by this account');
    expect(shown).toContain('a fault on Pod shop/web');
    expect(shown).not.toContain('(403)');
    expect(folded).toContain(refused);
    const alone = auditHtml({ ...small, errors: [{ code: 'cluster', message: refused }] });
    expect(alone).toContain(`<li>${refused}</li>`);
  });
});

describe('what it tells', () => {
  const section = (page: string, id: string): string =>
    page.split('<section ').find((part) => part.startsWith(`aria-labelledby="${id}"`)) ?? '';
  const texts = (markup: string): string => markup.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

  it('is who asks for how much, in cores and GiB', () => {
    const [object] = small.objects.filter(({ workload }) => workload !== undefined);
    if (object === undefined) throw new Error('there are workloads');
    const workload = {
      replicas: 3,
      requests: { cpu: 1.5, memory: 3 * 2 ** 30 },
      limits: { cpu: 6, memory: 4.5 * 2 ** 30 },
      withoutRequests: { cpu: 0, memory: 1 },
    };
    const objects = [{ ...object, costCenter: 'cc-7', team: 'core', workload }];
    const told = texts(section(auditHtml({ ...small, findings: [], objects }), 'cost'));
    expect(told).toContain('1.5 cores and 3 GiB of memory, for 3 pods of 1 workload.');
    expect(told).toContain('cc-7 1 1.5 3 4× 1.5× 1');
    expect(told).toContain('core 1 1.5 3 4× 1.5× 1');
    expect(told).toContain('Promised most beyond what is requested 1');
    expect(told).toContain('Without requests 1');
  });

  it('is what ends when, the soonest first', () => {
    const told = texts(section(auditHtml(small), 'dates'));
    const days = [...told.matchAll(/(2\d{3}-\d\d-\d\d) (?:in \d+ days|\d+ days ago) (?:the|old)/g)].map(
      ([, day]) => day,
    );
    expect(days).toEqual(['2026-10-31', '2026-11-30', '2027-01-31', '2027-02-28', '2027-03-31']);
    expect(told).toContain('restore-drill Durability');
    expect(told).toContain('2026-06-30 144 days ago');
  });

  it('is the state of every exception', () => {
    const told = texts(section(auditHtml(small), 'exceptions'));
    expect(told).toMatch(/require-runbook everywhere ended .*ends soon .*in force unused .*in force/);
  });

  it('is how the numbers went, in words and in a table too', () => {
    const trend = section(auditHtml(small), 'trend');
    expect(trend).toMatch(
      /role="img"\s+aria-label="Findings over time: from \d+ deny and \d+ warn on 2026-08-29 to/,
    );
    expect(texts(trend)).toContain('2026-11-14');
    expect(section(auditHtml({ ...small, trend: [] }), 'trend')).toBe('');
  });

  it('is one line for several clusters, from the day on that all are known', () => {
    const one = { objects: 1, deny: 1, warn: 0, excepted: 0, policies: {} };
    const trend = [
      { ...one, cluster: 'a', date: '2026-11-01' },
      { ...one, cluster: 'b', date: '2026-11-02', deny: 4 },
      { ...one, cluster: 'a', date: '2026-11-03', deny: 2 },
    ];
    const told = texts(section(auditHtml({ ...merged, trend }), 'trend'));
    expect(told).not.toContain('2026-11-01');
    expect(told).toMatch(/2026-11-03 2 6 0 0 2026-11-02 2 5 0 0/);
  });

  it('is what an upgrade meets', () => {
    const blockedDrains = [{ namespace: 'shop', name: 'ledger', healthy: 2, desired: 2 }];
    const page = auditHtml({ ...small, upgrade: { from: '1.36', to: '1.37', blockedDrains } });
    expect(texts(section(page, 'upgrade'))).toMatch(/Upgrade from 1.36 to 1.37 .*shop\/ledger 2 2/);
  });
});
