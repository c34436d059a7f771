/** Preloaded into a process under test: names every file that is read synchronously. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { readFileSync } = fs;
fs.readFileSync = ((...args: Parameters<typeof readFileSync>) => {
  process.stderr.write(`read ${String(args[0])}\n`);
  return readFileSync(...args);
}) as typeof readFileSync;
syncBuiltinESMExports();
