import type { Skip } from '../../engine/review.ts';
import { renderingOutcomes } from '../rendering-outcomes.ts';
import type { Report, ReportError } from '../report.ts';
import { staleEntry, staleMend, stalePlace, staleTitle } from '../stale-lines.ts';
import { errorMessage, firstOf, gaps, placeOf } from '../words.ts';
import { markup, nothing, type Markup } from './markup.ts';

/** What kept daygate from judging all it was given. */
export function problemList(errors: readonly ReportError[]): Markup {
  if (errors.length === 0) return nothing;
  const items = errors.map((error) => {
    const place = placeOf(error);
    return markup`<li>${place === '' ? nothing : markup`<code>${place}</code> `}${errorMessage(error)}</li> `;
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

/** How each rendering went. */
export function renderingList(report: Report): Markup {
  const outcomes = renderingOutcomes(report);
  if (outcomes.length === 0) return nothing;
  const items = outcomes.map(({ label, isFailed, scope, found, isClean, kubernetes }) => {
    const words = isFailed ? 'could not be rendered' : `${found}, ${scope}, for Kubernetes ${kubernetes}`;
    return markup`<li class="${isFailed ? 'bad' : isClean ? 'good' : 'fair'}"><b>${label}</b> <small>${words}</small></li> `;
  });
  return markup`<section aria-labelledby="renderings">
    <h2 id="renderings">Rendered</h2>
    <ul class="gaps renderings">
      ${items}
    </ul>
  </section> `;
}

/** What the baseline lists and no longer occurs. */
export function staleList({ baseline }: Report): Markup {
  if (baseline === undefined || baseline.stale.length === 0) return nothing;
  const items = baseline.stale.map(
    (entry) => markup`<li>${staleEntry(entry)} <small>${stalePlace(entry)}</small></li> `,
  );
  return markup`<section aria-labelledby="stale">
    <h2 id="stale">${staleTitle(baseline)}</h2>
    <p class="note">${staleMend(baseline)}.</p>
    <ul class="gaps">
      ${items}
    </ul>
  </section> `;
}
