import type { Argument, Command, Option } from 'commander';
import { compareTexts } from '../../engine/order.ts';
import { placeholderOf, type Known, type Placeholder } from '../program/placeholders.ts';
import { shownCommands } from '../program/shown-commands.ts';

/** What a shell does with what it is given, as Cobra's programs say it and kubectl reads it. */
export const directives = { files: 0, done: 4, unfinished: 6, folders: 16 } as const;

interface Candidate {
  readonly text: string;
  readonly note?: string | undefined;
}

interface Completion {
  readonly candidates: readonly Candidate[];
  readonly directive: number;
}

const none: Completion = { candidates: [], directive: directives.done };

/**
 * What could stand at the end of a command line: `text<TAB>note` lines, and at last a colon with the directive.
 *
 * @param words what was typed behind the name of the program; the last one, which may be empty, is to be completed
 */
export function completionLines(program: Command, words: readonly string[], known: Known): string {
  const { candidates, directive } = complete(program, words, known);
  const lines = candidates.map(({ text, note }) =>
    note === undefined ? text : `${text}\t${note.replaceAll(/\s+/g, ' ')}`,
  );
  return [...lines, `:${directive}`, ''].join('\n');
}

function complete(program: Command, words: readonly string[], known: Known): Completion {
  const current = words.at(-1) ?? '';
  const earlier = words.slice(0, -1);
  const at = earlier.findIndex((word) => !word.startsWith('-'));
  if (at === -1) return matching(current, [...optionsOf(program, current, []), ...commandsOf(program)]);
  const name = earlier[at];
  const typed = earlier.slice(at + 1);
  if (name === 'help') return typed.length > 0 ? none : matching(current, commandsOf(program));
  const command = shownCommands(program).find((one) => one.name() === name);
  if (command === undefined) return none;
  const { waiting, used, positions, isClosed } = readTyped(command, typed);
  if (waiting !== undefined) return valuesFor(waiting, current, '', known);
  if (isClosed || !current.startsWith('-') || current === '-') {
    const own = current === '-' && !isClosed ? optionsOf(command, '-', used) : [];
    const argument = argumentAt(command, positions);
    if (own.length > 0) return matching(current, own);
    return argument === undefined ? none : valuesFor(argument, current, '', known);
  }
  const [, flag = '', value] = /^(--[^=]+)=(.*)$/s.exec(current) ?? [];
  if (value === undefined) return matching(current, optionsOf(command, current, used));
  const option = optionNamed(command, flag);
  return option === undefined ? none : valuesFor(option, value, `${flag}=`, known);
}

interface Typed {
  /** An option whose value comes next. */
  readonly waiting: Option | undefined;
  readonly used: readonly Option[];
  /** How many arguments there are already. */
  readonly positions: number;
  /** Whether `--` has ended the options. */
  readonly isClosed: boolean;
}

function readTyped(command: Command, words: readonly string[]): Typed {
  let waiting: Option | undefined;
  let [positions, isClosed] = [0, false];
  const used: Option[] = [];
  for (const word of words) {
    if (waiting !== undefined) waiting = undefined;
    else if (isClosed || !word.startsWith('-') || word === '-') positions++;
    else if (word === '--') isClosed = true;
    else {
      const option = optionNamed(command, word.split('=')[0] ?? '');
      if (option === undefined) continue;
      used.push(option);
      if (option.required && !word.includes('=')) waiting = option;
    }
  }
  return { waiting, used, positions, isClosed };
}

function optionNamed(command: Command, flag: string): Option | undefined {
  return [...command.options, ...(command.parent?.options ?? [])].find(
    ({ long, short }) => long === flag || short === flag,
  );
}

function argumentAt({ registeredArguments }: Command, position: number): Argument | undefined {
  const last = registeredArguments.at(-1);
  return registeredArguments[position] ?? (last?.variadic === true ? last : undefined);
}

function commandsOf(program: Command): readonly Candidate[] {
  return [
    ...shownCommands(program).map((command) => ({ text: command.name(), note: command.description() })),
    { text: 'help', note: 'help for a command' },
  ];
}

/** Options that can still be given; those that say they can be repeated, again. */
function optionsOf(command: Command, current: string, used: readonly Option[]): readonly Candidate[] {
  if (!current.startsWith('-')) return [];
  const left = command.options.filter((option) => !used.includes(option) || option.parseArg !== undefined);
  return [
    ...left.map(({ long, flags, description }) => ({ text: long ?? flags, note: description })),
    { text: '--help', note: 'help' },
  ].sort((a, b) => compareTexts(a.text, b.text));
}

function valuesFor(taker: Option | Argument, current: string, before: string, known: Known): Completion {
  const placeholder = placeholderOf(taker) ?? {};
  // Of `json=report.json`, what comes behind the format is a file.
  if (placeholder.files !== undefined && current.includes('='))
    return { ...none, directive: directives.files };
  const listed = placeholder.isList === true ? current.slice(0, current.lastIndexOf(',') + 1) : '';
  const taken = new Set(listed.split(','));
  const values = placeholder.values?.(known).filter(({ text }) => !taken.has(text)) ?? [];
  return matching(
    before + current,
    values.map((value) => ({ ...value, text: `${before}${listed}${value.text}` })),
    placeholder,
  );
}

function matching(
  current: string,
  values: readonly Candidate[],
  { files, isBeginning, values: own }: Placeholder = { values: () => [] },
): Completion {
  const candidates = values.filter(({ text }) => text.startsWith(current));
  if (files !== undefined && own === undefined) return { candidates, directive: directives[files] };
  return { candidates, directive: isBeginning === true ? directives.unfinished : directives.done };
}
