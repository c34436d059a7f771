import { severities } from '../engine/severities.ts';
import type { LocatedFinding } from './report.ts';
import { standingOf, standings } from './words.ts';

/** The gravest first, for where only the first are shown; otherwise in the report's order. */
export function gravestFirst(findings: readonly LocatedFinding[]): readonly LocatedFinding[] {
  const rank = (finding: LocatedFinding): number =>
    standings.indexOf(standingOf(finding)) * severities.length + severities.indexOf(finding.severity);
  return findings.toSorted((a, b) => rank(a) - rank(b));
}
