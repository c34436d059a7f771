import { compareTexts } from '../engine/order.ts';
import type { LocatedFinding } from './report.ts';

/** The digest of a text; a report is pure and has it from whoever renders it. */
export type Sha256 = (text: string, encoding: 'hex' | 'base64') => string;

/**
 * A name for each finding that stays the same when lines, documents or list items move: policy, message, file, object
 * and locator. The number behind the colon tells apart findings that share all of these, in the order of their
 * lines and messages.
 * Of what was rendered the object's kind alone counts: each rendering may name it otherwise.
 */
export function fingerprints(findings: readonly LocatedFinding[], sha256: Sha256): readonly string[] {
  const seen = new Map<string, number>();
  const prints = new Map<LocatedFinding, string>();
  for (const finding of findings.toSorted((a, b) => a.line - b.line || compareTexts(a.message, b.message))) {
    const identity = identityOf(finding);
    const occurrence = (seen.get(identity) ?? 0) + 1;
    seen.set(identity, occurrence);
    prints.set(finding, `${sha256(identity, 'hex').slice(0, 32)}:${occurrence}`);
  }
  return findings.map((finding) => prints.get(finding) ?? '');
}

function identityOf({ policy, messageId, file, render, object, locator }: LocatedFinding): string {
  const { kind, namespace = null, name } = object;
  const identity =
    render === undefined
      ? [policy, messageId, file, kind, namespace, name, locator]
      : [policy, messageId, file, kind, locator];
  return JSON.stringify(identity);
}
