import { noName } from '../../../engine/message.ts';
import { markup, nothing, type Markup } from '../../html/markup.ts';
import { count, firstOf, noteOf, standingOf, standings } from '../../words.ts';
import type { AuditFinding, AuditReport } from '../audit-report.ts';
import { recordOf, type Readiness } from '../readiness.ts';
import { sectionOfRecord } from '../section-of.ts';
import { sections } from '../sections.ts';
import type { AnchorOf } from './anchors.ts';
import { byteLength } from '../byte-length.ts';
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
  if (report.findings.length === 0) return markup`<p class="none">No findings in what was judged.</p>\n`;
  const isOpen = report.findings.length <= mostUnfolded;
  const found = readiness.filter(({ findings }) => findings.length > 0);
  const entries = gravestThatFit(found, bytes, (one) =>
    objectEntry(one, anchorOf(one.object, one.object.cluster), remedies, isOpen),
  );
  const shown = found.filter((one) => entries.has(one));
  const places = Map.groupBy(shown, placeOf);
  const cut = found.filter((one) => !entries.has(one));
  return markup`<div id="found">${[...places.values()].map((own) => placeEntry(own, entries))}</div>
<p class="none" id="none" hidden>No finding fits the filter.</p>${leftOut(cut)}`;
}

function gravestThatFit(
  found: readonly Readiness[],
  bytes: number,
  entryOf: (one: Readiness) => Markup,
): ReadonlyMap<Readiness, Markup> {
  const rank = ({ findings }: Readiness): number =>
    standings.findIndex((standing) => findings.some((finding) => standingOf(finding) === standing));
  const ranked = found.map((one) => ({ one, rank: rank(one) })).sort((a, b) => a.rank - b.rank);
  const kept = new Map<Readiness, Markup>();
  const places = new Set<string>();
  let left = bytes;
  for (const { one } of ranked) {
    const entry = entryOf(one);
    const place = placeOf(one);
    left -= byteLength(entry.markup);
    // The heading names it twice, escaped.
    if (!places.has(place)) left -= 200 + 2 * byteLength(markup`${place}`.markup);
    places.add(place);
    if (left < 0) break;
    kept.set(one, entry);
  }
  return kept;
}

function placeOf({ object }: Readiness): string {
  return JSON.stringify([object.cluster, object.namespace]);
}

function leftOut(cut: readonly Readiness[]): Markup {
  if (cut.length === 0) return nothing;
  const findings = cut.reduce((sum, one) => sum + one.findings.length, 0);
  return markup`<p class="none" id="cut">
    ${number(findings)} findings on ${number(cut.length)} objects that weigh less are left out, to keep this page small
    enough to open: the JSON form of this report has them.
  </p>`;
}

function placeEntry(own: readonly Readiness[], entries: ReadonlyMap<Readiness, Markup>): Markup {
  const { cluster, namespace } = own[0]?.object ?? {};
  const name = namespace ?? 'not in a namespace';
  const data = [
    cluster === undefined ? nothing : markup` data-cluster="${cluster}"`,
    markup` data-namespace="${namespace ?? unnamed}"`,
  ];
  return markup`<section class="place"${data}>
<h3>${cluster === undefined ? nothing : markup`<small>${cluster}</small> `}${name}</h3>
${own.map((one) => entries.get(one) ?? nothing)}</section>\n`;
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
  const title = markup`<summary><small>${kind}</small> ${name || noName}${whose} ${badge}</summary>`;
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
