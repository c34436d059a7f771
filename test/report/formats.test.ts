/** What holds in every format. */
import { describe, expect, it } from 'vitest';
import { formats, type Format } from '../../src/report/format-names.ts';
import { parseCommands } from './github-runner.ts';
import type { Report } from '../../src/report/report.ts';
import { allKnown, clean, compared, errorsOnly, hostileReport, mixed, render } from './sample-reports.ts';
import { rendered } from './sample-reports.ts';

interface Sarif {
  readonly runs: readonly [{ readonly results: readonly { level: string }[] }];
}

/** What a format makes an entry of: each finding, or each place in the source; and with what the baseline lists, or without. */
const entries: Readonly<Record<Format, { readonly of: 'findings' | 'places'; readonly known: boolean }>> = {
  text: { of: 'places', known: false },
  json: { of: 'findings', known: true },
  sarif: { of: 'places', known: true },
  junit: { of: 'findings', known: true },
  github: { of: 'places', known: false },
  gitlab: { of: 'places', known: true },
  markdown: { of: 'places', known: false },
  html: { of: 'findings', known: true },
};

/** The findings that a reader of each format sees. */
const countFindings: Readonly<Record<Format, (text: string) => number>> = {
  text: (text) => matches(text, /^ +(?:deny |warn |audit|excpt) /gm),
  json: (text) => (JSON.parse(text) as { findings: unknown[] }).findings.length,
  sarif: (text) => (JSON.parse(text) as Sarif).runs[0].results.length,
  junit: (text) => matches(text, /<testcase name="(?!rendered")[^>]*classname="(?!daygate")[^>]*[^/]>/g),
  github: (text) =>
    parseCommands(text).filter(({ properties }) => !properties['title']?.startsWith('daygate')).length,
  gitlab: (text) =>
    (JSON.parse(text) as { check_name: string }[]).filter(
      ({ check_name: name }) => !name.startsWith('daygate/'),
    ).length,
  markdown: (text) => matches(text, /^\| (?:❌|⚠️|📝|☑️) /gm),
  html: (text) => matches(text, /<li class="(?:deny|warn|audit|excepted|baselined)"/g),
};

function matches(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}

/** Entries that a reader of each format would act on. */
const failures: Readonly<Record<Format, (text: string) => number>> = {
  text: (text) => matches(text, /^ +(?:deny |warn ) /gm),
  json: (text) => (JSON.parse(text) as Report).findings.filter(({ action }) => action !== 'audit').length,
  sarif: (text) => (JSON.parse(text) as Sarif).runs[0].results.filter(({ level }) => level !== 'note').length,
  junit: (text) => matches(text, /<failure/g),
  github: (text) => matches(text, /^::(?:error|warning) /gm),
  gitlab: (text) => matches(text, /"severity": "(?!info)/g),
  markdown: (text) => matches(text, /^\| (?:❌|⚠️) /gm),
  html: (text) => matches(text, /<li class="(?:deny|warn)"/g),
};

const harmful =
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufffe\p{Surrogate}]/u;

describe.each(formats)('%s', (format) => {
  it('has every finding, the excepted too', () => {
    expect(countFindings[format](render(format, mixed))).toBe(mixed.findings.length);
    expect(countFindings[format](render(format, clean))).toBe(0);
  });

  it('has what was rendered: every finding, or every place in the source', () => {
    const text = render(format, rendered);
    expect(countFindings[format](text)).toBe(entries[format].of === 'findings' ? 10 : 5);
    const labels = new Set(rendered.findings.flatMap((finding) => finding.render ?? []));
    expect(labels.size).toBe(5);
    for (const label of labels) expect(text).toContain(label);
    expect(text).toContain('charts/broken');
  });

  it('tells what the baseline lists from what is new', () => {
    const { of, known } = entries[format];
    const text = render(format, compared);
    expect(countFindings[format](text)).toBe(known ? (of === 'findings' ? 5 : 4) : 1);
    expect(text).toMatch(/the exception of team-checkout ended on 2026-01-31|"expires": "2026-01-31"/);
    if (known) expect(text).toMatch(/in the baseline|"baselined"/);
    if (format !== 'gitlab') expect(text).toContain('daygate-baseline.yaml');
  });

  it('reports no failure where all is in the baseline', () => {
    expect(failures[format](render(format, allKnown))).toBe(0);
    expect(failures[format](render(format, compared))).toBe(1);
  });

  it('is the same each time, and ends with a line feed', () => {
    const text = render(format, mixed);
    expect(render(format, structuredClone({ ...mixed, policies: [] }))).toBe(
      render(format, { ...mixed, policies: [] }),
    );
    expect(text).toBe(render(format, mixed));
    expect(text.endsWith('\n')).toBe(true);
  });

  it('shows an excepted finding with its reason', () => {
    expect(render(format, mixed)).toContain('moves to a queue');
  });

  it('never looks clean when something could not be checked', () => {
    const text = render(format, errorsOnly);
    expect(text).toContain('deploy/broken.yaml');
    expect(text).toMatch(/the document is no object/);
    expect(text).toMatch(/nothing was checked at all/);
    expect(countFindings[format](text)).toBe(0);
    expect(text).not.toMatch(/no findings|Ready/);
  });

  it('keeps hostile texts harmless', () => {
    const text = render(format, hostileReport);
    expect(text).not.toMatch(harmful);
    expect(countFindings[format](text)).toBe(2);
  });
});

// GitLab's format has no place for it.
it.each(formats.filter((format) => format !== 'gitlab'))(
  '%s says how much was judged, and what was not',
  (format) => {
    const text = render(format, mixed);
    expect(text).toMatch(/3 objects judged in 2 files|"judged": 3/);
    expect(text).toContain('needs facts of kind PodDisruptionBudget');
  },
);

/** One of several, in each format's own way to say that something failed. */
const staleFailure: Readonly<Record<Format, RegExp>> = {
  text: /^Listed in daygate-baseline\.yaml and no longer found, which fails the run: /m,
  json: /"failsOnStale": true/,
  sarif: /"level": "error",\s+"message": \{\s+"text": "Listed in .* which fails the run: 2 findings/,
  junit: /name="Listed in .*which fails the run"[^>]*><failure message/,
  github: /^::error title=daygate%3A stale-baseline,file=daygate-baseline\.yaml::Listed in .* 2 findings/m,
  gitlab: /"check_name": "daygate\/stale-baseline",[^}]*"severity": "major"/,
  markdown: /^### ❌ .*no longer found, which fails the run/s,
  html: /<header class="bad">.*no longer found, which fails the run/s,
};

it.each(formats)('%s shows a baseline that fails the run as a failure, and only then', (format) => {
  const { baseline } = allKnown;
  if (baseline === undefined) throw new Error('a sample without a baseline');
  const tolerated = { ...baseline, stale: compared.baseline?.stale ?? [] };
  const failing = { ...tolerated, failsOnStale: true } as const;
  expect(render(format, { ...allKnown, baseline: failing })).toMatch(staleFailure[format]);
  expect(render(format, { ...allKnown, baseline: tolerated })).not.toMatch(staleFailure[format]);
});

it('findings in templates are not counted as what fix can mend', () => {
  const { findings } = rendered;
  const written = findings.filter(({ fixable, render: label }) => fixable && label === undefined).length;
  expect(findings.filter(({ fixable }) => fixable).length).toBeGreaterThan(written);
  expect(JSON.parse(render('json', rendered))).toMatchObject({ summary: { fixable: written } });
});

describe('hostile texts', () => {
  it('start no tag and leave no attribute in the HTML page', () => {
    const text = render('html', hostileReport);
    expect(matches(text, /<script/g)).toBe(1);
    expect(text).not.toMatch(/<img|href="javascript:/);
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  it('call nobody, link nothing and stay in their cell in Markdown', () => {
    const text = render('markdown', hostileReport);
    expect(text).not.toMatch(/@everyone|#1\b|:\/\/evil|www\.evil|<script|<img/);
    // A line that begins with <summary> is HTML, in which no bracket means anything.
    const markdown = text.split('\n').filter((line) => !line.startsWith('<summary>'));
    expect(markdown.join('\n')).not.toMatch(/[^\\]\[click/);
    const rows = text.split('\n').filter((line) => line.startsWith('| ❌') || line.startsWith('| ☑️'));
    expect(rows).toHaveLength(2);
    for (const row of rows) expect(matches(row, /(?<!\\)\|/g)).toBe(5);
  });

  it('are no link in a SARIF message', () => {
    const texts = [...render('sarif', hostileReport).matchAll(/"(?:text|justification)": (".*")/g)];
    expect(texts.length).toBeGreaterThan(5);
    for (const [, text] of texts) expect(text).not.toContain('](');
  });

  it('stay whole in the JSON contract', () => {
    const { findings } = JSON.parse(render('json', hostileReport)) as typeof hostileReport;
    expect(findings[0]?.object.name).toBe(hostileReport.findings[0]?.object.name);
  });
});
