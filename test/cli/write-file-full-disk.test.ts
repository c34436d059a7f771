import type * as fs from 'node:fs';
import { linkSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { replaceFile } from '../../src/cli/write-file.ts';
import { inFolder } from './run-check.ts';

// Stands in for a disk that is full when the file itself is written: a real one needs a file system of its own.
vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>();
  const writeInto = (...[file, text, options]: Parameters<typeof real.writeFileSync>): void => {
    if (typeof options !== 'object' || options?.flush !== true) {
      real.writeFileSync(file, text, options);
      return;
    }
    real.truncateSync(String(file));
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  };
  return { ...real, writeFileSync: writeInto };
});

it('keeps the text of a file with several names that cannot be written to its end', async () => {
  await inFolder({}, (folder) => {
    const file = join(folder, 'a.yaml');
    writeFileSync(file, 'a: 1\n');
    linkSync(file, join(folder, 'b.yaml'));
    expect(() => replaceFile(file, 'a: 22\n')).toThrow(
      /in the middle of writing: what it was to hold is in /,
    );
    const [draft = ''] = readdirSync(folder).filter((name) => name.endsWith('.daygate'));
    expect(readFileSync(join(folder, draft), 'utf8')).toBe('a: 22\n');
    return Promise.resolve();
  });
});
