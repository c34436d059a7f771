import { createHash } from 'node:crypto';
import { builtinKinds, keyOfKind, text, type Facts, type KindInfo, type KubernetesObject } from '#sdk';
import type { Compiled } from '../engine/compiled.ts';
import { factsOf, type FactEntry } from '../facts/facts-of.ts';
import { isMetadataEnough, slimFact } from '../facts/slim-fact.ts';
import type { ServedKind } from './list-kind.ts';
import { readKind, type Reading } from './read-kind.ts';

interface FactsRead {
  readonly facts: Facts;
  /** The same where a policy sees the same. */
  readonly digest: string;
}

/** Reads what policies look at beside the object under review, and keeps slim copies of it. */
export async function readFacts(
  reading: Reading,
  kinds: readonly ServedKind[],
  about: {
    readonly namespaceObjects: readonly KubernetesObject[];
    /** Whether a kind is read once more, and counted then. */
    readonly isAlsoJudged: (kind: KindInfo) => boolean;
    readonly compiled: Compiled;
    readonly step?: ((what: string, done: number, all: number) => void) | undefined;
  },
): Promise<FactsRead> {
  const entries: FactEntry[] = [];
  const hash = createHash('sha256');
  for (const [index, one] of kinds.entries()) {
    const { kind } = one;
    about.step?.('reading facts, kind', index + 1, kinds.length);
    const add = (object: KubernetesObject): void => {
      const slim = slimFact(object, kind);
      if (slim === undefined) return;
      entries.push({ object: slim, namespace: text(object.metadata?.namespace) });
      hash.update(JSON.stringify(slim));
    };
    if (kind === builtinKinds.Namespace) about.namespaceObjects.forEach(add);
    else if (!reading.log.isFailed(kind)) {
      const metadataOnly = isMetadataEnough(kind);
      await readKind({ ...reading, metadataOnly }, one, !about.isAlsoJudged(kind), add);
    }
    // Nothing of this kind is another thing than nothing known of it.
    hash.update(`${keyOfKind(kind)} ${reading.log.isFailed(kind)}`);
  }
  return {
    facts: factsOf(entries, about.compiled.kinds.values(), {
      isMissing: (kind) => reading.log.isFailed(kind),
      areSlim: true,
    }),
    digest: hash.digest('base64url'),
  };
}
