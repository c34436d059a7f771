import { markup, nothing, type Markup } from '../../html/markup.ts';
import type { AuditReport } from '../audit-report.ts';
import { trendByDay, type Point } from '../trend-by-day.ts';
import { chart } from './chart.ts';
import { change, number } from './numbers.ts';
import { table } from './table.ts';

/** How the numbers went since earlier reports, and which policies moved them. */
export function trendSection(report: AuditReport): Markup {
  const points = trendByDay(report);
  const [first] = points;
  if (first === undefined || points.length < 2) return nothing;
  const columns = ['Day', 'Objects', 'Deny', 'Warn', 'Under exceptions'];
  const rows = points
    .toReversed()
    .map(({ date, objects, deny, warn, excepted }) => [
      date,
      ...[objects, deny, warn, excepted].map((value) => number(value)),
    ]);
  return markup`<section aria-labelledby="trend">
    <h2 id="trend">Trend</h2>
    <figure>
      ${chart(points)}
      <details class="plain">
        <summary>The numbers</summary>
        ${table(
          'Findings by day',
          columns.map((title, index) => ({ title, isNumber: index > 0 })),
          rows,
        )}
      </details>
    </figure>
    ${movers(points)}
  </section>`;
}

function movers(points: readonly Point[]): Markup {
  const [before, now] = points.slice(-2);
  if (before === undefined || now === undefined) return nothing;
  const ids = [...new Set([...Object.keys(before.policies), ...Object.keys(now.policies)])].sort();
  const moved = ids
    .map((id) => ({ id, from: before.policies[id] ?? 0, to: now.policies[id] ?? 0 }))
    .filter(({ from, to }) => from !== to)
    .sort((a, b) => Math.abs(b.to - b.from) - Math.abs(a.to - a.from));
  if (moved.length === 0)
    return markup`<p class="note">No policy has other numbers than on ${before.date}.</p>`;
  const rows = moved
    .slice(0, 8)
    .map(({ id, from, to }) => [
      markup`<a href="#${id}">${id}</a>`,
      number(from),
      number(to),
      markup`<span class="${to < from ? 'less' : 'more'}">${change(to - from)}</span>`,
    ]);
  const columns = ['Policy', before.date, now.date, 'Change'];
  return markup`<h3>What moved most since ${before.date}</h3>
    ${table(
      'Policies with other numbers',
      columns.map((title, index) => ({ title, isNumber: index > 0 })),
      rows,
    )}`;
}
