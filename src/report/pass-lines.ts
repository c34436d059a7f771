import { answerHeads, answersByPolicy } from './passes.ts';
import type { Paint } from './paint.ts';
import type { Report } from './report.ts';
import { wrap } from './wrap.ts';

/** For people, a line for each policy: which objects those are, programs read. */
export function passLines(report: Report, paint: Paint, columns: number | undefined): readonly string[] {
  const rows = answersByPolicy(report);
  if (rows.length === 0) return [];
  const width = Math.max(...rows.map(({ policy }) => policy.id.length));
  const heads = answerHeads.map((head) => head.toLowerCase());
  const cells = (texts: readonly string[]): string =>
    texts.map((text, index) => text.padStart(Math.max(7, heads[index]?.length ?? 0))).join('  ');
  const lines = rows.flatMap(({ policy, passes, findings, notJudged }) => {
    const numbers = cells([passes, findings, notJudged].map(String));
    const row = `  ${policy.id.padEnd(width)}  ${numbers}`;
    const controls = (policy.controls ?? []).join('; ');
    return controls === '' ? [row] : wrap(paint.dim(controls), `${row}  `, '      ', columns);
  });
  return [`${paint.bold('Passes:'.padEnd(width + 2))}  ${cells(heads)}`, ...lines, ''];
}
