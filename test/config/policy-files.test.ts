import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFolders } from '../../src/config/policy-files.ts';

describe('the folders of a team', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'daygate-folders-'));
    for (const name of ['a', 'b']) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'a/policy.ts'), 'export default 1;');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are read once, however many links lead up again', async () => {
    for (const link of ['a/1', 'a/2', 'a/3', 'b/1', 'b/2', 'b/3']) symlinkSync('..', join(folder, link));
    const { folders } = await readFolders([folder], []);
    expect(folders).toEqual([folder, join(folder, 'a'), join(folder, 'b')]);
  });

  it('are told apart by what is in them, behind links too', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'daygate-folders-'));
    writeFileSync(join(elsewhere, 'severity.ts'), 'export const severity = 1;');
    symlinkSync(elsewhere, join(folder, 'b/lib'));
    const { digest } = await readFolders([folder], []);
    expect((await readFolders([folder], [])).digest).toBe(digest);
    writeFileSync(join(elsewhere, 'severity.ts'), 'export const severity = 2;');
    expect((await readFolders([folder], [])).digest).not.toBe(digest);
    rmSync(elsewhere, { recursive: true });
    expect((await readFolders([join(folder, 'gone')], [])).digest).not.toBe(digest);
  });
});
