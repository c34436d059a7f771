import type { Finding, Skip } from '../engine/review.ts';

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
  /** What the policy suggests, as YAML of the object with nothing in it but the change. */
  readonly suggestion?: string;
}

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
}

/** What a run has to tell, complete and sorted; every format renders this. */
export interface Report {
  readonly findings: readonly LocatedFinding[];
  readonly errors: readonly ReportError[];
  readonly skipped: readonly LocatedSkip[];
  readonly coverage: Coverage;
  /** Absent where nothing was to be rendered. */
  readonly renderings?: readonly RenderingCoverage[];
}

export interface Summary {
  readonly findings: number;
  readonly deny: number;
  readonly warn: number;
  readonly audit: number;
  readonly excepted: number;
  readonly fixable: number;
  readonly errors: number;
}

/** Counts for the last line. Excepted findings are counted on their own. */
export function summarize({ findings, errors }: Report): Summary {
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
