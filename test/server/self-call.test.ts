import { expect, it, vi } from 'vitest';
import { start } from './harness.ts';

vi.mock(import('../../src/server/readiness.ts'), async (original) => {
  const real = await original();
  const callItself = vi
    .fn(real.callItself)
    .mockRejectedValueOnce(new Error('it did not answer within 5 seconds'));
  return { ...real, callItself };
});

it('a server that did not answer itself at the start is ready as soon as it does', async () => {
  const server = await start();
  const { status, text } = await server.call('/readyz');
  expect(status).toBe(503);
  expect(text).toContain('[-]self-call failed: the server does not answer itself: it did not answer within');
  await vi.waitFor(async () => expect((await server.call('/readyz')).status).toBe(200), 10_000);
  await server.end();
});
