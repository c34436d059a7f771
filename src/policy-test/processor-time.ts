/** Milliseconds of processor time that a call takes, however busy the machine is with something else. */
export function processorMs(call: () => unknown): number {
  const before = process.threadCpuUsage();
  call();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
