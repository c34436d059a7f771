import { compareTexts } from '../../engine/order.ts';
import type { AuditFinding } from './audit-report.ts';
import { isReady, type Readiness, type State } from './readiness.ts';
import { sections } from './sections.ts';

/** How a group of objects stands in one section. */
export interface Tally {
  readonly objects: Readonly<Record<State, number>>;
  /** Of open findings. */
  readonly findings: number;
  readonly worst?: AuditFinding['action'];
  /** Objects that are not ready because of something that is denied. */
  readonly blocked: number;
  /** Objects that are `ready`, though a policy of the section could not look at them. */
  readonly partly: number;
}

/** A cluster, a team or a namespace; `name` is undefined for what names no team, and for what is in no namespace. */
export interface Score {
  readonly level: 'cluster' | 'team' | 'namespace';
  readonly name: string | undefined;
  readonly workloads: number;
  readonly ready: number;
  /** Of workloads alone, in the order of `sections`. */
  readonly tallies: readonly Tally[];
  /** Findings that count on all of its objects. */
  readonly deny: number;
  readonly open: number;
  /** What it consists of, the worst first; of a namespace nothing. */
  readonly parts: readonly Score[];
  /** Of a namespace: workloads, the worst first, and how its other objects stand. */
  readonly members: readonly Readiness[];
  readonly others: readonly Readiness[];
}

/** Clusters (where there are several), their teams and their namespaces. */
export function scoresOf(all: readonly Readiness[]): readonly Score[] {
  const clusters = Map.groupBy(all, ({ object }) => object.cluster);
  if (clusters.size <= 1) return teamsOf(all);
  return [...clusters].map(([name, own]) => scoreOf('cluster', name, own, teamsOf(own))).sort(worstFirst);
}

function teamsOf(all: readonly Readiness[]): readonly Score[] {
  return [...Map.groupBy(all, ({ object }) => object.team)]
    .map(([name, own]) => scoreOf('team', name, own, namespacesOf(own)))
    .sort(worstFirst);
}

function namespacesOf(all: readonly Readiness[]): readonly Score[] {
  return [...Map.groupBy(all, ({ object }) => object.namespace)]
    .map(([name, own]) => scoreOf('namespace', name, own, []))
    .sort(worstFirst);
}

function scoreOf(
  level: Score['level'],
  name: string | undefined,
  all: readonly Readiness[],
  parts: readonly Score[],
): Score {
  const workloads = all.filter(({ object }) => object.workload !== undefined);
  const open = all.flatMap(openFindings);
  const isLeaf = level === 'namespace';
  return {
    level,
    name,
    workloads: workloads.length,
    ready: workloads.filter(isReady).length,
    tallies: tally(workloads),
    deny: open.filter(({ action }) => action === 'deny').length,
    open: open.length,
    parts,
    members: isLeaf ? workloads.toSorted(byGravity) : [],
    others: isLeaf ? all.filter(({ object }) => object.workload === undefined) : [],
  };
}

/** How objects stand together in each section. */
export function tally(all: readonly Readiness[]): readonly Tally[] {
  return sections.map((_, section) => {
    const objects = { 'not-ready': 0, excepted: 0, recorded: 0, ready: 0, 'not-visible': 0 };
    const open: AuditFinding[] = [];
    let [partly, blocked] = [0, 0];
    for (const { standings } of all) {
      const standing = standings[section];
      if (standing === undefined) continue;
      objects[standing.state] += 1;
      for (const finding of standing.findings) open.push(finding);
      if (worstOf(standing.findings) === 'deny') blocked += 1;
      if (standing.state === 'ready' && standing.skipped > 0) partly += 1;
    }
    const worst = worstOf(open);
    return { objects, findings: open.length, blocked, partly, ...(worst === undefined ? {} : { worst }) };
  });
}

export function worstOf(findings: readonly AuditFinding[]): AuditFinding['action'] | undefined {
  return (['deny', 'warn', 'audit'] as const).find((worst) =>
    findings.some(({ action }) => action === worst),
  );
}

export function openFindings({ findings }: Readiness): readonly AuditFinding[] {
  return findings.filter(({ exception }) => exception === undefined);
}

function gravity(readiness: Readiness): number {
  return openFindings(readiness).reduce((sum, { action }) => sum + (action === 'deny' ? 1000 : 1), 0);
}

// Sorting keeps the order of what is equal: that of the report.
function byGravity(a: Readiness, b: Readiness): number {
  return gravity(b) - gravity(a);
}

function worstFirst(a: Score, b: Score): number {
  return (
    b.deny - a.deny ||
    b.open - a.open ||
    b.workloads - a.workloads ||
    compareTexts(a.name ?? '', b.name ?? '')
  );
}
