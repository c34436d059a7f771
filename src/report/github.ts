import { gravestFirst } from './gravity.ts';
import { byPlace, notesOf, objectsAt, renderingsOf, type Place } from './places.ts';
import { renderingOutcomes } from './rendering-outcomes.ts';
import type { Report, ReportError } from './report.ts';
import { failsAsStale, staleSummary } from './stale-lines.ts';
import { verdictLine } from './verdict-line.ts';
import { count, coverageLine, errorMessage, firstOf, gaps, standingOf } from './words.ts';
import { withoutBaselined } from './words.ts';

type Level = 'error' | 'warning' | 'notice';
interface Command {
  readonly level: Level;
  readonly title: string;
  readonly message: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly col?: number | undefined;
}

const levels = {
  deny: 'error',
  warn: 'warning',
  audit: 'notice',
  excepted: 'notice',
  baselined: 'notice',
} as const;
/** GitHub makes annotations of the first ten commands of a level in a step; the others stand in the log only. */
const mostOfLevel = 10;

/**
 * Workflow commands: annotations on the lines of a pull request. The gravest come first, since GitHub shows ten of a
 * level; the totals come before all other notices, so that they are among the ten.
 */
export function githubReport(report: Report): string {
  const commands = [
    ...report.errors.map(errorCommand),
    ...(failsAsStale(report) ? [staleCommand(report)] : []),
    ...byPlace(gravestFirst(withoutBaselined(report.findings))).map((place) => findingCommand(place, report)),
  ];
  const of = (level: Level): readonly Command[] => commands.filter((command) => command.level === level);
  const notices = of('notice');
  // The totals are a notice too.
  const hidden = [of('error').length, of('warning').length, notices.length + 1]
    .map((number) => Math.max(0, number - mostOfLevel))
    .reduce((sum, number) => sum + number);
  const totals = [
    `${coverageLine(report)}: ${verdictLine(report)}.`,
    ...(hidden === 0
      ? []
      : [`${count(hidden, 'annotation')} beyond GitHub's ten of a level: all are in this log.`]),
    ...renderingOutcomes(report).map(({ label, isFailed, scope, found }) =>
      isFailed ? `${label}: failed` : `${label}: ${scope}, ${found}`,
    ),
    ...(report.notices ?? []),
    ...[failsAsStale(report) ? '' : staleSummary(report)].filter((text) => text !== ''),
    ...gaps(report.skipped).map(
      ({ reason, names }) => `Not judged: ${reason}${names.length === 0 ? '' : ` (${firstOf(names, 3)})`}`,
    ),
  ];
  return [
    ...of('error'),
    ...of('warning'),
    { level: 'notice', title: 'daygate', message: totals.join('\n') } as const,
    ...notices,
  ]
    .map(line)
    .join('');
}

function findingCommand(place: Place, report: Report): Command {
  const { finding } = place;
  const { policy, file, message, locator, remediation, approximate, inCluster } = finding;
  const note = notesOf(place);
  const renderings = renderingsOf(place, report);
  return {
    level: levels[standingOf(finding)],
    title: `${policy}: ${firstOf(objectsAt(place), 3)}${renderings === '' ? '' : ` in ${renderings}`}`,
    message: [message, `at ${locator}${note === '' ? '' : ` (${note})`}`, remediation].join('\n'),
    // What is in no file is about the whole run.
    file: inCluster === undefined ? file : undefined,
    line: inCluster === undefined ? finding.line : undefined,
    col: inCluster === undefined && approximate !== true ? finding.column : undefined,
  };
}

function errorCommand(error: ReportError): Command {
  const { code, file, line: at, column } = error;
  return {
    level: 'error',
    title: `daygate: ${code}`,
    message: errorMessage(error),
    file,
    line: at,
    col: column,
  };
}

function staleCommand(report: Report): Command {
  return {
    level: 'error',
    title: 'daygate: stale-baseline',
    message: staleSummary(report),
    file: report.baseline?.file,
  };
}

function line({ level, title, message, file, line: at, col }: Command): string {
  const properties = Object.entries({ title, file, line: at, col })
    .filter(([, value]) => value !== undefined)
    .map(([name, value = '']) => `${name}=${escapeProperty(String(value))}`);
  return `::${level} ${properties.join(',')}::${escapeData(message)}\n`;
}

/** What the runner turns back: https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
