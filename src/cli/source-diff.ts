import { structuredPatch } from 'diff';
import { redact } from '#sdk';
import type { Paint } from '../report/paint.ts';
import { oneLine } from '../report/one-line.ts';
import type { PlannedFile } from './plan-edits.ts';
import { maskComment, maskComments } from './yaml/mask-comments.ts';
import { readManifests } from './yaml/read-manifests.ts';

export interface MaskedDiff {
  readonly text: string;
  /** Whether a line differs from what the file holds: such a diff is there to be read. */
  readonly masked: boolean;
}

/**
 * The changes of a file in the unified format, as `patch` takes them where nothing is masked. Values that could be
 * credentials are masked, in the lines around a change too: a diff ends up in logs and comments.
 */
export function maskedDiff(
  { file, before, after }: Pick<PlannedFile, 'file' | 'before' | 'after'>,
  paint: Paint,
): MaskedDiff {
  if (before === after) return { text: '', masked: false };
  const [oldLine, newLine] = [lineMasker(before), lineMasker(after)];
  const { hunks } = structuredPatch(file, file, before, after, '', '', { context: 3 });
  const name = oneLine(file);
  const lines = [paint.bold(`--- ${name}`), paint.bold(`+++ ${name}`)];
  let masked = false;
  for (const { oldStart, oldLines, newStart, newLines, lines: changes } of hunks) {
    lines.push(paint.dim(`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`));
    let [oldNumber, newNumber] = [oldStart, newStart];
    for (const change of changes) {
      const mark = change.charAt(0);
      if (mark === '\\') {
        lines.push(change);
        continue;
      }
      const shown = mark === '-' ? oldLine(oldNumber) : newLine(newNumber);
      masked ||= shown !== change.slice(1);
      if (mark === '-') lines.push(paint.red(`-${shown}`));
      else if (mark === '+') lines.push(paint.green(`+${shown}`));
      else lines.push(` ${shown}`);
      if (mark !== '+') oldNumber++;
      if (mark !== '-') newNumber++;
    }
  }
  return { text: `${lines.join('\n')}\n`, masked };
}

/** Shows a 1-based line of a text as the report of `check` does, and comments and white space as far as they are harmless. */
function lineMasker(text: string): (line: number) => string {
  const { excerpt } = readManifests(text, { isPassing: true });
  const raw = text.split('\n');
  const lines = raw.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  const comments = maskComments(lines);
  return (number) => {
    const line = lines[number - 1] ?? '';
    const end = (raw[number - 1] ?? '').slice(line.length);
    return shownLine(line, excerpt(number), comments[number - 1]) + end;
  };
}

function shownLine(line: string, shown: string, comment: string | undefined): string {
  // A line of a text that is secret may look like a comment.
  if (shown.trimStart() === '•••') return shown;
  if (comment !== undefined) return oneLineWithTabs(comment);
  if (/^\s*(?:---|$)/.test(line)) return oneLineWithTabs(redact(line));
  // Up to a comment, nothing of the line is hidden.
  const open = shown.endsWith('# •••') ? shown.slice(0, -'# •••'.length) : shown;
  const isOpen = line.replaceAll('\t', ' ').startsWith(open) && !open.includes('•••');
  const rest = line.slice(open.length);
  return isOpen && /^\s*(?:#|$)/.test(rest)
    ? line.slice(0, open.length) + oneLineWithTabs(maskComment(rest))
    : shown;
}

function oneLineWithTabs(text: string): string {
  return text.split('\t').map(oneLine).join('\t');
}
