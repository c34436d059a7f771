import { createHash } from 'node:crypto';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileProblem } from '../errors.ts';

/** What a team's own policies may be made of. */
const isSource = /\.(?:[cm]?[jt]s|json)$/;

/** What lay in some folders. */
interface FolderContents {
  /** The same for the same files with the same contents. */
  readonly digest: string;
  /** The folders with all that are below them and hold files. */
  readonly folders: readonly string[];
}

/** Reads all that policies in these folders may be made of, and files that lie elsewhere; never throws. */
export async function readFolders(
  folders: readonly string[],
  elsewhere: readonly string[],
): Promise<FolderContents> {
  const found = new Set<string>();
  /** Real paths: links may lead in a circle. */
  const read = new Set<string>();
  const lines: string[] = [];
  for (const folder of folders) await walk(folder);
  for (const file of elsewhere) lines.push(`${file} ${await contentDigest(file)}`);
  return { digest: sha256(lines.join('\n')), folders: [...found] };

  async function walk(folder: string): Promise<void> {
    const place = await realpath(folder).catch(() => folder);
    if (read.has(place)) return;
    read.add(place);
    found.add(folder);
    for (const name of await namesIn(folder)) {
      // A ConfigMap's versions lie in folders with a dot, and are read through the links that lead there.
      if (name.startsWith('.') || name === 'node_modules') continue;
      const path = join(folder, name);
      if (isSource.test(name)) lines.push(`${path} ${await contentDigest(path)}`);
      else if (await isFolder(path)) await walk(path);
    }
  }

  async function namesIn(folder: string): Promise<readonly string[]> {
    try {
      return (await readdir(folder)).toSorted();
    } catch (error) {
      lines.push(`${folder} ${fileProblem(error)}`);
      return [];
    }
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

async function contentDigest(file: string): Promise<string> {
  try {
    // Reading a pipe would wait for who writes into it.
    if (!(await stat(file)).isFile()) return 'no file';
    return sha256(await readFile(file));
  } catch (error) {
    return fileProblem(error);
  }
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
