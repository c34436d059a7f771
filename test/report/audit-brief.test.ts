import { expect, it } from 'vitest';
import { auditBrief } from '../../src/report/audit/brief.ts';
import { cleanAudit, mixedAudit, partialAudit } from './sample-audits.ts';

it('says how an audit ended to who sees none of it', () => {
  expect(auditBrief(cleanAudit).join('\n')).toMatch(/no findings\.$/);
  const [last] = auditBrief(mixedAudit).slice(-1);
  expect(last).toMatch(/\d findings \(\d+ deny, /);
});

it('says what kept it from being complete', () => {
  const errors = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ code: 'cluster', message: `no ${name}` }));
  const lines = auditBrief({ ...partialAudit, errors });
  expect(lines.slice(0, 4)).toEqual([
    'error no a',
    'error no b',
    'error no c',
    '… and 2 more errors: the report has them all',
  ]);
});
