import { markup, nothing, type Markup } from '../../html/markup.ts';
import type { AuditPolicy, AuditReport } from '../audit-report.ts';
import { judgingPolicies, type Readiness } from '../readiness.ts';
import { tally, type Tally } from '../scores.ts';
import { isAnsweredBy } from '../section-of.ts';
import { sections, type Practice, type Section } from '../sections.ts';
import { bar } from './bar.ts';
import { counted, number } from './numbers.ts';

/** How all objects stand in each section, and within it which practice is looked after by which policies. */
export function sectionList(report: AuditReport, readiness: readonly Readiness[]): Markup {
  if (readiness.length === 0) return nothing;
  const tallies = tally(readiness);
  const open = report.findings.filter(({ exception }) => exception === undefined);
  const counts = new Map([...Map.groupBy(open, ({ policy }) => policy)].map(([id, own]) => [id, own.length]));
  const judging = judgingPolicies(report);
  const answerOf = (practice: Practice): Markup => practiceEntry(practice, report.policies, counts, judging);
  const rows = sections.map((section, index) => {
    const own = tallies[index];
    return own === undefined ? nothing : entry(section, own, answerOf);
  });
  return markup`<section aria-labelledby="readiness">
    <h2 id="readiness">Readiness by section</h2>
    <p class="note">
      Of the objects that a policy of the section could judge. What is not visible from here needs a policy that is on,
      or a dated record.
    </p>
    <ul class="key">
      <li class="good"><b>ready</b></li>
      <li class="record"><b>recorded</b>: ready, with a dated record</li>
      <li class="waive"><b>under an exception</b></li>
      <li class="fair"><b>not ready</b>: warnings or notes</li>
      <li class="bad"><b>not ready</b>: in the way of production</li>
    </ul>
    <div class="rows">${rows}</div>
  </section> `;
}

function entry(
  section: Section,
  { objects, findings, blocked }: Tally,
  answerOf: (practice: Practice) => Markup,
): Markup {
  const { ready, recorded, excepted, 'not-ready': lacking } = objects;
  const seen = ready + recorded + excepted + lacking;
  const parts = [
    ['good', ready],
    ['record', recorded],
    ['waive', excepted],
    ['fair', lacking - blocked],
    ['bad', blocked],
  ] as const;
  return markup`<details class="row">
    <summary>
      <b>${section.title}</b> ${seen === 0 ? markup`<span class="bar unseen"></span>` : bar(parts, seen)}
      <span class="told">${seen === 0 ? 'not visible from here' : told(lacking, seen)}</span>
    </summary>
    <p class="detail">
      ${detail(objects)}${
        findings === 0
          ? nothing
          : markup` <a href="#findings" data-filter="section=${section.id}">Show ${counted(findings, 'finding')}</a>`
      }
    </p>
    <ul class="practices">
      ${section.practices.map(answerOf)}
    </ul>
  </details> `;
}

function told(lacking: number, seen: number): string {
  return lacking === 0 ? `all ${number(seen)} ready` : `${number(lacking)} of ${number(seen)} not ready`;
}

function detail({
  ready,
  recorded,
  excepted,
  'not-ready': lacking,
  'not-visible': unseen,
}: Tally['objects']): string {
  const parts = [
    [ready, 'ready'],
    [recorded, 'recorded'],
    [excepted, 'under exceptions'],
    [lacking, 'not ready'],
    [unseen, 'not visible from here'],
  ] as const;
  const words = parts.flatMap(([size, name]) => (size > 0 ? [`${number(size)} ${name}`] : []));
  return words.length === 0 ? 'No objects.' : `Objects: ${words.join(', ')}.`;
}

/** A policy that is not on, or that had nothing to judge, looks after nothing, and is shown so. */
function practiceEntry(
  practice: Practice,
  policies: readonly AuditPolicy[],
  counts: ReadonlyMap<string, number>,
  judging: ReadonlySet<string>,
): Markup {
  const on = policies.filter((policy) => isAnsweredBy(practice, policy));
  const off = practice.policies.filter((id) => !on.some((policy) => policy.id === id));
  const links = on.map(({ id }) => {
    const found = counts.get(id) ?? 0;
    const link = markup`<a href="#${id}">${id}</a>`;
    if (found > 0) return markup`<li class="bad">${link} ${number(found)}</li> `;
    if (judging.has(id)) return markup`<li class="good">${link} ✓</li> `;
    return markup`<li class="mute">${link} had nothing to judge</li> `;
  });
  return markup`<li>
    ${practice.text}
    <ul class="answers">
      ${links}${off.map((id) => markup`<li class="mute"><span>${id}</span> not on</li> `)}
    </ul>
  </li> `;
}
