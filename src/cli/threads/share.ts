import { builtinKinds, keysOfKind, kindKey, text, type KubernetesObject } from '#sdk';
import type { Compiled } from '../../engine/compiled.ts';
import { factKinds } from '../../engine/kinds-read.ts';
import { slimFact } from '../../facts/slim-fact.ts';
import type { ReportError } from '../../report/report.ts';
import type { Inputs } from '../inputs.ts';
import type { Source } from '../manifest-source.ts';
import type { Step } from '../progress.ts';
import { readInput } from '../read-input.ts';
import type { FileSummary, Summaries } from './messages.ts';

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
export function summaryOf({ index, sources, problems }: SharedFile, relate: Relate): FileSummary {
  const related = sources.flatMap(({ manifest }) => relate(manifest.object) ?? []);
  return { index, objects: sources.length, problems, related };
}

/** A thread's own summaries and those of the others, in the order of the files. */
export function together(own: readonly FileSummary[], others: readonly Summaries[]): readonly FileSummary[] {
  const theirs = others.flatMap((text) => JSON.parse(text) as readonly FileSummary[]);
  return [...own, ...theirs].sort((a, b) => a.index - b.index);
}

/** What all files say that is about others. */
export function relatedIn(summaries: readonly FileSummary[]): readonly KubernetesObject[] {
  return summaries.flatMap(({ related }) => related);
}

/** What others are told of an object; undefined where it says nothing about them. */
type Relate = (object: KubernetesObject) => KubernetesObject | undefined;

/** Sends as little as facts are made of: every object that crosses is written out and read again. */
export function relating(compiled: Compiled): Relate {
  const entries = [...compiled.profiles.values()].flatMap((profile) => profile.entries);
  const kinds = new Map(
    factKinds(compiled, entries).flatMap((kind) => keysOfKind(kind).map((key) => [key, kind] as const)),
  );
  return (object) => {
    const { apiVersion, kind } = object;
    if (kind === 'CustomResourceDefinition') return object;
    const known = kinds.get(kindKey(text(apiVersion) ?? '', text(kind) ?? ''));
    if (known !== undefined) return slimFact(object, known);
    // Its labels choose a profile, whether policies ask about it or not.
    return kind === 'Namespace' ? slimFact(object, builtinKinds.Namespace) : undefined;
  };
}
