import { redact } from '#sdk';

const longestValue = 120;
/** Characters after the cut in which the rest of a credential is looked for. */
const lookAhead = 512;
// Control characters, line and paragraph separators, and the marks that reverse the reading direction: a name
// must not be able to start a new line or rewrite what a terminal shows.
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
export const unprintable = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** What nearly all names are: ASCII that can be printed. */
export const isPlain = /^[\x20-\x7e]*$/;

/** One line of printable text: control characters become `?`, long values are cut, credentials are left out. */
export function printable(value: string, longest = longestValue): string {
  // What is cut off later need not be searched; a credential that begins before the cut shows well before this one.
  const head = value.length > longest + lookAhead ? value.slice(0, longest + lookAhead) : value;
  const clean = redact(isPlain.test(head) ? head : head.replace(unprintable, '?'));
  if (clean.length <= longest) return clean;
  // Not in the middle of a surrogate pair.
  const end = /[\ud800-\udbff]/.test(clean.charAt(longest - 2)) ? longest - 2 : longest - 1;
  return `${clean.slice(0, end)}…`;
}

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
