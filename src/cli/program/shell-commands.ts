import type { Command } from 'commander';
import { daygateVersion } from '../../version.ts';
import { shells } from '../completion/shells.ts';
import type { Surroundings } from './surroundings.ts';

/** @param completeCommand what the scripts call, and kubectl */
export function addShellCommands(
  program: Command,
  { io, finish, builtIn }: Surroundings,
  completeCommand: string,
): void {
  program
    .command('completion')
    .description('print the script that completes command lines in a shell')
    .argument('<shell>', 'bash, zsh or fish')
    .action(async (shell: string) => {
      const [{ completionScript }, { oneOf }] = await Promise.all([
        import('../completion/script.ts'),
        import('../one-of.ts'),
      ]);
      io.out(completionScript(oneOf('script for the shell', shell, shells)));
      finish(0);
    });

  program
    .command('version')
    .description('print the version')
    .action(() => {
      io.out(`daygate ${daygateVersion()}\n`);
      finish(0);
    });

  // What the scripts call, and kubectl. It says nothing of mistakes: the line is not finished yet.
  program
    .command(completeCommand, { hidden: true })
    .argument('[words...]')
    .helpOption(false)
    .action(async (words: readonly string[]) => {
      const [{ completionLines }, { knownHere }] = await Promise.all([
        import('../completion/complete.ts'),
        import('../completion/known.ts'),
      ]);
      io.out(completionLines(program, words, await knownHere(await builtIn())));
    });
}
