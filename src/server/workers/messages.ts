/** What the supervisor and its workers say to each other, as JSON over the channel between them. */
import type { ErrorCode } from '../../errors.ts';
import type { SelfSigned } from '../self-signed.ts';
import type { SettingsSnapshot } from '../settings/in-force.ts';
import type { MetricsSnapshot } from './sum-metrics.ts';

/** How often a worker tells that its event loop turns. */
export const beatMs = 500;

/** How a worker begins. */
export interface Beginning {
  /** Counts from 1; a worker that replaces another has a number of its own. */
  readonly worker: number;
  /** The certificate of this run, where daygate makes its own. */
  readonly selfSigned?: SelfSigned;
  /** What the other workers serve with. */
  readonly settings?: SettingsSnapshot | undefined;
  readonly state: WorkersState;
}

/** All workers together. */
export interface WorkersState {
  /** How many serve, and how many there are to be. */
  readonly serving: number;
  readonly wanted: number;
  /** What is wrong with them as a whole. */
  readonly problem?: string | undefined;
}

export type ToWorker =
  | ({ readonly kind: 'begin' } & Beginning)
  | { readonly kind: 'state'; readonly state: WorkersState }
  | { readonly kind: 'drain' }
  /** Asks for its metrics. */
  | { readonly kind: 'measure'; readonly id: number }
  /** Answers a `scrape`. */
  | { readonly kind: 'scraped'; readonly id: number; readonly text: string };

export type ToSupervisor =
  /** It listens to what it is told. */
  | { readonly kind: 'hello' }
  | { readonly kind: 'serving' }
  /** Its event loop turns. */
  | { readonly kind: 'beat' }
  /** What it serves with from now on. */
  | { readonly kind: 'settings'; readonly settings: SettingsSnapshot }
  /** It cannot start, and why. */
  | {
      readonly kind: 'unusable';
      readonly code: ErrorCode;
      readonly message: string;
      readonly file?: string | undefined;
    }
  | { readonly kind: 'measured'; readonly id: number; readonly metrics: MetricsSnapshot }
  /** Asks for the metrics of all. */
  | { readonly kind: 'scrape'; readonly id: number };
