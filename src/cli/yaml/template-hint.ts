/** Templates are written by hand: longer lines, as in minified JSON, hold none. */
const longestLine = 2000;

interface Language {
  /** What opens a tag, and what closes one somewhere behind it. */
  readonly mark: string;
  readonly end: string;
  readonly language: string;
  /** How it becomes a manifest. */
  readonly mend: string;
  /** What stands before it on the line; without it YAML takes it as text. */
  readonly behind?: RegExp;
}

const languages: readonly Language[] = [
  // Before "{{", which stands in the same files.
  { mark: '{%', end: '%}', language: 'Jinja or its like', mend: 'Render it first' },
  {
    mark: '{{',
    end: '}}',
    language: 'Helm, Jinja or their like',
    mend: 'Render it first (a chart with "helm template CHART")',
  },
  { mark: '<%', end: '%>', language: 'ERB or its like', mend: 'Render it first' },
  {
    mark: '${',
    end: '}',
    language: 'envsubst or its like',
    mend: 'Substitute its variables first',
    behind: /^\s*$|[[{]/,
  },
];

interface FoundTemplate extends Omit<Language, 'end' | 'behind'> {
  /** Offset of the mark. */
  readonly at: number;
}

/**
 * The first tag of a template language that stands outside quotes and comments. One of envsubst counts only on the line of the
 * fault: scripts in a ConfigMap have as many.
 *
 * @param fault offset of what is no YAML
 * @example findTemplate('a: {{ .Values.a }}', 3)?.mark // '{{'
 */
export function findTemplate(text: string, fault: number): FoundTemplate | undefined {
  for (const { end, behind, ...language } of languages) {
    const line = lineAt(text, fault);
    const at =
      behind === undefined ? findMark(text, language.mark, end) : findInLine(line.text, language.mark);
    if (at === undefined) continue;
    if (behind === undefined) return { ...language, at };
    if (behind.test(line.text.slice(0, at))) return { ...language, at: line.start + at };
  }
  return undefined;
}

function findMark(text: string, mark: string, end: string): number | undefined {
  const lastEnd = text.lastIndexOf(end);
  for (let at = text.indexOf(mark); at !== -1 && at < lastEnd;) {
    const line = lineAt(text, at);
    const found = findInLine(line.text, mark);
    if (found !== undefined) return line.start + found;
    at = text.indexOf(mark, line.end);
  }
  return undefined;
}

function lineAt(
  text: string,
  at: number,
): { readonly start: number; readonly end: number; readonly text: string } {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const newline = text.indexOf('\n', at);
  const end = newline === -1 ? text.length : newline;
  return { start, end, text: text.slice(start, Math.min(end, start + longestLine)) };
}

function findInLine(line: string, mark: string): number | undefined {
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const sign = line.charAt(at);
    if (quote === '' && line.startsWith(mark, at)) return at;
    if (quote === '' && sign === '#' && (at === 0 || /\s/.test(line.charAt(at - 1)))) return undefined;
    if (sign === quote) quote = '';
    // An apostrophe inside a word opens no quote.
    else if (quote === '' && (sign === '"' || sign === "'") && !/\w/.test(line.charAt(at - 1))) quote = sign;
  }
  return undefined;
}
