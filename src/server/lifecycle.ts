/** What a server is doing with its life. */
interface Lifecycle {
  /** Whether answers tell their callers to go elsewhere next time. */
  isDraining(): boolean;
  /**
   * Ends the server: it says that it is not ready, keeps answering while endpoints are withdrawn, closes each
   * connection with its next answer, waits for what is under way, and ends. Asked twice, it is done once.
   */
  close(): Promise<void>;
}

// Endpoints are withdrawn within some seconds of a pod's end; 8 of terminationGracePeriodSeconds' usual 30 are
// spent on that, and 20 are left for what is under way.
export const defaultDrainSeconds = 8;
export const defaultGraceSeconds = 20;

interface LifecycleOptions {
  /**
   * How long the server keeps answering after it was told to end. Kubernetes takes that long to tell every API
   * server that the pod is gone; calls that come meanwhile must not fail.
   */
  readonly drainMs: number;
  /** How long what is under way may still take after that; terminationGracePeriodSeconds must allow for both. */
  readonly graceMs: number;
  /** Stops listening and closes idle connections; settles when the last connection has ended. */
  readonly stop: () => Promise<void>;
  /** Cuts what is still open. */
  readonly cut: () => void;
}

export function createLifecycle({ drainMs, graceMs, stop, cut }: LifecycleOptions): Lifecycle {
  let closing: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    if (drainMs > 0) await new Promise((resolve) => setTimeout(resolve, drainMs));
    const grace = setTimeout(cut, graceMs);
    await stop();
    clearTimeout(grace);
  };
  return {
    isDraining: () => closing !== undefined,
    close: () => (closing ??= end()),
  };
}

interface SignalOptions {
  readonly exit?: (code: number) => void;
  readonly on?: (signal: NodeJS.Signals, listener: () => void) => void;
  readonly off?: (signal: NodeJS.Signals, listener: () => void) => void;
}

const signals = { SIGTERM: 15, SIGINT: 2 } as const;

/**
 * Ends the process in peace at the first SIGTERM or SIGINT and at once at the second. Returns what takes the
 * listeners away again.
 */
export function closeOnSignals(
  close: () => Promise<void>,
  {
    exit = (code) => process.exit(code),
    on = (signal, listener) => process.on(signal, listener),
    off = (signal, listener) => process.off(signal, listener),
  }: SignalOptions = {},
): () => void {
  let asked = false;
  const listeners = Object.entries(signals).map(([name, number]) => {
    const listener = (): void => {
      // 128 + the signal is what a shell reports of a process that a signal ended.
      if (asked) exit(128 + number);
      asked = true;
      void close().then(
        () => exit(0),
        () => exit(1),
      );
    };
    return [name as NodeJS.Signals, listener] as const;
  });
  for (const [signal, listener] of listeners) on(signal, listener);
  return () => {
    for (const [signal, listener] of listeners) off(signal, listener);
  };
}
