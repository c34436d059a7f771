import { groupOf, type Severity } from '#sdk';
import type { Entry } from '../engine/compiled.ts';
import type { ObjectReference } from '../engine/review.ts';

/** Why an object would be refused. */
export interface RefusedFinding {
  readonly policy: string;
  readonly severity: Severity;
  readonly messageId: string;
  readonly message: string;
  readonly remediation: string;
  readonly locator: string;
  /** Whether `daygate fix` writes what resolves it; otherwise somebody does, or an exception covers it. */
  readonly fixable: boolean;
  /** Whether what exists is refused at its next change, too, on the day that is asked about. */
  readonly blocksChanges: boolean;
  /** The first day on which it is; absent where such changes are let through for good. */
  readonly blocksFrom?: string;
  /** Whether the settings as they are refuse it already. */
  readonly already: boolean;
}

/** What is only suggested counts as work by hand: `daygate fix` alone does not write it, and somebody has to read it. */
export function isFixable({ policy, fixable }: Entry, messageId: string): boolean {
  return fixable.has(messageId) && policy.fix?.safety !== 'suggestion';
}

/** An object that exists and would be refused if it were created anew. */
export interface RefusedObject {
  readonly cluster?: string;
  readonly object: ObjectReference;
  readonly owner: string;
  readonly profile: string;
  /** What is refused is not the object itself but what its controller makes. */
  readonly makes?: { readonly kind: string; readonly names: readonly string[] };
  /** Whether the settings as they are let it in: neither these findings nor any others keep it out. */
  readonly newly: boolean;
  readonly findings: readonly RefusedFinding[];
}

/** Recorded requests about one object that would be refused. */
export interface RefusedRequests {
  readonly object: ObjectReference;
  readonly owner: string;
  readonly requests: number;
  /** Those of them that the settings as they are refuse already. */
  readonly already: number;
  /** The first that was met. */
  readonly example: {
    readonly operation: string;
    readonly subresource?: string;
    readonly user: string;
    readonly file: string;
    readonly line: number;
  };
  readonly findings: readonly Pick<
    RefusedFinding,
    'policy' | 'severity' | 'messageId' | 'message' | 'locator' | 'fixable'
  >[];
}

/** Something that nobody can know from what there is, and what would tell. */
export interface Unknown {
  readonly policy: string;
  readonly reason: string;
  /** A command line. */
  readonly ask: string;
}

/** One key for one object, whatever version of its API names it. */
export function objectKey({ apiVersion, kind, namespace = '', name }: ObjectReference, cluster = ''): string {
  return JSON.stringify([cluster, groupOf(apiVersion), kind, namespace, name]);
}
