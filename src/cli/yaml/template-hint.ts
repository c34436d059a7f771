/** Templates are written by hand: longer lines, as in minified JSON, hold none. */
const longestLine = 2000;

/** Offset of a Go template (`{{ … }}`) that stands outside quotes and comments. */
export function findTemplate(text: string): number | undefined {
  const lastEnd = text.lastIndexOf('}}');
  for (let at = text.indexOf('{{'); at !== -1 && at < lastEnd;) {
    const lineStart = text.lastIndexOf('\n', at) + 1;
    const newline = text.indexOf('\n', at);
    const lineEnd = newline === -1 ? text.length : newline;
    const found = findInLine(text.slice(lineStart, Math.min(lineEnd, lineStart + longestLine)));
    if (found !== undefined) return lineStart + found;
    at = text.indexOf('{{', lineEnd);
  }
  return undefined;
}

function findInLine(line: string): number | undefined {
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const sign = line.charAt(at);
    if (quote === '' && line.startsWith('{{', at)) return at;
    if (quote === '' && sign === '#' && (at === 0 || /\s/.test(line.charAt(at - 1)))) return undefined;
    if (sign === quote) quote = '';
    // An apostrophe inside a word opens no quote.
    else if (quote === '' && (sign === '"' || sign === "'") && !/\w/.test(line.charAt(at - 1))) quote = sign;
  }
  return undefined;
}
