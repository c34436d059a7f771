import { compareTexts } from '../engine/order.ts';
import type {
  AuditCoverage,
  AuditException,
  AuditPolicy,
  AuditReport,
  KindCoverage,
  UpgradeCheck,
} from '../report/audit/audit-report.ts';
import { hasPasses } from '../report/audit/audit-words.ts';
import { joinPatches } from '../report/audit/audit-patches.ts';
import { byFinding, byObject } from './order.ts';

type Content = Pick<
  AuditReport,
  | 'findings'
  | 'patches'
  | 'objects'
  | 'namespaces'
  | 'policies'
  | 'exceptions'
  | 'coverage'
  | 'errors'
  | 'skipped'
  | 'upgrade'
  | 'notices'
>;

/**
 * What several reports say, as one: everything is there once, sorted, and what they counted is summed. What is of
 * different clusters says so already, and stays apart.
 */
export function concatenate(parts: readonly AuditReport[]): Content {
  const patches = parts.flatMap((part) => part.patches ?? []);
  const upgrades = parts.flatMap((part) => part.upgrade ?? []);
  return {
    ...(patches.length === 0 ? {} : { patches: joinPatches(patches) }),
    findings: parts.flatMap(({ findings }) => findings).sort(byFinding),
    objects: parts.flatMap(({ objects }) => objects).sort(byObject),
    namespaces: united(
      parts.flatMap(({ namespaces }) => namespaces),
      ({ cluster = '', name }) => [cluster, name],
      (a, b) => ({ ...a, objects: a.objects + b.objects }),
    ),
    policies: united(
      parts.flatMap(({ policies }) => policies),
      ({ id }) => [id],
      commonControls,
    ),
    exceptions: uniteExceptions(parts),
    coverage: uniteCoverage(parts.map(({ coverage }) => coverage)),
    errors: united(
      parts.flatMap(({ errors }) => errors),
      ({ code, message, ...more }) => [code, message, JSON.stringify(more)],
      (first) => first,
    ),
    skipped: united(
      parts.flatMap(({ skipped }) => skipped),
      ({ cluster = '', policy = '', reason }) => [cluster, policy, reason],
      (a, b) => ({ ...a, objects: a.objects + b.objects }),
    ),
    ...(upgrades.length === 0 ? {} : { upgrade: uniteUpgrades(upgrades) }),
    notices: [
      ...new Set([
        ...passNotices(parts),
        ...parts.flatMap(({ notices }) => notices),
        ...(patches.length > 0 && patches.length < parts.length ? [notAllPatches] : []),
      ]),
    ],
  };
}

/** A policy answers to what it answers to in all of them. */
function commonControls(a: AuditPolicy, b: AuditPolicy): AuditPolicy {
  const { controls = [], ...policy } = a;
  const common = controls.filter((control) => b.controls?.includes(control) === true);
  return common.length === 0 ? policy : { ...a, controls: common };
}

/** Numbers of passes would look as if they were of all objects. */
function passNotices(parts: readonly Content[]): readonly string[] {
  const judging = parts.filter(({ objects }) => objects.length > 0);
  const having = judging.filter(hasPasses);
  return having.length === 0 || having.length === judging.length
    ? []
    : [
        `Passes are those of ${having.length} of ${judging.length} reports: the others were made without --include pass`,
      ];
}

const notAllPatches =
  'What admission would patch is told of a part: the other audits were made without --patches';

function uniteUpgrades(upgrades: readonly UpgradeCheck[]): UpgradeCheck {
  return {
    from: distinct(upgrades.map(({ from }) => from)),
    to: distinct(upgrades.map(({ to }) => to)),
    blockedDrains: united(
      upgrades.flatMap(({ blockedDrains }) => blockedDrains),
      ({ cluster = '', namespace, name }) => [cluster, namespace, name],
      (first) => first,
    ),
  };
}

/** Each text once: `v1.35.4, v1.36.3`. */
export function distinct(texts: readonly string[]): string {
  return [...new Set(texts)].sort().join(', ');
}

/** One of each key, in the order of the keys. */
export function united<T>(
  items: readonly T[],
  keyOf: (item: T) => readonly string[],
  join: (a: T, b: T) => T,
): readonly T[] {
  const byKey = new Map<string, { readonly key: readonly string[]; item: T }>();
  for (const item of items) {
    const key = keyOf(item);
    const known = byKey.get(JSON.stringify(key));
    if (known === undefined) byKey.set(JSON.stringify(key), { key, item });
    else known.item = join(known.item, item);
  }
  return [...byKey.values()].sort((a, b) => compareKeys(a.key, b.key)).map(({ item }) => item);
}

function compareKeys(a: readonly string[], b: readonly string[]): number {
  return a.reduce((order, step, index) => order || compareTexts(step, b[index] ?? ''), 0);
}

const states = ['in-force', 'expiring', 'expired'] as const;

/** Exceptions keep the order of the settings; one that several have is one, with all that it covers. */
function uniteExceptions(parts: readonly AuditReport[]): readonly AuditException[] {
  const byKey = new Map<string, AuditException>();
  for (const { exceptions } of parts) {
    const seen = new Map<string, number>();
    for (const exception of exceptions) {
      const { policies, match, owner, reason, expires } = exception;
      const same = JSON.stringify([
        policies,
        match.namespace,
        match.kind,
        match.name,
        match.container?.name,
        match.container?.image,
        owner,
        reason,
        expires,
      ]);
      // Settings may list the same twice.
      const nth = (seen.get(same) ?? 0) + 1;
      seen.set(same, nth);
      const key = `${nth} ${same}`;
      const known = byKey.get(key);
      byKey.set(key, known === undefined ? exception : joinExceptions(known, exception));
    }
  }
  return [...byKey.values()];
}

/** Reports of different days see it at different times: the latest counts. */
function joinExceptions(a: AuditException, b: AuditException): AuditException {
  return {
    ...a,
    state: states.indexOf(b.state) > states.indexOf(a.state) ? b.state : a.state,
    daysLeft: Math.min(a.daysLeft, b.daysLeft),
    findings: a.findings + b.findings,
  };
}

/** The gravest last: what one shard could not list was not listed. */
const kindStates: readonly KindCoverage['state'][] = [
  'not-served',
  'complete',
  'resumed',
  'removed',
  'failed',
  'forbidden',
];

function uniteCoverage(parts: readonly AuditCoverage[]): AuditCoverage {
  const sum = (of: (part: AuditCoverage) => number): number =>
    parts.reduce((total, part) => total + of(part), 0);
  const only = parts.every((part) => part.only !== undefined)
    ? [...new Set(parts.flatMap((part) => part.only ?? []))].sort()
    : undefined;
  return {
    listed: sum(({ listed }) => listed),
    judged: sum(({ judged }) => judged),
    ...(parts.some(({ unchanged }) => unchanged !== undefined)
      ? { unchanged: sum(({ unchanged = 0 }) => unchanged) }
      : {}),
    kinds: united(
      parts.flatMap(({ kinds }) => kinds),
      ({ cluster = '', apiVersion, kind }) => [cluster, apiVersion, kind],
      (a, b) => ({
        ...a,
        objects: a.objects + b.objects,
        state: kindStates.indexOf(b.state) > kindStates.indexOf(a.state) ? b.state : a.state,
      }),
    ),
    unmapped: united(
      parts.flatMap(({ unmapped }) => unmapped),
      ({ apiVersion, kind }) => [apiVersion, kind],
      (a, b) => ({ ...a, owned: a.owned + b.owned }),
    ),
    ...(only === undefined ? {} : { only }),
  };
}
