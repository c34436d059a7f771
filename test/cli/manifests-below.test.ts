import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asNobody } from './as-nobody.ts';
import { inFolder, runCheck, type JsonOutput } from './run-check.ts';

const pod = `apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop }
spec: { containers: [{ name: web, image: web:latest }] }
`;

/** Exit code and JSON of a check of the folder, errors as text, with places as seen from the folder. */
async function checkFolder(folder: string, named = folder) {
  const { code, out } = await runCheck([named], { output: ['json'], only: ['forbid-latest-tag'] });
  const { errors, findings, coverage } = JSON.parse(out) as JsonOutput;
  const placed = ({ file = '', message }: { readonly file?: string; readonly message: string }): string =>
    `${resolve(file).slice(folder.length + 1)}: ${message}`;
  return {
    code,
    errors: errors.map(placed),
    files: findings.map(({ file }) => resolve(file).slice(folder.length + 1)),
    coverage,
  };
}

describe('a folder', () => {
  it('names the folders in it that it may not read', async () => {
    await inFolder({ 'web.yaml': pod, 'closed/a.yaml': pod, 'open/b.yaml': pod }, async (folder) => {
      for (const place of [folder, join(folder, 'open')]) chmodSync(place, 0o755);
      chmodSync(join(folder, 'closed'), 0o000);
      const { code, errors, files } = await asNobody(() => checkFolder(folder));
      chmodSync(join(folder, 'closed'), 0o755);
      expect(errors).toEqual(['closed: permission denied']);
      expect(files).toEqual(['open/b.yaml', 'web.yaml']);
      expect(code).toBe(2);
    });
  });

  it('names the files in it whose names it may read and nothing else', async () => {
    await inFolder({ 'listed/a.yaml': pod, 'listed/b.yaml': pod }, async (folder) => {
      chmodSync(folder, 0o755);
      chmodSync(join(folder, 'listed'), 0o444);
      const { code, errors } = await asNobody(() => checkFolder(folder));
      chmodSync(join(folder, 'listed'), 0o755);
      expect(errors).toEqual(['listed/a.yaml: permission denied', 'listed/b.yaml: permission denied']);
      expect(code).toBe(2);
    });
  });

  it('names links in it that lead nowhere, or in a circle, and pipes', async () => {
    await inFolder({ 'web.yaml': pod }, async (folder) => {
      symlinkSync('gone.yaml', join(folder, 'link.yaml'));
      symlinkSync('gone', join(folder, 'notes.txt'));
      symlinkSync('round.yaml', join(folder, 'round.yaml'));
      execFileSync('mkfifo', [join(folder, 'pipe.yaml')]);
      const { code, errors, files } = await checkFolder(folder);
      expect(errors).toEqual([
        'link.yaml: no such file or folder',
        'pipe.yaml: is a named pipe, and only files are read: write what it gives into one',
        'round.yaml: its symbolic links lead in a circle',
      ]);
      expect(files).toEqual(['web.yaml']);
      expect(code).toBe(2);
    });
  });

  it('is read once, however many links lead to it', async () => {
    await inFolder({ 'app/web.yaml': pod, 'app-data/b.yaml': pod, 'other/c.yaml': pod }, async (folder) => {
      symlinkSync('..', join(folder, 'app/up'));
      symlinkSync('../app', join(folder, 'app/itself'));
      symlinkSync('../app-data', join(folder, 'app/data'));
      mkdirSync(join(folder, 'a'));
      symlinkSync('../other', join(folder, 'a/link'));
      const { code, files, coverage } = await checkFolder(folder);
      expect(files).toEqual(['app-data/b.yaml', 'app/web.yaml', 'other/c.yaml']);
      expect(coverage.files).toBe(3);
      expect(code).toBe(1);
    });
  });

  it('is searched where links lead out of it', async () => {
    await inFolder({ 'deploy/web.yaml': pod, 'elsewhere/b.yaml': pod }, async (folder) => {
      symlinkSync('../elsewhere', join(folder, 'deploy/more'));
      const { files } = await checkFolder(join(folder, 'deploy'));
      expect(files).toEqual(['more/b.yaml', 'web.yaml']);
    });
  });

  it('is searched without what begins with a dot and without node_modules', async () => {
    const hidden = { '.git/a.yaml': pod, '.x.yaml': pod, 'node_modules/a/b.yaml': pod };
    await inFolder({ 'web.yaml': pod, 'README.md': '', ...hidden }, async (folder) => {
      expect((await checkFolder(folder)).files).toEqual(['web.yaml']);
    });
  });
});

describe('a pattern', () => {
  it('names the folders that it may not read, where files could match in them', async () => {
    const files = { 'web.yaml': pod, 'closed/a.yaml': pod, 'open/b.yaml': pod, 'other/c.yaml': pod };
    await inFolder(files, async (folder) => {
      for (const place of [folder, join(folder, 'open')]) chmodSync(place, 0o755);
      for (const name of ['closed', 'other']) chmodSync(join(folder, name), 0o000);
      const all = await asNobody(() => checkFolder(folder, `${folder}/**/*.yaml`));
      const some = await asNobody(() => checkFolder(folder, `${folder}/{open,other}/*.yaml`));
      const closed = await asNobody(() => checkFolder(folder, `${folder}/closed/*.yaml`));
      for (const name of ['closed', 'other']) chmodSync(join(folder, name), 0o755);
      expect(all.errors).toEqual(['closed: permission denied', 'other: permission denied']);
      expect(all.files).toEqual(['open/b.yaml', 'web.yaml']);
      expect(all.code).toBe(2);
      expect(some).toMatchObject({ code: 2, errors: ['other: permission denied'], files: ['open/b.yaml'] });
      expect(closed).toMatchObject({ code: 2, errors: ['closed: permission denied'], files: [] });
    });
  });

  it('names links that lead nowhere, or in a circle, and pipes, where their names match', async () => {
    await inFolder({ 'web.yaml': pod }, async (folder) => {
      symlinkSync('gone.yaml', join(folder, 'link.yaml'));
      symlinkSync('gone', join(folder, 'notes.txt'));
      symlinkSync('round.yaml', join(folder, 'round.yaml'));
      execFileSync('mkfifo', [join(folder, 'pipe.yaml')]);
      const { code, errors, files } = await checkFolder(folder, `${folder}/*.yaml`);
      expect(errors).toEqual([
        'link.yaml: no such file or folder',
        'pipe.yaml: is a named pipe, and only files are read: write what it gives into one',
        'round.yaml: its symbolic links lead in a circle',
      ]);
      expect(files).toEqual(['web.yaml']);
      expect(code).toBe(2);
    });
  });

  it('that begins with a folder that is not there matches nothing', async () => {
    await inFolder({ 'web.yaml': pod }, async (folder) => {
      const { code, errors } = await checkFolder(folder, `${folder}/gone/*.yaml`);
      expect(errors).toEqual(['gone/*.yaml: no file matches this pattern']);
      expect(code).toBe(2);
    });
  });
});

describe('a name that is not UTF-8', () => {
  const inBytes = (folder: string, name: string): Buffer =>
    Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name, 'latin1')]);
  const cafe = "caf\ufffd.yaml: its name is not UTF-8: rename $'caf\\xe9.yaml'";

  it('is named as a shell writes it, and not taken for another that looks the same', async () => {
    await inFolder({ 'web.yaml': pod }, async (folder) => {
      writeFileSync(inBytes(folder, 'caf\xe9.yaml'), pod);
      for (const named of [folder, `${folder}/*.yaml`]) {
        const { code, errors, files } = await checkFolder(folder, named);
        expect(errors).toEqual([cafe]);
        expect(files).toEqual(['web.yaml']);
        expect(code).toBe(2);
      }
      writeFileSync(join(folder, 'caf\ufffd.yaml'), pod);
      for (const named of [folder, `${folder}/*.yaml`, join(folder, 'caf\ufffd.yaml')])
        expect(await checkFolder(folder, named)).toMatchObject({ code: 2, errors: [cafe] });
    });
  });

  it('may be that of a folder', async () => {
    await inFolder({ 'web.yaml': pod }, async (folder) => {
      mkdirSync(inBytes(folder, 'caf\xe9'));
      writeFileSync(inBytes(folder, 'caf\xe9/a.yaml'), pod);
      const said = "its name is not UTF-8: rename $'caf\\xe9'";
      for (const named of [folder, `${folder}/**/*.yaml`])
        expect(await checkFolder(folder, named)).toMatchObject({
          code: 2,
          errors: [`caf\ufffd: ${said}`],
          files: ['web.yaml'],
        });
      expect(await checkFolder(folder, `${folder}/caf\ufffd/a.yaml`)).toMatchObject({
        code: 2,
        errors: [`caf\ufffd/a.yaml: ${said}`],
      });
    });
  });

  it('steers no terminal and closes no quotes', async () => {
    await inFolder({}, async (folder) => {
      writeFileSync(inBytes(folder, "\xff\x1b[31m';rm -rf.\n.yaml"), pod);
      const { errors } = await checkFolder(folder);
      expect(errors[0]).toContain("rename $'\\xff\\x1b\\x5b31m\\x27\\x3brm\\x20-rf.\\x0a.yaml'");
    });
  });

  it('may be that of a character that stands for one', async () => {
    await inFolder({ 'caf\ufffd.yaml': pod }, async (folder) => {
      expect(await checkFolder(folder)).toMatchObject({ errors: [], files: ['caf\ufffd.yaml'] });
    });
  });
});
