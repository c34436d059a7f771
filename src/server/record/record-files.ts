import { mkdirSync, readdirSync, statSync, accessSync, constants } from 'node:fs';
import { open, readdir, stat, unlink, type FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { compareTexts } from '../../engine/order.ts';
import { codeOf, fileProblem, UserError } from '../../errors.ts';

export interface RecordFilesOptions {
  readonly folder: string;
  /** How much all files of records in the folder may take together. */
  readonly totalBytes: number;
  /** How many processes write there at the same time; 1 unless said otherwise. */
  readonly writers?: number;
}

/** Files of lines, of which the oldest goes when there are too many. Only one call may be under way at a time. */
export interface RecordFiles {
  /** Appends whole lines. What could not be written is lost; the next call begins a new file. */
  append(lines: string): Promise<void>;
  close(): Promise<void>;
}

const fileName = /^reviews-[\w.-]+\.jsonl$/;
/** A folder holds so many files of each writer when it is full: the oldest of them go. */
const parts = 8;

/**
 * Opens a folder for records. Each process writes files of its own there.
 *
 * @throws UserError where the folder cannot be made or written to
 */
export function openRecordFiles({ folder, totalBytes, writers = 1 }: RecordFilesOptions): RecordFiles {
  prepare(folder);
  const partBytes = Math.max(1, Math.floor(totalBytes / (parts * writers)));
  // The files that the others have open may be full by the time that this one is.
  const own = totalBytes - (writers - 1) * partBytes;
  // Containers all have the same process id, and a volume may be shared by several.
  const host = hostname()
    .replace(/[^\w.-]/g, '_')
    .slice(0, 64);
  const prefix = `reviews-${host}-${process.pid}-${Date.now().toString(36)}`;
  let sequence = 0;
  let file: { readonly handle: FileHandle; bytes: number } | undefined;
  const close = async (): Promise<void> => {
    const open = file;
    file = undefined;
    await open?.handle.close();
  };
  const appendBlock = async (block: string): Promise<void> => {
    const length = Buffer.byteLength(block);
    if (file !== undefined && file.bytes + length > partBytes) await close();
    try {
      // Another process that made room, or somebody who took the records away: what follows would be read by nobody.
      if (file !== undefined && (await file.handle.stat()).nlink === 0) await close();
      if (file === undefined) {
        await makeRoom(folder, own - Math.max(partBytes, length));
        const name = `${prefix}-${String(sequence++).padStart(6, '0')}.jsonl`;
        file = { handle: await open(join(folder, name), 'ax', 0o600), bytes: 0 };
      }
      file.bytes += length;
      await file.handle.appendFile(block);
    } catch (error) {
      // A part of a line may have been written: nothing may follow it.
      await close().catch(() => undefined);
      throw error;
    }
  };
  return {
    append: async (lines) => {
      for (const block of blocksOf(lines, partBytes)) await appendBlock(block);
    },
    close,
  };
}

/** Whole lines, as many at a time as take no more than so many bytes; a longer one is alone. */
function* blocksOf(lines: string, mostBytes: number): Generator<string, void, undefined> {
  if (Buffer.byteLength(lines) <= mostBytes) {
    yield lines;
    return;
  }
  let [block, bytes] = ['', 0];
  for (const line of lines.match(/[^\n]*\n/g) ?? []) {
    const length = Buffer.byteLength(line);
    if (block !== '' && bytes + length > mostBytes) {
      yield block;
      [block, bytes] = ['', 0];
    }
    block += line;
    bytes += length;
  }
  yield block;
}

function prepare(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    readdirSync(folder);
    if (!statSync(folder).isDirectory()) throw new Error('is no folder');
    accessSync(folder, constants.W_OK);
  } catch (error) {
    // A disk that is full now need not stay so, and is no reason for a server that does not start.
    if (codeOf(error) === 'ENOSPC') return;
    throw new UserError('unreadable', `--record ${folder}: ${fileProblem(error)}`, folder);
  }
}

/** Removes the oldest files until the rest takes no more than so many bytes. */
async function makeRoom(folder: string, bytes: number): Promise<void> {
  const names = (await readdir(folder)).filter((name) => fileName.test(name));
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      // Another process may have removed it.
      const { size, mtimeMs } = await stat(path).catch(() => ({ size: 0, mtimeMs: 0 }));
      return { path, size, mtimeMs };
    }),
  );
  files.sort((a, b) => a.mtimeMs - b.mtimeMs || compareTexts(a.path, b.path));
  let sum = files.reduce((total, { size }) => total + size, 0);
  for (const { path, size } of files) {
    if (sum <= bytes) return;
    await unlink(path).catch(() => undefined);
    sum -= size;
  }
}
