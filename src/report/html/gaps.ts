import type { Skip } from '../../engine/review.ts';
import type { ReportError } from '../report.ts';
import { firstOf, gaps, placeOf } from '../words.ts';
import { markup, nothing, type Markup } from './markup.ts';

/** What kept daygate from judging all it was given. */
export function problemList(errors: readonly ReportError[]): Markup {
  if (errors.length === 0) return nothing;
  const items = errors.map((error) => {
    const place = placeOf(error);
    return markup`<li>${place === '' ? nothing : markup`<code>${place}</code> `}${error.message}</li> `;
  });
  return markup`<section class="problems" aria-labelledby="problems">
    <h2 id="problems">Not checked (${errors.length})</h2>
    <ul>
      ${items}
    </ul>
  </section> `;
}

/** What was not judged, by reason. */
export function gapList(skipped: readonly Skip[]): Markup {
  if (skipped.length === 0) return nothing;
  const items = gaps(skipped).map(({ reason, names }) => {
    const who = names.length === 0 ? nothing : markup` <small>${firstOf(names, 10)}</small>`;
    return markup`<li>${reason}${who}</li> `;
  });
  return markup`<section aria-labelledby="gaps">
    <h2 id="gaps">Not judged</h2>
    <ul class="gaps">
      ${items}
    </ul>
  </section> `;
}
