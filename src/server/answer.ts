import type { FixResult } from '../engine/run-fixes.ts';
import type { PatchOperation } from '../engine/json-patch.ts';
import type { Finding, Verdict } from '../engine/review.ts';
import { fixAnnotations, suspendedAnnotation, verdictAnnotations } from './audit-annotations.ts';
import { outcomes, type VerdictOutcome } from './outcomes.ts';
import { findingLine, fixWarnings, oneLine, verdictWarnings, type Beside } from './warnings.ts';

/** The body of an answer, and what it says. */
interface Answer {
  readonly outcome: VerdictOutcome;
  readonly body: string;
}

const head = '{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","response":{"uid":';
const allowedTail = ',"allowed":true}}';

/** An answer with nothing to say, which is what nearly all are: two fixed texts around the uid. */
function plain(uid: string): string {
  return head + JSON.stringify(uid) + allowedTail;
}

/** An answer with nothing to say but that enforcement is suspended, which the audit log keeps. */
export function answerSuspended(uid: string, until: number): Answer & { readonly outcome: 'unpatched' } {
  return {
    outcome: 'unpatched',
    body: response(uid, { allowed: true, auditAnnotations: suspendedAnnotation(until) }),
  };
}

function response(uid: string, members: object): string {
  return `${head}${JSON.stringify(uid)},${JSON.stringify(members).slice(1)}}`;
}

/** Renders a verdict as an AdmissionReview. */
export function answerVerdict(
  uid: string,
  verdict: Verdict,
  profile: string,
  { suspended, notice }: Beside = {},
): Answer {
  const { findings, errors, skipped, allowed } = verdict;
  const outcome = !allowed ? 'denied' : findings.length === 0 && errors.length === 0 ? 'allowed' : 'warned';
  if (outcome === 'allowed' && skipped.length === 0 && notice === undefined) {
    return suspended === undefined
      ? { outcome, body: plain(uid) }
      : { ...answerSuspended(uid, suspended), outcome };
  }
  const warnings = verdictWarnings(verdict, profile, { suspended, notice });
  const annotations = verdictAnnotations(verdict, outcome, profile, suspended);
  const body = response(uid, {
    allowed,
    ...(allowed ? {} : { status: refusal(findings, profile) }),
    ...(warnings.length === 0 ? {} : { warnings }),
    ...(annotations === undefined ? {} : { auditAnnotations: annotations }),
  });
  return { outcome, body };
}

// A refusal names every finding. These bounds are for objects made to break things: the longest line is a locator
// of 1,000 characters with a message and a remedy of some hundred each, and 64 of those are 128 KiB at most.
const longestLine = 2000;
const longestMessage = 128 * 1024;

/**
 * A refusal for people (message) and machines (causes). `field` is the stable locator, in which list items go by
 * their name: `spec.containers[app].image`.
 */
function refusal(findings: readonly Finding[], profile: string): object {
  const denied = findings.filter(({ action }) => action === 'deny');
  const count = `${denied.length} ${denied.length === 1 ? 'finding' : 'findings'}`;
  const lines = [
    oneLine(`daygate (profile ${profile}) refused ${objectName(denied[0])}: ${count}`, longestLine),
  ];
  const causes: object[] = [];
  let left = longestMessage;
  for (const [index, finding] of denied.entries()) {
    const line = `- ${oneLine(findingLine(finding), longestLine)}`;
    left -= line.length;
    if (left < 0) {
      const rest = denied.length - index;
      lines.push(`- and ${rest} more: run daygate check --profile ${profile} on the manifest`);
      break;
    }
    lines.push(line);
    const { policy, message, remediation, locator } = finding;
    const text = oneLine(remediation === '' ? message : `${message} ${remediation}`, longestLine);
    causes.push({ reason: policy, message: text, field: locator });
  }
  const { reason } = outcomes.denied;
  return { status: 'Failure', code: 403, reason, message: lines.join('\n'), details: { causes } };
}

function objectName(finding: Finding | undefined): string {
  if (finding === undefined) return 'the object';
  const { kind, namespace, name } = finding.object;
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

/**
 * Renders the fixes for a review. They are always allowed: a mutating webhook makes things better where it can,
 * and the validating one has the last word.
 */
export function answerFixes(
  uid: string,
  fixes: FixResult,
  profile: string,
  longestPatch: number,
): Answer & { readonly fixes: FixResult } {
  if (fixes.patch.length === 0 && fixes.dropped.length === 0) {
    return { outcome: 'unpatched', body: plain(uid), fixes };
  }
  const bounded = dropLongPatch(fixes, longestPatch);
  const warnings = fixWarnings(bounded, profile);
  const annotations = fixAnnotations(bounded);
  const body = response(uid, {
    allowed: true,
    ...(bounded.patch.length === 0 ? {} : { patchType: 'JSONPatch', patch: base64Json(bounded.patch) }),
    ...(warnings.length === 0 ? {} : { warnings }),
    ...(annotations === undefined ? {} : { auditAnnotations: annotations }),
  });
  return { outcome: bounded.patch.length === 0 ? 'unpatched' : 'patched', body, fixes: bounded };
}

/** Part of a patch is no patch: one that is too long is left out whole. */
function dropLongPatch(fixes: FixResult, longestPatch: number): FixResult {
  if (Buffer.byteLength(JSON.stringify(fixes.patch)) <= longestPatch) return fixes;
  const reason = `the patch is longer than ${longestPatch} bytes`;
  const dropped = [...fixes.dropped, ...fixes.applied.map((policy) => ({ policy, reason }))];
  return { ...fixes, patch: [], applied: [], dropped };
}

function base64Json(patch: readonly PatchOperation[]): string {
  return Buffer.from(JSON.stringify(patch)).toString('base64');
}
