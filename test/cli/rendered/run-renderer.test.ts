/** A stand-in for a renderer, for what the real ones do not do when asked: hang, flood, die. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownWords } from '../../../src/cli/rendered/rendering.ts';
import { runRenderer } from '../../../src/cli/rendered/run-renderer.ts';
import { inFolder } from '../run-check.ts';

const run = (script: string, limits = { seconds: 60, mebibytes: 1 }) =>
  inFolder({}, async (folder) => {
    const program = join(folder, 'renderer');
    writeFileSync(program, `#!/bin/sh\n${script}\n`);
    chmodSync(program, 0o755);
    return await runRenderer(program, ['a b', '$(exit 7)'], limits);
  });

describe('runRenderer', () => {
  it('gives the result, and what was complained about', async () => {
    expect(await run('printf "%s|" "$@"; echo careful >&2')).toEqual({
      outcome: 'done',
      output: Buffer.from('a b|$(exit 7)|'),
      complaints: 'careful\n',
    });
  });

  it('gives the words of one that fails, or its code where it says nothing', async () => {
    expect(await run('echo no >&2; exit 3')).toEqual({ outcome: 'failed', complaints: 'no\n' });
    expect(await run('exit 3')).toEqual({ outcome: 'failed', complaints: 'ended with code 3' });
    expect(await run('kill -9 $$')).toEqual({ outcome: 'failed', complaints: 'was ended by SIGKILL' });
  });

  it('ends one that hangs, also where what it started holds on to its output', async () => {
    const result = await run('sleep 20 & sleep 20', { seconds: 0.2, mebibytes: 1 });
    expect(result).toEqual({ outcome: 'stopped', reason: 'no result within 0.2 seconds' });
  });

  it('ends one that floods', async () => {
    const result = await run('while :; do echo 0123456789012345678901234567890123456789; done');
    expect(result).toEqual({ outcome: 'stopped', reason: 'the result is larger than 1 MiB' });
  });

  it('tells one that is missing from one that cannot be run', async () => {
    expect(await runRenderer('daygate-knows-no-such-program', [])).toEqual({ outcome: 'missing' });
    await inFolder({ program: 'text' }, async (folder) => {
      expect(await runRenderer(join(folder, 'program'), [])).toMatchObject({ outcome: 'unusable' });
    });
  });
});

describe('ownWords', () => {
  it('is one line without advice about flags, credentials and what steers a terminal', () => {
    expect(ownWords('Error: a\n\n  b \u001b[31m\n\nUse --debug flag to render out invalid YAML\n')).toBe(
      'a b ?[31m',
    );
    expect(ownWords('cannot reach postgres://shop:correct-horse-battery@db')).not.toContain('correct-horse');
    expect(ownWords('x'.repeat(10_000)).length).toBeLessThanOrEqual(1500);
  });

  it('is the same in every run, without the time and process number that some builds of kubectl write', () => {
    const failed = 'E1122 23:56:40.258874   11576 run.go:72] "command failed" err="no \\"a.yaml\\""\n';
    expect(ownWords(`# Warning: 'bases' is deprecated.\n${failed}`)).toBe(
      `# Warning: 'bases' is deprecated. "command failed" err="no \\"a.yaml\\""`,
    );
  });
});
