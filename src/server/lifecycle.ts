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
