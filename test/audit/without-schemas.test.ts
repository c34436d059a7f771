/** An audit has no schemas: policies that need one look at nothing, and must not look as if they did. */
import { describe, expect, it } from 'vitest';
import { policies } from '../../policies/index.ts';
import { readinessOf } from '../../src/report/audit/readiness.ts';
import { sections } from '../../src/report/audit/sections.ts';
import { auditOf, object } from './audit-of.ts';

describe('a policy that needs schemas', () => {
  it('makes no section of an audit ready', async () => {
    const library = policies.filter(({ id }) => ['forbid-unknown-field', 'bound-service-type'].includes(id));
    const service = object('v1', 'Service', 'web', { spec: { selctor: { app: 'web' } } });
    const { report } = await auditOf([service], { library });
    const [readiness] = readinessOf(report);
    const section = sections.findIndex(({ id }) => id === 'secrets');
    expect(report.objects.map(({ name }) => name)).toEqual(['web']);
    expect(readiness?.standings[section]).toMatchObject({ state: 'not-visible', judgedBy: 0 });
  });
});
