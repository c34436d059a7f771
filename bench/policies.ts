/** Prints what each policy costs on a Pod that it lets pass. */
import { policies } from '../policies/index.ts';
import { compileSettings } from '../src/engine/compile.ts';
import { judge } from '../src/engine/judge.ts';
import { settingsSchema } from '../src/engine/settings.ts';
import { median } from './median.ts';
import { passingPod } from './reviews.ts';

/** Nanoseconds of `run`, the median over batches. */
function nanoseconds(run: () => void): number {
  const [batches, size] = [41, 2_000];
  for (let i = 0; i < 20_000; i++) run();
  const times: number[] = [];
  for (let batch = 0; batch < batches; batch++) {
    const started = process.hrtime.bigint();
    for (let i = 0; i < size; i++) run();
    times.push(Number(process.hrtime.bigint() - started) / size);
  }
  return median(times);
}

export function benchPolicies(): void {
  const settings = settingsSchema.parse({});
  const now = Date.parse('2026-11-21T12:00:00Z');
  const object = passingPod();
  const user = { username: 'alice', groups: ['developers'] };
  const review = { operation: 'CREATE', object, profile: 'production', now, user } as const;
  const empty = compileSettings(settings, policies, { now, only: [] }).compiled;
  const all = compileSettings(settings, policies, { now }).compiled;
  const verdict = judge(all, review);
  if (verdict.findings.length > 0)
    throw new Error(`the passing pod has findings: ${JSON.stringify(verdict.findings)}`);
  console.log(
    '\nOne policy on a Pod with three containers that passes, median (the engine’s own work is taken off)\n',
  );
  // A policy that does nothing, so that building the subjects is counted once and not for each policy.
  const idle = {
    ...policies.find(({ id }) => id === 'require-memory-limit'),
    id: 'idle',
    validate: () => undefined,
  };
  const idleCompiled = compileSettings(settings, [idle as never], { now, only: ['idle'] }).compiled;
  const floor = nanoseconds(() => judge(idleCompiled, review));
  const rows = policies.map(({ id }) => {
    const { compiled } = compileSettings(settings, policies, { now, only: [id] });
    // Those that are off in the profile may object to this Pod; a finding costs more than passing does.
    const finds = judge(compiled, review).findings.length > 0;
    return {
      id: finds ? `${id} (finds)` : id,
      cost: Math.max(0, nanoseconds(() => judge(compiled, review)) - floor),
    };
  });
  for (const { id, cost } of rows.toSorted((a, b) => b.cost - a.cost))
    console.log(`${id.padEnd(34)}${cost.toFixed(0).padStart(7)} ns`);
  console.log(
    `${'no policy looks'.padEnd(34)}${nanoseconds(() => judge(empty, review))
      .toFixed(0)
      .padStart(7)} ns`,
  );
  console.log(`${'the engine around a policy'.padEnd(34)}${floor.toFixed(0).padStart(7)} ns`);
  console.log(
    `${`all ${rows.length} together`.padEnd(34)}${nanoseconds(() => judge(all, review))
      .toFixed(0)
      .padStart(7)} ns`,
  );
}
