import type { Server } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

interface ConnectionOptions {
  /** How many may be open, handshakes under way included. */
  readonly most: number;
  /** Milliseconds after which one is closed with its next answer. */
  readonly longestMs: number;
  /** Told of each that had to go for another. */
  readonly onDropped: () => void;
}

/** The connections of a server. */
interface Connections {
  /** Whether this one has lasted long enough. */
  readonly isAged: (socket: object) => boolean;
  /** How many are open. */
  readonly count: () => number;
}

interface Connection {
  readonly socket: Socket;
  readonly ends: number;
  /** When it was made, or brought its last call. */
  usedAt: number;
}

/**
 * Bounds the number of connections and their age. One too many takes the place of that which was used least recently:
 * who opens thousands and leaves them idle, or sends a call byte by byte, pushes out his own, and callers that are
 * served stay. Ages are spread by a fifth, so that not all end together.
 */
export function watchConnections(
  server: Server,
  { most, longestMs, onDropped }: ConnectionOptions,
): Connections {
  const open = new Map<string, Connection>();
  const known = new WeakMap<object, Connection>();
  server.on('connection', (socket: Socket) => {
    const usedAt = performance.now();
    const key = keyOf(socket);
    open.set(key, { socket, usedAt, ends: usedAt + longestMs * (0.8 + 0.4 * Math.random()) });
    socket.once('close', () => {
      if (open.get(key)?.socket === socket) open.delete(key);
    });
    if (open.size <= most) return;
    const idle = [...open.values()].reduce((least, one) => (one.usedAt < least.usedAt ? one : least));
    idle.socket.destroy();
    onDropped();
  });
  // The socket that speaks TLS is another object than the one below it.
  server.on('secureConnection', (socket: TLSSocket) => {
    const connection = open.get(keyOf(socket));
    if (connection !== undefined) known.set(socket, connection);
  });
  server.on('request', ({ socket }) => {
    const connection = known.get(socket);
    if (connection !== undefined) connection.usedAt = performance.now();
  });
  return {
    isAged: (socket) => performance.now() > (known.get(socket)?.ends ?? Infinity),
    count: () => open.size,
  };
}

function keyOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress ?? ''} ${remotePort ?? ''}`;
}
