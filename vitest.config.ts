import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Tests start daygate hundreds of times: what one process has compiled, the next ones find where daygate itself keeps it.
process.env['NODE_COMPILE_CACHE'] ??= join(tmpdir(), 'node-compile-cache');

/** Vitest begins with the largest files; these are small, take a minute, and would keep one processor at the end. */
const first = ['test/one-verdict.test.ts', 'test/policies/table.test.ts'];
/** What they need may still be built while the others run. */
const last = ['test/faults/writes-nothing.test.ts', 'test/faults/rollout.test.ts'];

class FirstAndLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const isIn = (list: readonly string[]): boolean => list.some((file) => moduleId.endsWith(file));
      return isIn(first) ? 0 : isIn(last) ? 2 : 1;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: FirstAndLast },
    // All processors, and one file more: many tests wait for servers and timers. Left alone, vitest keeps one free.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts', 'src/**/*.test.ts'],
          exclude: [
            'test/cluster/**',
            'test/faults/**',
            'test/package/**',
            'test/render/**',
            'test/browser/**',
          ],
          // Ends what hangs; a busy machine takes several times as long as an idle one.
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // package.json leads to dist/, which a checkout has not; a policy under test sees the sources.
          alias: { 'daygate/sdk': join(import.meta.dirname, 'src/sdk/index.ts') },
        },
      },
      {
        test: {
          name: 'package',
          include: ['test/package/**/*.test.ts'],
          globalSetup: ['test/package/pack.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // A page takes its time where the machine is busy.
          expect: { poll: { timeout: 15_000 } },
        },
      },
      {
        test: {
          name: 'render',
          include: ['test/render/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 900_000,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          testTimeout: 900_000,
          hookTimeout: 900_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'cluster',
          include: ['test/cluster/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 900_000,
        },
      },
    ],
  },
});
