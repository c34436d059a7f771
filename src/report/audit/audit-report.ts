import type { Category, Severity } from '#sdk';
import type { ExceptionReference, Finding, ObjectReference } from '../../engine/review.ts';
import type { PolicyReportDetail } from '../../engine/settings.ts';
import type { ReportError } from '../report.ts';
import type { AuditPatches } from './audit-patches.ts';

/**
 * What an audit has to tell, complete and sorted: every format renders this, and its JSON form (version 1) is what
 * `--since`, `--trend`, `rollout` and `merge` read again. It says nothing that differs between two runs over the same
 * cluster on the same day.
 */
export interface AuditReport {
  /** The name of the cluster: `--cluster`, or the context of the kubeconfig. */
  readonly cluster: string;
  /** The UTC day of the audit: `2026-11-21`. */
  readonly date: string;
  /** What the API server says it is: `v1.36.3`. */
  readonly server: string;
  /** The Kubernetes version that was judged for: `1.36`. */
  readonly kubernetes: string;
  /** Digest of settings, policies and daygate: reports with the same were judged alike. */
  readonly settings: string;
  /** What was merged, by name; absent from the report of one cluster. */
  readonly clusters?: readonly MergedCluster[];
  /** Which policies judged by which parameters: `rollout` knows by it what was never asked. */
  readonly profiles?: JudgedBy;
  /** By namespace, kind and name of the object, then locator, policy and message. */
  readonly findings: readonly AuditFinding[];
  /** What admission would patch: `--patches`. */
  readonly patches?: AuditPatches;
  /** Top-level objects that were judged, by namespace, kind and name. */
  readonly objects: readonly AuditObject[];
  readonly namespaces: readonly AuditNamespace[];
  /** All policies that were on in a profile that was used, by id. */
  readonly policies: readonly AuditPolicy[];
  /** Every exception of the settings, in their order. */
  readonly exceptions: readonly AuditException[];
  readonly coverage: AuditCoverage;
  /** What kept it from being complete, or went wrong. */
  readonly errors: readonly ReportError[];
  /** What was not judged by which policy, and why; how many objects it is about. */
  readonly skipped: readonly AuditSkip[];
  /** Where `--kubernetes` asks about another version than the cluster's. */
  readonly upgrade?: UpgradeCheck;
  /** What else a reader must know: a suspension that is in force, say. */
  readonly notices: readonly string[];
  /** Earlier reports, the oldest first: `--trend`. */
  readonly trend: readonly TrendPoint[];
  /** What `--since` compares: digests of what was judged. Absent from shards and merged reports. */
  readonly seen?: AuditSeen;
  /** What has changed since an earlier report: `merge --diff`. */
  readonly diff?: AuditDiff;
}

/** Profile → id of a policy that was on in it → digest of its parameters. */
export type JudgedBy = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** One of the clusters of a merged report. */
export interface MergedCluster extends Pick<
  AuditReport,
  'date' | 'server' | 'kubernetes' | 'settings' | 'profiles'
> {
  readonly name: string;
}

/** How the findings that count differ from those of an earlier report. */
export interface AuditDiff {
  /** The UTC day of the earlier report. */
  readonly since: string;
  /** By cluster, namespace and policy; only where something has changed. */
  readonly groups: readonly {
    readonly cluster: string;
    /** Absent for what belongs to the cluster. */
    readonly namespace?: string;
    readonly policy: string;
    readonly appeared: number;
    readonly gone: number;
  }[];
  readonly appeared: readonly AuditFinding[];
  readonly gone: readonly AuditFinding[];
}

/**
 * What a policy found on an object, or on what it made. The object is the top owner: fifty pods of a Deployment that
 * lack the same thing are one finding.
 */
export interface AuditFinding extends Finding {
  /** Present where the object itself has it not, but what it owns: injected containers, an old ReplicaSet. */
  readonly via?: { readonly kind: string; readonly names: readonly string[] };
  /** Of which cluster, in a merged report. */
  readonly cluster?: string;
  /** The UTC day from which on the old object's finding blocks too, where the settings name one. */
  readonly grandfatherUntil?: string;
  /** What PolicyReports have of it, where that is not all. */
  readonly policyReport?: Exclude<PolicyReportDetail, 'full'>;
}

/** A top-level object that was judged. */
export interface AuditObject extends ObjectReference {
  readonly cluster?: string;
  /** That it was judged by. */
  readonly profile: string;
  /** The profile by which admission judges it, where that is another: the audit was told to judge all by one. */
  readonly asks?: string;
  /** Who answers for it: the label `team` (or what require-owner asks for), or its namespace's. */
  readonly team?: string;
  /** Who pays: the label of require-cost-center, or its namespace's. */
  readonly costCenter?: string;
  /** Present for what makes pods. */
  readonly workload?: AuditWorkload;
  /** Dated records: `{ "restore-test": "2026-10-02" }`. */
  readonly attestations?: Readonly<Record<string, string>>;
  /** Ids of policies that could say nothing about it. */
  readonly skipped?: readonly string[];
  /** Ids of policies that looked at it, and found nothing on it or on what it made; where passes were asked for. */
  readonly passes?: readonly string[];
  /** Ids of policies that found nothing and could not judge all of that; where passes were asked for. */
  readonly notJudged?: readonly string[];
}

export interface AuditWorkload {
  /** How many pods it asks for; of a DaemonSet, how many it runs. */
  readonly replicas: number;
  /** For all replicas together: cores and bytes. Containers that state none count as nothing. */
  readonly requests: { readonly cpu: number; readonly memory: number };
  readonly limits: { readonly cpu: number; readonly memory: number };
  /** Containers that are left out of the sums above. */
  readonly withoutRequests: { readonly cpu: number; readonly memory: number };
}

export interface AuditNamespace {
  readonly cluster?: string;
  readonly name: string;
  readonly profile: string;
  readonly enforcement: 'enforce' | 'observe';
  /** Objects of it that were judged, what workloads made included. */
  readonly objects: number;
  readonly exempt?: true;
}

export interface AuditPolicy {
  readonly id: string;
  readonly title: string;
  readonly category: Category;
  readonly severity: Severity;
  readonly why: string;
  readonly references: readonly string[];
  /** Names of the controls of public standards that it answers to; where passes were asked for. */
  readonly controls?: readonly string[];
  /** The profiles in which it is on; absent: all that were used. */
  readonly profiles?: readonly string[];
  /** Kinds of objects it can judge: `Ingress`, `Workload` for whatever makes pods, `Any`; absent: all. */
  readonly kinds?: readonly string[];
}

export interface AuditException extends ExceptionReference {
  readonly policies: readonly string[];
  readonly match: {
    readonly namespace?: string;
    readonly kind?: string;
    readonly name?: string;
    readonly container?: { readonly name: string; readonly image: string };
  };
  readonly state: 'in-force' | 'expiring' | 'expired';
  /** Days that are left, the present one included; 0 and less where it has ended. */
  readonly daysLeft: number;
  /** Findings it covers, or would cover if it had not ended. */
  readonly findings: number;
}

export interface AuditCoverage {
  /** Objects that were listed, and that were judged in this run; the rest is unchanged, exempt, owned and empty, or going. */
  readonly listed: number;
  readonly judged: number;
  /** Objects whose verdict is that of the report that --since names, unchanged. */
  readonly unchanged?: number;
  readonly kinds: readonly KindCoverage[];
  /** Kinds that own pods and are not known to make any: their pods were judged themselves. */
  readonly unmapped: readonly {
    readonly apiVersion: string;
    readonly kind: string;
    readonly owned: number;
  }[];
  readonly shard?: { readonly index: number; readonly of: number };
  /** Where only some namespaces were asked for. */
  readonly only?: readonly string[];
}

export interface KindCoverage {
  readonly cluster?: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly objects: number;
  /**
   * `resumed`: the list went on after its token had expired, so it is of more than one moment. `not-served`: the
   * cluster has no such kind. `removed`: it had when the audit began.
   */
  readonly state: 'complete' | 'resumed' | 'forbidden' | 'failed' | 'removed' | 'not-served';
}

export interface AuditSkip {
  readonly policy?: string;
  readonly reason: string;
  readonly objects: number;
  readonly cluster?: string;
}

/** What the next version of Kubernetes changes. */
export interface UpgradeCheck {
  readonly from: string;
  readonly to: string;
  /** PodDisruptionBudgets that allow no eviction now: the drain of a node waits for them. */
  readonly blockedDrains: readonly {
    readonly cluster?: string;
    readonly namespace: string;
    readonly name: string;
    readonly healthy: number;
    readonly desired: number;
  }[];
}

/** The numbers of one report, for a trend. */
export interface TrendPoint {
  readonly cluster: string;
  readonly date: string;
  readonly objects: number;
  readonly deny: number;
  readonly warn: number;
  readonly excepted: number;
  /** Findings that count, by policy. */
  readonly policies: Readonly<Record<string, number>>;
}

export interface AuditSeen {
  /** Of the facts that relation policies looked at. */
  readonly facts: string;
  /** Of uid, resourceVersion and namespace's profile of every object that was judged, sorted. */
  readonly objects: readonly string[];
}

export interface AuditSummary {
  readonly findings: number;
  readonly deny: number;
  readonly warn: number;
  readonly audit: number;
  readonly excepted: number;
  readonly fixable: number;
  readonly errors: number;
}

/** Counts for headings. Findings that are excepted are counted on their own. */
export function summarizeAudit({ findings, errors }: Pick<AuditReport, 'findings' | 'errors'>): AuditSummary {
  const open = findings.filter(({ exception }) => exception === undefined);
  const count = (action: Finding['action']): number =>
    open.filter((finding) => finding.action === action).length;
  return {
    findings: findings.length,
    deny: count('deny'),
    warn: count('warn'),
    audit: count('audit'),
    excepted: findings.length - open.length,
    fixable: open.filter(({ fixable }) => fixable).length,
    errors: errors.length,
  };
}
