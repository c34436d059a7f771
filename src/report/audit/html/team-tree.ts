import { markup, nothing, type Markup } from '../../html/markup.ts';
import { byteLength } from '../byte-length.ts';
import type { Readiness, Standing } from '../readiness.ts';
import { scoresOf, tally, worstOf, type Score, type Tally } from '../scores.ts';
import { sections } from '../sections.ts';
import type { AnchorOf } from './anchors.ts';
import { counted, number } from './numbers.ts';

/** Workloads up to which everything is unfolded from the start. */
const mostUnfolded = 40;

/**
 * Teams, their namespaces and their workloads against the sections, folded. A fleet has more than one page can hold:
 * each part gets its share of `bytes`, the worst are shown first, and what is left out is counted.
 */
export function teamTree(readiness: readonly Readiness[], anchorOf: AnchorOf, bytes: number): Markup {
  const scores = scoresOf(readiness);
  const total = scores.reduce((sum, { workloads }) => sum + workloads, 0);
  if (total === 0) return nothing;
  const isOpen = total <= mostUnfolded;
  const shown = shares(scores, bytes, (score, share) => node(score, anchorOf, share, isOpen));
  const heads = sections.map(({ short }) => markup`<span>${short}</span>`);
  const top = scores[0]?.level === 'cluster' ? 'cluster, team' : 'team';
  return markup`<section aria-labelledby="teams">
    <h2 id="teams">Readiness by team</h2>
    <p class="note">
      By ${top}, namespace and workload, the worst first. A number counts workloads that are not ready, and findings in
      the row of a workload.
    </p>
    <ul class="key cells" aria-label="Signs">
      <li><i class="d">1</i> blocks</li>
      <li><i class="w">1</i> warns</li>
      <li><i class="a">1</i> noted</li>
      <li><i class="e">E</i> under an exception</li>
      <li><i class="r">R</i> recorded</li>
      <li><i class="g">✓</i> ready</li>
      <li><i class="g">✓?</i> ready, but a policy could not look</li>
      <li><i class="n">–</i> not visible from here</li>
    </ul>
    <div class="tree">
      <div class="heads" aria-hidden="true"><span class="strip">${heads}</span></div>
      ${shown}
    </div>
  </section> `;
}

/** Renders one after the other, each in what is left for it, until nothing more fits. */
function shares<T>(
  items: readonly T[],
  bytes: number,
  renderOne: (item: T, share: number) => Markup,
): Markup {
  const parts: Markup[] = [];
  let left = bytes;
  for (const [index, item] of items.entries()) {
    const share = left / (items.length - index);
    const part = renderOne(item, share);
    const size = byteLength(part.markup);
    // The first is always shown, so that nothing looks empty.
    if (size > left && index > 0) {
      parts.push(markup`<p class="note">${number(items.length - index)} more are left out here.</p>`);
      break;
    }
    left -= size;
    parts.push(part);
  }
  return { markup: parts.map((part) => part.markup).join('') };
}

function node(score: Score, anchorOf: AnchorOf, bytes: number, isOpen: boolean): Markup {
  const { level, name, workloads, ready, tallies } = score;
  const head = markup`<summary>
    <span
      ><b>${name ?? (level === 'team' ? 'no team' : 'the whole cluster')}</b>
      <small>${workloads === 0 ? 'no workloads' : `${number(ready)} of ${number(workloads)} ready`}</small></span
    >
    ${strip(tallies)}
  </summary>`;
  const left = bytes - byteLength(head.markup) - 200;
  // In what a fleet leaves for a team there may be no room for its namespaces.
  if (left < 0) return markup`<details class="${level}">${head}<p class="note">Left out here.</p></details>`;
  const inner =
    level === 'namespace'
      ? members(score, anchorOf, left)
      : shares(score.parts, left, (part, share) => node(part, anchorOf, share, isOpen));
  const open = isOpen ? markup` open` : nothing;
  return markup`<details class="${level}"${open}>${head}${inner}</details> `;
}

function strip(tallies: readonly Tally[]): Markup {
  const lacking = tallies.flatMap(({ objects }, index) => {
    const title = sections[index]?.title ?? '';
    return objects['not-ready'] > 0 ? [`${title} ${objects['not-ready']}`] : [];
  });
  const words = lacking.length === 0 ? 'no section is not ready' : `not ready: ${lacking.join(', ')}`;
  return markup`<span class="strip" role="img" aria-label="${words}">${tallies.map((one) => mark(groupSign(one)))}</span>`;
}

type Sign = readonly [kind: string, text: string];

function groupSign({ objects, worst, partly }: Tally): Sign {
  const lacking = objects['not-ready'];
  if (lacking > 0) return [letter(worst), number(lacking)];
  if (objects.excepted > 0) return ['e', 'E'];
  if (objects.recorded > 0) return ['r', 'R'];
  if (objects.ready > 0) return ['g', partly > 0 ? '✓?' : '✓'];
  return ['n', '–'];
}

function sign({ state, findings, skipped }: Standing): Sign {
  if (state === 'not-ready') return [letter(worstOf(findings)), String(findings.length)];
  if (state === 'excepted') return ['e', 'E'];
  if (state === 'recorded') return ['r', 'R'];
  if (state === 'ready') return ['g', skipped > 0 ? '✓?' : '✓'];
  return ['n', '–'];
}

/** The workloads of a namespace, and its other objects in one row. */
function members(
  { name = 'cluster-wide', members: workloads, others }: Score,
  anchorOf: AnchorOf,
  bytes: number,
): Markup {
  const heads = sections.map(({ title }) => markup`<th scope="col">${title}</th>`);
  const rest = others.length === 0 ? nothing : othersRow(others);
  let left = bytes - 1200 - byteLength(rest.markup);
  const rows: Markup[] = [];
  for (const one of workloads) {
    const row = workloadRow(one, anchorOf);
    left -= byteLength(row.markup);
    if (left < 0) break;
    rows.push(row);
  }
  const cut = workloads.length - rows.length;
  const gone =
    cut === 0 ? nothing : markup`<p class="note">${number(cut)} more workloads are left out here.</p>`;
  return markup`<table class="cells">
      <caption class="aside">
        Workloads of ${name}
      </caption>
      <thead class="aside">
        <tr>
          <th scope="col">Workload</th>
          ${heads}
        </tr>
      </thead>
      <tbody>
        ${rows}${rest}
      </tbody></table
    >${gone}`;
}

function workloadRow({ object, standings }: Readiness, anchorOf: AnchorOf): Markup {
  const anchor = anchorOf(object, object.cluster);
  const title = markup`<small>${object.kind}</small> ${object.name}`;
  const name = anchor === undefined ? title : markup`<a href="#${anchor}">${title}</a>`;
  return markup`<tr><th scope=row>${name}${standings.map(standingCell)}\n`;
}

// Thousands of workloads times the sections: HTML lets these tags end where the next begins.
function cell([kind, text]: Sign): Markup {
  return markup`<td class=${kind}>${text}`;
}

function mark([kind, text]: Sign): Markup {
  return markup`<i class="${kind}">${text}</i>`;
}

function standingCell(standing: Standing): Markup {
  if (standing.state !== 'recorded') return cell(sign(standing));
  return markup`<td class=r title="${recordsOf(standing.records)}">R`;
}

function recordsOf(records: Standing['records']): string {
  return records.map(({ name, date }) => `${name} ${date}`).join(', ');
}

function othersRow(others: readonly Readiness[]): Markup {
  const name = counted(others.length, 'other object');
  const cells = tally(others).map((one) => cell(groupSign(one)));
  return markup`<tr class="others"><th scope=row>${name}${cells}\n`;
}

function letter(worst: Tally['worst']): string {
  return worst === 'deny' ? 'd' : worst === 'warn' ? 'w' : 'a';
}
