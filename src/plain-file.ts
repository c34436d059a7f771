import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, sep } from 'node:path';

/** What is read though it is no file: nothing, and pipes that whoever started daygate has opened: `check <(helm …)`. */
const given = /^\/dev\/(?:null|stdin|fd\/\d+)$/;

/** Whoever reads a pipe again finds it empty: settings, for one, are read before policies and after them. */
const alreadyRead = new Map<string, Buffer>();

/** Reads a file at once. Fails as the file system does, and where it is no file, for that may have no end or never begin. */
export function readPlainFile(file: string): Buffer {
  demandPlainFile(file);
  if (!given.test(file)) return readFileSync(file);
  const content = alreadyRead.get(file) ?? readFileSync(file);
  alreadyRead.set(file, content);
  return content;
}

/** Fails where a name is that of a pipe, a socket or a device; a folder is left to whoever reads. */
export function demandPlainFile(file: string): void {
  const found = statSync(file);
  if (found.isFile() || found.isDirectory() || given.test(file)) return;
  const kind = found.isFIFO() ? 'named pipe' : found.isSocket() ? 'socket' : 'device';
  throw new Error(`is a ${kind}, and only files are read: write what it gives into one`);
}

/** Fails as the file system does where a file can neither be written nor made; touches nothing. */
export function demandWritable(file: string): void {
  if (!existsSync(file)) accessSync(dirname(file) + sep, constants.W_OK | constants.X_OK);
  else if (statSync(file).isDirectory()) throw new Error('is a folder');
  else accessSync(file, constants.W_OK);
}
