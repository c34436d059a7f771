import type { Command, Help } from 'commander';
import { UserError } from '../../errors.ts';
import { pages, usualExitCodes, type Page } from './pages.ts';

/** Help is read beside an editor, and pasted: no wider than this, however wide the terminal is. */
export const helpWidth = 80;

/** The page of a command. @throws Error for one without: that is a mistake in the sources */
export function pageOf(command: Command): Required<Page> {
  const page = pages[command.name()];
  if (page === undefined) throw new Error(`the command ${command.name()} has no page`);
  return { notes: [], exitCodes: usualExitCodes, ...page };
}

/** Notes, exit codes and examples of a command, by the name under which it was called. */
export function helpAfter(program: string, command: Command, help: Help): string {
  const { notes, exitCodes, examples } = pageOf(command);
  const paragraphs = notes.map((note) => `${help.boxWrap(named(program, note), helpWidth)}\n`);
  const codes = Object.entries(exitCodes).map(([code, meaning]) => `  ${code}  ${meaning}`);
  return [
    '',
    ...paragraphs,
    'Exit codes:',
    ...codes,
    '',
    'Examples:',
    ...examples.map((line) => `  ${named(program, line)}`),
    '',
  ].join('\n');
}

/** What the help of daygate itself ends with. */
export function programHelpAfter(program: string): string {
  const lines = ['daygate check deploy/', 'daygate explain require-memory-limit', 'daygate check --help'];
  return ['', 'Examples:', ...lines.map((line) => `  ${named(program, line)}`), ''].join('\n');
}

/** `daygate check` → `kubectl daygate check`, where daygate is called as a plugin. */
function named(program: string, text: string): string {
  return program === 'daygate'
    ? text
    : text.replaceAll(/(?<!kubectl )(?<![\w/.-])daygate(?= (?!completion)[a-z])/g, program);
}

/**
 * An empty text is a variable that is not set: it would mean nothing, or everything.
 *
 * @throws UserError
 */
export function refuseEmpty(command: Command): void {
  for (const option of command.options) {
    const value: unknown = command.getOptionValue(option.attributeName());
    if (isEmpty(value)) throw empty(option.long ?? option.flags);
  }
  for (const [index, argument] of command.registeredArguments.entries()) {
    if (isEmpty(command.processedArgs[index]))
      throw empty(argument.variadic ? `one of the ${argument.name()}` : `the ${argument.name()}`);
  }
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.some(isEmpty) : typeof value === 'string' && value.trim() === '';
}

function empty(what: string): UserError {
  return new UserError('usage', `${what} is empty: give a value or leave it out (is a variable not set?)`);
}
