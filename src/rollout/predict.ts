import { groupOf, isBuiltinGroup } from '#sdk';
import type { Entry } from '../engine/compiled.ts';
import type { Identity } from '../engine/exceptions.ts';
import { enforcementIn } from '../engine/judge.ts';
import { actionOf } from '../engine/leniency.ts';
import { unnamedOwner } from '../replay/replay.ts';
import type { AuditFinding, AuditObject, AuditReport } from '../report/audit/audit-report.ts';
import { isFixable, objectKey, type RefusedFinding, type RefusedObject } from './refusal.ts';
import {
  blocksFrom,
  denyingEntries,
  isExcepted,
  profileThen,
  silentAtAdmission,
  type Standards,
} from './standards.ts';

/** What a report says of the objects that exist. */
export interface Prediction {
  /** In the order of the report. */
  readonly objects: readonly RefusedObject[];
  /** Findings that an exception covers on that day. */
  readonly excepted: number;
  /** Findings that admission patches away. */
  readonly patched: number;
  /** Findings on what the control plane's own controllers make: those are let through with a warning. */
  readonly onMade: number;
}

type About = Omit<RefusedObject, 'findings' | 'newly'>;

/** Which objects of a report would be refused. Only what the report was judged by is known: see gapsOf. */
export function predict(report: AuditReport, standards: Standards): Prediction {
  const described = new Map(report.objects.map((object) => [objectKey(object, object.cluster), object]));
  const profiles = new Map(
    report.namespaces.map((one) => [JSON.stringify([one.cluster, one.name]), one.profile]),
  );
  const entries = new Map<string, ReadonlyMap<string, Entry>>();
  const refused = new Map<string, { about: About; findings: RefusedFinding[] }>();
  const refusedToday = new Set<string>();
  let [excepted, patched, onMade] = [0, 0, 0];
  for (const finding of report.findings) {
    const { object, cluster, via, policy } = finding;
    const key = objectKey(object, cluster);
    const known = described.get(key);
    const judged =
      known?.profile ??
      profiles.get(JSON.stringify([cluster, object.namespace])) ??
      standards.after.settings.profile;
    const today = known?.asks ?? judged;
    const place = via === undefined ? key : `${key} ${via.kind}`;
    if (isRefusedNow(finding, today, standards)) refusedToday.add(place);
    const profile = profileThen(standards, judged);
    const denying = entries.get(profile) ?? byId(denyingEntries(standards, profile));
    entries.set(profile, denying);
    const entry = denying.get(policy);
    if (entry === undefined || !wouldDeny(finding, entry, standards)) continue;
    if (entry.fixOnAdmission && entry.fixable.has(finding.messageId)) patched++;
    else if (isExcepted(standards, finding, identitiesOf(finding, standards))) excepted++;
    else if (via !== undefined && isMadeByKnown(object, standards)) onMade++;
    else {
      const one = refused.get(place) ?? { about: aboutOf(finding, known, profile), findings: [] };
      refused.set(place, one);
      one.findings.push(refusedFinding(finding, entry, { today, standards }));
    }
  }
  const objects = [...refused].map(([place, { about, findings }]) => ({
    ...about,
    newly: !refusedToday.has(place),
    findings,
  }));
  return { objects, excepted, patched, onMade };
}

function byId(entries: readonly Entry[]): ReadonlyMap<string, Entry> {
  return new Map(entries.map((entry) => [entry.policy.id, entry]));
}

function wouldDeny({ messageId, object }: AuditFinding, entry: Entry, standards: Standards): boolean {
  if (object.namespace !== undefined && standards.after.exemptNamespaces.has(object.namespace)) return false;
  if (silentAtAdmission(standards, entry) !== undefined) return false;
  return actionOf({ entry, message: messageId }) === 'deny';
}

/** What is refused: the object, or, where its own controller makes it, what it makes. */
function identitiesOf({ object, via }: AuditFinding, standards: Standards): readonly Identity[] {
  const { namespace, kind, name } = object;
  return via === undefined || isMadeByKnown(object, standards)
    ? [{ namespace, kind, name }]
    : via.names.map((made) => ({ namespace, kind: via.kind, name: made }));
}

/** Whether a controller that admission knows makes what belongs to it: its denials become warnings. */
function isMadeByKnown({ apiVersion, kind }: AuditFinding['object'], { after }: Standards): boolean {
  const group = groupOf(apiVersion);
  return (
    isBuiltinGroup(group) ||
    after.settings.workloads.some(
      (workload) => workload.controller !== undefined && workload.kind === kind && workload.group === group,
    )
  );
}

function aboutOf(
  { object, cluster, via }: AuditFinding,
  known: AuditObject | undefined,
  profile: string,
): About {
  return {
    ...(cluster === undefined ? {} : { cluster }),
    object,
    owner: known?.team ?? unnamedOwner(object),
    profile,
    ...(via === undefined ? {} : { makes: via }),
  };
}

function refusedFinding(
  finding: AuditFinding,
  entry: Entry,
  { today, standards }: { readonly today: string; readonly standards: Standards },
): RefusedFinding {
  const { policy, severity, messageId, message, remediation, locator } = finding;
  const from = blocksFrom(entry);
  return {
    ...{ policy, severity, messageId, message, remediation, locator },
    fixable: isFixable(entry, messageId),
    blocksChanges: entry.grandfatherUntil !== undefined && standards.at >= entry.grandfatherUntil,
    ...(from === undefined ? {} : { blocksFrom: from }),
    already: isRefusedNow(finding, today, standards),
  };
}

function isRefusedNow(
  { policy, messageId, object, exception }: AuditFinding,
  name: string,
  standards: Standards,
): boolean {
  const { before } = standards;
  const profile = before.profiles.get(name) ?? before.profiles.get(before.settings.profile);
  const entry = profile?.entries.find((one) => one.policy.id === policy);
  if (profile === undefined || entry === undefined || exception !== undefined) return false;
  if (entry.fixOnAdmission && entry.fixable.has(messageId)) return false;
  if (silentAtAdmission(standards, entry) !== undefined) return false;
  const enforcement = enforcementIn(before, profile, object.namespace);
  return enforcement === 'enforce' && actionOf({ entry, message: messageId }) === 'deny';
}
