import { builtinKinds, type KindInfo, type Operation } from '#sdk';
import type { Compiled, Entry, Profile } from './compiled.ts';
import { isJudgedAtAdmission } from './kinds-read.ts';
import { allOperations } from './operations.ts';
import { asksFor } from './plans.ts';

/** A rule of a webhook configuration: admissionregistration.k8s.io/v1 RuleWithOperations. */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly apiVersions: readonly string[];
  readonly operations: readonly Operation[];
  readonly resources: readonly string[];
  readonly scope: 'Namespaced' | 'Cluster';
}

interface Row {
  readonly kind: KindInfo;
  readonly resource: string;
  readonly operations: readonly Operation[];
}

const vitalGroups: ReadonlySet<string> = new Set([
  'coordination.k8s.io',
  'events.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
]);
const vitalResources: ReadonlySet<string> = new Set(['nodes', 'events']);

/**
 * Whether a cluster lives on writing these objects: one whose leases, nodes or reviews of tokens and access wait for a
 * webhook loses its leaders, its nodes and its log-ins. No rule names them, whatever policies look at.
 */
export function isVital({ group, resource }: Pick<KindInfo, 'group' | 'resource'>): boolean {
  return vitalGroups.has(group) || (group === '' && vitalResources.has(resource));
}

/** Kinds that policies look at in `check` and `audit`, and that admission is never asked about. */
export function vitalKinds({ kinds, profiles }: Compiled): readonly KindInfo[] {
  const entries = [...profiles.values()].flatMap((profile) => profile.entries);
  return [...new Set(kinds.values())].filter(
    (kind) => isVital(kind) && entries.some(({ policy }) => asksFor(policy, kind)),
  );
}

/** Rules for the kinds whose policies the filter picks: what asks to have them judged. */
export function judgingRules(
  compiled: Compiled,
  entries: readonly Entry[],
  scope: Rule['scope'],
  picks: (entries: readonly Entry[]) => boolean,
): readonly Rule[] {
  return rulesOf(compiled, entries, scope, (kind, interested) =>
    picks(interested) ? judgingRows(kind, interested) : [],
  );
}

/** What asks to have namespaced objects fixed. */
export function fixingRules(compiled: Compiled, entries: readonly Entry[]): readonly Rule[] {
  return rulesOf(compiled, entries, 'Namespaced', fixingRows);
}

/** What admission fixes by a profile. */
export function fixingEntries(compiled: Compiled, { entries }: Profile): readonly Entry[] {
  return entries.filter(
    ({ fixOnAdmission, policy }) => fixOnAdmission && isJudgedAtAdmission(compiled, policy),
  );
}

/** Whether the API server asks to have objects of a kind fixed, where these fix at admission. */
export function isAskedToFix(entries: readonly Entry[], kind: KindInfo): boolean {
  return isAskedAbout(kind, 'Namespaced') && fixingRows(kind, interestedIn(entries, kind)).length > 0;
}

function isAskedAbout(kind: KindInfo, scope: Rule['scope']): boolean {
  return !isVital(kind) && kind.namespaced === (scope === 'Namespaced');
}

function interestedIn(entries: readonly Entry[], kind: KindInfo): readonly Entry[] {
  return entries.filter(({ policy }) => asksFor(policy, kind));
}

/** Grouped and sorted. */
function rulesOf(
  { kinds }: Compiled,
  entries: readonly Entry[],
  scope: Rule['scope'],
  rowsOf: (kind: KindInfo, interested: readonly Entry[]) => readonly Row[],
): readonly Rule[] {
  const rows: Row[] = [];
  for (const kind of new Set(kinds.values())) {
    if (!isAskedAbout(kind, scope)) continue;
    const interested = interestedIn(entries, kind);
    if (interested.length > 0) rows.push(...rowsOf(kind, interested));
  }
  const groups = Map.groupBy(rows, ({ kind, operations }) =>
    JSON.stringify([kind.group, kind.versions, operations]),
  );
  return [...groups.keys()].sort().flatMap((key) => {
    const group = groups.get(key) ?? [];
    const [first] = group;
    if (first === undefined) return [];
    const resources = [...new Set(group.map(({ resource }) => resource))].sort();
    return [
      {
        apiGroups: [first.kind.group],
        apiVersions: first.kind.versions,
        operations: first.operations,
        resources,
        scope,
      },
    ];
  });
}

function judgingRows(kind: KindInfo, entries: readonly Entry[]): readonly Row[] {
  const wanted = new Set(
    entries.flatMap(({ policy }) =>
      policy.target === 'request' ? (policy.operations ?? []) : (['CREATE', 'UPDATE'] as const),
    ),
  );
  const isPod = kind === builtinKinds.Pod;
  const subresources = new Set(entries.flatMap(({ policy }) => policy.subresources ?? []));
  const rows: Row[] = [];
  const add = (resource: string, operations: readonly Operation[]): void => {
    if (operations.length > 0) rows.push({ kind, resource, operations });
  };
  add(
    kind.resource,
    allOperations.filter((operation) => wanted.has(operation) && operation !== 'CONNECT'),
  );
  if (isPod && entries.some(({ policy }) => policy.containers?.includes('ephemeral'))) {
    add(`${kind.resource}/ephemeralcontainers`, ['UPDATE']);
  }
  for (const subresource of subresources) {
    if (subresource === 'scale' && kind.scalable !== true) continue;
    if (subresource !== 'scale' && !isPod) continue;
    const connects = subresource !== 'scale' && subresource !== 'resize';
    add(`${kind.resource}/${subresource}`, connects ? ['CONNECT'] : ['UPDATE']);
  }
  return rows;
}

function fixingRows(kind: KindInfo, entries: readonly Entry[]): readonly Row[] {
  const ofObjects = entries.some(({ policy }) => policy.target === 'object' || policy.target === 'relation');
  if (ofObjects) return [{ kind, resource: kind.resource, operations: ['CREATE', 'UPDATE'] }];
  const createsPods = entries.length > 0 && kind === builtinKinds.Pod;
  return createsPods ? [{ kind, resource: kind.resource, operations: ['CREATE'] }] : [];
}
