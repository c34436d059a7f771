import { setImmediate as turn } from 'node:timers/promises';

const signals = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Does a piece of work for each item. A signal ends it between two of them and not in the middle of one: what is done is
 * done whole, and nothing lies about. Returns what a shell reports of a program that the signal ended, if one did.
 */
export async function oneByOne<T>(items: readonly T[], work: (item: T) => void): Promise<number | undefined> {
  let ended: number | undefined;
  const listeners = Object.entries(signals).map(
    ([signal, code]) => [signal, () => void (ended = code)] as const,
  );
  for (const [signal, listener] of listeners) process.on(signal, listener);
  try {
    for (const item of items) {
      // Signals come in only while nothing runs.
      await turn();
      if (ended !== undefined) break;
      work(item);
    }
    return ended;
  } finally {
    for (const [signal, listener] of listeners) process.off(signal, listener);
  }
}
