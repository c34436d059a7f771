import { networkInterfaces } from 'node:os';
import { expect, it } from 'vitest';
import { client, start } from './harness.ts';

const hasIpv6 = Object.values(networkInterfaces()).some((list) =>
  list?.some(({ address }) => address === '::1'),
);

// There are clusters whose pods have addresses of IPv6 alone.
it.runIf(hasIpv6)('a server that is told no address listens on those of both families', async () => {
  const server = await start({ host: undefined });
  const { port, caPem, url } = server.server;
  expect(url).toBe(`https://127.0.0.1:${port}`);
  for (const host of ['127.0.0.1', '[::1]']) {
    const caller = client(() => `https://${host}:${port}`, caPem);
    expect((await caller.call('/readyz')).status).toBe(200);
    caller.close();
  }
  await server.end();
});
