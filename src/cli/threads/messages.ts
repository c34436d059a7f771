import type { KubernetesObject } from '#sdk';
import type { CompileOptions } from '../../engine/compile.ts';
import type { Settings } from '../../engine/settings.ts';
import type { ReportError } from '../../report/report.ts';
import type { Asks, Outcome } from '../judge-item.ts';
import type { Beside, ReadOptions } from '../manifest-items.ts';

/** What a thread begins with. */
export interface ThreadData {
  readonly settings: Settings;
  readonly compiledWith: CompileOptions;
  readonly options: Pick<ReadOptions, 'profile' | 'namespace' | 'now'>;
  readonly asks: Asks;
  readonly files: readonly string[];
  /** Those that are read and not judged. */
  readonly leftOut: ReadonlySet<string>;
  /** How many files the threads have taken, in memory that they share. */
  readonly taken: Int32Array;
}

/** What the others have to know of a file that a thread has read, and keeps. */
export interface FileSummary {
  readonly index: number;
  readonly objects: number;
  readonly problems: readonly ReportError[];
  /** What objects of other files may be related to. */
  readonly related: readonly KubernetesObject[];
}

/**
 * A thread's first word: FileSummaries as JSON, which crosses over several times as fast as thousands of objects do.
 */
export type Summaries = string;

/** The answer to it: what the thread judges its own objects beside. */
export interface Answer {
  readonly definitions: Beside['definitions'];
  /** The first words of all others. */
  readonly others: readonly Summaries[];
}

/** A thread's last word. */
export type Outcomes = readonly Outcome[];
