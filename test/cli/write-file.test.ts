import {
  chmodSync,
  chownSync,
  linkSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { replaceFile } from '../../src/cli/write-file.ts';
import { asNobody } from './as-nobody.ts';
import { inFolder } from './run-check.ts';

const isRoot = process.getuid?.() === 0;

describe('replacing a file', () => {
  it('leaves a change alone that somebody else made meanwhile', async () => {
    await inFolder({ 'a.yaml': 'new: 1\n' }, (folder) => {
      const file = join(folder, 'a.yaml');
      expect(() => replaceFile(file, 'old: 2\n', 'old: 1\n')).toThrow('it was changed meanwhile');
      expect(readFileSync(file, 'utf8')).toBe('new: 1\n');
      expect(readdirSync(folder)).toEqual(['a.yaml']);
      return Promise.resolve();
    });
  });

  it('takes it for done where the file says already what it is to say: it may be named twice', async () => {
    await inFolder({ 'a.yaml': 'a: 1\n' }, (folder) => {
      const [file, link] = [join(folder, 'a.yaml'), join(folder, 'link.yaml')];
      symlinkSync(file, link);
      for (const name of [file, link]) replaceFile(name, 'a: 2\n', 'a: 1\n');
      expect(readFileSync(link, 'utf8')).toBe('a: 2\n');
      return Promise.resolve();
    });
  });

  it('does not touch a file that is write-protected, or lies in such a folder', async () => {
    await inFolder({ 'a.yaml': 'a: 1\n' }, async (folder) => {
      const file = join(folder, 'a.yaml');
      chmodSync(folder, 0o777);
      chmodSync(file, 0o444);
      const refused = (): void => expect(() => replaceFile(file, 'a: 2\n')).toThrow('EACCES');
      await asNobody(refused);
      chmodSync(file, 0o666);
      chmodSync(folder, 0o555);
      await asNobody(refused);
      chmodSync(folder, 0o777);
      expect(readFileSync(file, 'utf8')).toBe('a: 1\n');
      expect(readdirSync(folder)).toEqual(['a.yaml']);
    });
  });

  it('keeps mode and owner', async () => {
    await inFolder({ 'a.yaml': 'a: 1\n' }, (folder) => {
      const file = join(folder, 'a.yaml');
      if (isRoot) chownSync(file, 1234, 1234);
      chmodSync(file, 0o2640);
      const before = statSync(file);
      replaceFile(file, 'a: 2\n');
      const { uid, gid, mode, ino } = statSync(file);
      expect({ uid, gid, mode }).toEqual({ uid: before.uid, gid: before.gid, mode: before.mode });
      expect(ino).not.toBe(before.ino);
      return Promise.resolve();
    });
  });

  it('is seen under every name of the file', async () => {
    await inFolder({ 'a.yaml': 'a: 1\n' }, (folder) => {
      const [file, other] = [join(folder, 'a.yaml'), join(folder, 'b.yaml')];
      linkSync(file, other);
      for (const name of [file, other]) replaceFile(name, 'a: 22\n', 'a: 1\n');
      expect(statSync(file).ino).toBe(statSync(other).ino);
      expect(readFileSync(other, 'utf8')).toBe('a: 22\n');
      expect(readdirSync(folder)).toEqual(['a.yaml', 'b.yaml']);
      return Promise.resolve();
    });
  });

  it('is not held up by the draft of a process with the same number that was ended in the middle', async () => {
    await inFolder({ 'a.yaml': 'a: 1\n' }, (folder) => {
      const draft = `.a.yaml.${process.pid}.daygate`;
      writeFileSync(join(folder, draft), 'of somebody');
      replaceFile(join(folder, 'a.yaml'), 'a: 2\n');
      expect(readFileSync(join(folder, 'a.yaml'), 'utf8')).toBe('a: 2\n');
      expect(readFileSync(join(folder, draft), 'utf8')).toBe('of somebody');
      return Promise.resolve();
    });
  });

  it('takes a name as long as the file system does', async () => {
    const name = `${'ä'.repeat(125)}.yaml`;
    await inFolder({ [name]: 'a: 1\n' }, (folder) => {
      replaceFile(join(folder, name), 'a: 2\n');
      expect(readFileSync(join(folder, name), 'utf8')).toBe('a: 2\n');
      expect(readdirSync(folder)).toEqual([name]);
      return Promise.resolve();
    });
  });
});
