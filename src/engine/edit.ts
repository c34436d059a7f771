import { create, type Draft } from 'mutative';
import type { Path } from '#sdk';
import type { Entry, RawFinding } from './compiled.ts';
import { applyPatch, type PatchOperation } from './json-patch.ts';
import { pointerSteps } from './locate.ts';
import { demandDone, describeFault } from './policy-fault.ts';
import type { Review } from './review.ts';
import type { AnySubject } from './subjects.ts';

/** Those that a fix of their policy promises to resolve. */
export function fixable(findings: readonly RawFinding[]): readonly RawFinding[] {
  return findings.filter(({ entry, message }) => entry.fixable.has(message));
}

/** Edits, and the object with them. */
export interface Edited {
  readonly patch: readonly PatchOperation[];
  readonly object: Review['object'];
}

/** Whether an exception lets a policy's findings be at a place: what lies there is not edited. */
export type IsLeftAlone = (policy: string, at: Path) => boolean;

const patchOptions = { enablePatches: { pathAsArray: false, arrayLengthAssignment: false } } as const;

/** Lets the fix of a policy edit the object for some of its subjects; text says why it could not. */
export function edit(
  object: Review['object'],
  { policy, params }: Entry,
  subjects: readonly AnySubject[],
  isLeftAlone?: IsLeftAlone,
): Edited | string {
  try {
    const [, patches] = create(
      object,
      (draft) => {
        for (const subject of subjects) {
          demandDone('fix.apply', policy.fix?.apply(follow(draft, subject.at()), { params, subject }));
        }
      },
      patchOptions,
    );
    const edits = patches as unknown as readonly PatchOperation[];
    const patch =
      isLeftAlone === undefined ? edits : edits.filter(({ path }) => !isLeftAlone(policy.id, pathOf(path)));
    // Applied as the API server will, so that what is judged again is what it will store.
    return { patch, object: applyPatch(object, patch) };
  } catch (error) {
    return `its fix ${describeFault(error)}`;
  }
}

function pathOf(pointer: string): Path {
  return pointerSteps(pointer).map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

function follow(draft: Draft<unknown>, path: Path): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<string | number, unknown>)[step], draft);
}
