import type { Policy } from '#sdk';
import type { Finding, ObjectReference, Skip } from '../engine/review.ts';

/** A finding with its place in a file; lines and columns count from 1. */
export interface LocatedFinding extends Finding {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Which document of the file, from 0. */
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
  readonly code: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly policy?: string;
}

export interface Coverage {
  readonly files: number;
  readonly objects: number;
  readonly judged: number;
}

export interface JudgedObject {
  readonly file: string;
  readonly object: ObjectReference;
}

/** What a run has to tell, complete and sorted; every format renders this. */
export interface Report {
  readonly findings: readonly LocatedFinding[];
  readonly errors: readonly ReportError[];
  readonly skipped: readonly Skip[];
  readonly coverage: Coverage;
  /** In the order in which they were read. */
  readonly judged: readonly JudgedObject[];
  /** What was judged by: the policies of all profiles that were used, by id. */
  readonly policies: readonly Policy[];
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
