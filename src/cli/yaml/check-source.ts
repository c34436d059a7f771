import { Scalar, type CST } from 'yaml';
import { syntaxFault, type DocumentFault } from './source-node.ts';
import { tabMessage } from './yaml-faults.ts';

/** What YAML 1.2 allows and go-yaml v2 refuses: read otherwise, it would pass here and fail in the cluster. */

/**
 * @param text the document
 * @param base its offset in the file
 * @throws DocumentFault
 */
export function checkScalar(scalar: Scalar.Parsed, text: string, isInFlow: boolean, base: number): void {
  const [from, to] = scalar.range;
  // As it is written, quotes and all.
  const source = text.slice(from, to);
  const start = base + from;
  switch (scalar.type) {
    case Scalar.QUOTE_DOUBLE:
      checkEscapes(source, start);
      if (source.length < 2 || runBefore(source, source.length - 1, '\\') % 2 === 1) throw openQuote(start);
      return;
    case Scalar.PLAIN:
      if (isInFlow && source.includes('?')) {
        const message =
          'Kubernetes ends a plain value inside { } or [ ] at its "?": put the value in quotes.';
        throw syntaxFault(message, start + source.indexOf('?'));
      }
      if (isInFlow && source.startsWith(':')) {
        const message = 'A plain value inside { } or [ ] cannot start with ":": put it in quotes.';
        throw syntaxFault(message, start);
      }
      return;
    case Scalar.BLOCK_FOLDED:
    case Scalar.BLOCK_LITERAL:
      checkBlockIndent(source, start);
      checkBlockEnd(text, from, to, start);
      return;
    case Scalar.QUOTE_SINGLE:
      // Two quotes in a row are one that is meant: what ends in them goes on.
      if (runBefore(source.slice(1), source.length - 1, "'") % 2 === 0) throw openQuote(start);
      return;
    case undefined:
  }
}

/** How often a character stands in a row before an offset. */
function runBefore(text: string, end: number, char: string): number {
  let at = end;
  while (at > 0 && text[at - 1] === char) at--;
  return end - at;
}

function openQuote(start: number): DocumentFault {
  return syntaxFault('The quote that opens here is never closed.', start);
}

function checkEscapes(source: string, start: number): void {
  if (!source.includes('\\')) return;
  for (const match of source.matchAll(/\\(?:u[\da-f]{0,8}|\n(?:[ \t]*\n)?|[^u])/gi)) {
    const [found] = match;
    if (found === '\\/') {
      throw syntaxFault('Kubernetes does not know the escape "\\/": write "/".', start + match.index);
    }
    if (found.startsWith('\\\n') && found.length > 2) {
      const message =
        'A blank line behind a "\\" at the end of a line is not read alike by all: write "\\n".';
      throw syntaxFault(message, start + match.index);
    }
    if (/^\\(?:u|U0000)d[89a-f]/i.test(found)) {
      const message =
        'Kubernetes does not read half a surrogate pair: write the character itself, or one \\U escape.';
      throw syntaxFault(message, start + match.index);
    }
  }
}

/** Until the first line with text has shown the indentation, no line may begin with spaces and a tab. */
function checkBlockIndent(source: string, start: number): void {
  const header = source.indexOf('\n') + 1;
  if (header === 0 || /\d/.test(source.slice(0, header).split('#', 1)[0] ?? '')) return;
  for (let at = header; at < source.length;) {
    const end = source.indexOf('\n', at);
    const line = source.slice(at, end === -1 ? source.length : end);
    if (/^ *\t/.test(line)) throw syntaxFault(tabMessage, start + at);
    if (line.trim() !== '' || end === -1) return;
    at = end + 1;
  }
}

const header = /[|>][-+\d]*/y;
const spaceLines = / *\n(?:\n| +\n)* +(?:\n|$)/y;

/**
 * Lines of spaces behind the last word: where the mark has a digit, the library leaves out some that Kubernetes reads,
 * and with "+" the last one, if no line break ends it.
 */
function checkBlockEnd(text: string, from: number, to: number, start: number): void {
  header.lastIndex = from;
  const mark = header.exec(text)?.[0] ?? '';
  if (!/[+\d]/.test(mark)) return;
  let end = to;
  while (end > from && (text[end - 1] === ' ' || text[end - 1] === '\n')) end--;
  spaceLines.lastIndex = end;
  if (!spaceLines.test(text)) return;
  const isUnended = spaceLines.lastIndex === text.length && !text.endsWith('\n');
  if (!isUnended && !/\d/.test(mark)) return;
  const message =
    'Lines of spaces alone end this text, and not all readers count them alike: remove the spaces.';
  throw syntaxFault(message, start);
}

/**
 * @param source an anchor, an alias or a tag as it is written
 * @param next the character behind it
 * @throws DocumentFault for what go-yaml v2 ends elsewhere or refuses: `&a.b`, `!!str# one`, `[!a,b]`
 */
export function checkProperty(source: string, next: string, isInFlow: boolean, start: number): void {
  if (source.startsWith('!')) {
    if (!/[^\w\-;/?:@&=+$,.!~*'()[\]%<>]/.test(source) && !(isInFlow && /^[,[\]{}]/.test(next))) return;
    throw syntaxFault('A space is missing behind this tag (!name).', start);
  }
  if (/^.[\w-]+$/.test(source) && !(isInFlow && /^[[{]/.test(next))) return;
  const message =
    'The name of an anchor (&name) or alias (*name) may hold letters, digits, "-" and "_" only.';
  throw syntaxFault(message, start);
}

/**
 * @param next the character behind an offset of the parsed text
 * @throws DocumentFault for a key whose colon is on a later line, unless the key is marked with "?", and for a colon
 *   that go-yaml v2 takes for a part of the key: `{a:[1]}`
 */
export function checkKey(
  pair: CST.CollectionItem | undefined,
  next: (offset: number) => string,
  start: number,
): void {
  const colon = pair?.sep?.find(({ type }) => type === 'map-value-ind');
  if (pair?.sep === undefined) return;
  const key = pair.key !== null && pair.key !== undefined && 'source' in pair.key ? pair.key : undefined;
  if (colon !== undefined && key?.type === 'scalar' && /^[,[\]{}]/.test(next(colon.offset))) {
    throw syntaxFault('A space is missing behind the ":" of this key.', start);
  }
  const mark = pair.start.find(({ type }) => type === 'explicit-key-ind');
  if (mark !== undefined) {
    // The library drops what stands behind the key without a ":", and Kubernetes wants the two marks in one column.
    const isOdd =
      colon === undefined ? pair.value !== undefined : 'explicitKey' in pair && colon.indent !== mark.indent;
    if (!isOdd) return;
    const message =
      'Behind a key that is marked with "?" comes its value, on a line of its own that begins with ":" as deep as the "?".';
    throw syntaxFault(message, start);
  }
  if (colon === undefined) return;
  const isSplit = pair.sep.some(({ type, offset }) => type === 'newline' && offset < colon.offset);
  if (isSplit || key?.source.includes('\n')) {
    throw syntaxFault('A key and its ":" have to stand on one line.', start);
  }
}
