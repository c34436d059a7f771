import { setImmediate as turn } from 'node:timers/promises';

const signals = ['SIGINT', 'SIGTERM'] as const;

/**
 * Does a piece of work for each item. A signal ends it between two of them and not in the middle of one: what is done is
 * done whole, and nothing lies about. Returns what a shell reports of a program that the signal ended, if one did.
 */
export async function oneByOne<T>(items: readonly T[], work: (item: T) => void): Promise<number | undefined> {
  let ended: number | undefined;
  const end = (_name: NodeJS.Signals, number: number): void => {
    ended = 128 + number;
  };
  for (const signal of signals) process.on(signal, end);
  try {
    for (const item of items) {
      // Signals come in only while nothing runs.
      await turn();
      if (ended !== undefined) break;
      work(item);
    }
    return ended;
  } finally {
    for (const signal of signals) process.off(signal, end);
  }
}
