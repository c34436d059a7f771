import { redact } from '#sdk';

const longestValue = 120;
// Control characters, line and paragraph separators, and the marks that reverse the reading direction: a name
// must not be able to start a new line or rewrite what a terminal shows.
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const unprintable = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** One line of printable text: control characters become `?`, long values are cut, credentials are left out. */
export function printable(value: string, longest = longestValue): string {
  const clean = redact(value.replace(unprintable, '?'));
  return clean.length <= longest ? clean : `${clean.slice(0, longest - 1)}…`;
}

/** Fills `{placeholders}`; one that nobody passed stays as it is, for the policy tests to find. */
export function fillMessage(text: string, data: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = Object.hasOwn(data, name) ? data[name] : undefined;
    if (value === undefined) return whole;
    return typeof value === 'number' ? String(value) : printable(value);
  });
}
