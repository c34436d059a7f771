import { detectCredential, isDocument, scanCommand, scanText } from '../../../src/sdk/secrets/index.ts';
import type { Cases } from './corpus/case.ts';
import { daemonFiles } from './corpus/daemon-files.ts';
import { frameworkFiles } from './corpus/framework-files.ts';
import { furtherFiles } from './corpus/further-files.ts';
import { ownCommands } from './corpus/own-commands.ts';
import { ownDocuments } from './corpus/own-documents.ts';
import { ownHarmless } from './corpus/own-harmless.ts';
import { ownVariables } from './corpus/own-variables.ts';
import { programSettings } from './corpus/program-settings.ts';
import { programVariables } from './corpus/program-variables.ts';
import { set03Commands } from './corpus/set-03-commands.ts';
import { set03Fields } from './corpus/set-03-fields.ts';
import { set03Files } from './corpus/set-03-files.ts';
import { set03Variables } from './corpus/set-03-variables.ts';
import { set04 } from './corpus/set-04.ts';
import { set04Files } from './corpus/set-04-files.ts';
import { set05 } from './corpus/set-05.ts';
import { set06 } from './corpus/set-06.ts';
import { set06Files } from './corpus/set-06-files.ts';
import { set06Variables } from './corpus/set-06-variables.ts';
import { set07 } from './corpus/set-07.ts';
import { set08To10 } from './corpus/set-08-to-10.ts';
import { set11 } from './corpus/set-11.ts';
import { set14 } from './corpus/set-14.ts';
import { set16 } from './corpus/set-16.ts';
import { set20 } from './corpus/set-20.ts';
import { set22 } from './corpus/set-22.ts';
import { set23 } from './corpus/set-23.ts';
import { set24 } from './corpus/set-24.ts';
import { set26 } from './corpus/set-26.ts';
import { set27 } from './corpus/set-27.ts';
import { set28 } from './corpus/set-28.ts';
import { vendorTokens } from './corpus/vendor-tokens.ts';

/** The numbered ones are the blind sets of docs/secrets.md, or what they taught. */
const sets: readonly Cases[] = [
  daemonFiles,
  frameworkFiles,
  furtherFiles,
  ownCommands,
  ownDocuments,
  ownHarmless,
  ownVariables,
  programSettings,
  programVariables,
  set03Commands,
  set03Fields,
  set03Files,
  set03Variables,
  set04,
  set04Files,
  set05,
  set06,
  set06Files,
  set06Variables,
  set07,
  set08To10,
  set11,
  set14,
  set16,
  set20,
  set22,
  set23,
  set24,
  set26,
  set27,
  set28,
  vendorTokens,
];
export const pairs = sets.flatMap((set) => set.pairs ?? []);
export const documents = sets.flatMap((set) => set.documents ?? []);
export const commands = sets.flatMap((set) => set.commands ?? []);
export const fields = sets.flatMap((set) => set.fields ?? []);

/** Where a credential stands: the value of a variable, a document in a ConfigMap, the words of a command, a field and its key. */
export type Place = 'env' | 'document' | 'command' | 'field';

/** A case that came out otherwise than labelled; it tells where the case is and never what it holds. */
export interface Miss {
  readonly place: Place;
  /** In `pairs`, `documents`, `commands` or `fields`. */
  readonly index: number;
  readonly expected: string;
  readonly found: string;
}

export interface Score {
  readonly right: number;
  readonly wrong: number;
  readonly missed: number;
  readonly precision: number;
  readonly recall: number;
}

interface Outcome {
  readonly place: Place;
  readonly expected: number;
  readonly found: number;
  readonly miss: Miss | undefined;
}

/** How many cases hold a credential, and how many hold none. */
export function size(): { readonly positive: number; readonly negative: number } {
  const expected = outcomes().map((outcome) => outcome.expected > 0);
  const positive = expected.filter(Boolean).length;
  return { positive, negative: expected.length - positive };
}

/** Runs the detector over every case. */
export function measure(): {
  readonly scores: ReadonlyMap<Place | 'all', Score>;
  readonly misses: readonly Miss[];
} {
  const all = outcomes();
  const scores = new Map<Place | 'all', Score>([['all', score(all)]]);
  for (const place of ['env', 'document', 'command', 'field'] as const) {
    scores.set(place, score(all.filter((outcome) => outcome.place === place)));
  }
  return { scores, misses: all.flatMap(({ miss }) => miss ?? []) };
}

function outcomes(): readonly Outcome[] {
  return [
    ...pairs.map(([name, value, kind], index) => {
      const found = kindInVariable(name, value);
      // A credential under another kind is found; it is listed but is neither missed nor a false alarm.
      const isRight = kind === '*' ? found !== undefined : found === (kind ?? undefined);
      return outcome(
        'env',
        kind === null ? 0 : 1,
        found === undefined ? 0 : 1,
        isRight ? undefined : { place: 'env', index, expected: kind ?? 'none', found: found ?? 'none' },
      );
    }),
    ...documents.map(([text, count], index) =>
      counted(
        'document',
        index,
        count,
        scanText('config', text).map(({ kind }) => kind),
      ),
    ),
    ...commands.map(([words, count], index) =>
      counted(
        'command',
        index,
        count,
        scanCommand(words).map(({ kind }) => kind),
      ),
    ),
    ...fields.map(([key, text, count], index) =>
      counted(
        'field',
        index,
        count,
        scanText(key, text).map(({ kind }) => kind),
      ),
    ),
  ];
}

/** What the policy about variables finds in one of them. */
export function kindInVariable(name: string | undefined, value: string): string | undefined {
  const inside = isDocument(value) ? scanText(name ?? '', value)[0] : undefined;
  return (detectCredential({ name, value }) ?? inside)?.kind;
}

function counted(place: Place, index: number, expected: number, kinds: readonly string[]): Outcome {
  const found = kinds.length === 0 ? 'none' : kinds.join(', ');
  return outcome(
    place,
    expected,
    kinds.length,
    kinds.length === expected ? undefined : { place, index, expected: String(expected), found },
  );
}

function outcome(place: Place, expected: number, found: number, miss: Miss | undefined): Outcome {
  return { place, expected, found, miss };
}

function score(list: readonly Outcome[]): Score {
  let right = 0;
  let wrong = 0;
  let missed = 0;
  for (const { expected, found } of list) {
    right += Math.min(expected, found);
    wrong += Math.max(0, found - expected);
    missed += Math.max(0, expected - found);
  }
  return { right, wrong, missed, precision: right / (right + wrong), recall: right / (right + missed) };
}
