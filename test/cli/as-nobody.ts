const isRoot = process.getuid?.() === 0;

/** Runs something as somebody whom the permissions of files bind; root is bound by none. */
export async function asNobody<T>(run: () => T | Promise<T>): Promise<T> {
  if (isRoot) process.seteuid?.(65534);
  try {
    return await run();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}
