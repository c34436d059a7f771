import { redact } from '#sdk';
import { DocumentFault } from './source-node.ts';

/** The 1-based line of an offset. */
export type LineOf = (offset: number) => number;

const longestKey = 80;

export function duplicateKey(key: string, first: number, second: number, lineOf: LineOf): DocumentFault {
  const known = redact(key);
  const name = known.length > longestKey ? `${known.slice(0, longestKey)}…` : known;
  return new DocumentFault(
    'yaml-duplicate-key',
    `Key ${JSON.stringify(name)} is written twice, on lines ${lineOf(first)} and ${lineOf(second)}: keep one of them.`,
    second,
  );
}
