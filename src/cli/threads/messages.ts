import type { KubernetesObject } from '#sdk';
import type { CompileOptions } from '../../engine/compile.ts';
import type { Settings } from '../../engine/settings.ts';
import type { ReportError } from '../../report/report.ts';
import type { Outcome } from '../judge-item.ts';
import type { Beside, ReadOptions } from '../manifest-items.ts';

/** What a thread begins with. */
export interface ThreadData {
  readonly settings: Settings;
  readonly compiledWith: CompileOptions;
  readonly options: Pick<ReadOptions, 'profile' | 'namespace' | 'now'>;
  readonly chosen: boolean;
  readonly files: readonly string[];
  /** Those that are read and not judged. */
  readonly leftOut: ReadonlySet<string>;
  /** How many files the threads have taken, in memory that they share. */
  readonly taken: Int32Array;
}

/** A thread's first word: the files it has read, and keeps. */
export interface FileSummary {
  readonly index: number;
  readonly objects: number;
  readonly problems: readonly ReportError[];
  /** What objects of other files may be related to. */
  readonly related: readonly KubernetesObject[];
}

/** The answer to the first words of all threads: what each judges its own objects beside. */
export type Answer = Required<Beside>;

/** A thread's last word. */
export type Outcomes = readonly Outcome[];
