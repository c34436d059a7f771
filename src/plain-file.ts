import { isUtf8 } from 'node:buffer';
import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, sep } from 'node:path';

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
  demandName(file);
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

/** What Node.js puts for bytes of a name that are not UTF-8. The name may be that of another file. */
const notUtf8 = '\uFFFD';

/** Fails where the name of a file, or of a folder on the way to it, may stand for one that is not UTF-8. */
export function demandName(path: string): void {
  if (!path.includes(notUtf8)) return;
  demandName(dirname(path));
  const name = basename(path);
  const wrong = readdirSync(dirname(path), 'buffer').filter(
    (bytes) => !isUtf8(bytes) && bytes.toString() === name,
  );
  if (wrong.length === 0) return;
  throw new Error(`its name is not UTF-8: rename ${wrong.map(shellWord).join(' and ')}`);
}

/** As bash reads it: `$'caf\xe9.yaml'`. */
function shellWord(name: Buffer): string {
  const escaped = name
    .toString('latin1')
    .replace(/[^\w.-]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `$'${escaped}'`;
}
