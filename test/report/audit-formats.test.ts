/** What holds in every format of an audit. */
import { describe, expect, it } from 'vitest';
import { auditFormats, type AuditFormat } from '../../src/report/audit/format-names.ts';
import { parseCsv } from './parse-csv.ts';
import { parseCommands } from './github-runner.ts';
import {
  cleanAudit,
  hostileAudit,
  mergedAudit,
  mixedAudit,
  partialAudit,
  renderSample,
} from './sample-audits.ts';

interface Sarif {
  readonly runs: readonly [{ readonly results: readonly object[] }];
}
interface PolicyReports {
  readonly items: readonly { readonly results: readonly { readonly policy: string }[] }[];
}

/** The findings that a reader of each format sees. */
const countFindings: Readonly<Record<AuditFormat, (text: string) => number>> = {
  text: (text) => matches(text, /^ +(?:deny |warn |audit|excpt) /gm),
  json: (text) => (JSON.parse(text) as { findings: unknown[] }).findings.length,
  sarif: (text) => (JSON.parse(text) as Sarif).runs[0].results.length,
  junit: (text) => matches(text, /<testcase name="[^"]*" classname="(?!daygate")[^>]*[^/]>/g),
  github: (text) =>
    parseCommands(text).filter(({ properties }) => !properties['title']?.startsWith('daygate')).length,
  gitlab: (text) =>
    (JSON.parse(text) as { check_name: string }[]).filter(
      ({ check_name: name }) => !name.startsWith('daygate/'),
    ).length,
  markdown: (text) => matches(text, /^\| (?:❌|⚠️|📝|☑️) /gm),
  html: (text) => matches(text, /<li class="\S+ (?:low|medium|high|critical)"/g),
  csv: (text) => parseCsv(text).filter((row) => !row.includes('not judged')).length - 1,
  policyreport: (text) =>
    (JSON.parse(text) as PolicyReports).items
      .flatMap(({ results }) => results)
      .filter(({ policy }) => policy !== 'daygate').length,
};

function matches(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}

const harmful =
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufffe\p{Surrogate}]/u;

describe.each(auditFormats)('an audit as %s', (format) => {
  it('has every finding, the excepted too', () => {
    expect(countFindings[format](renderSample(format, mixedAudit))).toBe(mixedAudit.findings.length);
    expect(countFindings[format](renderSample(format, cleanAudit))).toBe(0);
    expect(countFindings[format](renderSample(format, mergedAudit))).toBe(3);
  });

  it('is the same each time, and ends with a line feed', () => {
    const text = renderSample(format, mixedAudit);
    expect(text).toBe(renderSample(format, structuredClone(mixedAudit)));
    expect(text.endsWith('\n')).toBe(true);
  });

  it('names every cluster of a merged report, and the pods that a finding is about', () => {
    const merged = renderSample(format, mergedAudit).replaceAll('%3A', ':');
    for (const cluster of ['east', 'arn:aws:eks:eu-west-1:12:cluster/west'])
      expect(merged).toContain(cluster);
    expect(renderSample(format, mixedAudit)).toMatch(/web-1, web-2, web-3|"web-1",\s+"web-2"/);
  });

  it('says what no longer applies or will soon', () => {
    const text = renderSample(format, mixedAudit);
    expect(text).toContain('2027-03-31');
    if (format !== 'csv') expect(text).toContain('2027-01-01');
  });

  it('keeps hostile texts harmless', () => {
    const text = renderSample(format, hostileAudit);
    expect(text.replaceAll('\r\n', '\n')).not.toMatch(harmful);
    expect(countFindings[format](text)).toBe(2);
  });

  it('claims no place in a file', () => {
    expect(renderSample(format, mixedAudit)).not.toMatch(/:1:1|\| 1 \||line=1|startColumn/);
  });
});

/** Formats that list findings and nothing else. */
const bare: readonly AuditFormat[] = ['csv', 'gitlab'];
const whole = auditFormats.filter((format) => !bare.includes(format));

describe.each(whole)('an audit as %s', (format) => {
  it('never looks clean when something could not be judged', () => {
    const text = renderSample(format, partialAudit);
    expect(text).toContain('cannot list Secret: the account may not');
    expect(text).toMatch(/could not be listed|"state": "failed"/);
    expect(text).toContain('NetworkPolicy');
    expect(text).toContain('Widget');
    expect(text).not.toMatch(/no findings\.|: no findings$/m);
  });

  it('says what was not judged by which policy', () => {
    expect(renderSample(format, mixedAudit)).toMatch(
      /needs facts of kind PodDisruptionBudget( \(12 objects\)|",\s+"objects": 12|(?:<[^>]+>|\s)+12)/,
    );
  });
});

// The page says the same in other words, and has tests of its own.
it.each(whole.filter((format) => format !== 'policyreport' && format !== 'html'))(
  '%s says how much was judged, and what else there is to know',
  (format) => {
    const text = renderSample(format, mixedAudit);
    expect(text).toMatch(/100 of 120 objects judged in 1 namespace of prod|"judged": 60/);
    expect(text).toContain('Enforcement is suspended until 2026-11-22');
    expect(text).toMatch(/shop\/web allows no eviction now|"blockedDrains"/);
    expect(text).toMatch(/Rollout\.argoproj\.io owns 12 objects|"owned": 12/);
    expect(text).toMatch(/of more than one moment|"resumed"/);
    expect(text).toMatch(/covers nothing: remove it|"findings": 0/);
  },
);

it('GitLab blocks on what could not be judged', () => {
  expect(renderSample('gitlab', partialAudit)).toContain('Not checked: cannot list Secret');
});

it('digests for --since are in the JSON alone', () => {
  expect(renderSample('json', hostileAudit)).toContain('"seen"');
  for (const format of whole.filter((one) => one !== 'json')) {
    expect(renderSample(format, hostileAudit)).not.toContain('"seen"');
  }
});
