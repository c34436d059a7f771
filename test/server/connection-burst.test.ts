import { EventEmitter } from 'node:events';
import type { Server } from 'node:https';
import { describe, expect, it } from 'vitest';
import { watchConnections } from '../../src/server/connections.ts';

describe('connections that come in all at once', () => {
  it('push out one each, although a socket says only later that it was closed', () => {
    const listener = new EventEmitter();
    const dropped: number[] = [];
    const { count } = watchConnections(listener as unknown as Server, {
      most: 3,
      longestMs: 1000,
      onDropped: () => undefined,
    });
    for (let port = 1; port <= 10; port++) {
      const destroy = (): void => void dropped.push(port);
      const socket = Object.assign(new EventEmitter(), {
        remoteAddress: '127.0.0.1',
        remotePort: port,
        destroy,
      });
      listener.emit('connection', socket);
    }
    expect(dropped).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(count()).toBe(3);
  });
});
