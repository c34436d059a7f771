import { on } from 'node:events';
import type { Worker } from 'node:worker_threads';
import type { Compiled } from '../../engine/compiled.ts';
import { messageOf, UserError } from '../../errors.ts';
import type { Inputs } from '../inputs.ts';
import { judgeItem } from '../judge-item.ts';
import type { Judged, JudgeManifestsOptions } from '../judged.ts';
import { gapsOf, itemsOf, readDefinitions } from '../manifest-items.ts';
import { readRenderings } from '../rendered/read-renderings.ts';
import type { Answer, Outcomes, Summaries, ThreadData } from './messages.ts';
import { readShare, relatedIn, relating, summaryOf, together } from './share.ts';
import type { Threads } from './threads.ts';

/**
 * Reads and judges with several threads, to the same result. Each keeps what it has read: only what says something about
 * other objects crosses over, and the outcomes. What is rendered is this thread's own.
 *
 * @throws UserError `internal` where a thread dies
 */
export async function judgeInThreads(
  compiled: Compiled,
  inputs: Inputs,
  options: JudgeManifestsOptions,
  { start, count, compiledWith }: Threads,
): Promise<Judged> {
  const { files } = inputs;
  const { profile, namespace, now, chosen, passes = false, excerpts = false, isLeftOut, step } = options;
  const names = files.map(({ file }) => file);
  const leftOut = new Set(names.filter((file) => isLeftOut?.(file)));
  const taken = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const data: ThreadData = {
    settings: compiled.settings,
    compiledWith,
    options: { profile, namespace, now },
    asks: { chosen, passes, excerpts },
    files: names,
    leftOut,
    taken,
  };
  const helpers = Array.from({ length: count - 1 }, () => helperOf(start(data)));
  try {
    const share = await readShare(files, taken, step);
    const renderings = await readRenderings(options.renderings ?? [], step);
    const relate = relating(compiled);
    const summaries = share.map((file) => summaryOf(file, relate));
    const theirs = await Promise.all(helpers.map(({ next }) => next() as Promise<Summaries>));
    const read = together(summaries, theirs);
    const { definitions, errors } = await readDefinitions(compiled, options.crds);
    const ours = JSON.stringify(summaries);
    for (const [index, { worker }] of helpers.entries())
      worker.postMessage({ definitions, others: [ours, ...theirs.toSpliced(index, 1)] } satisfies Answer);
    const beside = { definitions, related: relatedIn(read) };
    const sources = [
      ...share.flatMap((file) => file.sources),
      ...renderings.flatMap((rendering) => rendering.sources),
    ];
    const asked = itemsOf(compiled, sources, options, beside).filter(
      ({ file, rendering }) => rendering !== undefined || !leftOut.has(file),
    );
    const own = asked.map((item, index) => {
      step?.('judging object', index + 1, asked.length);
      return judgeItem(item, options);
    });
    const others = await Promise.all(helpers.map(({ next }) => next() as Promise<Outcomes>));
    const place = new Map(names.map((file, index) => [file, index]));
    const placeOf = ({ file, render }: Outcomes[number]): number =>
      render === undefined ? (place.get(file) ?? 0) : names.length;
    return {
      // The objects of a file are one thread's, in their order, and sorting keeps it.
      outcomes: [...others.flat(), ...own].sort((a, b) => placeOf(a) - placeOf(b)),
      objects:
        read.reduce((sum, { objects }) => sum + objects, 0) +
        renderings.reduce((sum, rendering) => sum + rendering.sources.length, 0),
      ...gapsOf(inputs, read, renderings, errors),
      renderings,
    };
  } finally {
    await Promise.all(helpers.map(({ worker }) => worker.terminate()));
  }
}

interface Helper {
  readonly worker: Worker;
  /** The next message of the thread. */
  readonly next: () => Promise<unknown>;
}

function helperOf(worker: Worker): Helper {
  const messages = on(worker, 'message', { close: ['exit'] });
  const next = async (): Promise<unknown> => {
    try {
      const { value, done } = (await messages.next()) as IteratorResult<readonly unknown[], unknown>;
      if (done !== true) return value[0];
    } catch (error) {
      throw threadDied(messageOf(error));
    }
    throw threadDied('it ended early');
  };
  return { worker, next };
}

function threadDied(reason: string): UserError {
  return new UserError(
    'internal',
    `a thread that reads and judges manifests died: ${reason}. --threads 1 does without`,
  );
}
