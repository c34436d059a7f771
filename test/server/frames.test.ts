import { afterEach, describe, expect, it, vi } from 'vitest';
import { frameReader, kinds, numberFrame, reportSchema, textFrame } from '../../src/server/sandbox/frames.ts';

/** What a reader makes of these bytes when they come in chunks of so many. */
function read(bytes: Buffer, chunkBytes: number): readonly (readonly [number, number, string])[] {
  const frames: [number, number, string][] = [];
  const take = frameReader(({ kind, number, text }) => frames.push([kind, number, text.toString()]));
  for (let at = 0; at < bytes.length; at += chunkBytes) take(bytes.subarray(at, at + chunkBytes));
  return frames;
}

afterEach(() => void vi.restoreAllMocks());

describe('frames', () => {
  it('are put together however their bytes are cut', () => {
    const frames = [numberFrame(kinds.begun, 3), textFrame(kinds.report, 'größer'), numberFrame(kinds.done)];
    const expected = [
      [kinds.begun, 3, ''],
      [kinds.report, 8, 'größer'],
      [kinds.done, 0, ''],
    ];
    for (const chunkBytes of [1, 2, 3, 5, 6, 7, 11, 100])
      expect(read(Buffer.concat(frames), chunkBytes)).toEqual(expected);
  });

  it('that are long are copied once, not with each chunk', () => {
    const frame = textFrame(kinds.report, 'x'.repeat(1_000_000));
    const concat = vi.spyOn(Buffer, 'concat');
    expect(read(frame, 1_000)).toHaveLength(1);
    expect(concat.mock.calls.reduce((sum, [, length]) => sum + (length ?? NaN), 0)).toBe(frame.length);
  });
});

describe('a report', () => {
  it('arrives with the credential that its fingerprint is made of', () => {
    const finding = { message: 'found', at: ['data', 'a'], data: { key: 'a' }, secret: 'made-up' };
    const report = { policy: 'p', findings: [finding], before: [finding], errors: [], skipped: [] };
    expect(reportSchema.parse(report)).toEqual(report);
  });
});
