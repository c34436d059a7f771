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
