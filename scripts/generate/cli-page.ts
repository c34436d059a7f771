import type { Argument, Command, Option } from 'commander';
import { buildProgram } from '../../src/cli/program.ts';
import { pageOf } from '../../src/cli/program/help.ts';
import { placeholderOf } from '../../src/cli/program/placeholders.ts';
import { shownCommands } from '../../src/cli/program/shown-commands.ts';
import { table, withGenerated } from './markdown.ts';

/** docs/cli.md: the reference of the command line. */
export function cliPage(current: string | undefined): string {
  return withGenerated(current, 'the commands', `\n${reference()}\n`);
}

/** The commands as they are described: none of them can be run. */
export function describedProgram(): Command {
  const unused = (): never => {
    throw new Error('a description runs no command');
  };
  return buildProgram({
    io: { out: unused, err: unused, input: unused, now: unused, color: false },
    name: 'daygate',
    environment: {},
    builtIn: unused,
    serve: unused,
    runOnce: unused,
    finish: unused,
  });
}

function reference(): string {
  const program = describedProgram();
  const commands = shownCommands(program);
  return [
    '# The command line',
    `${program.description()} \`daygate help COMMAND\` prints what this page says of a command. Where \`kubectl-daygate\` is on PATH, \`kubectl daygate\` is the same.`,
    table(
      ['Command', 'Does'],
      commands.map((command) => [`[\`${command.name()}\`](#${command.name()})`, command.description()]),
    ),
    '`--no-color` goes with every command, `--help` and `--version` do too. No command starts a pager.',
    ...commands.flatMap(commandPart),
    '## Environment',
    definitions(environment),
    '## Files',
    definitions(files),
  ].join('\n\n');
}

const environment = {
  NO_COLOR: 'set to anything: no colours. `--no-color` does the same.',
  FORCE_COLOR: 'set to anything but `0`: colours, even where the output is no terminal.',
  TERM: '`dumb`: no colours, no progress, and the screen is not cleared.',
  DAYGATE_FINGERPRINT_KEY:
    'the key for fingerprints of credentials, where `--fingerprint-key` names no file.',
};

const files = {
  'daygate.yaml': 'the settings, where `--settings` names no others; looked for in the current folder alone.',
  'daygate-baseline.yaml': 'the usual name of a baseline; under whatever name, none is read as a manifest.',
};

function definitions(terms: Readonly<Record<string, string>>): string {
  return Object.entries(terms)
    .map(([term, meaning]) => `- \`${term}\`: ${meaning}`)
    .join('\n');
}

function commandPart(command: Command): readonly string[] {
  const { notes, examples, exitCodes } = pageOf(command);
  const codes = Object.entries(exitCodes).map(([code, meaning]) => `**${code}** ${withFlags(meaning)}`);
  const takers = [
    ...command.registeredArguments.map((argument) => takerLine(argument.name(), argument)),
    ...command.options
      .toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
      .map((option) => takerLine(option.flags, option)),
  ];
  return [
    `## ${command.name()}`,
    `\`daygate ${command.name()} ${command.usage()}\``,
    sentence(command.description()),
    ...notes.map(withFlags),
    ...(takers.length === 0 ? [] : [takers.join('\n')]),
    `Exit codes: ${codes.join('; ')}.`,
    `\`\`\`sh\n${examples.join('\n')}\n\`\`\``,
  ];
}

/** `--flags` in words stand out as code. */
function withFlags(text: string): string {
  return text.replaceAll(/(?<=^|[\s(])--[a-z][a-z-]*/g, '`$&`');
}

function nameOf({ long, flags }: Option): string {
  return long ?? flags;
}

function takerLine(name: string, taker: Option | Argument): string {
  const { description } = taker;
  const defaultValue: unknown = taker.defaultValue;
  const values =
    placeholderOf(taker)
      ?.values?.({ policies: [], profiles: [] })
      .map(({ text }) => text) ?? [];
  // Where the description names them, they need not be named again.
  const named = values.every((value) => description.includes(value)) ? [] : values;
  return [
    `- \`${name}\`: ${description}`,
    ...(named.length === 0 ? [] : [`one of ${named.map((value) => `\`${value}\``).join(', ')}`]),
    ...(typeof defaultValue === 'string' ? [`default \`${defaultValue}\``] : []),
  ].join('; ');
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
