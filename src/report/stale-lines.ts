import type { Paint } from './paint.ts';
import type { Report } from './report.ts';

const mostShown = 20;

/** What the baseline lists and no longer occurs: whoever mended it can take it out. */
export function staleLines({ baseline }: Report, paint: Pick<Paint, 'bold' | 'dim'>): readonly string[] {
  if (baseline === undefined || baseline.stale.length === 0) return [];
  const { file, stale } = baseline;
  const lines = stale.slice(0, mostShown).map(({ policy, object, locator, file: place, count }) => {
    const name = object.namespace === undefined ? object.name : `${object.namespace}/${object.name}`;
    const times = count === 1 ? '' : `, ${count} times`;
    return `  ${policy} at ${locator} of ${object.kind} ${name}${paint.dim(` (${place}${times})`)}`;
  });
  const rest = stale.length > mostShown ? [`  … and ${stale.length - mostShown} more`] : [];
  const mend = `daygate check --write-baseline ${file} takes them out`;
  return [`${paint.bold(`Listed in ${file} and no longer found`)}: ${mend}`, ...lines, ...rest, ''];
}
