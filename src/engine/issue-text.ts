import type { z } from 'zod';

const words: Readonly<Record<string, string>> = {
  object: 'a table',
  record: 'a table',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

/** What a value that a schema refuses should have been; a message of the schema's own stands as it is. */
export function issueText(issue: z.core.$ZodIssue): string {
  const { message } = issue;
  if (!/^(?:Invalid|Too (?:small|big))\b/.test(message)) return message;
  if (issue.code === 'invalid_type') return `expected ${words[issue.expected] ?? issue.expected}`;
  if (issue.code === 'invalid_value') return `expected ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'too_big')
    return `expected at most ${issue.maximum}${issue.origin === 'string' ? ' characters' : ''}`;
  if (issue.code !== 'too_small') return message;
  if (issue.origin === 'string') return 'must not be empty';
  const least = `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`;
  return `expected ${least}${issue.origin === 'array' ? ' in the list' : ''}`;
}
