import type { Worker } from 'node:cluster';

/** What node:cluster says to a worker: here is a connection (`seq` is its number) … */
interface HandOver {
  readonly cmd: 'NODE_CLUSTER';
  readonly act: 'newconn';
  readonly seq: number;
}

/** … and what it hears: `ack` is the number, and `accepted` whether the connection was taken. */
interface Acknowledgement {
  readonly ack?: number;
}

/**
 * Gives connections to other workers that a worker was handed but had not taken when it ended. node:cluster forgets
 * them: they stay open without anybody who answers, and an API server waits for its whole time-out. As far as cluster
 * knows, the worker declined them, as one does that is closing. This speaks cluster's own protocol, which is not
 * documented; were it to change, nothing would match here, and a test would tell.
 */
export function saveConnections({ process: child }: Worker): void {
  const handed = new Set<number>();
  const send = child.send.bind(child) as (...all: readonly unknown[]) => boolean;
  child.send = (message: unknown, ...rest: readonly unknown[]): boolean => {
    if (isHandOver(message)) handed.add(message.seq);
    return send(message, ...rest);
  };
  child.on('internalMessage', ({ ack }: Acknowledgement) => {
    if (ack !== undefined) handed.delete(ack);
  });
  // After the listener of node:cluster, which takes the worker off its list.
  child.once('exit', () => {
    for (const ack of handed) child.emit('internalMessage', { cmd: 'NODE_CLUSTER', ack, accepted: false });
  });
}

function isHandOver(message: unknown): message is HandOver {
  const { cmd, act, seq } = message as Partial<HandOver>;
  return cmd === 'NODE_CLUSTER' && act === 'newconn' && typeof seq === 'number';
}
