import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { fileProblem, messageOf, UserError } from '../errors.ts';
import { formats, type Format } from '../report/format-names.ts';
import { renderReport } from '../report/formats.ts';
import type { RenderContext } from '../report/render-context.ts';
import type { Report } from '../report/report.ts';
import { daygateVersion } from '../version.ts';
import { paintFor, type Io } from './io.ts';
import { oneOf } from './one-of.ts';

/** One `-o FORMAT[=FILE]`; without a file it goes to standard output. */
export interface Output<F extends string = Format> {
  readonly format: F;
  readonly file: string | undefined;
}

export function parseOutputs(texts: readonly string[]): readonly Output[];
export function parseOutputs<F extends string>(
  texts: readonly string[],
  known: readonly F[],
): readonly Output<F>[];
/** @throws UserError where one is not understood, or where two would be mixed in one place */
export function parseOutputs(
  texts: readonly string[],
  known: readonly string[] = formats,
): readonly Output<string>[] {
  const outputs = texts.map((text) => parseOutput(text, known));
  const taken = new Set<string | undefined>();
  for (const { format, file } of outputs) {
    if (taken.has(file)) {
      throw new UserError(
        'usage',
        file === undefined
          ? `only one format goes to standard output: write -o ${format}=FILE`
          : `two formats go to ${file}: give each a file of its own`,
      );
    }
    taken.add(file);
  }
  return outputs;
}

function parseOutput(text: string, known: readonly string[]): Output<string> {
  const [name = '', ...rest] = text.split('=');
  const format = oneOf('output format', name, known);
  const file = rest.length === 0 ? undefined : rest.join('=');
  if (file === '') {
    throw new UserError(
      'usage',
      `--output ${text}: write ${name}=FILE, or ${name} alone for standard output`,
    );
  }
  return { format, file: file === '-' ? undefined : file };
}

/**
 * @param shown what people are shown as text on standard output, where that is not all
 * @throws UserError naming every file that could not be written, once all others are
 */
export function writeReport(report: Report, outputs: readonly Output[], io: Io, shown = report): void {
  const render = (format: Format, terminal: Terminal): string => {
    const isShown = format === 'text' && terminal.paint !== undefined;
    return renderReport(format, isShown ? shown : report, { ...context(), ...terminal });
  };
  writeTexts(outputs, render, io);
}

/** What is known of standard output; nothing of a file. */
export type Terminal = Pick<RenderContext, 'paint' | 'columns'>;

/**
 * Renders and writes a report as each output says.
 *
 * @throws UserError naming every file that could not be written, once all others are
 */
export function writeTexts<F extends string>(
  outputs: readonly Output<F>[],
  render: (format: F, terminal: Terminal) => string,
  io: Io,
): void {
  const problems: UserError[] = [];
  for (const { format, file } of outputs) {
    if (file === undefined) {
      io.out(render(format, { paint: paintFor(io), columns: io.columns }));
      continue;
    }
    try {
      writeFileSync(file, render(format, {}));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      problems.push(
        new UserError('unreadable', `cannot write the report to ${file}: ${fileProblem(error)}`, file),
      );
    }
  }
  if (problems.length > 0) throw new UserError('unreadable', problems.map(messageOf).join('\n'));
}

function context(): RenderContext {
  return {
    version: daygateVersion(),
    sha256: (text, encoding) => createHash('sha256').update(text).digest(encoding),
  };
}
