import type { Sha256 } from './fingerprint.ts';
import type { Paint } from './paint.ts';
import type { LocatedFinding } from './report.ts';

/** What a format needs that is not in the report. */
export interface RenderContext {
  /** Of daygate. */
  readonly version: string;
  readonly sha256: Sha256;
  /** Colours and width of the terminal; only text is read there. */
  readonly paint?: Paint | undefined;
  readonly columns?: number | undefined;
  /** Which findings are shown, all of them without it; all are counted. Only text is read there, too. */
  readonly shows?: ((finding: LocatedFinding) => boolean) | undefined;
}
