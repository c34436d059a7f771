import { markup, nothing, type Markup } from '../../html/markup.ts';
import { count, firstOf, groupBy, noteOf, standingOf, standings } from '../../words.ts';
import type { AuditFinding, AuditReport } from '../audit-report.ts';
import { recordOf, type Readiness } from '../readiness.ts';
import { sectionOfRecord, sections } from '../sections.ts';
import type { AnchorOf } from './anchors.ts';
import { byteLength } from './byte-length.ts';
import { unnamed } from './filter-bar.ts';
import { number } from './numbers.ts';
import type { Remedies } from './remedies.ts';

/** Findings up to which all objects are unfolded from the start. */
const mostUnfolded = 200;

/**
 * All findings by namespace and object, as markup: without scripts it is a list that can be read, searched and
 * printed, and the script only hides. A fleet has more than one page can hold: then the gravest objects that fit
 * into `bytes` are shown, and the others counted.
 */
export function findingList(
  report: AuditReport,
  readiness: readonly Readiness[],
  anchorOf: AnchorOf,
  remedies: Remedies,
  bytes: number,
): Markup {
  if (report.findings.length === 0) {
    return markup`<p id="findings" class="none">No findings in what was judged.</p>\n`;
  }
  const isOpen = report.findings.length <= mostUnfolded;
  const entries = readiness
    .filter(({ findings }) => findings.length > 0)
    .map((one) => ({
      one,
      entry: objectEntry(one, anchorOf(one.object, one.object.cluster), remedies, isOpen),
    }));
  const kept = gravestThatFit(entries, bytes);
  const shown = entries.filter((entry) => kept.has(entry));
  const places = groupBy(shown, ({ one: { object } }) => JSON.stringify([object.cluster, object.namespace]));
  const cut = entries.filter((entry) => !kept.has(entry)).map(({ one }) => one);
  return markup`<div id="found">${[...places.values()].map(placeEntry)}</div>
<p class="none" id="none" hidden>No finding fits the filter.</p>${leftOut(cut)}`;
}

interface Entry {
  readonly one: Readiness;
  readonly entry: Markup;
}

function gravestThatFit(entries: readonly Entry[], bytes: number): ReadonlySet<Entry> {
  const rank = ({ one: { findings } }: Entry): number =>
    Math.min(...findings.map((finding) => standings.indexOf(standingOf(finding))));
  const kept = new Set<Entry>();
  let left = bytes;
  for (const entry of entries.toSorted((a, b) => rank(a) - rank(b))) {
    // Its share of the heading of its namespace included.
    left -= byteLength(entry.entry.markup) + 100;
    if (left < 0) break;
    kept.add(entry);
  }
  return kept;
}

function leftOut(cut: readonly Readiness[]): Markup {
  if (cut.length === 0) return nothing;
  const findings = cut.reduce((sum, one) => sum + one.findings.length, 0);
  return markup`<p class="none" id="cut">
    ${number(findings)} findings on ${number(cut.length)} objects that weigh less are left out, to keep this page small
    enough to open: the JSON form of this report has them.
  </p>`;
}

function placeEntry(entries: readonly Entry[]): Markup {
  const { cluster, namespace } = entries[0]?.one.object ?? {};
  const name = namespace ?? 'not in a namespace';
  const data = [
    cluster === undefined ? nothing : markup` data-cluster="${cluster}"`,
    markup` data-namespace="${namespace ?? unnamed}"`,
  ];
  return markup`<section class="place"${data}>
<h3>${cluster === undefined ? nothing : markup`<small>${cluster}</small> `}${name}</h3>
${entries.map(({ entry }) => entry)}</section>\n`;
}

function objectEntry(
  { object, findings }: Readiness,
  anchor: string | undefined,
  remedies: Remedies,
  isOpen: boolean,
): Markup {
  const { team, kind, name } = object;
  const id = anchor === undefined ? nothing : markup` id="${anchor}"`;
  const open = isOpen ? markup` open` : nothing;
  const whose = team === undefined ? nothing : markup` <em>${team}</em>`;
  const badge = markup`<span class="n">${findings.length}</span>`;
  const own = name === '' ? '(no name)' : name;
  const title = markup`<summary><small>${kind}</small> ${own}${whose} ${badge}</summary>`;
  const items = findings.map((finding) => item(finding, remedies));
  const attributes = markup`${id} data-team="${team ?? unnamed}"${open}`;
  return markup`<details${attributes}>${title}<ul>\n${items}</ul></details>\n`;
}

function item(finding: AuditFinding, remedies: Remedies): Markup {
  const { message, remediation, severity, policy, locator } = finding;
  const standing = standingOf(finding);
  const record = recordOf(finding);
  const section = record === undefined ? undefined : sections[sectionOfRecord(record)];
  const about = section === undefined ? nothing : markup` data-section="${section.id}"`;
  const shared = remedies.get(policy)?.find(({ text }) => text === remediation)?.anchor;
  // Where many share a text the script puts it in; without it the name of the policy leads there.
  const advice = shared === undefined ? markup`<p class=t>${remediation}` : nothing;
  const link = markup`<a href="#${shared ?? policy}">${policy}</a>`;
  const place = locator === '' ? nothing : markup`<code>${locator}</code> `;
  const notes = notesOf(finding);
  const note = notes === '' ? nothing : markup`<em>${notes}</em>`;
  // HTML lets these tags end where the next begins, and there are thousands of them.
  return markup`<li class="${standing} ${severity}"${about}><p><b>${standing}</b> ${[
    markup`${message}${advice}<p class=w>${place}${link} ${severity}${note}`,
  ]}\n`;
}

function notesOf(finding: AuditFinding): string {
  const { via, grandfatherUntil, fixable } = finding;
  const notes = [noteOf(finding)];
  if (via !== undefined) notes.push(`on ${count(via.names.length, via.kind)}: ${firstOf(via.names, 3)}`);
  if (grandfatherUntil !== undefined)
    notes.push(`tolerated on objects that had it before, until ${grandfatherUntil}`);
  if (fixable) notes.push('daygate fix can mend it');
  return notes.filter((note) => note !== '').join('; ');
}
