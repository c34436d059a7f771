import { existsSync } from 'node:fs';
import { Command } from 'commander';
import type { LibraryOptions } from '../config/library.ts';
import { defaultSettingsFile } from '../config/default-file.ts';
import { daygateVersion } from '../version.ts';
import type { Io } from './io.ts';
import { addAudit } from './program/audit-command.ts';
import { addBreakglass, addCerts } from './program/cluster-commands.ts';
import { settingsOption } from './program/common-options.ts';
import { helpAfter, helpWidth, programHelpAfter, refuseEmpty } from './program/help.ts';
import { addManifestCommands } from './program/manifest-commands.ts';
import { addPolicyCommands } from './program/policy-commands.ts';
import { addMerge, addRollout } from './program/report-commands.ts';
import { addServerCommands } from './program/server-commands.ts';
import { addShellCommands } from './program/shell-commands.ts';
import { shownCommands } from './program/shown-commands.ts';
import type { Surroundings } from './program/surroundings.ts';
import type { Policy } from '#sdk';

const completeCommand = '__complete';

/**
 * All commands. Each loads what it needs when it runs: `check` must not wait for a web server to load.
 *
 * The placeholder of an argument or option says what may stand there: program/placeholders.ts.
 */
export function buildProgram(surroundings: Surroundings): Command {
  const { io, builtIn, name } = surroundings;
  const library = async (options: LibraryOptions): Promise<readonly Policy[]> => {
    const [policies, { readLibrary }] = await Promise.all([builtIn(), import('../config/library.ts')]);
    return readLibrary(policies, options);
  };
  const all = { ...surroundings, library };

  const program = new Command(name)
    .description('Production readiness for Kubernetes: one engine for admission, CI and audit.')
    .version(`daygate ${daygateVersion()}`, '-V, --version', 'print the version')
    .option('--no-color', 'no colours, also not on a terminal')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .configureHelp({ sortSubcommands: true, sortOptions: true, helpWidth })
    .configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.err(text),
      outputError: (text, write) => write(text.replace(/^error:/, 'daygate:')),
    })
    .showHelpAfterError(`(${name} --help tells more)`)
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText('after', () => programHelpAfter(name))
    .addHelpText('after', ({ error, command }) => (error ? unknownCommand(command) : ''))
    .hook('preAction', (_program, command) => {
      if (command.name() === completeCommand) return;
      refuseEmpty(command);
      tellOfOtherName(command, io);
    });

  addManifestCommands(program, all);
  addPolicyCommands(program, all);
  addServerCommands(program, all);
  addAudit(program, surroundings);
  addBreakglass(program, surroundings);
  addCerts(program, surroundings);
  addMerge(program, surroundings);
  addRollout(program, all);

  addShellCommands(program, surroundings, completeCommand);

  for (const command of shownCommands(program)) {
    command.addHelpText('after', () => helpAfter(name, command, program.createHelp()));
    command.showHelpAfterError(`(${name} ${command.name()} --help tells more)`);
  }
  return program;
}

/** What `help` was asked about, where there is no such command: without it the whole help would answer for it. */
function unknownCommand(program: Command): string {
  const [help, wanted] = program.args;
  if (help !== 'help' || wanted === undefined) return '';
  return `daygate: there is no command ${JSON.stringify(wanted)}: those above are all`;
}

const otherSettingsName = 'daygate.yml';

/** A file that looks like settings and is not read is told. */
function tellOfOtherName(command: Command, io: Io): void {
  if (!command.options.includes(settingsOption) || command.getOptionValue('settings') !== undefined) return;
  if (existsSync(defaultSettingsFile) || !existsSync(otherSettingsName)) return;
  io.err(
    `daygate: ${otherSettingsName} is not read: settings are in ${defaultSettingsFile}, or where --settings says\n`,
  );
}
