import { keysOfKind, kindKey, text, type KubernetesObject } from '#sdk';
import type { Compiled } from '../../engine/compile.ts';
import { factKinds } from '../../engine/kinds-read.ts';
import { slimFact } from '../../facts/slim-fact.ts';
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
export function summaryOf({ index, sources, problems }: SharedFile, relate: Relate): FileSummary {
  const related = sources.flatMap(({ manifest }) => relate(manifest.object) ?? []);
  return { index, objects: sources.length, problems, related };
}

/** What others are told of an object; undefined where it says nothing about them. */
type Relate = (object: KubernetesObject) => KubernetesObject | undefined;

/** Sends about as little as facts are made of: every object that crosses is copied twice. */
export function relating(compiled: Compiled): Relate {
  const entries = [...compiled.profiles.values()].flatMap((profile) => profile.entries);
  const kinds = new Map(
    factKinds(compiled, entries).flatMap((kind) => keysOfKind(kind).map((key) => [key, kind] as const)),
  );
  return (object) => {
    const { apiVersion, kind } = object;
    if (kind === 'CustomResourceDefinition' || kind === 'Namespace') return object;
    const known = kinds.get(kindKey(text(apiVersion) ?? '', text(kind) ?? ''));
    return known === undefined ? undefined : slimFact(object, known);
  };
}
