import { printable } from '../engine/message.ts';

const longest = 600;

/**
 * Why a file could not be imported, with the place and the line of code where Node knows them.
 *
 * @example `SyntaxError at policy.ts:4:7: Expected ',', got 'ident'\n    4 | b: 3,`
 */
export function importProblem(error: unknown): string {
  if (!(error instanceof Error)) return 'it threw something that is no error';
  const { name, message, stack = '' } = error;
  // Files that were loaded again have more to their address.
  const { place, code } = placeOf(stack.replaceAll(/\?daygate-edition=[\w-]+/g, ''));
  const line = code === undefined ? '' : `\n    ${printable(code, longest)}`;
  return `${name}${place}: ${printable(message, longest)}${line}`;
}

/**
 * A syntax error's stack begins with the place, the line and marks below what is wrong; that of whatever the file threw
 * has frames.
 */
function placeOf(stack: string): { readonly place: string; readonly code?: string } {
  const [first = '', ...lines] = stack.split('\n');
  const [, file = '', number = ''] = /([^/\\]+\.[cm]?[jt]s):(\d+)$/.exec(first) ?? [];
  if (file !== '') {
    const mark = lines.findIndex((line) => /^\s*\^+\s*$/.test(line));
    const code = mark < 1 ? undefined : lines[mark - 1];
    // TypeScript's line is that of the mark's end: what counts is the line that is shown.
    const column = mark < 1 ? '' : `:${(lines[mark]?.indexOf('^') ?? 0) + 1}`;
    return { place: ` at ${file}:${number}${column}`, ...(code === undefined ? {} : { code: code.trim() }) };
  }
  const frame = lines
    .map((line) => /([^/\\(]+\.[cm]?[jt]s:\d+:\d+)\)?$/.exec(line)?.[1])
    .find((found) => found !== undefined);
  return { place: frame === undefined || !stack.includes('file:') ? '' : ` at ${frame}` };
}
