import { clueFinder, hasClue } from './clues.ts';
import type { Format } from './format.ts';
import { textFormats } from './text-formats.ts';
import { tokenFormats } from './token-formats.ts';

const known = [...tokenFormats, ...textFormats] as const;

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
const none: readonly KnownFormat[] = [];

/** The formats of which a text may hold one: nearly always none. */
export function formatsFor(text: string): readonly KnownFormat[] {
  if (text.length < shortestFormat) return none;
  const found = findClues(text);
  return found === 0 ? none : formats.filter((_format, index) => hasClue(found, index));
}
