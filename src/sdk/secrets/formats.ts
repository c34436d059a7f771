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
  let found: KnownFormat[] | undefined;
  for (const index of findClues(text)) {
    const format = formats[index];
    if (format !== undefined && mayMatch(format, text)) (found ??= []).push(format);
  }
  if (found === undefined) return none;
  return found.length === 1 ? found : found.sort(byRank);
}

/** The first in the list names the credential. */
const ranks = new Map(formats.map((format, index) => [format, index]));

function byRank(a: KnownFormat, b: KnownFormat): number {
  return (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0);
}

function mayMatch({ clues, needs, pattern }: KnownFormat, text: string): boolean {
  if (needs !== undefined && !text.includes(needs)) return false;
  if (pattern.ignoreCase) return true;
  for (const clue of clues) if (text.includes(clue)) return true;
  return false;
}
