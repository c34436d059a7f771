import { createServer } from 'node:net';
import { once } from 'node:events';

/** Ports of the loopback interface that nobody listens on, all different. Another program may take one at any time. */
export async function findFreePorts(count: number): Promise<readonly number[]> {
  // All are held until the last is known, lest the system hand out one of them twice.
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('A TCP server has no port');
    return address.port;
  });
  await Promise.all(
    servers.map(async (server) => {
      server.close();
      await once(server, 'close');
    }),
  );
  return ports;
}
