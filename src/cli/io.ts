import { styleText } from 'node:util';
import { codeOf, errorCodes, fileProblem } from '../errors.ts';
import { plainPaint, type Paint } from '../report/paint.ts';

/** What a command may touch of the outside: tests hand in their own. */
export interface Io {
  /** Results, and nothing else. */
  out(text: string): void;
  /** Errors and progress. */
  err(text: string): void;
  /** All of standard input. */
  input(): Promise<Uint8Array>;
  readonly color: boolean;
  /** Shows a line that the next one replaces; an empty one takes it away. Absent where nobody watches a terminal. */
  readonly drawLine?: ((text: string) => void) | undefined;
  /** Absent where standard output is no terminal. */
  readonly clearScreen?: (() => void) | undefined;
  /** How wide the terminal is, where there is one. */
  readonly columns?: number | undefined;
  /** Milliseconds since 1970. */
  now(): number;
}

/** Colours for a terminal, unless NO_COLOR or --no-color say otherwise. */
export function paintFor({ color }: Pick<Io, 'color'>): Paint {
  if (!color) return plainPaint;
  const style =
    (format: 'bold' | 'dim' | 'red' | 'yellow' | 'green') =>
    (text: string): string =>
      styleText(format, text, { validateStream: false });
  return {
    bold: style('bold'),
    dim: style('dim'),
    red: style('red'),
    yellow: style('yellow'),
    green: style('green'),
  };
}

/** The process's own streams. */
export function processIo(color = defaultColor()): Io {
  for (const stream of [process.stdout, process.stderr]) {
    if (!stream.listeners('error').includes(endOfOutput)) stream.on('error', endOfOutput);
  }
  return {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    input: async () => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of process.stdin as AsyncIterable<Uint8Array>) chunks.push(chunk);
      return Buffer.concat(chunks);
    },
    color,
    drawLine: lineDrawer(),
    clearScreen:
      process.stdout.isTTY && process.env['TERM'] !== 'dumb'
        ? () => process.stdout.write('\u001b[2J\u001b[H')
        : undefined,
    // A terminal that nobody gave a size says 0.
    columns: process.stdout.isTTY && process.stdout.columns > 0 ? process.stdout.columns : undefined,
    now: () => Date.now(),
  };
}

function defaultColor(): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0') return true;
  return process.stdout.isTTY && TERM !== 'dumb';
}

/** What a shell reports of a program that SIGPIPE ended. Node.js ignores that signal, so its streams fail instead. */
export const brokenPipe = 141;

/** Whoever reads, as in `daygate policies | head`, has seen enough; anything else is told. */
function endOfOutput(error: Error): void {
  if (codeOf(error) === 'EPIPE') process.exit(brokenPipe);
  process.stderr.write(`daygate: cannot write the output: ${fileProblem(error)}\n`);
  process.exit(errorCodes.unreadable.exit);
}

function lineDrawer(): Io['drawLine'] {
  const { stderr } = process;
  if (!stderr.isTTY || process.env['TERM'] === 'dumb') return undefined;
  return (text) => stderr.write(`\r\u001b[K${text.slice(0, stderr.columns - 1)}`);
}
