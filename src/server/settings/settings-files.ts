import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { glob } from 'tinyglobby';
import { fileProblem } from '../../errors.ts';

/** What a team's own policies may be made of. */
const patterns = ['**/*.{ts,mts,cts,js,mjs,cjs,json}'];
const ignored = ['**/node_modules/**'];

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
  const found = new Set(folders);
  const lines: string[] = [];
  const note = async (file: string): Promise<void> => {
    lines.push(`${file} ${await contentDigest(file)}`);
  };
  for (const folder of folders) {
    try {
      const names = await glob(patterns, { cwd: folder, ignore: ignored });
      for (const name of names.toSorted()) {
        const file = join(folder, name);
        found.add(dirname(file));
        await note(file);
      }
    } catch (error) {
      lines.push(`${folder} ${fileProblem(error)}`);
    }
  }
  for (const file of elsewhere) await note(file);
  return { digest: sha256(lines.join('\n')), folders: [...found] };
}

async function contentDigest(file: string): Promise<string> {
  try {
    return sha256(await readFile(file));
  } catch (error) {
    return fileProblem(error);
  }
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
