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
  /** Notes that a call is being answered, and tells whether its connection has lasted long enough. */
  readonly answered: (socket: object) => boolean;
  /** How many are open. */
  readonly count: () => number;
  /** Ends all of them, handshakes under way included, of which the HTTP server knows nothing yet. */
  readonly cut: () => void;
}

interface Connection {
  readonly socket: Socket;
  readonly ends: number;
  /** When it was made, or brought its last call. */
  usedAt: number;
  /** Whether a call of it was answered. */
  isServed: boolean;
}

/**
 * Bounds the number of connections and their age. One too many takes the place of that which was used least recently, of
 * those first that have had no answer yet: who opens thousands and leaves them idle, or sends a call byte by byte, pushes
 * out his own, and callers that are served stay. To close one of these would break a call that is just being sent.
 * Ages are spread by a fifth, so that not all end together.
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
    const ends = usedAt + longestMs * (0.8 + 0.4 * Math.random());
    // Before it is one of them, or it would be the first to go where all others are served.
    if (open.size >= most) {
      const [gone, least] = [...open].reduce((a, b) => (goesBefore(b[1], a[1]) ? b : a));
      // A socket says later that it was closed: until then it would be the one to go for the next newcomer, too.
      open.delete(gone);
      least.socket.destroy();
      onDropped();
    }
    open.set(key, { socket, usedAt, ends, isServed: false });
    socket.once('close', () => {
      if (open.get(key)?.socket === socket) open.delete(key);
    });
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
    answered: (socket) => {
      const connection = known.get(socket);
      if (connection === undefined) return false;
      connection.isServed = true;
      return performance.now() > connection.ends;
    },
    count: () => open.size,
    cut: () => {
      for (const { socket } of open.values()) socket.destroy();
    },
  };
}

function goesBefore(one: Connection, other: Connection): boolean {
  return one.isServed === other.isServed ? one.usedAt < other.usedAt : other.isServed;
}

function keyOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress ?? ''} ${remotePort ?? ''}`;
}
