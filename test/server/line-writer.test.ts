import { execFileSync, spawn } from 'node:child_process';
import { constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { openLineWriter } from '../../src/log/line-writer.ts';
import { wholeLines } from '../../src/log/whole-lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'daygate-lines-'));
afterAll(() => rmSync(folder, { recursive: true }));

const flushed = (writer: ReturnType<typeof openLineWriter>): Promise<void> =>
  new Promise((resolve) => writer.flush(() => resolve()));

function fifo(name: string): { readonly path: string; readonly reader: number } {
  const path = join(folder, name);
  execFileSync('mkfifo', [path]);
  return { path, reader: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK) };
}

/** All that lies in a pipe. */
function drain(reader: number): string {
  const buffer = Buffer.alloc(1 << 20);
  try {
    return buffer.toString('utf8', 0, readSync(reader, buffer));
  } catch {
    return '';
  }
}

describe('lines', () => {
  it('reach a file in order', async () => {
    const path = join(folder, 'log');
    const writer = openLineWriter({ dest: path });
    for (let i = 0; i < 2_000; i++) writer.write(`line ${i}\n`);
    writer.writeWhole(Buffer.from('whole\n'));
    await flushed(writer);
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines).toEqual([...Array.from({ length: 2_000 }, (_, i) => `line ${i}`), 'whole']);
    expect(writer.dropped()).toBe(0);
  });

  it('that nobody reads are dropped by whole lines beyond the bound, and their number is told later', async () => {
    const { path, reader } = fifo('pipe');
    const dest = openSync(path, constants.O_WRONLY);
    const told: number[] = [];
    const writer = openLineWriter({ dest, waitingBytes: 50_000, onWritable: (count) => told.push(count) });
    const line = (i: number): string => `${String(i).padStart(98, '.')}|\n`;
    const written = 5_000;
    for (let i = 0; i < written; i++) {
      writer.write(line(i));
      if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    // A pipe holds 64 KiB.
    await vi.waitFor(() => expect(writer.dropped()).toBeGreaterThan(3_500), 10_000);
    expect(told).toEqual([]);
    let text = '';
    await vi.waitFor(
      () => {
        text += drain(reader);
        expect(told).toEqual([writer.dropped()]);
      },
      { timeout: 5_000, interval: 20 },
    );
    await flushed(writer);
    text += drain(reader);
    const lines = text.split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.every((one) => /^\.+\d+\|$/.test(one) && one.length === 99)).toBe(true);
    expect(lines.length).toBe(written - writer.dropped());
  });

  it('for a full disk cost no more than the bound', async () => {
    const writer = openLineWriter({ dest: '/dev/full', waitingBytes: 10_000 });
    for (let i = 0; i < 1_000; i++) writer.writeWhole(Buffer.from('x'.repeat(99) + '\n'));
    await flushed(writer);
    expect(writer.dropped()).toBe(900);
  });

  it('leave a pipe as it was for others that write to it', async () => {
    // The child has its standard output from this process, which still waits when it is full.
    const code = `
      import { openLineWriter } from ${JSON.stringify(join(import.meta.dirname, '../../src/log/line-writer.ts'))};
      import { readFileSync } from 'node:fs';
      const writer = openLineWriter({ dest: 1 });
      writer.write('a line\\n');
      process.stderr.write(readFileSync('/proc/self/fdinfo/1', 'utf8'));`;
    const shell = spawn('/bin/sh', ['-c', '"$0" --input-type=module -e "$1" | cat', process.execPath, code], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [out, err] = ['', ''];
    shell.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    shell.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    await once(shell, 'close');
    expect(out).toBe('a line\n');
    const flags = parseInt(/flags:\s*(\d+)/.exec(err)?.[1] ?? '', 8);
    expect(flags & constants.O_NONBLOCK).toBe(0);
  });
});

describe('chunks of a pipe', () => {
  it('become whole lines again', () => {
    const got: string[] = [];
    const lines = wholeLines((text) => got.push(text.toString()));
    for (const chunk of ['a', 'b\nc', '\n', 'd\ne\nf', 'é']) lines.take(Buffer.from(chunk));
    expect(got).toEqual(['ab\n', 'c\n', 'd\ne\n']);
    expect([lines.end(), lines.end()]).toEqual([true, false]);
  });
});
