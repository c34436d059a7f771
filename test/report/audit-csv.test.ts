import { describe, expect, it } from 'vitest';
import { auditCsv } from '../../src/report/audit/csv.ts';
import { parseCsv } from './parse-csv.ts';
import { audit, auditFinding, cleanAudit, mergedAudit, mixedAudit, partialAudit, renderSample } from './sample-audits.ts'; // prettier-ignore
import { hostile } from './sample-reports.ts';

const header = [
  ...[
    'cluster',
    'namespace',
    'kind',
    'name',
    'team',
    'cost center',
    'profile',
    'policy',
    'severity',
    'action',
  ],
  ...['excepted until', 'message', 'locator', 'via', 'fixable'],
];

function messages(...texts: readonly string[]): readonly string[] {
  const report = audit(texts.map((message) => auditFinding({ message })));
  const [titles = [], ...rows] = parseCsv(auditCsv(report));
  return rows.map((row) => row[titles.indexOf('message')] ?? '');
}

describe('CSV', () => {
  it('has a line for each finding below its header', () => {
    expect(parseCsv(renderSample('csv', cleanAudit))).toEqual([header]);
    const rows = parseCsv(renderSample('csv', mixedAudit));
    expect(rows.every(({ length }) => length === header.length)).toBe(true);
    const [name, locator] = ['web', 'spec.template.spec.containers[app].resources.limits.memory'];
    expect(rows[2]).toEqual([
      ...['prod', 'shop', 'Deployment', name, 'checkout', 'cc-12', 'baseline', 'require-memory-limit'],
      ...['high', 'deny', '', 'app has no memory limit.', locator],
      ...['in 4 of its Pods: web-1, web-2, web-3, web-4', 'yes'],
    ]);
    expect(rows[1]?.slice(0, 4)).toEqual(['prod', '', 'ClusterRole', 'all']);
    expect(rows[5]?.[header.indexOf('excepted until')]).toBe('2027-03-31');
  });

  it('says in lines of its own, and in the same columns, what was not judged', () => {
    const fault = { code: 'internal', message: 'a fault on Pod shop/web', policy: 'require-owner' };
    const refused = { code: 'cluster', message: 'https://api: not allowed to list secrets (403)' };
    const rows = parseCsv(
      renderSample('csv', {
        ...partialAudit,
        findings: [auditFinding()],
        errors: [refused, fault],
      }),
    );
    expect(rows.every(({ length }) => length === header.length)).toBe(true);
    const shown = ['namespace', 'kind', 'policy', 'severity', 'action', 'message'];
    expect(rows.slice(1).map((row) => shown.map((title) => row[header.indexOf(title)]))).toEqual([
      ['', 'Secret', '', '', 'not judged', 'Secret may not be listed by this account'],
      ['', 'NetworkPolicy', '', '', 'not judged', 'NetworkPolicy could not be listed'],
      ['', 'Widget', '', '', 'not judged', 'Widget was removed while the audit ran'],
      ['', '', 'require-owner', '', 'not judged', 'a fault on Pod shop/web'],
      ['shop', 'Deployment', 'require-memory-limit', 'high', 'deny', 'app has no memory limit.'],
    ]);
  });

  it('takes owner and profile from the object of the same cluster', () => {
    const rows = parseCsv(renderSample('csv', mergedAudit)).slice(1);
    expect(rows.map(([cluster, , , , team, , profile]) => [cluster, team, profile])).toEqual([
      ['east', 'checkout', 'baseline'],
      ['arn:aws:eks:eu-west-1:12:cluster/west', 'platform', 'production'],
      ['east', '', 'baseline'],
    ]);
  });

  it('leaves no text that a spreadsheet takes for a formula', () => {
    const dangerous = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\rx', ' =1', '\n=1', '＝1', '\u00a0@x'];
    expect(messages(...dangerous)).toEqual(dangerous.map((text) => `'${text}`));
    const harmless = ['a=b', "'x", '1-1', 'x\ty'];
    expect(messages(...harmless)).toEqual(harmless);
  });

  it('keeps commas, quotes and line breaks in their field', () => {
    const texts = ['a,b', 'say "x"', '"', 'a\r\nb', hostile];
    expect(messages(...texts)).toEqual(texts);
  });
});
