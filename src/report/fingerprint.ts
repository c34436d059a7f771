import type { LocatedFinding } from './report.ts';

/** The digest of a text; a report is pure and has it from whoever renders it. */
export type Sha256 = (text: string, encoding: 'hex' | 'base64') => string;

/**
 * A name for each finding that stays the same when lines, documents or list items move: policy, message, file, object
 * and locator. The number behind the colon tells apart findings that share all of these.
 */
export function fingerprints(findings: readonly LocatedFinding[], sha256: Sha256): readonly string[] {
  const seen = new Map<string, number>();
  return findings.map(({ policy, messageId, file, object: { kind, namespace, name }, locator }) => {
    const identity = JSON.stringify([policy, messageId, file, kind, namespace ?? null, name, locator]);
    const occurrence = (seen.get(identity) ?? 0) + 1;
    seen.set(identity, occurrence);
    return `${sha256(identity, 'hex').slice(0, 32)}:${occurrence}`;
  });
}
