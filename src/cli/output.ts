import { closeSync, existsSync, openSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { codeOf, fileProblem, UserError } from '../errors.ts';
import type { RenderContext } from '../report/render-context.ts';
import { daygateVersion } from '../version.ts';
import { demandWritable } from '../plain-file.ts';
import { paintFor, type Io } from './io.ts';
import { oneOf } from './one-of.ts';

/** One `-o FORMAT[=FILE]`; without a file it goes to standard output. */
export interface Output<F extends string> {
  readonly format: F;
  readonly file: string | undefined;
}

/**
 * @param formats the names that are known
 * @param inputs the files that the command line names to be read
 * @throws UserError where one is not understood, where two would be mixed in one place or one would be written over an
 *   input, and naming every file that cannot be written: nobody waits for a report that has no place to go
 */
export function parseOutputs<F extends string>(
  texts: readonly string[],
  formats: readonly F[],
  inputs: readonly (string | undefined)[],
): readonly Output<F>[] {
  const outputs = texts.map((text) => parseOutput(text, formats));
  const taken = new Set<string | undefined>();
  for (const { format, file } of outputs) {
    if (file !== undefined) demandNoInput(file, inputs);
    const place = file === undefined ? undefined : placeOf(file);
    if (taken.has(place)) {
      throw new UserError(
        'usage',
        file === undefined
          ? `only one format goes to standard output: write -o ${format}=FILE`
          : `two formats go to ${file}: give each a file of its own`,
      );
    }
    taken.add(place);
  }
  const problems = outputs.flatMap(({ file }) => (file === undefined ? [] : placeProblem(file)));
  if (problems.length > 0) throw new UserError('unreadable', problems.join('\n'));
  return outputs;
}

/** @throws UserError where what is written to a file would take the place of one that is read */
export function demandNoInput(file: string, inputs: readonly (string | undefined)[]): void {
  // Nothing is lost in /dev/null.
  if (existsSync(file) && !statSync(file).isFile()) return;
  const place = placeOf(file);
  if (inputs.every((input) => input === undefined || placeOf(input) !== place)) return;
  throw new UserError('usage', `${file} is read, and would be written over: write to another file`);
}

/** `a`, `./a` and a link to it are the same file. */
function placeOf(file: string): string {
  const found = existsSync(file) ? statSync(file) : undefined;
  return found?.isFile() === true ? `${found.dev}:${found.ino}` : resolve(file);
}

/** Why a report cannot be written there; nothing is written yet, for the old report may be one to compare with. */
function placeProblem(file: string): readonly string[] {
  try {
    demandWritable(file);
    return [];
  } catch (error) {
    return [unwritten(file, error)];
  }
}

function unwritten(file: string, error: unknown): string {
  return `cannot write the report to ${file}: ${fileProblem(error)}`;
}

function parseOutput<F extends string>(text: string, formats: readonly F[]): Output<F> {
  const [name = '', ...rest] = text.split('=');
  const format = oneOf('output format', name, formats);
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
 * Writes each output where it goes.
 *
 * @param render makes the text of one, whole or in pieces
 * @throws UserError naming every file that could not be written, once all others are
 */
export function writeOutputs<F extends string>(
  outputs: readonly Output<F>[],
  render: (output: Output<F>, context: RenderContext) => string | Iterable<string>,
  io: Io,
): void {
  const problems: string[] = [];
  for (const output of outputs) {
    const { file } = output;
    if (file === undefined) {
      for (const text of inBlocks(
        render(output, { ...renderContext(), paint: paintFor(io), columns: io.columns }),
      ))
        io.out(text);
      continue;
    }
    try {
      writeInBlocks(file, render(output, renderContext()));
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
      problems.push(unwritten(file, error));
    }
  }
  if (problems.length > 0) throw new UserError('unreadable', problems.join('\n'));
}

/** A small text is a block, and so is what many pieces come to. */
const blockLength = 2 ** 18;

/** The text in pieces that are worth a call each. */
export function* inBlocks(text: string | Iterable<string>): Generator<string, void, undefined> {
  if (typeof text === 'string') {
    yield text;
    return;
  }
  let block = '';
  for (const piece of text) {
    block += piece;
    if (block.length < blockLength) continue;
    yield block;
    block = '';
  }
  yield block;
}

function writeInBlocks(file: string, text: string | Iterable<string>): void {
  const descriptor = openSync(file, 'w');
  try {
    for (const block of inBlocks(text)) writeFileSync(descriptor, block);
  } finally {
    closeSync(descriptor);
  }
}

/** What renderers are told of daygate. */
export function renderContext(): RenderContext {
  return {
    version: daygateVersion(),
    // Few formats ask, and a short run would spend a thirtieth of its time on loading it.
    sha256: (text, encoding) => process.getBuiltinModule('node:crypto').hash('sha256', text, encoding),
  };
}
