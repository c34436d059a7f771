import type { ErrorCode, YAMLError } from 'yaml';
import { syntaxFault, type DocumentFault } from './source-node.ts';

export const tabMessage = 'A tab is used for indentation: YAML wants spaces.';

/**
 * Messages of our own for what the library finds: its own texts may quote the file, and a quoted line may hold a
 * secret.
 */
const messages: Readonly<Record<ErrorCode, string>> = {
  ALIAS_PROPS: 'An alias (*name) cannot carry an anchor or a tag.',
  BAD_ALIAS: 'An anchor (&name) or alias (*name) needs a name.',
  BAD_COLLECTION_TYPE: 'This tag does not fit what it stands before.',
  BAD_DIRECTIVE: 'This directive is not understood.',
  BAD_DQ_ESCAPE: 'A string in double quotes holds an unknown escape: write "\\\\" for a backslash.',
  BAD_INDENT: 'The indentation does not fit the lines around it.',
  BAD_PROP_ORDER: 'An anchor or tag stands before the "-", "?" or ":" instead of behind it.',
  BAD_SCALAR_START: 'A plain value cannot start with this character: put it in quotes.',
  BLOCK_AS_IMPLICIT_KEY:
    'A mapping or list starts on the same line as a key: put it on the next line, or the value in quotes if it holds ": ".',
  BLOCK_IN_FLOW: 'An indented mapping or list cannot stand inside { } or [ ].',
  DUPLICATE_KEY: 'A key is written twice.',
  IMPOSSIBLE: 'This is no valid YAML.',
  KEY_OVER_1024_CHARS: 'A key is longer than 1024 characters.',
  MISSING_CHAR: 'Something is missing here: a closing quote or bracket, a comma, a colon or a space.',
  MULTILINE_IMPLICIT_KEY: 'A key goes over several lines: perhaps its ":" or a closing quote is missing.',
  MULTIPLE_ANCHORS: 'A value has two anchors.',
  MULTIPLE_DOCS: 'Two documents are not separated by "---".',
  MULTIPLE_TAGS: 'A value has two tags.',
  NON_STRING_KEY: 'A key has to be a string.',
  RESOURCE_EXHAUSTION: 'This document is too large or too deep to be read.',
  TAB_AS_INDENT: tabMessage,
  TAG_RESOLVE_FAILED: 'This tag is unknown.',
  UNEXPECTED_TOKEN: 'This is no valid YAML here: perhaps the indentation, a quote or a bracket is wrong.',
};

const tabIndent = /^ *\t/;

/** @param base offset of the parsed text in the file */
export function faultOf(error: YAMLError, text: string, base: number): DocumentFault {
  const at = Math.min(Math.max(error.pos[0], 0), text.length);
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const isTab = tabIndent.test(text.slice(lineStart, lineStart + 200));
  const message = messages[isTab ? 'TAB_AS_INDENT' : error.code];
  return syntaxFault(message, base + at);
}
