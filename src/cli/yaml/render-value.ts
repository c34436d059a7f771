import { stringify } from 'yaml';

/**
 * How values are written into manifests. YAML 1.1 decides what needs quotes (`yes`, `1:30`), because that is what
 * Kubernetes reads; lines are never folded.
 */
const options = { version: '1.1', lineWidth: 0, indent: 2, aliasDuplicateObjects: false } as const;

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export function isCollection(value: Json): value is readonly Json[] | { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null;
}

function isEmpty(value: Json): boolean {
  return isCollection(value) && Object.keys(value).length === 0;
}

/** A value in one line, as it stands inside `{ }` and `[ ]`. */
export function renderInFlow(value: Json, style: 'yaml' | 'json'): string {
  if (style === 'json') return JSON.stringify(value);
  if (isEmpty(value)) return renderEmpty(value);
  if (Array.isArray(value)) {
    return `[${(value as readonly Json[]).map((item) => renderInFlow(item, style)).join(', ')}]`;
  }
  if (isCollection(value)) {
    const fields = Object.entries(value).map(
      ([key, item]) => `${renderKey(key)}: ${renderInFlow(item, style)}`,
    );
    return `{ ${fields.join(', ')} }`;
  }
  // Only the plainest words stand without quotes: go-yaml ends others at `,` or `?`.
  return typeof value === 'string' && !/^[\w./-]+$/.test(value) ? JSON.stringify(value) : renderScalar(value);
}

/** A value of one line behind a key or a dash. */
export function renderScalar(value: Json): string {
  return stringify(value, options).trimEnd();
}

/** Text of several lines is written as a block. */
export function isBlock(value: Json): boolean {
  return isCollection(value) || (typeof value === 'string' && value.includes('\n'));
}

function renderEmpty(value: Json): string {
  return Array.isArray(value) ? '[]' : '{}';
}

export function renderKey(key: string): string {
  return stringify({ [key]: null }, { ...options, nullStr: '' }).replace(/:\s*$/, '');
}

/** What stands behind `key:` or `-`, with its leading space or line break; later lines are indented. */
export function renderAfter(value: Json, indent: number, eol: string, compact = false): string {
  if (isEmpty(value)) return ` ${renderEmpty(value)}`;
  if (!isBlock(value)) return ` ${renderScalar(value)}`;
  const lines = isCollection(value)
    ? stringify(value, options).trimEnd().split('\n')
    : stringify({ x: value }, options).trimEnd().slice('x: '.length).split('\n');
  const pad = ' '.repeat(indent);
  const padded = lines.map((line) => (line === '' ? '' : pad + line));
  // A mapping below a dash begins on the dash's own line, and so does the mark of a block of text.
  if (compact || !isCollection(value)) {
    const [first = '', ...rest] = padded;
    return [` ${first.trimStart()}`, ...(isCollection(value) ? rest : rest.map(outdent))].join(eol);
  }
  return eol + padded.join(eol);
}

/** The library has indented the lines of a block of text by two below its key already. */
function outdent(line: string): string {
  return line.startsWith('  ') ? line.slice(2) : line;
}
