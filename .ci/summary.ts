/** Names the tests that failed or were skipped, sums the suites into one line, and fails where a test failed or a suite ran none. */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import * as z from 'zod';

const resultSchema = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  success: z.boolean(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string(),
      assertionResults: z.array(
        z.object({ status: z.string(), fullName: z.string(), failureMessages: z.array(z.string()) }),
      ),
    }),
  ),
});

let [passed, failed] = [0, 0];
for (const file of process.argv.slice(2)) {
  try {
    const result = resultSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    passed += result.numPassedTests;
    // A file that cannot be loaded has no tests to count, and is a failure all the same.
    failed += result.success ? 0 : Math.max(1, result.numFailedTests);
    for (const { name, status, message, assertionResults } of result.testResults) {
      const at = relative(process.cwd(), name);
      for (const test of assertionResults) {
        if (test.status === 'passed') continue;
        console.log([`${test.status}: ${at}: ${test.fullName}`, ...test.failureMessages].join('\n'));
      }
      if (status === 'failed' && message !== '') console.log(`failed: ${at}: ${message}`);
    }
    if (result.numPassedTests + result.numFailedTests > 0) continue;
    console.log(`${file}: no test ran`);
  } catch (error) {
    console.log(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  failed += 1;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
