import type { KindInfo } from '#sdk';
import { compareReferences, compareTexts } from '../engine/order.ts';
import { dateOf, day } from '../engine/days.ts';
import type { Entry } from '../engine/compiled.ts';
import type { CompiledException } from '../engine/exceptions.ts';
import type { Finding, ObjectReference } from '../engine/review.ts';
import type { AuditFinding } from '../report/audit/audit-report.ts';
import type { Top } from './owners.ts';

/** A finding on what an object made, until all that it made are known. */
interface Gathered {
  readonly finding: AuditFinding;
  readonly kind: string;
  readonly names: string[];
}

/** What was found on an object that was made. */
interface Made {
  readonly uid: string;
  readonly kind: KindInfo;
  readonly findings: readonly AuditFinding[];
}

/** Findings as they come in, brought together under the top owner of what they are about. */
interface FindingCollector {
  /** Takes what was found on an object that stands at the top. */
  addOwn(uid: string, kind: KindInfo, findings: readonly AuditFinding[]): void;
  /** Takes what was found on an object that something at the top made, directly or not. */
  addMade(top: Top, of: ObjectReference, made: Made): void;
  all(): readonly AuditFinding[];
}

/**
 * Fifty pods of a Deployment that lack the same thing are one finding, on the Deployment. What its template has is not
 * said of what was made from it; what only those have (an injected container, an old ReplicaSet) is said once, with
 * their names. What an exception lets one container off for its image is said of no other image.
 */
export function collectFindings(exceptions: readonly CompiledException[]): FindingCollector {
  const own: AuditFinding[] = [];
  /** What was said of templates, by uid. */
  const said = new Map<string, ReadonlySet<string>>();
  const made = new Map<string, Gathered>();
  const shared = sharedStrings();
  const isLetOff = ({ exception, coveredBy = [] }: Finding): boolean =>
    exception !== undefined && coveredBy.some((index) => exceptions[index]?.isContainer !== undefined);
  const note = (uid: string, kind: KindInfo, findings: readonly AuditFinding[]): void => {
    // A pod makes nothing.
    if (kind.template !== undefined && kind.template.length > 0 && findings.length > 0)
      said.set(uid, new Set(findings.map((finding) => shared(placeOf(finding, kind, isLetOff(finding))))));
  };
  return {
    addOwn: (uid, kind, findings) => {
      for (const finding of findings) own.push(finding);
      note(uid, kind, findings);
    },
    addMade: (top, of, { uid, kind, findings }) => {
      const isSaidOf = (owner: string, finding: AuditFinding): boolean => {
        const ofOwner = said.get(owner);
        if (ofOwner === undefined) return false;
        return (
          ofOwner.has(placeOf(finding, kind)) ||
          (isLetOff(finding) && ofOwner.has(placeOf(finding, kind, true)))
        );
      };
      const notOfTop = findings.filter((finding) => !isSaidOf(top.uid, finding));
      if (notOfTop.length === 0) return;
      note(uid, kind, findings);
      // A policy may say several things of one place; messages may name the pod, so they tell nothing apart.
      const times = new Map<string, number>();
      for (const finding of notOfTop) {
        if (isSaidOf(top.maker, finding)) continue;
        const { policy, messageId, locator } = finding;
        const place = `${top.uid} ${of.kind} ${policy} ${messageId} ${locator} ${isLetOff(finding)}`;
        const time = (times.get(place) ?? 0) + 1;
        times.set(place, time);
        const key = `${place} ${time}`;
        const gathered = made.get(key);
        if (gathered === undefined)
          made.set(key, { finding: { ...finding, object: top.object }, kind: of.kind, names: [of.name] });
        else gathered.names.push(of.name);
      }
    },
    all: () =>
      [
        ...own,
        ...[...made.values()].map(({ finding, kind, names }): AuditFinding => ({
          ...finding,
          via: { kind, names: names.sort() },
        })),
      ].sort(byObject),
  };
}

/** A finding as the report has it. A hundred thousand of them say the same few things: each text is kept once. */
export function auditFinding(
  finding: Finding,
  entry: Pick<Entry, 'grandfatherUntil' | 'policyReport'> | undefined,
  shared: (text: string) => string,
): AuditFinding {
  const { message, remediation, pointer, locator } = finding;
  const { grandfatherUntil, policyReport = 'full' } = entry ?? {};
  return {
    ...finding,
    message: shared(message),
    remediation: shared(remediation),
    pointer: shared(pointer),
    locator: shared(locator),
    ...(grandfatherUntil === undefined || finding.action !== 'deny'
      ? {}
      : { grandfatherUntil: dateOf(grandfatherUntil - day) }),
    ...(policyReport === 'full' ? {} : { policyReport }),
  };
}

/** Gives the first of equal texts for all of them. */
export function sharedStrings(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const first = known.get(text);
    if (first === undefined) known.set(text, text);
    return first ?? text;
  };
}

/** What a finding is about, by its place in the pod or its template: there, the same is said of all that has it. */
function placeOf(
  { policy, messageId, locator }: Finding,
  { template = [] }: KindInfo,
  isLetOff = false,
): string {
  const path = template.join('.');
  const isInTemplate = path !== '' && locator.startsWith(`${path}.`);
  const place = isInTemplate ? locator.slice(path.length + 1) : locator;
  return `${policy} ${messageId} ${place}${isLetOff ? ' let off' : ''}`;
}

function byObject(a: AuditFinding, b: AuditFinding): number {
  return (
    compareReferences(a.object, b.object) ||
    compareTexts(a.locator, b.locator) ||
    compareTexts(a.policy, b.policy) ||
    compareTexts(a.message, b.message) ||
    compareTexts(a.via?.kind ?? '', b.via?.kind ?? '')
  );
}
