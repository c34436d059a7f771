/** Puts lines together again that a pipe cut into chunks. */
interface WholeLines {
  readonly take: (chunk: Buffer) => void;
  /** Forgets the line that never came to its end; tells whether there was one. */
  readonly end: () => boolean;
}

// Our longest lines have a few kB: names are cut at 253 characters, and lists name no more than the policies.
const longestLine = 1024 * 1024;
const none = Buffer.alloc(0);

/** Hands on what ends with a line break, and keeps the rest until its end arrives. */
export function wholeLines(put: (lines: Buffer) => void): WholeLines {
  let rest: Buffer = none;
  return {
    take: (chunk) => {
      const end = chunk.lastIndexOf(10) + 1;
      if (end === 0) {
        rest = rest.length + chunk.length > longestLine ? none : Buffer.concat([rest, chunk]);
        return;
      }
      const lines = chunk.subarray(0, end);
      put(rest.length === 0 ? lines : Buffer.concat([rest, lines]));
      rest = end === chunk.length ? none : Buffer.from(chunk.subarray(end));
    },
    end: () => {
      const cut = rest.length > 0;
      rest = none;
      return cut;
    },
  };
}
