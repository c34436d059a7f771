interface TimeLimit {
  /** Given up, because of time or because it was told to. */
  readonly signal: AbortSignal;
  readonly isOver: () => boolean;
  /** What it was for has ended. */
  readonly end: () => void;
}

/** Unlike AbortSignal.any, it leaves nothing behind with a signal that lives as long as the process. */
export function timeLimit(ms: number, outer: AbortSignal | undefined): TimeLimit {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    abort();
  }, ms).unref();
  if (outer?.aborted === true) abort();
  else outer?.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    isOver: () => isOver,
    end: () => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', abort);
    },
  };
}

/** The program that a kubeconfig gets its token from may wait for somebody at a keyboard. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
    work.then(resolve, reject);
  });
}
