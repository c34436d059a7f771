import type { Command } from 'commander';
import { compareTexts } from '../../engine/order.ts';

/** Commands that people see, sorted. */
export function shownCommands(program: Command): readonly Command[] {
  return program.commands
    .filter((command) => !command.name().startsWith('__'))
    .toSorted((a, b) => compareTexts(a.name(), b.name()));
}
