import type { AuditFinding } from '../audit-report.ts';

/** Findings from which on a text about how to fix them stands on the page once, with the policy. */
const fewestSharing = 20;
/** Texts that are shown with a policy, the most frequent first. */
const mostTexts = 8;

export interface Remedy {
  readonly text: string;
  /** Present where findings lead here instead of having the text themselves. */
  readonly anchor?: string;
}

/** By policy. */
export type Remedies = ReadonlyMap<string, readonly Remedy[]>;

/** What each policy's findings advise. Ten thousand findings hold the same few hundred texts: half of a large page. */
export function remediesOf(findings: readonly AuditFinding[]): Remedies {
  const remedies = new Map<string, readonly Remedy[]>();
  let anchors = 0;
  for (const [policy, own] of Map.groupBy(findings, ({ policy: id }) => id)) {
    const texts = [...Map.groupBy(own, ({ remediation }) => remediation)]
      .map(([text, all]) => ({ text, size: all.length }))
      .sort((a, b) => b.size - a.size)
      .filter(({ size }, index) => size >= fewestSharing || index < mostTexts);
    remedies.set(
      policy,
      texts.map(({ text, size }) =>
        size >= fewestSharing ? { text, anchor: `fix-${++anchors}` } : { text },
      ),
    );
  }
  return remedies;
}
