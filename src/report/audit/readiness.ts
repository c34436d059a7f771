import { compareTexts } from '../../engine/order.ts';
import type { ObjectReference } from '../../engine/review.ts';
import type { AuditFinding, AuditObject, AuditPolicy, AuditReport } from './audit-report.ts';
import { sectionOfRecord, sectionsOf } from './section-of.ts';
import { sections } from './sections.ts';

/**
 * What is known about a section of readiness. `not-ready`: there are findings that no exception covers. `excepted`:
 * there are findings, and exceptions cover them all. `recorded`: no finding, and a dated record besides. `ready`: at
 * least one policy of the section has judged the object, and none found anything. `not-visible`: none could.
 */
export type State = 'not-ready' | 'excepted' | 'recorded' | 'ready' | 'not-visible';

export interface Standing {
  readonly state: State;
  /** That no exception covers. */
  readonly findings: readonly AuditFinding[];
  readonly excepted: readonly AuditFinding[];
  /** How many policies of the section have judged it, and how many are on and could not. */
  readonly judgedBy: number;
  readonly skipped: number;
  /** `{ name: 'restore-drill', date: '2026-10-02' }`, the newest first. */
  readonly records: readonly { readonly name: string; readonly date: string }[];
}

export interface Readiness {
  readonly object: AuditObject;
  readonly findings: readonly AuditFinding[];
  /** In the order of `sections`. */
  readonly standings: readonly Standing[];
}

const attestation = 'require-attestation';

/** Every object that was judged, or that has findings, with its standing in each section; in the report's order. */
export function readinessOf(report: AuditReport): readonly Readiness[] {
  const { objects, findings } = report;
  const policies = policiesOf(report);
  const bySection = new Map(policies.map((policy) => [policy.id, sectionsOf(policy)]));
  const found = Map.groupBy(findings, ({ cluster, object }) => objectKey(object, cluster));
  const known = new Set(objects.map((object) => objectKey(object, object.cluster)));
  const unlisted = [...found].flatMap(([key, [first]]): readonly AuditObject[] =>
    first === undefined || known.has(key) ? [] : [unlistedObject(first)],
  );
  const grounds = new Map<string, readonly Standing[]>();
  return [...objects, ...unlisted].map((object) => {
    const key = groundKey(object);
    const ground = grounds.get(key) ?? groundOf(object, policies, bySection);
    grounds.set(key, ground);
    const own = found.get(objectKey(object, object.cluster)) ?? [];
    return { object, findings: own, standings: standingsOf(object, own, ground, bySection) };
  });
}

/** The report's policies, and those that it names in findings alone: nothing may look ready because of them. */
export function policiesOf({ policies, findings }: AuditReport): readonly AuditPolicy[] {
  const known = new Set(policies.map(({ id }) => id));
  const unlisted = findings.filter(({ policy }) => !known.has(policy));
  return [
    ...policies,
    ...[...Map.groupBy(unlisted, ({ policy }) => policy)].map(([id, [first]]): AuditPolicy => ({
      id,
      title: id,
      category: 'operations',
      severity: first?.severity ?? 'low',
      why: '',
      references: [],
      kinds: [],
    })),
  ];
}

/** One text for each object of all clusters. */
export function objectKey(object: ObjectReference, cluster = ''): string {
  const { apiVersion, kind, namespace = '', name } = object;
  const group = apiVersion.includes('/') ? apiVersion.replace(/\/[^/]*$/, '') : '';
  return [cluster, namespace, group, kind, name].join('\u0000');
}

function unlistedObject({ object, cluster }: AuditFinding): AuditObject {
  return { ...object, profile: '', ...(cluster === undefined ? {} : { cluster }) };
}

/** Ids of the policies that have judged at least one object: another one without findings says nothing. */
export function judgingPolicies({ objects, policies }: AuditReport): ReadonlySet<string> {
  const alike = Map.groupBy(objects, groundKey);
  const judging = policies.filter((policy) =>
    [...alike.values()].some(
      ([object]) =>
        object !== undefined && isAbout(policy, object) && object.skipped?.includes(policy.id) !== true,
    ),
  );
  return new Set(judging.map(({ id }) => id));
}

/** Objects with the same were judged by the same policies. */
function groundKey({ profile, kind, workload, skipped = [] }: AuditObject): string {
  return [profile, workload === undefined ? kind : `${kind}\u0000Workload`, ...skipped].join('\u0000');
}

function isAbout({ profiles, kinds }: AuditPolicy, { profile, kind, workload }: AuditObject): boolean {
  return (
    profiles?.includes(profile) !== false &&
    (kinds === undefined ||
      kinds.some((one) => one === kind || one === 'Any' || (one === 'Workload' && workload !== undefined)))
  );
}

/** How an object stands that nothing was found on: the same for all of a kind and a profile. */
function groundOf(
  object: AuditObject,
  policies: readonly AuditPolicy[],
  bySection: ReadonlyMap<string, readonly number[]>,
): readonly Standing[] {
  // A record speaks for itself: not to have asked for one says nothing.
  const on = policies.filter((policy) => policy.id !== attestation && isAbout(policy, object));
  return sections.map((_, section) => {
    const own = on.filter(({ id }) => bySection.get(id)?.includes(section) === true);
    const unable = own.filter(({ id }) => object.skipped?.includes(id) === true).length;
    const judgedBy = own.length - unable;
    return {
      state: judgedBy > 0 ? 'ready' : 'not-visible',
      findings: [],
      excepted: [],
      judgedBy,
      skipped: unable,
      records: [],
    };
  });
}

function standingsOf(
  { attestations = {} }: AuditObject,
  all: readonly AuditFinding[],
  ground: readonly Standing[],
  bySection: ReadonlyMap<string, readonly number[]>,
): readonly Standing[] {
  const dated = Object.entries(attestations)
    .map(([name, date]) => ({ record: { name, date }, section: sectionOfRecord(name) }))
    .sort((a, b) => compareTexts(b.record.date, a.record.date));
  if (all.length === 0 && dated.length === 0) return ground;
  const found = all.map((finding) => ({ finding, places: sectionsOfFinding(finding, bySection) }));
  return ground.map((standing, section) => {
    const own = found.flatMap(({ finding, places }) => (places.includes(section) ? [finding] : []));
    const findings = own.filter(({ exception }) => exception === undefined);
    const excepted = own.filter(({ exception }) => exception !== undefined);
    const records = dated.flatMap((one) => (one.section === section ? [one.record] : []));
    const state = stateOf(findings.length, excepted.length, records.length, standing.state);
    return { ...standing, state, findings, excepted, records };
  });
}

function stateOf(findings: number, excepted: number, records: number, otherwise: State): State {
  if (findings > 0) return 'not-ready';
  if (excepted > 0) return 'excepted';
  return records > 0 ? 'recorded' : otherwise;
}

/** A missing record counts in the section it is about: a restore that nobody tried is no lack of load tests. */
function sectionsOfFinding(
  finding: AuditFinding,
  bySection: ReadonlyMap<string, readonly number[]>,
): readonly number[] {
  const record = recordOf(finding);
  return record === undefined ? (bySection.get(finding.policy) ?? []) : [sectionOfRecord(record)];
}

/** The name of the dated record that a finding is about, where it is about one. */
export function recordOf({ pointer }: Pick<AuditFinding, 'pointer'>): string | undefined {
  return /\/daygate\.dev~1attested-([a-z0-9-]+)$/.exec(pointer)?.[1];
}

/** No section has open findings, and at least one could be seen. */
export function isReady({ standings }: Readiness): boolean {
  return (
    standings.every(({ state }) => state !== 'not-ready') &&
    standings.some(({ state }) => state !== 'not-visible')
  );
}
