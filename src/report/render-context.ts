import type { Sha256 } from './fingerprint.ts';
import type { Paint } from './paint.ts';

/** What a format needs that is not in the report. */
export interface RenderContext {
  /** Of daygate. */
  readonly version: string;
  readonly sha256: Sha256;
  /** Colours and width of the terminal; only text is read there. */
  readonly paint?: Paint | undefined;
  readonly columns?: number | undefined;
}
