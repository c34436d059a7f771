import { redact } from '#sdk';
import type { Leniency } from './review.ts';

const longestValue = 120;
/** Characters after the cut in which the rest of a credential is looked for. */
const lookAhead = 512;
/**
 * What is not shown to anybody: control characters, line and paragraph separators, marks that turn the reading direction,
 * tags and whatever else Unicode calls a format character or tells programs to leave out, half characters and what is
 * none. A name must not be able to start a new line, rewrite what a terminal shows or look like another. Variation
 * selectors only choose between two looks of the character before them.
 */
export const unprintable =
  /[[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]--\p{Variation_Selector}]/gv;

const steering = new RegExp(`[${unprintable.source}--\\n]`, 'gv');

/** JSON or TypeScript with what is unprintable written as `\u….`, which changes no value; line feeds stay. */
export function escapeUnprintable(text: string): string {
  return text.replace(steering, (character) =>
    Array.from({ length: character.length }, (_, index) => {
      const unit = character.charCodeAt(index);
      return `\\u${unit.toString(16).padStart(4, '0')}`;
    }).join(''),
  );
}

/** What nearly all names are: ASCII that can be printed. */
export const isPlain = /^[\x20-\x7e]*$/;

/** One line of printable text: control characters become `?`, long values are cut, credentials are left out. */
export function printable(value: string, longest = longestValue): string {
  // What is cut off later need not be searched; a credential that begins before the cut shows well before this one.
  const head = value.length > longest + lookAhead ? value.slice(0, longest + lookAhead) : value;
  return cut(redact(isPlain.test(head) ? head : head.replace(unprintable, '?')), longest);
}

/** What is longer ends with an ellipsis. */
export function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  // Not in the middle of a surrogate pair.
  const end = /[\ud800-\udbff]/.test(text.charAt(longest - 2)) ? longest - 2 : longest - 1;
  return `${text.slice(0, end)}…`;
}

/** What stands for the name of an object that has none. */
export const noName = '(no name)';

/** A text with `{placeholders}`, taken apart once: literal, name, literal, name, …, literal. */
export type Template = readonly string[];

export function parseTemplate(text: string): Template {
  return text.split(/\{(\w+)\}/);
}

export function placeholdersOf(template: Template): readonly string[] {
  return template.filter((_, index) => index % 2 === 1);
}

/** Fills the placeholders; one that nobody passed, which is a mistake of the policy, becomes `?`. */
export function fillTemplate(template: Template, valueOf: (name: string) => unknown): string {
  let filled = template[0] ?? '';
  for (let index = 1; index < template.length; index += 2) {
    const name = template[index] ?? '';
    const value = valueOf(name);
    // A policy's data is typed, but a policy that was never compiled may pass anything.
    filled += typeof value === 'string' ? printable(value) : typeof value === 'number' ? String(value) : '?';
    filled += template[index + 1] ?? '';
  }
  return filled;
}

/** Why a denial is softened, in words that go into brackets. */
export const leniencyWords: Readonly<Record<Leniency, string>> = {
  'old-object': 'the object had it before',
  controller: 'made by a controller whose owner was judged',
  'metadata-only': 'only metadata changes',
  'fixed-on-pod': 'daygate fixes it on the pods',
  'late-facts': 'what it is about may be on its way',
  observe: 'the profile only observes',
};
