import type { RenderingCoverage, Report } from './report.ts';
import { count, withoutBaselined } from './words.ts';

/** How a rendering went, so that one that is clean can be told from one that never was. */
export interface RenderingOutcome extends RenderingCoverage {
  readonly isFailed: boolean;
  /** `3 of 4 objects judged` */
  readonly scope: string;
  /** `2 findings`, `no new findings` */
  readonly found: string;
  readonly isClean: boolean;
}

export function renderingOutcomes({ renderings = [], findings }: Report): readonly RenderingOutcome[] {
  const byLabel = Map.groupBy(findings, ({ render = '' }) => render);
  return renderings.map((rendering) => {
    const own = byLabel.get(rendering.label) ?? [];
    const shown = withoutBaselined(own).length;
    const none = own.length === 0 ? 'no findings' : 'no new findings';
    return {
      ...rendering,
      isFailed: rendering.renderer === undefined,
      scope: `${rendering.judged} of ${count(rendering.objects, 'object')} judged`,
      found: shown === 0 ? none : count(shown, 'finding'),
      isClean: shown === 0,
    };
  });
}
