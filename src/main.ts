import { enableCompileCache } from 'node:module';
import { CommanderError } from 'commander';
import { processIo } from './cli/io.ts';
import { buildProgram } from './cli/program.ts';
import { errorCodes, messageOf, UserError } from './errors.ts';

// Compiled code is kept between runs: half of what a short `check` takes would be compiling.
enableCompileCache();

const io = processIo(process.argv.includes('--no-color') ? false : undefined);

const program = buildProgram({
  io,
  environment: process.env,
  builtIn: async () => (await import('../policies/index.ts')).policies,
  serve: async (options, policies) => {
    const { serveCommand } = await import('./serve-command.ts');
    await serveCommand(options, policies);
  },
  finish: (code) => {
    process.exitCode = code;
  },
});

function report(error: unknown): number {
  if (error instanceof UserError) {
    io.err(`daygate: ${error.message}\n`);
    return errorCodes[error.code].exit;
  }
  // commander has already printed its message; help and version are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : errorCodes.usage.exit;
  io.err(
    `daygate: a fault of daygate, please report it: ${error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}\n`,
  );
  return errorCodes.internal.exit;
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
