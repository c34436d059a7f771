import { detectCredential, isDocument, scanCommand, scanText } from '../../../src/sdk/secrets/index.ts';
import { commands as ownCommands } from './corpus-commands.ts';
import { documents as ownDocuments } from './corpus-documents.ts';
import { credentialPairs } from './corpus-env.ts';
import { companyCommands, companyFields } from './corpus-company-fields.ts';
import { companyFiles } from './corpus-company-files.ts';
import { companyPairs } from './corpus-company-variables.ts';
import { harmlessPairs } from './corpus-harmless.ts';
import { daemonFiles } from './corpus-daemon-files.ts';
import { furtherFiles } from './corpus-further-files.ts';
import { clientFiles, frameworkFiles } from './corpus-framework-files.ts';
import { keyFiles, programCommands, programPairs } from './corpus-program-variables.ts';
import { programSettingCommands, programSettingPairs, programSettings } from './corpus-program-settings.ts';
import { clusterCommands } from './corpus-cluster-commands.ts';
import { clusterFields } from './corpus-cluster-fields.ts';
import { clusterFiles } from './corpus-cluster-files.ts';
import { clusterPairs } from './corpus-cluster-variables.ts';
import { platformFiles } from './corpus-platform-files.ts';
import { platformCommands, platformFields, platformPairs } from './corpus-platforms.ts';
import { seventhCommands, seventhFields, seventhFiles, seventhPairs } from './corpus-seventh-blind.ts';
import { manifestCommands, manifestFiles, manifestPairs } from './corpus-manifests.ts';
import { vendorFiles, vendorPairs } from './corpus-vendor-tokens.ts';
import { eleventhCommands, eleventhFields, eleventhFiles, eleventhPairs } from './corpus-eleventh-blind.ts';
import {
  fourteenthCommands,
  fourteenthFields,
  fourteenthFiles,
  fourteenthPairs,
} from './corpus-fourteenth-blind.ts';
import {
  sixteenthCommands,
  sixteenthFields,
  sixteenthFiles,
  sixteenthPairs,
} from './corpus-sixteenth-blind.ts';
import {
  twentiethCommands,
  twentiethFields,
  twentiethFiles,
  twentiethPairs,
} from './corpus-twentieth-blind.ts';
import {
  twentySecondCommands,
  twentySecondFields,
  twentySecondFiles,
  twentySecondPairs,
} from './corpus-twenty-second-blind.ts';
import {
  twentyThirdCommands,
  twentyThirdFields,
  twentyThirdFiles,
  twentyThirdPairs,
} from './corpus-twenty-third-blind.ts';
import { lastCommands, lastFields, lastFiles, lastPairs } from './corpus-last-blind.ts';

export const pairs = [
  ...credentialPairs,
  ...harmlessPairs,
  ...programPairs,
  ...programSettingPairs,
  ...clusterPairs,
  ...platformPairs,
  ...lastPairs,
  ...companyPairs,
  ...seventhPairs,
  ...vendorPairs,
  ...manifestPairs,
  ...eleventhPairs,
  ...fourteenthPairs,
  ...sixteenthPairs,
  ...twentiethPairs,
  ...twentySecondPairs,
  ...twentyThirdPairs,
];
export const documents = [
  ...ownDocuments,
  ...frameworkFiles,
  ...clientFiles,
  ...daemonFiles,
  ...keyFiles,
  ...programSettings,
  ...furtherFiles,
  ...clusterFiles,
  ...platformFiles,
  ...lastFiles,
  ...companyFiles,
  ...seventhFiles,
  ...vendorFiles,
  ...manifestFiles,
  ...eleventhFiles,
  ...fourteenthFiles,
  ...sixteenthFiles,
  ...twentiethFiles,
  ...twentySecondFiles,
  ...twentyThirdFiles,
];
export const commands = [
  ...ownCommands,
  ...programCommands,
  ...programSettingCommands,
  ...clusterCommands,
  ...platformCommands,
  ...lastCommands,
  ...companyCommands,
  ...seventhCommands,
  ...manifestCommands,
  ...eleventhCommands,
  ...fourteenthCommands,
  ...sixteenthCommands,
  ...twentiethCommands,
  ...twentySecondCommands,
  ...twentyThirdCommands,
];
export const fields = [
  ...clusterFields,
  ...platformFields,
  ...lastFields,
  ...companyFields,
  ...seventhFields,
  ...eleventhFields,
  ...fourteenthFields,
  ...sixteenthFields,
  ...twentiethFields,
  ...twentySecondFields,
  ...twentyThirdFields,
];

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
