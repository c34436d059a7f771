import { structuredPatch } from 'diff';
import { redact } from '#sdk';
import type { Paint } from '../report/paint.ts';
import { oneLine } from '../report/one-line.ts';
import type { PlannedFile } from './plan-edits.ts';
import { readManifests } from './yaml/read-manifests.ts';

/**
 * The changes of a file in the unified format. Values that could be credentials are masked, in the lines around a
 * change too: a diff ends up in logs and comments.
 */
export function maskedDiff(
  { file, before, after }: Omit<PlannedFile, 'written' | 'refused'>,
  paint: Paint,
): string {
  if (before === after) return '';
  const [oldLine, newLine] = [lineMasker(before), lineMasker(after)];
  const { hunks } = structuredPatch(file, file, before, after, '', '', { context: 3 });
  const name = oneLine(file);
  const lines = [paint.bold(`--- ${name}`), paint.bold(`+++ ${name}`)];
  for (const { oldStart, oldLines, newStart, newLines, lines: changes } of hunks) {
    lines.push(paint.dim(`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`));
    let [oldNumber, newNumber] = [oldStart, newStart];
    for (const change of changes) {
      const mark = change.charAt(0);
      if (mark === '\\') continue;
      if (mark === '-') lines.push(paint.red(`-${oldLine(oldNumber)}`));
      else if (mark === '+') lines.push(paint.green(`+${newLine(newNumber)}`));
      else lines.push(` ${newLine(newNumber)}`);
      if (mark !== '+') oldNumber++;
      if (mark !== '-') newNumber++;
    }
  }
  return `${lines.join('\n')}\n`;
}

/** Shows a 1-based line of a text as the report of `check` does; comments and separators as far as they are harmless. */
function lineMasker(text: string): (line: number) => string {
  const { excerpt } = readManifests(text, '');
  const lines = text.split(/\r\n?|\n/);
  return (line) => {
    const raw = lines[line - 1] ?? '';
    return /^\s*(?:#|---|$)/.test(raw) ? oneLine(redact(raw)) : excerpt(line);
  };
}
