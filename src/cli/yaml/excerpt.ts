import { redact } from '#sdk';
import { unprintable } from '../../engine/message.ts';
import type { SourceNode } from './source-node.ts';
import { lastAtMost } from './text-lines.ts';
import { visibleSpans, type Span } from './visible-spans.ts';

/** Stands for a value that is not shown. */
const mask = '•••';
const longestScalar = 200;
const longestLine = 500;
/** Characters after the cut in which the rest of a credential is looked for. */
const lookAhead = 512;

/** Shows lines of a document without its secrets; lines are given by their offsets in the file. */
export type ShowLine = (start: number, end: number) => string;

/**
 * Nothing is shown but what the tree of the document knows as a key or an open value and the marks of YAML between
 * them: text that was not understood, or that a merge has replaced, is masked like a secret.
 */
export function lineShower(text: string, root: SourceNode): ShowLine {
  let found: { spans: readonly Span[]; starts: readonly number[] } | undefined;
  return (start, end) => {
    if (found === undefined) {
      const spans = visibleSpans(root);
      found = { spans, starts: spans.map((span) => span.start) };
    }
    const { spans, starts } = found;
    let shown = '';
    let at = start;
    for (let index = lastAtMost(starts, start); index < spans.length; index++) {
      const span = spans[index];
      if (span === undefined || span.start >= end) break;
      if (span.end <= at) continue;
      const bodyStart = bodyOf(text, span);
      const from = Math.max(bodyStart, at);
      const to = Math.min(span.end, end);
      shown += showMarks(text.slice(at, Math.min(from, end)));
      if (from < to) shown += showSpan(text, span, bodyStart, from, to);
      at = Math.max(at, Math.min(Math.max(from, to), end));
      if (shown.length > longestLine) break;
    }
    shown += showMarks(text.slice(at, end));
    return clean(shown);
  };
}

/** The text of a block scalar starts on the line after its `|` or `>`. */
function bodyOf(text: string, span: Span): number {
  const first = text[span.start];
  if (first !== '|' && first !== '>') return span.start;
  const newline = text.indexOf('\n', span.start);
  return newline === -1 || newline >= span.end ? span.end : newline + 1;
}

function showSpan(text: string, span: Span, bodyStart: number, from: number, to: number): string {
  const part = text.slice(from, to);
  if (span.isSecret) {
    const content = part.trimStart();
    return content === '' ? '' : part.slice(0, part.length - content.length) + mask;
  }
  const room = Math.max(bodyStart + longestScalar - from, 0);
  // What is cut off later need not be searched, but for the rest of a credential that begins before the cut.
  const known = redact(part.slice(0, room + lookAhead));
  return part.length <= room ? known : `${known.slice(0, room)}…`;
}

const marks = /(?:<<|[\s\-?:,[\]{}]|[|>][-+\d]*|[&*][^\s,[\]{}]+|!\S*)+/y;

/** What stands between keys and values, up to a comment or anything else. */
function showMarks(gap: string): string {
  marks.lastIndex = 0;
  const known = marks.exec(gap)?.[0] ?? '';
  const rest = gap.slice(known.length);
  if (rest === '') return known;
  return known + (rest.startsWith('#') ? `# ${mask}` : mask);
}

/** Escape sequences could repaint a terminal; invisible characters could make a line look like another. */
function clean(line: string): string {
  const visible = line.replaceAll('\t', ' ').replace(unprintable, '\ufffd');
  const shown = visible.length > longestLine ? `${visible.slice(0, longestLine)}…` : visible;
  return shown.trimEnd();
}
