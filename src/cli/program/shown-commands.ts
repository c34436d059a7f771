import type { Command } from 'commander';

/** Commands that people see, sorted. */
export function shownCommands(program: Command): readonly Command[] {
  return program.commands
    .filter((command) => !command.name().startsWith('__'))
    .toSorted((a, b) => (a.name() < b.name() ? -1 : 1));
}
