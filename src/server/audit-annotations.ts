import { rememberOf } from '#sdk';
import type { FixResult } from '../engine/run-fixes.ts';
import type { Finding, Skip, Verdict } from '../engine/review.ts';
import type { VerdictOutcome } from './outcomes.ts';
import { oneLine } from './warnings.ts';

/** Values by key; the API server puts the webhook's name before each key. */
type Annotations = Readonly<Record<string, string>>;

// One event of an audit log may take 10 MB by default and webhooks with many findings are few: 64 KiB hold 150
// findings of 400 bytes.
const longestValue = 64 * 1024;

/**
 * What the cluster's audit log keeps of a verdict, undefined when there is nothing to say. `findings` is the
 * engine's own list, so that who reads the log sees what `check` and `audit` print; the object is the event's own,
 * and what to write instead is what `daygate explain` says of the policy.
 */
export function verdictAnnotations(
  verdict: Verdict,
  outcome: VerdictOutcome,
  profile: string,
  suspended?: number,
): Annotations | undefined {
  const { findings, errors, skipped, enforcement } = verdict;
  if (findings.length === 0 && errors.length === 0 && skipped.length === 0) return undefined;
  const list = jsonList(findings.map(recorded));
  const exceptions = usedExceptions(findings);
  return {
    ...(suspended === undefined ? {} : suspendedAnnotation(suspended)),
    verdict: `${outcome} (profile ${profile}, ${enforcement})`,
    ...(findings.length === 0 ? {} : { findings: list.text }),
    ...(list.omitted === 0 ? {} : { 'findings-omitted': String(list.omitted) }),
    ...(exceptions.length === 0 ? {} : { exceptions: jsonList(exceptions).text }),
    ...(errors.length === 0
      ? {}
      : { 'policy-errors': errors.map(({ policy, message }) => `${policy} ${message}`).join(', ') }),
    ...(skipped.length === 0 ? {} : { skipped: describeSkips(skipped) }),
  };
}

/** That enforcement was suspended, until when. */
export function suspendedAnnotation(until: number): Annotations {
  return { suspended: `until ${new Date(until).toISOString()}` };
}

/** What the audit log keeps of a patch. The patch itself is there already, at level Request. */
export function fixAnnotations({ applied, dropped }: FixResult): Annotations | undefined {
  if (applied.length === 0 && dropped.length === 0) return undefined;
  return {
    ...(applied.length === 0 ? {} : { fixes: applied.join(', ') }),
    ...(dropped.length === 0
      ? {}
      : { 'fixes-dropped': dropped.map(({ policy, reason }) => `${policy}: ${oneLine(reason)}`).join(', ') }),
  };
}

function recorded(
  finding: Finding,
): Omit<Finding, 'object' | 'remediation' | 'leniency' | 'grandfatherUntil' | 'exception'> {
  const { policy, severity, action, message, pointer, locator, messageId, fixable } = finding;
  const { fingerprint, leniency, grandfatherUntil, exception } = finding;
  // JSON leaves out what is undefined.
  return {
    policy,
    severity,
    action,
    message,
    pointer,
    locator,
    messageId,
    fixable,
    ...(fingerprint === undefined ? undefined : { fingerprint }),
    ...(leniency === undefined && exception === undefined
      ? undefined
      : { leniency, grandfatherUntil, exception }),
  };
}

/** A compact JSON list that stops before it grows too long. */
function jsonList(items: readonly unknown[]): { readonly text: string; readonly omitted: number } {
  const parts: string[] = [];
  let bytes = '[]'.length;
  for (const item of items) {
    const part = JSON.stringify(item);
    bytes += Buffer.byteLength(part) + 1;
    if (bytes > longestValue) break;
    parts.push(part);
  }
  return { text: `[${parts.join(',')}]`, omitted: items.length - parts.length };
}

function usedExceptions(findings: readonly Finding[]): readonly object[] {
  const used = new Map<string, object>();
  for (const { policy, exception } of findings) {
    if (exception !== undefined) used.set(JSON.stringify({ policy, exception }), { policy, ...exception });
  }
  return [...used.values()];
}

/** By the list: without facts, a kind's is the same for each review. */
const describeSkips = rememberOf(textOfSkips);

/** `require-pdb, require-service-target: needs facts about Service` and the like, one reason after the other. */
function textOfSkips(skipped: readonly Skip[]): string {
  const byReason = new Map<string, string[]>();
  for (const { policy, reason } of skipped) {
    const policies = byReason.get(reason);
    if (policies === undefined) byReason.set(reason, policy === undefined ? [] : [policy]);
    else if (policy !== undefined) policies.push(policy);
  }
  const texts: string[] = [];
  for (const [reason, policies] of byReason) {
    texts.push(policies.length === 0 ? reason : `${policies.join(', ')}: ${reason}`);
  }
  return texts.join('; ').slice(0, longestValue);
}
