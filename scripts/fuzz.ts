/** Judges and fixes generated pods: `npm run fuzz -- [COUNT] [SEED]`. Fails at the first that is answered wrongly. */
import fc from 'fast-check';
import { objectionsTo, pods } from '../test/policies/generated-pods.ts';

const count = Number(process.argv[2] ?? 500_000);
const seed = Number(process.argv[3] ?? 1);
if (!Number.isSafeInteger(count) || count < 1 || !Number.isSafeInteger(seed)) {
  console.error('usage: npm run fuzz -- [COUNT] [SEED]');
  process.exit(2);
}
const started = performance.now();
let tried = 0;
fc.assert(
  fc.property(pods, (pod) => {
    tried++;
    const objections = objectionsTo(pod);
    if (objections.length > 0) throw new Error(objections.join('\n'));
  }),
  { numRuns: count, seed },
);
const seconds = (performance.now() - started) / 1000;
console.log(
  `${tried} generated pods judged and fixed in ${seconds.toFixed(0)} s (seed ${seed}): no objection`,
);
