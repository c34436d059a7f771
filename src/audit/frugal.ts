import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Keeps the space for new objects small. V8 doubles it as long as a run is busy, up to a hundred mebibytes, which an
 * audit fills with nothing but garbage. Before anything is loaded: it never gives back what it has taken.
 */
export function growSlowly(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

const leastGarbage = 8 * 2 ** 20;

/**
 * Collects garbage whenever so much of it may have come together. Left alone, V8 lets the heap of a run over a large
 * cluster grow to several times what is in use, and the pod that runs it is killed; a collection takes a few
 * hundredths of a second.
 */
export function frugally(): () => void {
  const collect = collector();
  let inUse = heapUsed();
  return () => {
    // A collection takes as long as there is much in use.
    if (heapUsed() < inUse + Math.max(leastGarbage, inUse / 8)) return;
    collect();
    inUse = heapUsed();
  };
}

function heapUsed(): number {
  return getHeapStatistics().used_heap_size;
}

let found: (() => void) | undefined;

/** One for a process: each context that is made to find it stays. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return (found ??= runInNewContext('gc') as () => void);
}
