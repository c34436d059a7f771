/**
 * Stands for a Service: no kube-proxy runs here. It hands each new connection to one of the endpoints that are ready, in
 * turn, and lets connections live on when their endpoint is no longer ready, as kube-proxy does. Kubernetes takes some
 * time to notice that a pod is (not) ready; so does this.
 */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { client } from '../server/harness.ts';

interface Endpoint {
  readonly port: number;
  ready: boolean;
}

export interface Service {
  readonly url: string;
  add(port: number): void;
  remove(port: number): void;
  /** Settles when the endpoint takes part. */
  untilReady(port: number): Promise<void>;
  close(): Promise<void>;
}

// A readiness probe every second, and the news of it some hundred milliseconds on its way, is brisk but real.
const probeMs = 500;

export async function startService(): Promise<Service> {
  const endpoints = new Map<number, Endpoint>();
  const sockets = new Set<Socket>();
  let turn = 0;
  const listener = createServer((incoming) => {
    const ready = [...endpoints.values()].filter((endpoint) => endpoint.ready);
    const endpoint = ready[turn++ % ready.length];
    if (endpoint === undefined) {
      incoming.destroy();
      return;
    }
    const outgoing = connect(endpoint.port, '127.0.0.1');
    for (const [socket, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.pipe(other);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const probe = async (endpoint: Endpoint): Promise<void> => {
    const asker = client(() => `https://127.0.0.1:${endpoint.port}`, undefined, { keepAlive: false });
    endpoint.ready = await asker.call('/readyz').then(
      ({ status }) => status === 200,
      () => false,
    );
  };
  const timer = setInterval(() => {
    for (const endpoint of endpoints.values()) void probe(endpoint);
  }, probeMs);
  return {
    url: `https://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    add: (port) => void endpoints.set(port, { port, ready: false }),
    remove: (port) => void endpoints.delete(port),
    untilReady: async (port) => {
      for (let attempt = 0; attempt < 600; attempt++) {
        if (endpoints.get(port)?.ready === true) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(`the endpoint ${port} is not ready`);
    },
    close: async () => {
      clearInterval(timer);
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, 'close');
    },
  };
}
