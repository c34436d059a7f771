import { clueFinder, clueGroups } from './clues.ts';
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
  | 'credential';

export type KnownFormat = Format & { readonly kind: CredentialKind };

export const formats: readonly KnownFormat[] = known;

/** `a://:b@` is no shorter; nor is any token. */
export const shortestFormat = 8;
const findClues = clueFinder(formats.map(({ clues }) => clues));
const byGroup = Array.from({ length: clueGroups }, (_, group) =>
  formats.filter((_format, index) => index % clueGroups === group),
);
const none: readonly KnownFormat[] = [];

/** The formats of which a text may hold one: nearly always none. */
export function formatsFor(text: string): readonly KnownFormat[] {
  if (text.length < shortestFormat) return none;
  let candidates: KnownFormat[] | undefined;
  for (let rest = findClues(text); rest !== 0; rest &= rest - 1) {
    for (const format of byGroup[31 - Math.clz32(rest & -rest)] ?? none) {
      if (mayMatch(format, text)) (candidates ??= []).push(format);
    }
  }
  // The first in the list names the credential.
  return candidates?.sort((a, b) => formats.indexOf(a) - formats.indexOf(b)) ?? none;
}

function mayMatch({ clues, needs, pattern }: KnownFormat, text: string): boolean {
  if (needs !== undefined && !text.includes(needs)) return false;
  if (pattern.ignoreCase) return true;
  for (const clue of clues) if (text.includes(clue)) return true;
  return false;
}
