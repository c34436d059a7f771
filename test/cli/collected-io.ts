/** What a command writes to standard output, kept; the rest of its surroundings is empty. */
export function collectedIo(now: number) {
  let out = '';
  const io = {
    out: (text: string) => void (out += text),
    err: () => undefined,
    input: () => Promise.resolve(new Uint8Array()),
    color: false,
    now: () => now,
  };
  return { io, out: () => out };
}
