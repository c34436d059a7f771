import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parseAuditReport, readAuditReport } from '../../src/audit/read-report.ts';
import { UserError } from '../../src/errors.ts';
import type { AuditReport } from '../../src/report/audit/audit-report.ts';
import { inFolder } from '../cli/run-check.ts';
import { exception, finding, jsonOf, report } from './sample-report.ts';

/** A report in which everything is there that may be. */
const full: AuditReport = {
  ...report({
    findings: [
      finding({
        cluster: 'prod',
        via: { kind: 'Pod', names: ['web-1'] },
        fingerprint: '0123456789ab',
        leniency: 'observe',
        grandfatherUntil: '2027-01-31',
        ended: { owner: 'o', reason: 'r', expires: '2026-01-01' },
      }),
      finding({ exception: { owner: 'o', reason: 'r', expires: '2027-01-01' }, action: 'audit' }),
    ],
    exceptions: [exception()],
    errors: [{ code: 'cluster', message: 'pods: forbidden', policy: 'x' }],
    skipped: [{ policy: 'x', reason: 'needs facts', objects: 3, cluster: 'prod' }],
    notices: ['suspended'],
    trend: [
      {
        ...{ cluster: 'prod', date: '2026-11-20', objects: 1, deny: 1, warn: 0, excepted: 0 },
        policies: { x: 1 },
      },
    ],
  }),
  profiles: { production: { 'require-memory-limit': '0123456789ab' } },
  clusters: [
    {
      ...{ name: 'prod', date: '2026-11-21', server: 'v1.36.3', kubernetes: '1.36', settings: 'a' },
      profiles: {},
    },
  ],
  upgrade: {
    from: '1.36',
    to: '1.37',
    blockedDrains: [{ namespace: 'shop', name: 'web', healthy: 1, desired: 1 }],
  },
  seen: { facts: 'f', objects: ['a'] },
  diff: {
    since: '2026-11-20',
    groups: [{ cluster: 'prod', namespace: 'shop', policy: 'x', appeared: 1, gone: 0 }],
    appeared: [finding()],
    gone: [],
  },
};

const messageOf = (text: string): string => {
  try {
    parseAuditReport(text, 'audit.json');
  } catch (error) {
    if (error instanceof UserError) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'was read';
};

const changed = (change: (value: Record<string, unknown>) => void): string => {
  const value = JSON.parse(jsonOf(full)) as Record<string, unknown>;
  change(value);
  return JSON.stringify(value);
};

describe('a report of an audit', () => {
  it('is read as it was written, with everything in it', () => {
    expect(parseAuditReport(jsonOf(full), 'audit.json')).toEqual(full);
    expect(parseAuditReport(`\ufeff${jsonOf(full)}`, 'audit.json')).toEqual(full);
    const again = jsonOf(parseAuditReport(jsonOf(full), 'audit.json'));
    expect(jsonOf(parseAuditReport(again, 'audit.json'))).toBe(again);
  });

  it('is what the published schema says', () => {
    const ajv = addFormats.default(new Ajv2020({ strict: false }));
    const file = join(import.meta.dirname, '../../docs/audit-output.schema.json');
    const validate = ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object);
    validate(JSON.parse(jsonOf(full)));
    expect(validate.errors).toBeNull();
    expect(validate(JSON.parse(changed((value) => (value['more'] = 1))))).toBe(false);
  });

  it('may say more than this daygate knows', () => {
    expect(
      parseAuditReport(
        changed((value) => (value['more'] = 1)),
        'audit.json',
      ),
    ).toEqual(full);
  });

  it.each<[string, string, RegExp]>([
    ['an empty file', ' \n', /^report report audit\.json: is empty: did the audit end/],
    ['no JSON', 'cluster: prod', /is no JSON: write a report with daygate audit -o json=FILE$/],
    ['half a report', jsonOf(full).slice(0, 900), /ends in the middle: it was not written or copied whole/],
    ['a list', '[]', /is no report of an audit/],
    ['null', 'null', /is no report of an audit/],
    [
      'a report of check',
      '{"version":1,"summary":{},"findings":[],"coverage":{}}',
      /is a report of daygate check: /,
    ],
    [
      'another version',
      changed((value) => (value['version'] = 2)),
      /has version 2, and this daygate reads version 1/,
    ],
    ['no version', changed((value) => delete value['version']), /has no version/],
    [
      'no findings',
      changed((value) => delete value['findings']),
      /findings: expected a list: run the audit again$/,
    ],
    [
      'findings of a wrong kind',
      changed((value) => (value['findings'] = [{}, null])),
      /findings\.0\.policy: expected a text; findings\.0\.severity: expected low, .*; and \d+ more: run/,
    ],
    ['a date that is none', changed((value) => (value['date'] = '2026-02-30')), /date: expected a day/],
    [
      'numbers that are none',
      changed((value) => (value['coverage'] = { listed: -1 })),
      /coverage\.listed: expected at least 0/,
    ],
  ])('is refused where it is %s', (_name, text, said) => {
    expect(messageOf(text)).toMatch(said);
  });

  it('never fails in another way, and its message quotes nothing of it', () => {
    const canary = 'AKIAIOSFODNN7EXAMPLE';
    const paths = Object.keys(JSON.parse(jsonOf(full)) as object);
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), (key, value) => {
        const said = messageOf(changed((whole) => (whole[key] = [canary, value])));
        expect(said).not.toContain(canary);
      }),
    );
    expect(messageOf(`{ "${canary}": ${canary}`)).not.toContain(canary);
    expect(messageOf(changed((whole) => (whole['profiles'] = { [canary]: 1 })))).not.toContain(canary);
  });

  it('is named where it cannot be read', async () => {
    await inFolder({ 'x/y': '' }, (folder) => {
      expect(() => readAuditReport(join(folder, 'z'))).toThrow(/report \S+z: no such file or folder/);
      expect(() => readAuditReport(join(folder, 'x'))).toThrow(/report \S+x: is a folder/);
      return Promise.resolve();
    });
  });
});
