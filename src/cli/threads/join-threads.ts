import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import type { Policy } from '#sdk';
import { compileSettings } from '../../engine/compile.ts';
import { readPlainFile } from '../../plain-file.ts';
import { judgeItem } from '../judge-item.ts';
import { itemsOf } from '../manifest-items.ts';
import type { Answer, Outcomes, Summaries, ThreadData } from './messages.ts';
import { readShare, relatedIn, relating, summaryOf, together } from './share.ts';

/** What a thread does: reads its share of the files, tells the others of it, and judges it when it knows theirs. */
export async function joinThreads(policies: readonly Policy[]): Promise<void> {
  if (parentPort === null) throw new Error('this is no thread');
  const { settings, compiledWith, options, asks, files, leftOut, taken } = workerData as ThreadData;
  const { compiled } = compileSettings(settings, policies, compiledWith);
  const share = await readShare(
    files.map((file) => ({ file, read: () => readPlainFile(file) })),
    taken,
  );
  const relate = relating(compiled);
  const own = share.map((file) => summaryOf(file, relate));
  const answer = once(parentPort, 'message');
  parentPort.postMessage(JSON.stringify(own) satisfies Summaries);
  const [{ definitions, others }] = (await answer) as [Answer];
  const beside = { definitions, related: relatedIn(together(own, others)) };
  const sources = share.flatMap((file) => file.sources);
  const outcomes: Outcomes = itemsOf(compiled, sources, options, beside)
    .filter(({ file }) => !leftOut.has(file))
    .map((item) => judgeItem(item, asks));
  parentPort.postMessage(outcomes);
}
