import { byObject, count, coverageLine, firstOf, gaps, noteOf, objectTitle, placeOf } from './words.ts';
import { standingOf, verdictLine, withoutBaselined, type Standing } from './words.ts';
import { summarize, type LocatedFinding, type Report, type ReportError } from './report.ts';

/** Characters a comment on GitHub may have. GitLab takes a million. */
const mostCharacters = 65_536;
/** Kept free for closing what is open, and for saying what is left out. */
const reserve = 600;
const mostListed = 50;

const marks: Readonly<Record<Standing, string>> = {
  deny: '❌',
  warn: '⚠️',
  audit: '📝',
  excepted: '☑️',
  baselined: '📎',
};

/** A comment for a pull request: the verdict, what could not be checked, and a folded table for each object. */
export function markdownReport(report: Report): string {
  const { findings, errors, skipped } = report;
  const { deny, warn } = summarize(report);
  const mark = errors.length > 0 || deny > 0 ? marks.deny : warn > 0 ? marks.warn : '✅';
  const blocks: Block[] = [
    { rows: [`### ${mark} daygate: ${verdictLine(report)}`, '', `${coverageLine(report)}.`, ''] },
    ...listed('Not everything could be checked', errors.map(errorRow), true),
    ...byObject(withoutBaselined(findings)).map(objectBlock),
    ...listed(
      'Not judged',
      gaps(skipped).map(({ reason, names }) => {
        const shown = names.length === 0 ? '' : ` (${firstOf(names, 3)})`;
        return `- ${inline(reason)}${inline(shown)}`;
      }),
      false,
    ),
  ];
  return fit(blocks);
}

/** Rows that stand between an opening and a closing; a table may end after any of its rows. */
interface Block {
  readonly open?: readonly string[];
  readonly rows: readonly string[];
  readonly close?: readonly string[];
  /** Whether each row is a finding. */
  readonly counted?: boolean;
}

/** As many rows as a comment holds, and how many findings are left out. */
function fit(blocks: readonly Block[]): string {
  let text = '';
  let hidden = 0;
  for (const { open = [], rows, close = [], counted = false } of blocks) {
    const head = lines(open);
    const foot = lines(close);
    const room = mostCharacters - reserve - text.length - head.length - foot.length;
    const shown = rowsWithin(rows, hidden > 0 ? 0 : room);
    if (counted) hidden += rows.length - shown.length;
    if (shown.length > 0) text += head + lines(shown) + foot;
  }
  if (hidden === 0) return `${text.trimEnd()}\n`;
  return `${text}**${count(hidden, 'finding')} not shown**: a comment holds ${mostCharacters} characters. The report in another format has them all.\n`;
}

function rowsWithin(rows: readonly string[], room: number): readonly string[] {
  let left = room;
  const end = rows.findIndex((row) => (left -= row.length + 1) < 0);
  return end === -1 ? rows : rows.slice(0, end);
}

function lines(rows: readonly string[]): string {
  return rows.map((row) => `${row}\n`).join('');
}

function listed(title: string, rows: readonly string[], isOpen: boolean): readonly Block[] {
  if (rows.length === 0) return [];
  const more = rows.length - mostListed;
  return [
    {
      open: [
        isOpen ? '<details open>' : '<details>',
        `<summary><b>${title}</b> (${rows.length})</summary>`,
        '',
      ],
      rows: [...rows.slice(0, mostListed), ...(more > 0 ? [`- and ${more} more`] : [])],
      close: ['', '</details>', ''],
    },
  ];
}

function errorRow(error: ReportError): string {
  const place = placeOf(error);
  return `- ${place === '' ? '' : `${code(place)} `}${inline(error.message)}`;
}

function objectBlock(findings: readonly LocatedFinding[]): Block {
  const [first] = findings;
  const title = first === undefined ? '' : `<b>${html(objectTitle(first.object))}</b> · ${html(first.file)}`;
  const counts = (['deny', 'warn', 'audit', 'excepted'] as const)
    .map((standing) => [standing, findings.filter((one) => standingOf(one) === standing).length] as const)
    .filter(([, number]) => number > 0)
    .map(([standing, number]) => `${marks[standing]} ${number} ${standing}`);
  return {
    open: [
      '<details>',
      `<summary>${title} · ${counts.join(', ')}</summary>`,
      '',
      '| | Line | Finding | What to write instead |',
      '|---|--:|---|---|',
    ],
    rows: findings.map(findingRow),
    close: ['', '</details>', ''],
    counted: true,
  };
}

function findingRow(finding: LocatedFinding): string {
  const { line, message, policy, locator, remediation } = finding;
  const standing = standingOf(finding);
  const note = noteOf(finding);
  const what = `${inline(message)}${note === '' ? '' : ` _(${inline(note)})_`}<br>${code(locator)} · ${code(policy)}`;
  return `| ${marks[standing]} ${standing} | ${line} | ${what} | ${inline(remediation)} |`;
}

/** A zero-width space: between the sign and the name it keeps `@name` from calling people and `#1` from linking. */
const breaker = '\u200b';

/** Nobody is called, nothing is linked: GitHub looks for names, numbers and addresses in what it has rendered. */
function inert(text: string): string {
  return text
    .replace(/[@#]/g, `$&${breaker}`)
    .replaceAll('://', `:${breaker}//`)
    .replace(/\bwww\./gi, `www${breaker}.`);
}

function html(text: string): string {
  return inert(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Text in which no character means anything to Markdown. */
function inline(text: string): string {
  return html(text).replace(/[\\`*_[\]|~$]/g, '\\$&');
}

/** Not between backticks: what is in there would be taken as it stands, and a bar would end a table's cell. */
function code(text: string): string {
  return `<code>${inline(text)}</code>`;
}
