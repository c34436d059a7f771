import {
  builtinKinds,
  isBuiltinGroup,
  keyOfKind,
  keysOfKind,
  text,
  type KindInfo,
  type KubernetesObject,
} from '#sdk';
import { compareTexts } from '../engine/order.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { judgedBy } from '../config/judged-by.ts';
import type { Compiled } from '../engine/compiled.ts';
import { dateOf } from '../engine/days.ts';
import { kindsRead } from '../engine/kinds-read.ts';
import type { AuditReport, UpgradeCheck } from '../report/audit/audit-report.ts';
import { coverageLog, type CoverageLog } from './coverage-log.ts';
import { exceptionsReport, policiesReport } from './describe-settings.ts';
import { factsOfNamespaces } from './facts-of-namespaces.ts';
import { frugally } from './frugal.ts';
import { judgeObjects } from './judge-objects.ts';
import { patiently, type ServedKind, type Source } from './list-kind.ts';
import { namespacesOf, type Namespaces } from './namespaces.ts';
import { ownersOf } from './owners.ts';
import { paceOf } from './pace.ts';
import { readFacts } from './read-facts.ts';
import { readKind, readNamespaces, type Reading } from './read-kind.ts';
import { servedKinds } from './served-kinds.ts';
import { isOfShard, type Shard } from './shard.ts';
import { earlierVerdicts } from './since.ts';
import { suspensionNotices } from './suspension.ts';
import { blockedDrain, isUpgrade, upgradeKinds } from './upgrade.ts';

export interface AuditOptions {
  readonly cluster: Cluster;
  /** What the report calls the cluster. */
  readonly name: string;
  readonly compiled: Compiled;
  /** Digest of settings, policies and daygate. */
  readonly settings: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly pageSize: number;
  /** Calls a second, at most. */
  readonly callsPerSecond: number;
  /** Judges everything by this profile. */
  readonly profile?: string | undefined;
  /** Judges these namespaces alone, and nothing that belongs to none. */
  readonly namespaces?: readonly string[] | undefined;
  readonly shard?: Shard | undefined;
  /** Whether objects say which policies they pass. Not together with `since`. */
  readonly passes?: boolean;
  /** Whether to tell what admission would patch. */
  readonly patches?: boolean | undefined;
  /** An earlier report: what has not changed since is not judged again. */
  readonly since?: AuditReport | undefined;
  /** Earlier reports' numbers, the oldest first. */
  readonly trend?: AuditReport['trend'];
  /** Takes how far it is. */
  readonly step?: ((what: string, done: number, all: number) => void) | undefined;
}

export interface Audited {
  readonly report: AuditReport;
  /** How many calls it took. */
  readonly calls: number;
  /** Why the earlier report was of no use, where it was not. */
  readonly notSince?: string;
}

/**
 * Judges what a cluster runs, and says what it could not read. Lists in pages, twice where policies look at other
 * objects: first for the facts, of which it keeps slim copies, then for the objects, which it judges and forgets. It
 * writes nothing.
 *
 * @throws ClusterError where the API server is not reached, or knows nobody of that name
 */
export async function auditCluster(options: AuditOptions): Promise<Audited> {
  const { cluster, compiled, now, profile, shard, since, namespaces: only } = options;
  const pace = paceOf(options.callsPerSecond);
  const source: Source = { cluster, pace, pageSize: options.pageSize, tidy: frugally() };
  const log = coverageLog();
  const isCounted = ({ metadata }: KubernetesObject): boolean => isOfShard(text(metadata?.namespace), shard);
  const reading: Reading = { source, log, namespaces: only, isCounted };
  const version = await patiently(pace, () => cluster.read('/version'));
  const server = text(version['gitVersion']) ?? 'unknown';

  const { objects: namespaceObjects, withheld } = await readNamespaces(reading);
  const namespaces = namespacesOf(compiled, namespaceObjects, profile);
  const used = namespaces.profiles();
  const { judged, facts: factKinds } = kindsRead(compiled, used);
  const isAskedAbout = (kind: KindInfo): boolean =>
    only === undefined || kind.namespaced || kind === builtinKinds.Namespace;
  const kinds = [...new Set([...judged, ...upgradeKinds(compiled, server)])].filter(isAskedAbout);
  const served = await findKinds(source, [...new Set([...kinds, ...factKinds])], log);

  const servedFacts = factKinds.flatMap((kind) => served.get(kind) ?? []);
  const isAlsoJudged = (kind: KindInfo): boolean => kinds.includes(kind);
  const known = await readFacts(reading, servedFacts, {
    namespaceObjects,
    isAlsoJudged,
    compiled,
    step: options.step,
  });
  const about = { cluster: options.name, date: dateOf(now), settings: options.settings };
  const earlier = since === undefined ? undefined : earlierVerdicts(since, { ...about, facts: known.digest });
  const owners = ownersOf(new Set([...served.keys()].flatMap(keysOfKind)));
  const servedKeys = new Set(servedFacts.map(({ kind }) => keyOfKind(kind)));
  const judge = judgeObjects({
    compiled,
    facts:
      only === undefined
        ? known.facts
        : factsOfNamespaces(known.facts, (kind) => servedKeys.has(keyOfKind(kind))),
    now,
    namespaces,
    owners,
    earlier: typeof earlier === 'string' ? undefined : earlier,
    passes: options.passes === true,
    patches: options.patches === true,
  });
  const blockedDrains: UpgradeCheck['blockedDrains'][number][] = [];
  const order = kinds.flatMap((kind) => served.get(kind) ?? []).sort((a, b) => rankOf(a) - rankOf(b));
  for (const [index, one] of order.entries()) {
    const { kind } = one;
    options.step?.('judging kind', index + 1, order.length);
    const take = (object: KubernetesObject): void => {
      if (!isAskedFor(object, namespaces, shard)) return;
      const drain = kind === builtinKinds.PodDisruptionBudget ? blockedDrain(object) : undefined;
      if (drain !== undefined) blockedDrains.push(drain);
      judge.take(object, kind);
    };
    if (kind === builtinKinds.Namespace) namespaceObjects.forEach(take);
    else if (!log.isFailed(kind)) await readKind(reading, one, true, take);
  }

  const { findings, objects, errors, skipped, judged: count, unchanged, marks, ...more } = judge.done();
  const report: AuditReport = {
    ...about,
    server,
    kubernetes: compiled.settings.kubernetes,
    findings,
    ...more,
    objects,
    namespaces: namespaces.all(),
    policies: policiesReport(compiled, used, options.passes),
    profiles: judgedBy(compiled, used),
    exceptions: exceptionsReport(compiled, findings, now),
    coverage: {
      listed: log.kinds().reduce((sum, kind) => sum + kind.objects, 0),
      judged: count,
      ...(since === undefined ? {} : { unchanged }),
      kinds: log.kinds(),
      unmapped: [...owners.unmapped.values()].sort((a, b) => compareTexts(a.kind, b.kind)),
      ...(shard === undefined ? {} : { shard }),
      ...(only === undefined ? {} : { only: [...only].sort() }),
    },
    errors: [
      ...log.errors(),
      ...errors,
      // A shard may have no namespace; that none of them has is for `merge` to say.
      ...(count + unchanged === 0 && shard === undefined && log.errors().length === 0
        ? [nothingChecked]
        : []),
    ],
    skipped,
    ...(isUpgrade(compiled, server)
      ? { upgrade: { from: server, to: compiled.settings.kubernetes, blockedDrains } }
      : {}),
    notices: [
      ...withheldNotices({ namespaces: withheld, kinds: log.withheld() }, profile, compiled),
      ...namespaces.notices(),
      ...(log.lost() === undefined ? await suspensionNotices(source, now) : []),
    ],
    trend: options.trend ?? [],
    ...(shard === undefined ? { seen: { facts: known.digest, objects: marks } } : {}),
  };
  return { report, calls: pace.calls(), ...(typeof earlier === 'string' ? { notSince: earlier } : {}) };
}

const nothingChecked = {
  code: 'nothing-checked',
  message: 'nothing was judged: there is no object that a policy looks at',
};

/** What an audit of some namespaces went without. */
function withheldNotices(
  { namespaces, kinds }: { readonly namespaces: readonly string[]; readonly kinds: readonly string[] },
  profile: string | undefined,
  { settings }: Compiled,
): readonly string[] {
  const others = kinds.filter((kind) => kind !== builtinKinds.Namespace.kind);
  const guess = `, and what is in it was judged by the default profile ${settings.profile}, whatever its label says: --profile names another`;
  return [
    ...namespaces.map(
      (name) =>
        `this account may not get the namespace ${name}: it was not judged itself${profile === undefined ? guess : ''}`,
    ),
    ...(others.length === 0
      ? []
      : [
          `this account may not list ${others.join(', ')}, which belong to no namespace: policies that look at them besides saw less, or were left out`,
        ]),
  ];
}

/** Which of the kinds there are; what is not served, or cannot be learned, is on record. */
async function findKinds(
  source: Source,
  kinds: readonly KindInfo[],
  log: CoverageLog,
): Promise<ReadonlyMap<KindInfo, ServedKind>> {
  const { served, problems } = await servedKinds(source, kinds);
  for (const { kind, error } of problems) log.fail(kind, kind.versions[0] ?? '', error);
  for (const kind of kinds)
    if (!served.has(kind) && !log.isFailed(kind)) log.add(kind, kind.versions[0] ?? '', 0, 'not-served');
  return served;
}

/** Owners first: what they own is told with them. */
function rankOf({ kind: { kind, group, template } }: ServedKind): number {
  if (template === undefined) return 0;
  // What a team's own kinds make is made through the kinds of Kubernetes.
  if (!isBuiltinGroup(group)) return 1;
  return kind === 'Pod' ? 4 : kind === 'ReplicaSet' || kind === 'Job' ? 3 : 2;
}

function isAskedFor(object: KubernetesObject, namespaces: Namespaces, shard: Shard | undefined): boolean {
  const { name, isExempt } = namespaces.of(object);
  return !isExempt && isOfShard(name, shard);
}
