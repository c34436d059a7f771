import { Document, isMap, isSeq } from 'yaml';
import { compareTexts } from '../engine/order.ts';
import type { Exception } from '../engine/settings.ts';
import type { RefusedObject, RefusedRequests } from './refusal.ts';

/** Who answers, why, and until when. */
type Answering = Pick<Exception, 'owner' | 'reason' | 'expires'>;

/** Exceptions for all that would be refused: one for each object, with the policies that refuse it and no others. */
export function draftExceptions(
  objects: readonly RefusedObject[],
  requests: readonly RefusedRequests[],
  answering: Answering,
): readonly Exception[] {
  const drafts = new Map<string, { readonly match: Exception['match']; readonly policies: Set<string> }>();
  const add = (match: Exception['match'], findings: readonly { readonly policy: string }[]): void => {
    const key = JSON.stringify([match.namespace ?? '', match.kind ?? '', match.name ?? '']);
    const known = drafts.get(key) ?? { match, policies: new Set() };
    drafts.set(key, known);
    for (const { policy } of findings) known.policies.add(policy);
  };
  for (const { object, makes, findings } of objects) {
    if (makes === undefined) add(matchOf(object, exactly(object.name)), findings);
    else
      for (const name of madeBy(object.name, makes.names))
        add(matchOf({ ...object, kind: makes.kind }, name), findings);
  }
  for (const { object, findings } of requests) add(matchOf(object, exactly(object.name)), findings);
  return [...drafts]
    .sort(([a], [b]) => compareTexts(a, b))
    .map(([, { match, policies }]) => ({ policies: [...policies].sort(), match, ...answering }));
}

function matchOf(
  { namespace, kind }: { readonly namespace?: string; readonly kind: string },
  name: string | undefined,
): Exception['match'] {
  return {
    ...(namespace === undefined ? {} : { namespace: exactly(namespace) ?? namespace }),
    ...(kind === '' ? {} : { kind }),
    ...(name === undefined ? {} : { name }),
  };
}

/** What a report shows in place of a part that could be a credential. */
const redacted = '[redacted]';
const special = /[*?[\]{}!()]/;

/** A name as a pattern that is about it alone. Names of RBAC objects may have characters that patterns use. */
function exactly(name: string): string | undefined {
  if (name === '') return undefined;
  return special.test(name) ? pattern(name) : name;
}

/** What a controller or the API server puts behind a name to make it another: `-x7k2p`, `-0`. */
const generated = /-(?:[bcdfghj-np-tvwxz24-9]{5}|\d{1,9})$/;

/**
 * Patterns for what an owner makes. Names change; that they begin with the owner's does not. Where they do not, what each
 * begins with or is called: never every object of the kind.
 */
function madeBy(owner: string, names: readonly string[]): readonly string[] {
  if (owner !== '' && names.every((name) => name.startsWith(`${owner}-`))) return [`${pattern(owner)}-*`];
  return names.map((name) =>
    generated.test(name) ? `${pattern(name.replace(generated, ''))}-*` : pattern(name),
  );
}

function pattern(name: string): string {
  return name.split(redacted).map(escaped).join('*');
}

/** Patterns know no way to write a backslash that always holds: any one character stands for it. */
function escaped(text: string): string {
  return text.replace(/[^\w.:-]/g, (character) => (character === '\\' ? '?' : `\\${character}`));
}

const heading = ` Drafted by daygate rollout: what would be refused and is to stay for now. Read each line: who answers for it, and
 what mends it before it ends. Then add these to the exceptions of daygate.yaml.`;

/** The exceptions as settings have them, a line for what each is about. */
export function exceptionsYaml(exceptions: readonly Exception[]): string {
  const document = new Document({ exceptions }, { aliasDuplicateObjects: false });
  document.commentBefore = heading;
  const list: unknown = document.get('exceptions', true);
  for (const exception of isSeq(list) ? list.items : []) {
    for (const key of ['policies', 'match']) {
      const value: unknown = isMap(exception) ? exception.get(key, true) : undefined;
      if (isSeq(value) || isMap(value)) value.flow = true;
    }
  }
  return document.toString({ lineWidth: 0, singleQuote: true });
}
