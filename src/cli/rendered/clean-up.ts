const signals = ['SIGINT', 'SIGTERM'] as const;

/** Of everything that is under way. */
const cleanUps = new Set<() => void>();

/**
 * Does a piece of work, and then takes away what it leaves behind, also where a signal ends daygate meanwhile.
 *
 * @param cleanUp a function of its own for each piece of work
 */
export async function withCleanUp<T>(cleanUp: () => void, work: () => Promise<T>): Promise<T> {
  // One listener for all: Node.js warns of more than ten.
  if (cleanUps.size === 0) listen('on');
  cleanUps.add(cleanUp);
  try {
    return await work();
  } finally {
    cleanUps.delete(cleanUp);
    if (cleanUps.size === 0) listen('off');
    cleanUp();
  }
}

function listen(how: 'on' | 'off'): void {
  process[how]('exit', cleanUpAll);
  for (const signal of signals) process[how](signal, leave);
}

function cleanUpAll(): void {
  for (const cleanUp of cleanUps) cleanUp();
}

/** 128 + the signal is what a shell reports of a process that a signal ended. */
function leave(_name: NodeJS.Signals, number: number): void {
  process.exit(128 + number);
}
