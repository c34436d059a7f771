import { serve } from '../../src/server/serve.ts';
import { compiledFor } from './harness.ts';

/** A server in a process of its own, for tests that end processes. Tells on standard error how to reach it. */
const compiled = compiledFor();
const { url, caPem } = await serve({
  compiled: () => compiled,
  tls: { selfSigned: [] },
  host: '127.0.0.1',
  drainSeconds: 3,
  signals: true,
});
process.stderr.write(`${JSON.stringify({ url, caPem })}\n`);
