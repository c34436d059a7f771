import { describe, expect, it } from 'vitest';
import { docComment, quote } from '../../src/cli/kind-types/words.ts';
import { maskedDiff } from '../../src/cli/source-diff.ts';
import { tellFailure } from '../../src/cli/tell-failure.ts';
import { readManifests } from '../../src/cli/yaml/read-manifests.ts';
import { printable } from '../../src/engine/message.ts';
import { UserError } from '../../src/errors.ts';
import { plainPaint } from '../../src/report/paint.ts';
import { jsonText } from '../../src/report/json-text.ts';
import { oneLine } from '../../src/report/one-line.ts';
import { oneLine as warningLine } from '../../src/server/warnings.ts';

/** What nobody sees, and what steers a terminal or the reading direction. */
const hidden: readonly (readonly [string, number])[] = [
  ['an escape', 0x1b],
  ['a control character of the upper half', 0x9b],
  ['a soft hyphen', 0xad],
  ['a grapheme joiner', 0x34f],
  ['an Arabic letter mark', 0x61c],
  ['a Hangul filler', 0x3164],
  ['a vowel separator', 0x180e],
  ['a space without width', 0x200b],
  ['a line separator', 0x2028],
  ['an override of the direction', 0x202e],
  ['a word joiner', 0x2060],
  ['an invisible plus', 0x2064],
  ['what is left to be assigned', 0x2065],
  ['an isolate', 0x2066],
  ['a digit shape', 0x206e],
  ['a byte order mark', 0xfeff],
  ['an annotation', 0xfff9],
  ['no character', 0xffff],
  ['a beam of music', 0x1d173],
  ['a tag', 0xe0041],
  ['the end of a tag', 0xe007f],
];

/** Text that is shown as it is: languages, and pictures with the look that was chosen for them. */
const shown = ['größer', 'شحن', '出荷', '💥', '❤\ufe0f', '1\ufe0f\u20e3'];

const places: Readonly<Record<string, (text: string) => string>> = {
  'a message': (text) => printable(text),
  'a line of a report': oneLine,
  'a warning of the API server': (text) => warningLine(text),
  JSON: (text) => jsonText({ text }),
  'a type': quote,
  'the comment of a type': (text) => docComment(text, ''),
  'an excerpt': (text) => excerpt(`a: "${text}"`).slice(3),
  'a comment in a diff': (text) => diffOf(`# ${text}`),
  'an error': failureOf,
};

describe.each(Object.entries(places))('%s', (_, show) => {
  it.each(hidden)('does not hold %s', (_name, code) => {
    const character = String.fromCodePoint(code);
    const out = show(`ab${character}cd`);
    expect(out).not.toContain(character);
    // What YAML itself refuses has no excerpt.
    if (out !== '') expect(out).toMatch(/ab.*cd/);
  });

  it('shows what can be seen', () => {
    for (const text of shown) expect(show(`ab${text}cd`)).toContain(`ab${text}cd`);
  });
});

it('JSON and types hold the same text', () => {
  const text = hidden.map(([, code]) => String.fromCodePoint(code)).join('x');
  expect(JSON.parse(jsonText({ text }))).toEqual({ text });
  expect(JSON.parse(quote(text).replace(/^'|'$/g, '"'))).toBe(text);
});

function excerpt(line: string): string {
  const head = 'apiVersion: v1\nkind: A\n';
  return readManifests(`${head}${line}\n`).excerpt(3);
}

function diffOf(comment: string): string {
  const object = 'apiVersion: v1\nkind: A\n';
  const file = { file: 'a.yaml', before: `${comment}\n${object}`, after: `${comment}\n${object}spec: 1\n` };
  return maskedDiff(file, plainPaint).text;
}

function failureOf(text: string): string {
  let said = '';
  tellFailure(new UserError('settings', `${text}: is wrong\nand so is this`), {
    err: (more) => (said += more),
  });
  expect(said.split('\n')).toHaveLength(3);
  return said;
}
