/**
 * Loaded before the server (`--import`), it times the steps of a review where the server takes them: each function
 * named here is wrapped as its module is read. A step's time is its own, without that of steps inside it. A message
 * from the parent is answered with the median of each step since the last one, in microseconds.
 */
import { registerHooks } from 'node:module';
import { median } from './median.ts';

/** Steps by file and function. */
const steps: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '/src/server/admission-review.ts': { readReview: 'parse' },
  '/src/engine/judge.ts': { choosePlan: 'select', judge: 'settle' },
  '/src/engine/evaluate.ts': { evaluate: 'evaluate' },
  '/src/engine/fix.ts': { fixReview: 'fix' },
  '/src/server/answer.ts': { answerVerdict: 'render', answerFixes: 'render' },
  '/src/log/log.ts': { logDecision: 'log' },
};

type AnyFunction = (...args: readonly unknown[]) => unknown;

const taken = new Map<string, number[]>();
/** The time that steps inside each step under way have taken. */
const inside: number[] = [];

function timed(step: string, run: AnyFunction): AnyFunction {
  const times: number[] = [];
  taken.set(`${step} ${run.name}`, times);
  return (...args) => {
    inside.push(0);
    const started = performance.now();
    try {
      return run(...args);
    } finally {
      const whole = performance.now() - started;
      times.push(1000 * (whole - (inside.pop() ?? 0)));
      if (inside.length > 0) inside[inside.length - 1] = (inside.at(-1) ?? 0) + whole;
    }
  };
}

Object.assign(globalThis, { timed });

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const file = Object.keys(steps).find((name) => url.endsWith(name));
    if (file === undefined || loaded.source == null) return loaded;
    let source = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source);
    for (const [name, step] of Object.entries(steps[file] ?? {})) {
      const found = `export function ${name}(`;
      if (!source.includes(found)) throw new Error(`${file} has no function ${name} to time`);
      const wrapped = `export const ${name} = globalThis.timed('${step}', ${name}Itself) as typeof ${name}Itself;`;
      source = source.replace(found, `${wrapped} function ${name}Itself(`);
    }
    return { ...loaded, source };
  },
});

process.on('message', (reviews: number) => {
  const medians: Record<string, number> = {};
  for (const [key, times] of taken) {
    const [step = ''] = key.split(' ');
    // A step may be taken more than once in a review, or in none.
    const each = times.length === 0 ? 0 : median(times) * (times.length / reviews);
    medians[step] = (medians[step] ?? 0) + each;
    times.length = 0;
  }
  process.send?.(medians);
});
