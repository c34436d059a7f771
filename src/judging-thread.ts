import { enableCompileCache } from 'node:module';

// Kept between runs, and read before anything else is loaded.
enableCompileCache();

const [{ joinThreads }, { policies }] = await Promise.all([
  import('./cli/threads/join-threads.ts'),
  import('../policies/index.ts'),
]);
await joinThreads(policies);
