import type { Answer, Client } from './harness.ts';
import { admissionReview } from './reviews.ts';

interface Load {
  /** Waits until so many more calls were begun, however long that takes here. */
  readonly more: (calls: number) => Promise<void>;
  /** Ends the load and tells what became of it. */
  readonly stop: () => Promise<{ readonly calls: number; readonly failures: readonly string[] }>;
}

/** Keeps so many calls under way, each on whatever caller `pick` says, until it is stopped. */
export function load(
  concurrency: number,
  pick: () => Client,
  check: (answer: Answer) => boolean = isAllowed,
): Load {
  const failures: string[] = [];
  let calls = 0;
  let running = true;
  const worker = async (): Promise<void> => {
    while (running) {
      calls += 1;
      try {
        const answer = await pick().review(admissionReview({ uid: `call-${calls}` }));
        if (!check(answer)) failures.push(`${answer.status} ${answer.text}`);
      } catch (error) {
        failures.push(String(error));
      }
      // About 200 calls a second are asked for; without a pause one test would take the whole machine.
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const workers = Array.from({ length: concurrency }, worker);
  return {
    more: async (wanted) => {
      const enough = calls + wanted;
      while (calls < enough) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    stop: async () => {
      running = false;
      await Promise.all(workers);
      return { calls, failures };
    },
  };
}

function isAllowed(answer: Answer): boolean {
  return answer.status === 200 && answer.text.includes('"allowed":true');
}
