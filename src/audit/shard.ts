import { createHash } from 'node:crypto';
import { UserError } from '../errors.ts';

/** One of several audits that share a cluster by namespace. */
export interface Shard {
  /** From 0. */
  readonly index: number;
  readonly of: number;
}

/** What belongs to no namespace is of the first shard. */
export function isOfShard(namespace: string | undefined, shard: Shard | undefined): boolean {
  if (shard === undefined) return true;
  if (namespace === undefined) return shard.index === 0;
  return createHash('sha256').update(namespace).digest().readUInt32BE(0) % shard.of === shard.index;
}

/**
 * Reads `--shard 0/4`: the first of four.
 *
 * @throws UserError `usage`
 */
export function parseShard(text: string): Shard {
  const [, index = '', of = ''] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (index !== '' && shard.of > 0 && shard.index < shard.of) return shard;
  throw new UserError(
    'usage',
    `--shard ${text}: write I/N, such as 0/4 for the first of four: I counts from 0, as JOB_COMPLETION_INDEX does`,
  );
}
