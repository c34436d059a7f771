import type { JudgedObject, LocatedFinding, Report, ReportError } from './report.ts';
import type { RenderContext } from './render-context.ts';
import { renderingOutcomes, type RenderingOutcome } from './rendering-outcomes.ts';
import { failsAsStale, staleEntry, staleMend, stalePlace, staleTitle } from './stale-lines.ts';
import { coverageLine, errorMessage, firstOf, gaps, lineNumber, noteOf } from './words.ts';
import { objectTitle, placeOf, standingOf } from './words.ts';

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
 * JUnit XML as Jenkins, GitLab and others read it: a suite for each file, each rendering and each namespace of a cluster
 * with one test for each finding, and one that passes for each judged object without any, or for each policy that it
 * passes where passes were asked for; one more suite says what could not be judged.
 * Warnings fail as they do in the exit code.
 */
export function junitReport(report: Report, { version }: RenderContext): string {
  const { findings, judged } = report;
  const found = Map.groupBy(findings, suiteOf);
  const clean = Map.groupBy(judged, suiteOf);
  const controls = new Map(report.policies.map((policy) => [policy.id, policy.controls ?? []]));
  const outcomes = new Map(renderingOutcomes(report).map((one) => [one.label, one]));
  const names = [...new Set([...clean.keys(), ...found.keys(), ...outcomes.keys()])].sort();
  const suites = names.map((name) => {
    const own = found.get(name) ?? [];
    const withFindings = new Set(own.map(className));
    const objects = clean.get(name) ?? [];
    const passed = objects.filter((one) => !withFindings.has(className(one)));
    const outcome = outcomes.get(name);
    return {
      name,
      cases: [
        ...(outcome === undefined ? [] : [renderingCase(outcome)]),
        ...(report.hasPasses === true
          ? objects.flatMap((one) => passCases(one, controls))
          : passed.map((one) => ({ classname: className(one), name: 'no findings' }))),
        ...own.map(findingCase),
      ],
    };
  });
  const all = [...suites, { name: 'daygate', cases: ownCases(report) }];
  const totals = tally(all.flatMap(({ cases }) => cases));
  const { coverage, cluster } = report;
  const { files, ...objects } = coverage;
  const scope = cluster === undefined ? { files } : { namespaces: cluster.namespaces };
  const properties = Object.entries({ version, ...scope, ...objects }).map(
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

type Placed = Pick<JudgedObject, 'render' | 'file' | 'object' | 'inCluster'>;

/** What was rendered, or the file; the namespace, where there are no files. */
function suiteOf({ render, file, object, inCluster }: Placed): string {
  if (inCluster === undefined) return render ?? file;
  const { namespace } = object;
  const scope = namespace === undefined ? 'cluster-scoped objects' : `namespace ${namespace}`;
  return inCluster.cluster === undefined ? scope : `${inCluster.cluster}: ${scope}`;
}

function className({ render, file, object, inCluster }: Placed): string {
  if (inCluster !== undefined) return file;
  return `${render === undefined ? '' : `${render}: `}${file}: ${objectTitle(object)}`;
}

/** Named as the findings of the policy begin, with the controls that it answers to. */
function passCases(one: JudgedObject, controls: ReadonlyMap<string, readonly string[]>): readonly TestCase[] {
  return (one.passes ?? []).map((policy) => {
    const text = controls.get(policy)?.join('\n') ?? '';
    return {
      classname: className(one),
      name: policy,
      ...(text === '' ? {} : { outcome: { element: 'system-out', text } }),
    };
  });
}

function renderingCase({ label, isFailed, scope, kubernetes }: RenderingOutcome): TestCase {
  return {
    classname: label,
    name: 'rendered',
    outcome: isFailed
      ? { element: 'error', type: 'render-failed', message: `${label} could not be rendered` }
      : { element: 'system-out', text: `${scope}, for Kubernetes ${kubernetes}` },
  };
}

function findingCase(finding: LocatedFinding): TestCase {
  const { policy, locator, file, message, remediation, severity, action, suggestion } = finding;
  const note = noteOf(finding);
  const text = [
    `${file}${lineAndColumn(finding)} ${severity} ${locator}`,
    `${message}${note === '' ? '' : ` (${note})`}`,
    remediation,
    ...(suggestion === undefined ? [] : [suggestion]),
  ].join('\n');
  const standing = standingOf(finding);
  return {
    classname: className(finding),
    name: `${policy}: ${locator}`,
    outcome:
      standing === 'excepted' || standing === 'baselined'
        ? { element: 'skipped', message: note, text }
        : standing === 'audit'
          ? { element: 'system-out', text }
          : { element: 'failure', type: action, message, text },
  };
}

function lineAndColumn(finding: LocatedFinding): string {
  if (finding.inCluster !== undefined) return '';
  return finding.approximate === true ? `:${lineNumber(finding)}` : `:${finding.line}:${finding.column}`;
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
    ...staleCases(report),
    ...(report.notices ?? []).map((text): TestCase => ({
      classname: 'daygate',
      name: text,
      outcome: { element: 'system-out', text },
    })),
    ...notes,
  ];
}

function staleCases(report: Report): readonly TestCase[] {
  const { baseline } = report;
  if (baseline === undefined || baseline.stale.length === 0) return [];
  const text = baseline.stale.map((entry) => `${staleEntry(entry)} (${stalePlace(entry)})`).join('\n');
  const message = staleMend(baseline);
  const outcome = failsAsStale(report)
    ? ({ element: 'failure', type: 'stale-baseline', message, text } as const)
    : ({ element: 'skipped', message, text } as const);
  return [{ classname: 'daygate', name: staleTitle(baseline), outcome }];
}

function errorCase(error: ReportError): TestCase {
  const place = placeOf(error);
  const message = errorMessage(error);
  const text = place === '' ? message : `${place}: ${message}`;
  return {
    classname: 'daygate',
    name: `${error.code}: ${place === '' ? message : place}`,
    outcome: { element: 'error', type: error.code, message, text },
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
