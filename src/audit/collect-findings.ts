import type { KindInfo } from '#sdk';
import { dateOf, day } from '../engine/days.ts';
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
export interface Made {
  readonly uid: string;
  readonly kind: KindInfo;
  readonly findings: readonly AuditFinding[];
}

/** Findings as they come in, brought together under the top owner of what they are about. */
export interface FindingCollector {
  /** Takes what was found on an object that stands at the top. */
  addOwn(uid: string, kind: KindInfo, findings: readonly AuditFinding[]): void;
  /** Takes what was found on an object that something at the top made, directly or not. */
  addMade(top: Top, of: ObjectReference, made: Made): void;
  all(): readonly AuditFinding[];
}

/**
 * Fifty pods of a Deployment that lack the same thing are one finding, on the Deployment. What its template has is not
 * said of what was made from it; what only those have (an injected container, an old ReplicaSet) is said once, with
 * their names.
 */
export function collectFindings(): FindingCollector {
  const own: AuditFinding[] = [];
  /** What was said of templates, by uid. */
  const said = new Map<string, ReadonlySet<string>>();
  const made = new Map<string, Gathered>();
  const note = (uid: string, kind: KindInfo, findings: readonly AuditFinding[]): void => {
    // A pod makes nothing.
    if (kind.template !== undefined && kind.template.length > 0 && findings.length > 0)
      said.set(uid, new Set(findings.flatMap((finding) => saidOfPods(finding, kind))));
  };
  return {
    addOwn: (uid, kind, findings) => {
      own.push(...findings);
      note(uid, kind, findings);
    },
    addMade: (top, of, { uid, kind, findings }) => {
      const isSaidOf = (owner: string, finding: AuditFinding): boolean =>
        said.get(owner)?.has(keyOf(finding, finding.locator)) === true;
      const notOfTop = findings.filter((finding) => !isSaidOf(top.uid, finding));
      if (notOfTop.length === 0) return;
      note(uid, kind, findings);
      for (const finding of notOfTop) {
        if (isSaidOf(top.maker, finding)) continue;
        const key = `${top.uid} ${of.kind} ${keyOf(finding, finding.locator)}`;
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

/** A finding as the report has it. */
export function auditFinding(finding: Finding, grandfatherUntil: number | undefined): AuditFinding {
  return grandfatherUntil === undefined || finding.action !== 'deny'
    ? finding
    : { ...finding, grandfatherUntil: dateOf(grandfatherUntil - day) };
}

/** What a finding on a workload says about its pods, and its ReplicaSets and Jobs, too. */
function saidOfPods(finding: Finding, kind: KindInfo): readonly string[] {
  const template = (kind.template ?? []).join('.');
  const { locator } = finding;
  const keys = [keyOf(finding, locator)];
  if (template !== '' && locator.startsWith(`${template}.`)) {
    const below = locator.slice(template.length + 1);
    // In the pod itself, and in what stands between: the template of a ReplicaSet, of a Job.
    keys.push(keyOf(finding, below), keyOf(finding, `spec.template.${below}`));
  }
  return keys;
}

function keyOf({ policy, messageId }: Finding, locator: string): string {
  return `${policy} ${messageId} ${locator}`;
}

function byObject(a: AuditFinding, b: AuditFinding): number {
  return (
    compare(a.object.namespace ?? '', b.object.namespace ?? '') ||
    compare(a.object.kind, b.object.kind) ||
    compare(a.object.name, b.object.name) ||
    compare(a.object.apiVersion, b.object.apiVersion) ||
    compare(a.locator, b.locator) ||
    compare(a.policy, b.policy) ||
    compare(a.message, b.message) ||
    compare(a.via?.kind ?? '', b.via?.kind ?? '')
  );
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
