import { markup, nothing, type Markup } from '../../html/markup.ts';
import type { AuditReport } from '../audit-report.ts';
import { patchesShown } from '../patch-words.ts';

/** More of them a page is not read for. */
const mostShown = 200;

/** What admission would patch of what runs, each with its change. */
export function patchList({ patches }: AuditReport): Markup {
  if (patches === undefined) return nothing;
  const { title, note, changes, more } = patchesShown(patches, mostShown);
  return markup`<section aria-labelledby="patches">
    <h2 id="patches">${title}</h2>
    <p class="note">${note}</p>
    ${changes.map(
      (change) => markup`<details class="plain">
    <summary>${change.title}</summary>
    <p class="note">${change.text}</p>
    <pre class="patch">${change.lines.map(line)}</pre>
    </details> `,
    )}
    ${more === undefined ? nothing : markup`<p class="note">${more}.</p>`}
  </section> `;
}

function line(text: string): Markup {
  if (text.startsWith('+')) return markup`<ins>${text}\n</ins>`;
  return text.startsWith('-') ? markup`<del>${text}\n</del>` : markup`${text}\n`;
}
