import { clueFinder } from './clues.ts';
import type { Format } from './format.ts';
import { textFormats } from './text-formats.ts';
import { tokenFormats } from './token-formats.ts';
import { vendorFormats } from './vendor-formats.ts';

const known = [...tokenFormats, ...vendorFormats, ...textFormats] as const;

/** What was found, in words for a message. */
export type CredentialKind =
  | (typeof known)[number]['kind']
  | 'Google service account key'
  | 'password'
  | 'secret'
  | 'secret key'
  | 'token'
  | 'API key'
  | 'access key'
  | 'private key'
  | 'encryption key'
  | 'credential'
  | 'wallet phrase';

export type KnownFormat = Format & { readonly kind: CredentialKind };

export const formats: readonly KnownFormat[] = known;

/** `a://:b@` is no shorter; nor is any token. */
export const shortestFormat = 8;
const findClues = clueFinder(formats.map(({ clues }) => clues));
const none: readonly KnownFormat[] = [];

/** The formats of which a text may hold one: nearly always none. */
export function formatsFor(text: string): readonly KnownFormat[] {
  if (text.length < shortestFormat) return none;
  let found: number[] | undefined;
  for (const index of findClues(text)) if (mayMatch(formats[index], text)) (found ??= []).push(index);
  if (found === undefined) return none;
  // The first in the list names the credential.
  return found.sort((a, b) => a - b).flatMap((index) => formats[index] ?? []);
}

function mayMatch(format: KnownFormat | undefined, text: string): boolean {
  if (format === undefined) return false;
  const { clues, needs, pattern } = format;
  if (needs !== undefined && !text.includes(needs)) return false;
  if (pattern.ignoreCase) return true;
  for (const clue of clues) if (text.includes(clue)) return true;
  return false;
}
