import { gravestFirst } from '../gravity.ts';
import { passLines } from '../pass-lines.ts';
import { plainPaint, type Paint } from '../paint.ts';
import type { LocatedFinding } from '../report.ts';
import { errorLines, findingLines, hintLines, overviewLines, skippedLines, summaryLine } from '../text.ts';
import type { Look } from '../text.ts';
import { byObject, count, titleOf } from '../words.ts';
import { wrap } from '../wrap.ts';
import { asCheck } from './as-check.ts';
import type { AuditReport } from './audit-report.ts';
import { auditGaps, drainNotes } from './audit-words.ts';
import { coverageLines } from './coverage-lines.ts';
import { exceptionNotes } from './exception-notes.ts';
import { patchesShown } from './patch-words.ts';

/** More of them nobody reads on a terminal. */
const mostFindings = 200;
const mostListed = 20;

/** The audit for people: what is wrong by object, and how much of the cluster that is about. */
export function auditText(report: AuditReport, { paint = plainPaint, columns }: Look = {}): string {
  const check = asCheck(report);
  const { findings } = check;
  const hidden = findings.length - mostFindings;
  const shown = hidden > 0 ? gravestFirst(findings).slice(0, mostFindings) : findings;
  const section = (title: string, texts: readonly string[]): readonly string[] =>
    texts.length === 0
      ? []
      : [paint.bold(`${title}:`), ...texts.flatMap((text) => wrap(text, '  ', '    ', columns)), ''];
  const lines = [
    ...byObject(shown).flatMap((own) => objectLines(own, paint, columns)),
    ...(hidden > 0 ? [moreLine(hidden, paint), ''] : []),
    ...patchesLines(report, paint, columns),
    ...errorLines(check, paint, columns),
    ...overviewLines(findings, paint),
    ...section('Coverage', coverageLines(report, paint)),
    ...section('Exceptions to look at', firstLines(exceptionLines(report, paint))),
    ...section(...upgradeSection(report)),
    ...section('To know', report.notices),
    ...skippedLines({ skipped: auditGaps(report).map((reason) => ({ reason })) }, paint),
    ...passLines(check, paint, columns),
    ...hintLines(findings, paint),
    summaryLine(check, paint),
  ];
  return `${lines.join('\n')}\n`;
}

function objectLines(
  findings: readonly LocatedFinding[],
  paint: Paint,
  columns: number | undefined,
): readonly string[] {
  const [first] = findings;
  if (first === undefined) return [];
  return [
    paint.bold(titleOf(first)),
    ...findings.flatMap((finding) => findingLines(finding, '  ', paint, columns)),
    '',
  ];
}

function patchesLines(
  { patches }: AuditReport,
  paint: Paint,
  columns: number | undefined,
): readonly string[] {
  if (patches === undefined) return [];
  const { title, note, changes, more } = patchesShown(patches, mostListed);
  const painted = (line: string): string =>
    line.startsWith('+') ? paint.green(line) : line.startsWith('-') ? paint.red(line) : line;
  return [
    paint.bold(`${title}.`),
    ...wrap(note, '  ', '  ', columns),
    ...changes.flatMap((change) => [
      `  ${paint.bold(change.title)}`,
      ...wrap(change.text, '    ', '    ', columns),
      ...change.lines.map((line) => `    ${painted(line)}`),
    ]),
    ...(more === undefined ? [] : [`  … ${more}`]),
    '',
  ];
}

/** What is shown are the gravest, so the others are no graver. */
function moreLine(hidden: number, paint: Paint): string {
  return paint.bold(`… and ${count(hidden, 'more finding')}, none graver: -o html=audit.html has them all`);
}

function exceptionLines(report: AuditReport, paint: Paint): readonly string[] {
  return exceptionNotes(report).map(({ concern, title, text }) => {
    const badge = paint[concern === 'expired' ? 'red' : 'yellow'](concern.padEnd(8));
    return `${badge} ${title}, ${text}`;
  });
}

function firstLines(lines: readonly string[]): readonly string[] {
  const more = lines.length - mostListed;
  return more > 0 ? [...lines.slice(0, mostListed), `… and ${more} more`] : lines;
}

function upgradeSection(report: AuditReport): readonly [title: string, texts: readonly string[]] {
  const { upgrade } = report;
  if (upgrade === undefined) return ['', []];
  const drains = drainNotes(report);
  return [
    `Upgrade from ${upgrade.from} to ${upgrade.to}`,
    drains.length === 0 ? ['No PodDisruptionBudget blocks the drain of a node.'] : firstLines(drains),
  ];
}
