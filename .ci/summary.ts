/** Sums the suites' results into one line and fails where a test failed or a suite ran none. */
import { readFileSync } from 'node:fs';
import * as z from 'zod';

const resultSchema = z.object({ numPassedTests: z.int(), numFailedTests: z.int(), success: z.boolean() });

let [passed, failed] = [0, 0];
for (const file of process.argv.slice(2)) {
  try {
    const result = resultSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    passed += result.numPassedTests;
    // A file that cannot be loaded has no tests to count, and is a failure all the same.
    failed += result.success ? 0 : Math.max(1, result.numFailedTests);
    if (result.numPassedTests + result.numFailedTests > 0) continue;
    console.log(`${file}: no test ran`);
  } catch (error) {
    console.log(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  failed += 1;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
