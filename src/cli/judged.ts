import type { Asks, Outcome } from './judge-item.ts';
import type { Items, ReadOptions } from './manifest-items.ts';
import type { Threads } from './threads/threads.ts';

/** How manifests are read and judged. */
export interface JudgeManifestsOptions extends ReadOptions, Asks {
  /** Takes what renderers complain about while they render all the same. */
  readonly tell?: (text: string) => void;
  /** Files that are facts for the others and are not judged themselves. */
  readonly isLeftOut?: (file: string) => boolean;
  /** Threads that help, where that pays. */
  readonly threads?: Threads | undefined;
}

/** What became of all objects, in the order in which they are written. */
export interface Judged extends Omit<Items, 'items'> {
  readonly outcomes: readonly Outcome[];
  /** How many there are, with those that were left out. */
  readonly objects: number;
}
