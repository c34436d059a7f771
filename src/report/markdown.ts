import { gravestFirst } from './gravity.ts';
import { objectsAt, placesByObject, renderingsOf, type Place } from './places.ts';
import { answerHeads, answersByPolicy } from './passes.ts';
import { renderingOutcomes } from './rendering-outcomes.ts';
import { summarize, type Report, type ReportError } from './report.ts';
import { failsAsStale, staleEntry, staleMend, stalePlace, staleTitle } from './stale-lines.ts';
import { verdictLine } from './verdict-line.ts';
import { count, coverageLine, errorMessage, firstOf, gaps, lineNumber, noteOf, placeOf } from './words.ts';
import { standingOf, standings, withoutBaselined, type Standing } from './words.ts';

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

/**
 * A comment for a pull request: the verdict, what could not be checked, how renderings went, and a folded table for each
 * object. What the baseline lists is a number.
 */
export function markdownReport(report: Report): string {
  const { findings, errors, skipped, cluster, notices = [] } = report;
  const shown = withoutBaselined(findings);
  const { deny, warn } = summarize(report);
  const mark =
    errors.length > 0 || deny > 0 || failsAsStale(report) ? marks.deny : warn > 0 ? marks.warn : '✅';
  const blocks: Block[] = [
    {
      rows: [
        `### ${mark} daygate: ${verdictLine(report)}`,
        '',
        `${coverageLine(report)}.${baselineText(report)}`,
        '',
      ],
    },
    ...listed('Not everything could be checked', errors.map(errorRow), true),
    ...listed(
      'To know',
      notices.map((text) => `- ${inline(text)}`),
      true,
    ),
    ...renderingBlock(report),
    ...patchesBlock(report),
    // Of a cluster a comment hardly holds all: the gravest then are those that it does hold.
    ...placesByObject(cluster === undefined ? shown : gravestFirst(shown)).map((places) =>
      objectBlock(places, report),
    ),
    ...staleBlock(report),
    ...listed(
      'Not judged',
      gaps(skipped).map(({ reason, names }) => {
        const shown = names.length === 0 ? '' : ` (${firstOf(names, 3)})`;
        return `- ${inline(reason)}${inline(shown)}`;
      }),
      false,
    ),
    ...passBlock(report),
  ];
  return fit(blocks);
}

/** Rows that stand between an opening and a closing; a table may end after any of its rows. */
interface Block {
  readonly open?: readonly string[];
  readonly rows: readonly string[];
  readonly close?: readonly string[];
  /** How many findings each row stands for, where rows are findings. */
  readonly findings?: readonly number[];
}

/** As many rows as a comment holds, and how many findings are left out. */
function fit(blocks: readonly Block[]): string {
  let text = '';
  let hidden = 0;
  for (const { open = [], rows, close = [], findings = [] } of blocks) {
    const head = lines(open);
    const foot = lines(close);
    const room = mostCharacters - reserve - text.length - head.length - foot.length;
    const shown = rowsWithin(rows, hidden > 0 ? 0 : room);
    hidden += findings.slice(shown.length).reduce((sum, number) => sum + number, 0);
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
  return `- ${place === '' ? '' : `${code(place)} `}${inline(errorMessage(error))}`;
}

function baselineText(report: Report): string {
  const { baseline } = report;
  if (baseline === undefined) return '';
  const { baselined } = summarize(report);
  const known =
    baselined === 0 ? 'lists none of the findings' : `lists ${count(baselined, 'finding')}, not shown here`;
  return ` The baseline ${code(baseline.file)} ${known}.`;
}

function renderingBlock(report: Report): readonly Block[] {
  const rows = renderingOutcomes(report).map(({ label, isFailed, scope, found, isClean }) => {
    const outcome = isFailed ? `${marks.deny} failed | ` : `${isClean ? '✅ ' : ''}${found} | ${scope}`;
    return `| ${inline(label)} | ${outcome} |`;
  });
  const [block] = listed('Rendered', rows, true);
  if (block?.open === undefined) return [];
  return [{ ...block, open: [...block.open, '| Rendering | Findings | Scope |', '|---|---|---|'] }];
}

/** Last: findings need the room more. The title says how many rows there are, should they not all fit. */
function passBlock(report: Report): readonly Block[] {
  const rows = answersByPolicy(report).map(({ policy, passes, findings, notJudged }) => {
    const controls = (policy.controls ?? []).map((control) => `<br>${inline(control)}`).join('');
    return `| ${code(policy.id)}${controls} | ${passes} | ${findings} | ${notJudged} |`;
  });
  if (rows.length === 0) return [];
  const open = [
    '<details>',
    `<summary><b>Passes</b> by policy (${rows.length})</summary>`,
    '',
    `| Policy | ${answerHeads.join(' | ')} |`,
    '|---|--:|--:|--:|',
  ];
  return [{ open, rows, close: ['', '</details>', ''] }];
}

function staleBlock({ baseline }: Report): readonly Block[] {
  if (baseline === undefined || baseline.stale.length === 0) return [];
  const rows = baseline.stale.map((entry) => `- ${inline(staleEntry(entry))} (${inline(stalePlace(entry))})`);
  const [block] = listed(html(staleTitle(baseline)), rows, false);
  return block === undefined
    ? []
    : [{ ...block, rows: [...block.rows, '', inline(`${staleMend(baseline)}.`)] }];
}

function patchesBlock({ patches }: Report): readonly Block[] {
  if (patches === undefined) return [];
  const { title, note, changes, more } = patches;
  return [
    {
      open: ['<details>', `<summary><b>${html(title)}</b></summary>`, '', inline(note), ''],
      rows: [
        ...changes.map(
          ({ title: object, text, lines: diff }) =>
            `- ${code(object)}<br>${inline(text)}\n  <pre lang="diff">${html(diff.join('\n')).replaceAll('\n', '\n  ')}</pre>`,
        ),
        ...(more === undefined ? [''] : [`- ${inline(more)}`]),
      ],
      close: ['', '</details>', ''],
    },
  ];
}

function objectBlock(places: readonly Place[], report: Report): Block {
  const [first] = places;
  const counts = standings
    .map(
      (standing) =>
        [standing, places.filter(({ finding }) => standingOf(finding) === standing).length] as const,
    )
    .filter(([, number]) => number > 0)
    .map(([standing, number]) => `${marks[standing]} ${number} ${standing}`);
  return {
    open: [
      '<details>',
      `<summary>${first === undefined ? '' : blockTitle(first, report)} · ${counts.join(', ')}</summary>`,
      '',
      ...(first?.finding.inCluster === undefined
        ? ['| | Line | Finding | What to write instead |', '|---|--:|---|---|']
        : ['| | Finding | What to write instead |', '|---|---|---|']),
    ],
    rows: places.map(({ finding }) => findingRow(finding)),
    close: ['', '</details>', ''],
    findings: places.map(({ all }) => all.length),
  };
}

function blockTitle(place: Place, report: Report): string {
  const renderings = renderingsOf(place, report);
  const object = `<b>${html(firstOf(objectsAt(place), 3))}</b>`;
  if (place.finding.inCluster !== undefined) return object;
  const title = `${object} · ${html(place.finding.file)}`;
  return renderings === '' ? title : `${title} in ${html(renderings)}`;
}

function findingRow(finding: Place['finding']): string {
  const { message, policy, locator, remediation } = finding;
  const standing = standingOf(finding);
  const note = noteOf(finding);
  const what = `${inline(message)}${note === '' ? '' : ` _(${inline(note)})_`}<br>${code(locator)} · ${code(policy)}`;
  const line = finding.inCluster === undefined ? `${lineNumber(finding)} | ` : '';
  return `| ${marks[standing]} ${standing} | ${line}${what} | ${inline(remediation)} |`;
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
