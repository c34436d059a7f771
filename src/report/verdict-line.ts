import { byPlace } from './places.ts';
import { summarize, type Report } from './report.ts';
import { count, standings } from './words.ts';

/**
 * `9 findings (5 deny, 4 warn) and 1 error`: what came of it. `9 findings (5 deny, 4 warn) at 3 places` where several
 * renderings say the same about one line of their source.
 */
export function verdictLine(report: Report): string {
  const summary = summarize(report);
  const errors = count(summary.errors, 'error');
  if (summary.findings === 0) return summary.errors > 0 ? errors : 'no findings';
  const parts = standings
    .filter((standing) => summary[standing] > 0)
    .map((standing) => `${summary[standing]} ${standing === 'baselined' ? 'in the baseline' : standing}`);
  if (summary.findings === summary.baselined && summary.errors === 0) {
    return `no new findings (${parts.join(', ')})`;
  }
  const places = report.renderings === undefined ? summary.findings : byPlace(report.findings).length;
  const where = places === summary.findings ? '' : ` at ${count(places, 'place')}`;
  const findings = `${count(summary.findings, 'finding')} (${parts.join(', ')})${where}`;
  return summary.errors > 0 ? `${findings} and ${errors}` : findings;
}
