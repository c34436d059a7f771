import { stringify } from 'yaml';
import { resolveScalar } from './resolve-scalar.ts';

/**
 * How values are written into manifests. YAML 1.1 decides what needs quotes (`yes`, `1:30`), because that is what
 * Kubernetes reads; lines are never folded.
 */
const options = { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false } as const;

/** How the lines of a document are laid out. */
export interface Layout {
  readonly eol: string;
  /** Columns from a key to the keys below it. */
  readonly indent: number;
  /** Columns from a key to the dashes below it. */
  readonly listIndent: number;
}

/** How a JSON text is laid out. */
export interface JsonLayout {
  /** What each level is indented by; undefined where all stands on one line. */
  readonly indent: string | undefined;
  /** What stands behind colons, and behind the commas within a line. */
  readonly gap: string;
}

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export function isCollection(value: Json): value is readonly Json[] | { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null;
}

function isEmpty(value: Json): boolean {
  return isCollection(value) && Object.keys(value).length === 0;
}

/** A value in one line, as it stands inside `{ }` and `[ ]`. */
export function renderInFlow(value: Json): string {
  if (isEmpty(value)) return renderEmpty(value);
  if (Array.isArray(value)) {
    return `[${(value as readonly Json[]).map(renderInFlow).join(', ')}]`;
  }
  if (isCollection(value)) {
    const fields = Object.entries(value).map(([key, item]) => `${renderKey(key)}: ${renderInFlow(item)}`);
    return `{ ${fields.join(', ')} }`;
  }
  // Only the plainest words stand without quotes: go-yaml ends others at `,` or `?`.
  return typeof value === 'string' && !/^[\w./-]+$/.test(value) ? JSON.stringify(value) : renderScalar(value);
}

/**
 * A value in JSON.
 *
 * @param lead what its last line begins with; undefined where it shares its line with others
 */
export function renderJson(
  value: Json,
  { indent, gap }: JsonLayout,
  lead: string | undefined,
  eol: string,
): string {
  if (indent !== undefined && lead !== undefined)
    return JSON.stringify(value, undefined, indent).replaceAll('\n', eol + lead);
  if (gap === '') return JSON.stringify(value);
  // Line breaks in texts are escaped: what is left of them is layout.
  return JSON.stringify(value, undefined, 1).replace(/,\n */g, ', ').replace(/\n */g, '');
}

/** A value of one line behind a key or a dash. */
export function renderScalar(value: Json): string {
  return plain(value) ?? quoted(stringify(value, options).trimEnd(), value);
}

/** Most of what is ever written, which nobody reads in two ways: a short `check` need not wait for the library. */
function plain(value: Json): string | undefined {
  if (typeof value === 'boolean' || Number.isSafeInteger(value)) return JSON.stringify(value);
  if (typeof value !== 'string' || !/^\d{0,9}[a-z][\w./-]{0,80}$/i.test(value)) return undefined;
  return resolveScalar(value, undefined, true)?.type === 'str' ? value : undefined;
}

/** The library leaves some texts without quotes that Kubernetes reads as numbers, such as `-_0`. */
function quoted(rendered: string, value: Json): string {
  return rendered === value && resolveScalar(value, undefined, true)?.type !== 'str'
    ? JSON.stringify(value)
    : rendered;
}

/** Text of several lines is written as a block. */
export function isBlock(value: Json): boolean {
  return isCollection(value) || (typeof value === 'string' && value.includes('\n'));
}

function renderEmpty(value: Json): string {
  return Array.isArray(value) ? '[]' : '{}';
}

export function renderKey(key: string): string {
  return (
    plain(key) ?? quoted(stringify({ [key]: null }, { ...options, nullStr: '' }).replace(/:\s*$/, ''), key)
  );
}

/**
 * What stands behind `key:` or `-`, with its leading space or line break; later lines are indented.
 *
 * @param column of the key or the dash
 */
export function renderAfter(value: Json, column: number, layout: Layout, isItem = false): string {
  const { eol, indent, listIndent } = layout;
  if (isEmpty(value)) return ` ${renderEmpty(value)}`;
  if (!isBlock(value)) return ` ${renderScalar(value)}`;
  if (!isCollection(value)) {
    // A block would lose the blanks and empty lines at its end, or pass them on to what follows.
    if (typeof value === 'string' && !/\S\n?$/.test(value)) return ` ${JSON.stringify(value)}`;
    // The mark of a block of text stands on the line of its key or dash.
    const [mark = '', ...lines] = stringify({ x: value }, { ...options, indent })
      .trimEnd()
      .slice('x: '.length)
      .split('\n');
    const pad = ' '.repeat(column);
    return [` ${mark}`, ...lines.map((line) => (line === '' ? '' : pad + line))].join(eol);
  }
  const below = Array.isArray(value) ? listIndent : indent;
  const lines = renderLines(value, column + (isItem ? 2 : below), layout);
  // A mapping below a dash begins on the dash's own line.
  return isItem ? ` ${lines.trimStart()}` : eol + lines;
}

function renderLines(
  value: readonly Json[] | { readonly [key: string]: Json },
  column: number,
  layout: Layout,
): string {
  const pad = ' '.repeat(column);
  const lines = Array.isArray(value)
    ? (value as readonly Json[]).map((item) => `${pad}-${renderAfter(item, column, layout, true)}`)
    : Object.entries(value).map(
        ([key, item]) => `${pad}${renderKey(key)}:${renderAfter(item, column, layout)}`,
      );
  return lines.join(layout.eol);
}
