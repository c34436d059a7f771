import type { Policy } from '#sdk';
import type { Finding, ObjectReference, Skip } from '../engine/review.ts';

/** A finding with its place in a file; lines and columns count from 1. */
export interface LocatedFinding extends Finding {
  /** What was rendered, where the object was: the label of a rendering. */
  readonly render?: string;
  /** For what was rendered, the template. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The line is a guess: a template has no line for each line it makes. */
  readonly approximate?: true;
  /** Which document of the file, or of what was rendered, from 0. */
  readonly document: number;
  /** Which item, where the document is a List. */
  readonly item?: number;
  /** The source line, with everything left out that could be a credential. */
  readonly excerpt?: string;
  /** What the policy suggests: the part of the object that changes, as YAML that reads as it does afterwards. */
  readonly suggestion?: string;
  /** Present where the baseline lists it: what it would lead to otherwise. It does not count. */
  readonly baselined?: { readonly action: Finding['action'] };
  /** Present where it is an object of a cluster: `file` is its path there, and there are no lines. */
  readonly inCluster?: InCluster;
  /** What else is to be said about it, in a few words each. */
  readonly notes?: readonly string[];
}

/** The name of the cluster, in a report of several. */
export interface InCluster {
  readonly cluster?: string;
}

/** What a report is about, where it is about objects that run. */
export interface ClusterScope {
  readonly clusters: readonly string[];
  readonly namespaces: number;
}

/** A policy as far as reports tell about it: those of an audit do not tell what it advises. */
export type ReportPolicy = Pick<Policy, 'id' | 'title' | 'category' | 'severity' | 'why' | 'references'> &
  Partial<Pick<Policy, 'remediation' | 'target'>> & {
    /** Names of the controls of public standards that it answers to; where passes were asked for. */
    readonly controls?: readonly string[];
  };

/** Something that kept daygate from judging all it was given. */
export interface ReportError {
  readonly render?: string;
  readonly code: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly policy?: string;
}

/** What was not judged, and in which rendering. */
export interface LocatedSkip extends Skip {
  readonly render?: string;
}

/** One way in which a chart or a Kustomize folder was rendered. */
export interface RenderingCoverage {
  readonly label: string;
  readonly path: string;
  /** The command; absent where it failed, which is among the errors. */
  readonly renderer?: string;
  readonly kubernetes: string;
  readonly release?: string;
  readonly namespace?: string;
  readonly objects: number;
  readonly judged: number;
}

export interface Coverage {
  readonly files: number;
  readonly objects: number;
  readonly judged: number;
  /** Files that were read, but not judged, because they have not changed; only where that was asked for. */
  readonly unchanged?: number;
  /** Workloads among those judged whose pods get a sidecar of a mesh later; absent where none asks for one. */
  readonly beforeInjection?: number;
}

/** An object that was judged, and what it was not judged by. */
export interface JudgedObject {
  readonly render?: string;
  readonly file: string;
  readonly object: ObjectReference;
  readonly profile: string;
  readonly inCluster?: InCluster;
  /** Ids of policies that could say nothing about it. */
  readonly skipped: readonly string[];
  /** Ids of policies that looked at it and found nothing; where passes were asked for. */
  readonly passes?: readonly string[];
  /** Ids of policies that found nothing and could not judge it, or not to the end; where passes were asked for. */
  readonly notJudged?: readonly string[];
  /** Which exceptions of the settings are about it or a container that it has: their positions from 0. */
  readonly exceptions?: readonly number[];
  /** Its pods get the sidecar of a mesh when they are made: it was judged without. */
  readonly awaitsSidecar?: true;
}

/** What a baseline lists and no longer occurs. */
export interface StaleEntry {
  readonly policy: string;
  readonly messageId: string;
  readonly object: Omit<ObjectReference, 'apiVersion'> & { readonly group: string };
  readonly locator: string;
  /** Seen from the folder of the baseline. */
  readonly file: string;
  readonly count: number;
}

/** How the findings compare with the baseline. */
export interface BaselineReport {
  readonly file: string;
  readonly stale: readonly StaleEntry[];
  /** How many findings it lists that this run was not about: other paths, policies or profiles. */
  readonly unseen: number;
  /** What is stale gives exit code 1. */
  readonly failsOnStale?: true;
}

/** What admission would patch of what runs, in words. */
export interface ReportPatches {
  readonly title: string;
  readonly note: string;
  readonly changes: readonly {
    readonly title: string;
    readonly text: string;
    /** Lines of YAML behind `+`, `-` or a space. */
    readonly lines: readonly string[];
  }[];
  /** Present where not all are among the changes. */
  readonly more?: string;
}

/** What a run has to tell, complete and sorted; every format renders this. */
export interface Report {
  readonly findings: readonly LocatedFinding[];
  readonly errors: readonly ReportError[];
  readonly skipped: readonly LocatedSkip[];
  readonly coverage: Coverage;
  /** Absent where nothing was to be rendered. */
  readonly renderings?: readonly RenderingCoverage[];
  /** In the order in which they were read. */
  readonly judged: readonly JudgedObject[];
  /** What was judged by: the policies of all profiles that were used, by id. */
  readonly policies: readonly ReportPolicy[];
  /** Passes were asked for: what was judged has them. */
  readonly hasPasses?: true;
  /** Where the findings were compared with a baseline. */
  readonly baseline?: BaselineReport;
  /** Absent where manifests were judged. */
  readonly cluster?: ClusterScope;
  /** Of a cluster, where that was asked for. */
  readonly patches?: ReportPatches;
  /** What else a reader must know, in sentences. */
  readonly notices?: readonly string[];
}

export interface Summary {
  readonly findings: number;
  readonly deny: number;
  readonly warn: number;
  readonly audit: number;
  readonly excepted: number;
  readonly baselined: number;
  readonly fixable: number;
  readonly errors: number;
}

/** Counts for the last line. Findings that are excepted or in the baseline are counted on their own. */
export function summarize({ findings, errors }: Report): Summary {
  const excepted = findings.filter(({ exception }) => exception !== undefined).length;
  const open = findings.filter(
    ({ exception, baselined }) => exception === undefined && baselined === undefined,
  );
  const count = (action: Finding['action']): number =>
    open.filter((finding) => finding.action === action).length;
  return {
    findings: findings.length,
    deny: count('deny'),
    warn: count('warn'),
    audit: count('audit'),
    excepted,
    baselined: findings.length - excepted - open.length,
    // Templates are mended by hand.
    fixable: open.filter(({ fixable, render }) => fixable && render === undefined).length,
    errors: errors.length,
  };
}
