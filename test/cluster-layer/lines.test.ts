import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesOf } from '../../src/cluster/lines.ts';

async function* chunks(bytes: Uint8Array, sizes: readonly number[]): AsyncIterable<Uint8Array> {
  let from = 0;
  for (const size of sizes) {
    yield await Promise.resolve(bytes.slice(from, from + size));
    from += size;
  }
  yield bytes.slice(from);
}

async function read(text: string, sizes: readonly number[], longest = 1_000): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of linesOf(chunks(new TextEncoder().encode(text), sizes), longest)) lines.push(line);
  return lines;
}

describe('lines of a stream', () => {
  it('are the same wherever it is cut, in the middle of a character too', async () => {
    const texts = fc.array(fc.string({ unit: 'binary', maxLength: 9 }).map((text) => text.replaceAll('\n', '')), {
      minLength: 1,
    }); // prettier-ignore
    await fc.assert(
      fc.asyncProperty(texts, fc.array(fc.nat(7)), async (lines, sizes) => {
        // A mark at the very beginning of a text is no character of it.
        const own = lines.map((line) => `${line}|`);
        expect(await read(own.map((line) => `${line}\n`).join(''), sizes)).toEqual(own.map((line, index) => (index === 0 ? line.replace(/^\uFEFF/, '') : line))); // prettier-ignore
      }),
    );
  });

  it('need no end', async () => {
    expect(await read('a\nb', [])).toEqual(['a', 'b']);
    expect(await read('', [])).toEqual([]);
  });

  it('are refused where one never ends', async () => {
    await expect(read(`a\n${'b'.repeat(2_000)}`, [100, 1_500])).rejects.toThrow(
      'longer than 1000 characters',
    );
  });
});
