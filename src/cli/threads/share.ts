import { nameOfKind } from '#sdk';
import type { Compiled } from '../../engine/compile.ts';
import type { ReportError } from '../../report/report.ts';
import type { Inputs } from '../inputs.ts';
import type { Source } from '../manifest-source.ts';
import type { Step } from '../progress.ts';
import { readInput } from '../read-input.ts';
import type { FileSummary } from './messages.ts';

/** A file that this thread has read. */
export interface SharedFile {
  readonly index: number;
  readonly sources: readonly Source[];
  readonly problems: readonly ReportError[];
}

/** Reads one file after the other that no other thread has taken. */
export async function readShare(
  files: Inputs['files'],
  taken: Int32Array,
  step?: Step,
): Promise<readonly SharedFile[]> {
  const share: SharedFile[] = [];
  for (;;) {
    const index = Atomics.add(taken, 0, 1);
    const file = files[index];
    if (file === undefined) return share;
    step?.('reading file', index + 1, files.length);
    share.push({ index, ...(await readInput(file)) });
  }
}

/** What the other threads have to know of a file. */
export function summaryOf({ index, sources, problems }: SharedFile, kinds: ReadonlySet<string>): FileSummary {
  const objects = sources.map(({ manifest }) => manifest.object);
  const related = objects.filter(({ kind }) => typeof kind === 'string' && kinds.has(kind));
  return { index, objects: sources.length, problems, related };
}

/** Kinds that say something about objects in other files: few objects are of them, and only these are sent about. */
export function relatedKinds(compiled: Compiled): ReadonlySet<string> {
  const entries = [...compiled.profiles.values()].flatMap((profile) => profile.entries);
  const facts = entries.flatMap(({ policy: { facts = [], optionalFacts = [] } }) => [
    ...facts,
    ...optionalFacts,
  ]);
  const makers = [...compiled.kinds.values()].filter(({ template }) => template !== undefined);
  return new Set([
    'CustomResourceDefinition',
    'Namespace',
    ...facts.flatMap((ref) => (ref === 'Workload' ? makers.map(({ kind }) => kind) : [nameOfKind(ref)])),
  ]);
}
