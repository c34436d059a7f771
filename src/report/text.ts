import { byPlace, objectsAt, placesByObject, renderingsOf, type Place } from './places.ts';
import { passLines } from './pass-lines.ts';
import { plainPaint, type Paint } from './paint.ts';
import type { RenderContext } from './render-context.ts';
import { renderingOutcomes } from './rendering-outcomes.ts';
import { staleLines } from './stale-lines.ts';
import { summarize, type LocatedFinding, type Report } from './report.ts';
import { verdictLine } from './verdict-line.ts';
import { count, coverageLine, errorMessage, firstOf, gaps, lineNumber, noteOf } from './words.ts';
import { placeOf, standingOf, withoutBaselined } from './words.ts';
import { wrap } from './wrap.ts';

/** From how many findings on an overview is worth its lines. */
const longReport = 50;
/** More ways in which one line of a template came out show nothing new. */
const mostExcerpts = 3;

export type Look = Pick<RenderContext, 'paint' | 'columns' | 'shows'>;

/** The report for people: by file and object, the offending line, what is wrong, what to write instead. */
export function textReport(report: Report, { paint = plainPaint, columns, shows }: Look = {}): string {
  const known = withoutBaselined(report.findings);
  const shown = shows === undefined ? known : known.filter(shows);
  const lines = [
    ...placesByObject(shown).flatMap((places) => objectLines(places, report, paint, columns)),
    ...errorLines(report, paint, columns),
    ...noticeLines(report, paint, columns),
    ...renderingLines(report, paint),
    ...skippedLines(report, paint),
    ...staleLines(report, paint),
    ...(shows === undefined ? passLines(report, paint, columns) : []),
    ...overviewLines(shown, paint),
    ...foreignLines(report, paint),
    ...hintLines(shown, paint),
    summaryLine(report, paint),
  ];
  return `${lines.join('\n')}\n`;
}

export function errorLines(
  { errors }: Pick<Report, 'errors'>,
  paint: Paint,
  columns: number | undefined,
): readonly string[] {
  if (errors.length === 0) return [];
  const lines = errors.flatMap((error) => {
    const place = placeOf(error);
    const text = `${place === '' ? '' : `${place}: `}${errorMessage(error)}`;
    return wrap(text, `${paint.red('error')} `, '      ', columns);
  });
  return [...lines, ''];
}

function noticeLines({ notices = [] }: Report, paint: Paint, columns: number | undefined): readonly string[] {
  if (notices.length === 0) return [];
  return [...notices.flatMap((notice) => wrap(notice, `${paint.yellow('note')} `, '     ', columns)), ''];
}

function objectLines(
  places: readonly Place[],
  report: Report,
  paint: Paint,
  columns: number | undefined,
): readonly string[] {
  const [top] = places;
  if (top === undefined) return [];
  const renderings = renderingsOf(top, report, Infinity);
  const title = `${paint.bold(top.finding.file)}: ${paint.bold(firstOf(objectsAt(top), 3))}`;
  const gutter = places.reduce((most, { finding }) => Math.max(most, lineNumber(finding).length), 0);
  const lines = [...wrap(`${title}${renderings === '' ? '' : ` in ${renderings}`}`, '', '  ', columns)];
  for (const [line, here] of Map.groupBy(places, ({ finding }) => lineNumber(finding))) {
    for (const [index, excerpt] of excerptsOf(here).entries()) {
      const number = index === 0 ? line : '';
      const source = `${number.padStart(gutter)} │ ${excerpt}`.trimEnd();
      const cut =
        columns === undefined || source.length + 2 <= columns ? source : `${source.slice(0, columns - 3)}…`;
      lines.push(`  ${paint.dim(cut)}`);
    }
    for (const { finding } of here)
      lines.push(...findingLines(finding, ' '.repeat(gutter + 5), paint, columns));
  }
  return [...lines, ''];
}

/** The line as it is written; one of a template may come out differently in each rendering. */
function excerptsOf(places: readonly Place[]): readonly string[] {
  const excerpts = [...new Set(places.flatMap(({ all }) => all.map(({ excerpt = '' }) => excerpt)))];
  return excerpts.length > mostExcerpts ? [...excerpts.slice(0, mostExcerpts), '…'] : excerpts;
}

export function findingLines(
  finding: LocatedFinding,
  indent: string,
  paint: Paint,
  columns: number | undefined,
): readonly string[] {
  const { message, policy, locator, remediation } = finding;
  const note = noteOf(finding);
  const hanging = `${indent}      `;
  const put = (text: string, first: string, next = hanging): readonly string[] =>
    wrap(text, first, next, columns);
  return [
    ...put(`${message} ${paint.dim(`[${policy}]`)}`, `${indent}${badge(finding, paint)} `),
    ...put(`${locator}${note === '' ? '' : paint.dim(` (${note})`)}`, `${hanging}at `),
    ...put(remediation, `${hanging}${paint.green('→')} `, `${hanging}  `),
    ...suggestionLines(finding).map((line) => `${hanging}  ${paint.green(line)}`),
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

function badge(finding: LocatedFinding, paint: Paint): string {
  const standing = standingOf(finding);
  if (standing === 'excepted') return paint.dim('excpt');
  if (standing === 'deny') return paint.red('deny ');
  return standing === 'warn' ? paint.yellow('warn ') : paint.dim('audit');
}

function renderingLines(report: Report, paint: Paint): readonly string[] {
  const lines = renderingOutcomes(report).map(({ label, isFailed, scope, found, isClean }) =>
    isFailed
      ? `  ${label}: ${paint.red('failed')}`
      : `  ${label}: ${scope}, ${isClean ? paint.green(found) : found}`,
  );
  return lines.length === 0 ? [] : [paint.bold('Rendered:'), ...lines, ''];
}

export function skippedLines({ skipped }: Pick<Report, 'skipped'>, paint: Paint): readonly string[] {
  if (skipped.length === 0) return [];
  const lines = gaps(skipped).map(
    ({ reason, names }) => `  ${reason}${names.length === 0 ? '' : paint.dim(` (${firstOf(names, 3)})`)}`,
  );
  return [paint.bold('Not judged:'), ...lines, ''];
}

/** Where a report is long, what to begin with: the policies with most findings that count. */
export function overviewLines(findings: readonly LocatedFinding[], paint: Paint): readonly string[] {
  const counted = byPlace(findings.filter((finding) => ['deny', 'warn'].includes(standingOf(finding))));
  if (counted.length < longReport) return [];
  const most = [...Map.groupBy(counted, ({ finding }) => finding.policy)]
    .map(([policy, own]) => ({ policy, number: own.length, objects: objectsIn(own) }))
    .sort((a, b) => b.number - a.number)
    .slice(0, 5);
  const width = String(most[0]?.number).length;
  const lines = most.map(
    ({ policy, number, objects }) =>
      `  ${String(number).padStart(width)} ${policy} ${paint.dim(`in ${count(objects, 'object')}`)}`,
  );
  return [paint.bold('Most often:'), ...lines, ''];
}

/** How many objects there are in the source: what renderings make of one template counts once. */
function objectsIn(places: readonly Place[]): number {
  const keys = places.map((place) => {
    const { file, render, document, item } = place.finding;
    return JSON.stringify([file, objectsAt(place), render === undefined ? [document, item] : []]);
  });
  return new Set(keys).size;
}

/** What to do about files that lie among manifests and are none. */
function foreignLines({ errors }: Report, paint: Paint): readonly string[] {
  if (!errors.some(({ code }) => code === 'missing-kind' || code === 'not-an-object')) return [];
  return [paint.dim('Files that are no manifests can be left out: exclude in the settings, or --exclude')];
}

export function hintLines(findings: readonly LocatedFinding[], paint: Paint): readonly string[] {
  const first = findings.find(({ action }) => action === 'deny') ?? findings[0];
  return first === undefined ? [] : [paint.dim(`More about a policy: daygate explain ${first.policy}`)];
}

export function summaryLine(report: Report, paint: Paint): string {
  const { deny, findings, baselined, errors } = summarize(report);
  const color = deny + errors > 0 ? 'red' : findings > baselined ? 'yellow' : 'green';
  return `${coverageLine(report)}: ${paint[color](verdictLine(report))}.`;
}
