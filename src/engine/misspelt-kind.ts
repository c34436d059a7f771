import { builtinKindNames, wordDistance, type KindInfo } from '#sdk';

/** In shorter names one other letter makes another word: Rule is no Role. */
const shortest = 6;

/**
 * The kind that was meant where a name is that of none and a built-in kind or a mapped one is certainly meant: written
 * like its resource (`deployments`), in other letters, or one typing error away. Any other name may be that of a custom
 * kind that nobody told daygate about.
 *
 * @param known what settings and policies name
 * @param mapped those of them that the settings name
 * @example misspeltKind('Deploymnet', []) // 'Deployment'
 * @example misspeltKind('Egress', []) // undefined
 */
export function misspeltKind(
  name: string,
  known: Iterable<Pick<KindInfo, 'kind' | 'resource'>>,
  mapped: readonly string[] = [],
): string | undefined {
  const builtin = builtinKindNames();
  const infos = [...known];
  if (builtin.has(name) || infos.some(({ kind }) => kind === name)) return undefined;
  const lower = name.toLowerCase();
  const resource = infos.find((info) => info.resource === lower);
  if (resource !== undefined) return resource.kind;
  const candidates = [...infos.map(({ kind }) => kind), ...builtin];
  const sameLetters = candidates.find((kind) => kind.toLowerCase() === lower);
  return sameLetters ?? [...mapped, ...builtin].find((kind) => isTypingError(lower, kind.toLowerCase()));
}

/** An Endpoint is no misspelt Endpoints: such pairs exist. */
function isTypingError(written: string, meant: string): boolean {
  const isPlural = written === `${meant}s` || (meant === `${written}s` && !meant.endsWith('ss'));
  return meant.length >= shortest && !isPlural && wordDistance(written, meant) === 1;
}
