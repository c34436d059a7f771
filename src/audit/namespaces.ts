import { redact, text, type KubernetesObject } from '#sdk';
import { compareTexts } from '../engine/order.ts';
import type { Compiled } from '../engine/compiled.ts';
import { enforcementIn } from '../engine/judge.ts';
import { profileFor, profileProblem } from '../engine/routing.ts';
import { firstOf } from '../report/words.ts';
import type { AuditNamespace } from '../report/audit/audit-report.ts';
import { digestOf } from './since.ts';

/** A namespace, or the place of what belongs to none. */
interface AuditedNamespace {
  readonly name: string | undefined;
  readonly profile: string;
  /** The profile that admission judges by, whatever the audit was told to judge by. */
  readonly asks: string;
  readonly labels: unknown;
  /** The same where profile and labels are. */
  readonly state: string;
  readonly isExempt: boolean;
  objects: number;
}

export interface Namespaces {
  /** That of an object; one that is not known has the default profile. */
  of(object: KubernetesObject): AuditedNamespace;
  count(namespace: AuditedNamespace): void;
  /** The profiles that are in use. */
  profiles(): ReadonlySet<string>;
  all(): readonly AuditNamespace[];
  /** Which of them ask for a profile that there is none of. */
  notices(): readonly string[];
}

/**
 * Which profile each namespace asks for by its label, as the webhooks' selectors say.
 *
 * @param profile decides over the labels where it is given
 */
export function namespacesOf(
  compiled: Compiled,
  objects: readonly KubernetesObject[],
  profile: string | undefined,
): Namespaces {
  const known = new Map<string | undefined, AuditedNamespace>();
  const add = (name: string | undefined, labels: unknown): AuditedNamespace => {
    const asks = profileFor(compiled, labels);
    const own = profile ?? asks;
    const namespace = {
      name,
      profile: own,
      asks,
      labels,
      state: digestOf(JSON.stringify([own, labels])),
      isExempt: name !== undefined && compiled.exemptNamespaces.has(name),
      objects: 0,
    };
    known.set(name, namespace);
    return namespace;
  };
  for (const { metadata } of objects) add(text(metadata?.name), metadata?.labels);
  return {
    of: ({ metadata }) => {
      const name = text(metadata?.namespace);
      return known.get(name) ?? add(name, undefined);
    },
    count: (namespace) => {
      namespace.objects++;
    },
    profiles: () =>
      new Set([profile ?? compiled.settings.profile, ...[...known.values()].map((one) => one.profile)]),
    notices: () => {
      if (profile !== undefined) return [];
      const said = Map.groupBy(known.values(), ({ labels }) => profileProblem(compiled, labels) ?? '');
      return [...said]
        .filter(([problem]) => problem !== '')
        .map(
          ([problem, all]) =>
            `${problem} (${firstOf(all.map(({ name = '' }) => redact(name)).sort(compareTexts), 8)})`,
        )
        .sort(compareTexts);
    },
    all: () =>
      [...known.values()]
        .flatMap(({ name, isExempt, objects: count, profile: of }): readonly AuditNamespace[] => {
          const row = compiled.profiles.get(of);
          if (name === undefined || row === undefined) return [];
          const enforcement = enforcementIn(compiled, row, name);
          return [
            {
              name: redact(name),
              profile: of,
              enforcement,
              objects: count,
              ...(isExempt ? { exempt: true } : {}),
            },
          ];
        })
        .sort((a, b) => compareTexts(a.name, b.name)),
  };
}
