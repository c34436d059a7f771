import type { LocatedFinding, Report, ReportError } from './report.ts';
import type { RenderContext } from './render-context.ts';
import { coverageLine, firstOf, gaps, groupBy, noteOf, objectTitle, placeOf, standingOf } from './words.ts';

interface TestCase {
  readonly classname: string;
  readonly name: string;
  readonly outcome?: {
    readonly element: 'failure' | 'error' | 'skipped' | 'system-out';
    readonly type?: string;
    readonly message?: string;
    readonly text?: string;
  };
}

/**
 * JUnit XML as Jenkins, GitLab and others read it: a suite for each file with one test for each finding, and one that
 * passes for each judged object without any; one more suite says what could not be judged. Warnings fail as they do in
 * the exit code.
 */
export function junitReport(report: Report, { version }: RenderContext): string {
  const { findings, judged } = report;
  const found = groupBy(findings, ({ file }) => file);
  const clean = groupBy(judged, ({ file }) => file);
  const files = [...new Set([...clean.keys(), ...found.keys()])].sort();
  const suites = files.map((file) => {
    const own = found.get(file) ?? [];
    const withFindings = new Set(own.map(({ object }) => objectTitle(object)));
    const passed = (clean.get(file) ?? []).filter(({ object }) => !withFindings.has(objectTitle(object)));
    return {
      name: file,
      cases: [
        ...passed.map(({ object }) => ({ classname: className(file, object), name: 'no findings' })),
        ...own.map(findingCase),
      ],
    };
  });
  const all = [...suites, { name: 'daygate', cases: ownCases(report) }];
  const totals = tally(all.flatMap(({ cases }) => cases));
  const { coverage } = report;
  const properties = Object.entries({ version, ...coverage }).map(
    ([name, value]) => `      <property${attributes({ name, value: String(value) })}/>\n`,
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    `<testsuites${attributes({ name: 'daygate', tests: totals.tests, failures: totals.failures, errors: totals.errors })}>\n`,
    ...all.map(({ name, cases }) =>
      [
        `  <testsuite${attributes({ name, ...tally(cases), time: '0' })}>\n`,
        ...(name === 'daygate' ? ['    <properties>\n', ...properties, '    </properties>\n'] : []),
        ...distinct(cases).map(testCase),
        '  </testsuite>\n',
      ].join(''),
    ),
    '</testsuites>\n',
  ].join('');
}

function className(file: string, object: LocatedFinding['object']): string {
  return `${file}: ${objectTitle(object)}`;
}

function findingCase(finding: LocatedFinding): TestCase {
  const { policy, locator, file, line, column, message, remediation, severity, action, suggestion } = finding;
  const note = noteOf(finding);
  const text = [
    `${file}:${line}:${column} ${severity} ${locator}`,
    `${message}${note === '' ? '' : ` (${note})`}`,
    remediation,
    ...(suggestion === undefined ? [] : [suggestion]),
  ].join('\n');
  const standing = standingOf(finding);
  return {
    classname: className(file, finding.object),
    name: `${policy}: ${locator}`,
    outcome:
      standing === 'excepted'
        ? { element: 'skipped', message: note, text }
        : standing === 'audit' || standing === 'baselined'
          ? { element: 'system-out', text }
          : { element: 'failure', type: action, message, text },
  };
}

/** What could not be judged, and a test that passes where there is nothing of that kind. */
function ownCases(report: Report): readonly TestCase[] {
  const notes = gaps(report.skipped).map(({ reason, names }): TestCase => ({
    classname: 'daygate',
    name: `not judged: ${reason}`,
    outcome: { element: 'skipped', message: firstOf(names, 20) },
  }));
  return [
    {
      classname: 'daygate',
      name: 'everything could be checked',
      outcome:
        report.errors.length === 0
          ? { element: 'system-out', text: coverageLine(report) }
          : {
              element: 'error',
              type: 'incomplete',
              message: `${coverageLine(report)}, and not all of it could be checked`,
            },
    },
    ...report.errors.map(errorCase),
    ...notes,
  ];
}

function errorCase(error: ReportError): TestCase {
  const place = placeOf(error);
  const text = place === '' ? error.message : `${place}: ${error.message}`;
  return {
    classname: 'daygate',
    name: `${error.code}: ${place === '' ? error.message : place}`,
    outcome: { element: 'error', type: error.code, message: error.message, text },
  };
}

function tally(cases: readonly TestCase[]): Record<'tests' | 'failures' | 'errors' | 'skipped', string> {
  const having = (wanted: string): string =>
    String(cases.filter(({ outcome }) => outcome?.element === wanted).length);
  return {
    tests: String(cases.length),
    failures: having('failure'),
    errors: having('error'),
    skipped: having('skipped'),
  };
}

/** Readers take two tests of one name for one: the later ones get a number. */
function distinct(cases: readonly TestCase[]): readonly TestCase[] {
  const seen = new Map<string, number>();
  return cases.map((one) => {
    const key = JSON.stringify([one.classname, one.name]);
    const occurrence = (seen.get(key) ?? 0) + 1;
    seen.set(key, occurrence);
    return occurrence === 1 ? one : { ...one, name: `${one.name} (${occurrence})` };
  });
}

function testCase({ classname, name, outcome }: TestCase): string {
  const start = `    <testcase${attributes({ name, classname, time: '0' })}`;
  if (outcome === undefined) return `${start}/>\n`;
  const { element, type, message, text = '' } = outcome;
  const inner = `<${element}${attributes({ message, type })}>${escapeXml(text)}</${element}>`;
  return `${start}>${inner}</testcase>\n`;
}

function attributes(values: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value = '']) => ` ${name}="${escapeXml(value)}"`)
    .join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
