import { Scalar, type CST } from 'yaml';
import { DocumentFault } from './source-node.ts';
import { tabMessage } from './yaml-faults.ts';

/** What YAML 1.2 allows and go-yaml v2 refuses: read otherwise, it would pass here and fail in the cluster. */

/**
 * @param source the scalar as it is written, quotes and all
 * @throws DocumentFault
 */
export function checkScalar(scalar: Scalar, source: string, isInFlow: boolean, start: number): void {
  switch (scalar.type) {
    case Scalar.QUOTE_DOUBLE:
      checkEscapes(source, start);
      return;
    case Scalar.PLAIN:
      if (isInFlow && source.includes('?')) {
        const message =
          'Kubernetes ends a plain value inside { } or [ ] at its "?": put the value in quotes.';
        throw new DocumentFault('yaml-syntax', message, start + source.indexOf('?'));
      }
      if (isInFlow && source.startsWith(':')) {
        const message = 'A plain value inside { } or [ ] cannot start with ":": put it in quotes.';
        throw new DocumentFault('yaml-syntax', message, start);
      }
      return;
    case Scalar.BLOCK_FOLDED:
    case Scalar.BLOCK_LITERAL:
      checkBlockIndent(source, start);
      return;
    case Scalar.QUOTE_SINGLE:
    case undefined:
  }
}

function checkEscapes(source: string, start: number): void {
  if (!source.includes('\\')) return;
  for (const match of source.matchAll(/\\(?:u[\da-f]{0,8}|[^u])/gi)) {
    const [found] = match;
    if (found === '\\/') {
      throw new DocumentFault(
        'yaml-syntax',
        'Kubernetes does not know the escape "\\/": write "/".',
        start + match.index,
      );
    }
    if (/^\\(?:u|U0000)d[89a-f]/i.test(found)) {
      const message =
        'Kubernetes does not read half a surrogate pair: write the character itself, or one \\U escape.';
      throw new DocumentFault('yaml-syntax', message, start + match.index);
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
    if (/^ *\t/.test(line)) throw new DocumentFault('yaml-syntax', tabMessage, start + at);
    if (line.trim() !== '' || end === -1) return;
    at = end + 1;
  }
}

/** @throws DocumentFault for `&a.b`, of which go-yaml v2 refuses the point */
export function checkAnchor(name: string | undefined, start: number): void {
  if (name === undefined || /^[\w-]+$/.test(name)) return;
  const message =
    'The name of an anchor (&name) or alias (*name) may hold letters, digits, "-" and "_" only.';
  throw new DocumentFault('yaml-syntax', message, start);
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
  if (pair?.sep === undefined || colon === undefined) return;
  if (pair.start.some(({ type }) => type === 'explicit-key-ind')) return;
  const isSplit = pair.sep.some(({ type, offset }) => type === 'newline' && offset < colon.offset);
  const key = pair.key !== null && pair.key !== undefined && 'source' in pair.key ? pair.key : undefined;
  if (isSplit || key?.source.includes('\n')) {
    throw new DocumentFault('yaml-syntax', 'A key and its ":" have to stand on one line.', start);
  }
  if (key?.type === 'scalar' && /^[,[\]{}]/.test(next(colon.offset))) {
    throw new DocumentFault('yaml-syntax', 'A space is missing behind the ":" of this key.', start);
  }
}
