import { answerHeads, answersByPolicy } from '../passes.ts';
import type { Report } from '../report.ts';
import { markup, nothing, type Markup } from './markup.ts';

/** What every policy said of the objects that it was asked about; nothing where passes were not asked for. */
export function passList(report: Report): Markup {
  const rows = answersByPolicy(report);
  if (rows.length === 0) return nothing;
  return markup`<section aria-labelledby="answers">
    <h2 id="answers">Passes</h2>
    <table class="data">
      <caption class="aside">How many objects pass each policy</caption>
      <thead>
        <tr>
          <th scope="col">Policy</th>
          ${answerHeads.map((head) => markup`<th scope="col" class="num">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(({ policy, ...numbers }) => {
          const answers = [numbers.passes, numbers.findings, numbers.notJudged];
          const controls = (policy.controls ?? []).map((control) => markup`<small>${control}</small>`);
          return markup`<tr><th scope="row"><code>${policy.id}</code>${controls}</th>${answers.map(
            (number, index) => markup`<td data-l="${answerHeads[index] ?? ''}" class="num">${number}</td>`,
          )}</tr>\n`;
        })}
      </tbody>
    </table>
  </section> `;
}

/** For a page whose style knows no tables. */
export const passStyle = `
.aside { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.data { width: 100%; border-collapse: collapse; font-size: .92rem; }
.data th, .data td { padding: .42rem .9rem .42rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
.data th { font-weight: 500; }
.data thead th { color: var(--soft); font-size: .85rem; }
.data small { display: block; color: var(--soft); font-weight: 400; }
.data .num { text-align: right; font-variant-numeric: tabular-nums; }
`;
