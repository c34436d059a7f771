import type { Finding, Leniency } from '../engine/review.ts';
import { staleLines } from './stale-lines.ts';
import { summarize, type LocatedFinding, type Report } from './report.ts';

/** How words are made to stand out; plain text where the output is no terminal. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  green(text: string): string;
}

const same = (text: string): string => text;
export const plainPaint: Paint = { bold: same, dim: same, red: same, yellow: same, green: same };

const leniencies: Readonly<Record<Leniency, string>> = {
  'old-object': 'the object had it before',
  controller: 'made by a controller whose owner was judged',
  'metadata-only': 'only metadata changes',
  'fixed-on-pod': 'daygate fixes it on the pods',
  observe: 'the profile only observes',
};

/** The report for people: by file and object, the offending line, what is wrong, what to write instead. */
export function textReport(report: Report, paint: Paint = plainPaint): string {
  const lines: string[] = [];
  // What the baseline lists is known: its number is enough.
  const shown = report.findings.filter(({ baselined }) => baselined === undefined);
  for (const [file, ofFile] of groupBy(shown, ({ file }) => file)) {
    for (const [render, ofRender] of groupBy(ofFile, ({ render = '' }) => render)) {
      for (const [object, findings] of groupBy(ofRender, objectTitle)) {
        const title = `${paint.bold(file)}: ${paint.bold(object)}${render === '' ? '' : ` in ${render}`}`;
        lines.push(title, ...objectLines(findings, paint), '');
      }
    }
  }
  for (const error of report.errors) {
    const place = [error.file, error.line, error.column].filter((part) => part !== undefined).join(':');
    const isTold = error.render === undefined || error.file?.startsWith(error.render) === true;
    const render = isTold ? '' : ` (${error.render})`;
    lines.push(`${paint.red('error')} ${place === '' ? '' : `${place}: `}${error.message}${render}`);
  }
  if (report.errors.length > 0) lines.push('');
  lines.push(
    ...renderingLines(report, paint),
    ...skippedLines(report, paint),
    ...staleLines(report, paint),
    ...summaryLines(report, paint),
  );
  return `${lines.join('\n')}\n`;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

function objectTitle({ object }: LocatedFinding): string {
  const name = object.namespace === undefined ? object.name : `${object.namespace}/${object.name}`;
  return `${object.kind} ${name === '' ? '(no name)' : name}`;
}

function objectLines(findings: readonly LocatedFinding[], paint: Paint): readonly string[] {
  const gutter = Math.max(...findings.map((finding) => lineNumber(finding).length));
  const lines: string[] = [];
  for (const [, here] of groupBy(findings, ({ line, column }) => `${line}:${column}`)) {
    const [first] = here;
    if (first === undefined) continue;
    const number = lineNumber(first).padStart(gutter);
    lines.push(`  ${paint.dim(`${number} │ ${first.excerpt ?? ''}`)}`.trimEnd());
    for (const finding of here) lines.push(...findingLines(finding, ' '.repeat(gutter + 4), paint));
  }
  return lines;
}

/** A guess says so: the line shown beside it is that of the result. */
function lineNumber({ line, approximate }: LocatedFinding): string {
  return `${approximate === true ? '≈' : ''}${line}`;
}

function findingLines(finding: LocatedFinding, indent: string, paint: Paint): readonly string[] {
  const note = noteOf(finding);
  return [
    `${indent} ${badge(finding, paint)} ${finding.message} ${paint.dim(`[${finding.policy}]`)}`,
    `${indent}       at ${finding.locator}${note === '' ? '' : paint.dim(` (${note})`)}`,
    `${indent}       ${paint.green('→')} ${finding.remediation}`,
    ...suggestionLines(finding).map((line) => `${indent}         ${paint.green(line)}`),
  ];
}

/** The innermost list item that holds the whole change, or all but apiVersion and kind where those stay. */
function suggestionLines({ suggestion, pointer }: LocatedFinding): readonly string[] {
  if (suggestion === undefined) return [];
  if (pointer === '/apiVersion' || pointer === '/kind') return suggestion.split('\n');
  const lines = suggestion.split('\n').slice(2);
  const indentOf = (line: string): number => line.search(/\S/);
  const start = lines.findLastIndex(
    (line, index) =>
      /^\s*- /.test(lines[index + 1] ?? '') &&
      lines.slice(index).every((later) => indentOf(later) >= indentOf(line)),
  );
  const shown = start === -1 ? lines : lines.slice(start);
  const indent = indentOf(shown[0] ?? '');
  return shown.map((line) => line.slice(indent));
}

function noteOf({ exception, ended, fingerprint, leniency }: Finding): string {
  const notes = fingerprint === undefined ? [] : [`fingerprint ${fingerprint}`];
  if (exception !== undefined) {
    notes.push(`excepted until ${exception.expires} by ${exception.owner}: ${exception.reason}`);
    return notes.join('; ');
  }
  if (ended !== undefined) notes.push(`the exception of ${ended.owner} ended on ${ended.expires}`);
  if (leniency !== undefined) notes.push(leniencies[leniency]);
  return notes.join('; ');
}

function badge({ action, exception }: Finding, paint: Paint): string {
  if (exception !== undefined) return paint.dim('excpt');
  if (action === 'deny') return paint.red('deny ');
  return action === 'warn' ? paint.yellow('warn ') : paint.dim('audit');
}

/** Each rendering has its line, so that one that is clean can be told from one that never was. */
function renderingLines({ renderings = [], findings }: Report, paint: Paint): readonly string[] {
  if (renderings.length === 0) return [];
  const lines = renderings.map(({ label, renderer, objects, judged }) => {
    if (renderer === undefined) return `  ${label}: ${paint.red('failed')}`;
    const found = findings.filter(({ render }) => render === label).length;
    const scope = `${judged} of ${count(objects, 'object')} judged`;
    return `  ${label}: ${scope}, ${found === 0 ? paint.green('no findings') : count(found, 'finding')}`;
  });
  return [paint.bold('Rendered:'), ...lines, ''];
}

function skippedLines({ skipped }: Report, paint: Paint): readonly string[] {
  if (skipped.length === 0) return [];
  const reasons = groupBy(skipped, ({ policy, reason }) =>
    policy === undefined ? reason : `${policy} ${reason}`,
  );
  const lines = [...reasons].map(([reason, items]) => {
    const found = items.flatMap(({ object, file }) =>
      object === undefined ? (file ?? []) : [`${object.kind} ${object.name}`],
    );
    const names = [...new Set(found)];
    const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '');
    return `  ${reason}${shown === '' ? '' : paint.dim(` (${shown})`)}`;
  });
  return [paint.bold('Not judged:'), ...lines, ''];
}

function summaryLines(report: Report, paint: Paint): readonly string[] {
  const { coverage } = report;
  const summary = summarize(report);
  const rendered = report.renderings?.length ?? 0;
  const { unchanged = 0 } = coverage;
  const files = coverage.files - unchanged;
  const leftOut = unchanged === 0 ? '' : ` (${unchanged} unchanged left out)`;
  const places = [
    ...(coverage.files > 0 || rendered === 0 ? [`${count(files, 'file')}${leftOut}`] : []),
    ...(rendered > 0 ? [count(rendered, 'rendering')] : []),
  ];
  const scope = `${count(coverage.judged, 'object')} judged in ${places.join(' and ')}`;
  if (summary.findings > 0 && summary.findings === summary.baselined && summary.errors === 0) {
    return [`${scope}: ${paint.green('no new findings')} (${summary.baselined} in the baseline).`];
  }
  if (summary.findings === 0) {
    const verdict =
      summary.errors > 0 ? paint.red(count(summary.errors, 'error')) : paint.green('no findings');
    return [
      `${scope}: ${coverage.judged === 0 && summary.errors === 0 && unchanged === 0 ? paint.red('nothing was checked') : verdict}.`,
    ];
  }
  const parts = [
    [summary.deny, 'deny'],
    [summary.warn, 'warn'],
    [summary.audit, 'audit'],
    [summary.excepted, 'excepted'],
    [summary.baselined, 'in the baseline'],
  ] as const;
  const detail = parts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  const errors = summary.errors > 0 ? ` and ${count(summary.errors, 'error')}` : '';
  const total = `${count(summary.findings, 'finding')} (${detail.join(', ')})${errors}`;
  const open = report.findings.filter(({ baselined }) => baselined === undefined);
  const first = open.find(({ action }) => action === 'deny') ?? open[0];
  const hint = first === undefined ? [] : [paint.dim(`More about a policy: daygate explain ${first.policy}`)];
  return [`${scope}: ${summary.deny > 0 ? paint.red(total) : paint.yellow(total)}.`, ...hint];
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
