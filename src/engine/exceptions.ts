import picomatch from 'picomatch';
import { records, type Container, type KindInfo, type KubernetesObject, type Path } from '#sdk';
import { day, endOfDay } from './days.ts';
import { imagePattern, isGlob } from './image-pattern.ts';
import { misspeltKind } from './misspelt-kind.ts';
import { nearestAmong } from './nearest.ts';
import type { SettingsProblem } from './profiles.ts';
import type { Exception, Settings } from './settings.ts';

/** An exception made ready to match. */
export interface CompiledException {
  readonly exception: Exception;
  /** Its position in the settings. */
  readonly index: number;
  readonly policies: ReadonlySet<string>;
  /** Milliseconds since 1970; from then on it no longer applies. */
  readonly endsAt: number;
  readonly matches: (identity: Identity) => boolean;
  /** Which containers it is about, where it is about containers alone. */
  readonly isContainer: ((container: Container) => boolean) | undefined;
  /** Whether it can be about anything in the namespace. */
  readonly isAbout: (namespace: string) => boolean;
}

/**
 * The exceptions, in force or ended, that are about what a policy finds at a place of an object: the review's own, unless
 * its old one is given.
 */
export type Exceptions = (
  policy: string,
  at: Path,
  object?: KubernetesObject,
) => readonly CompiledException[];

/** What an exception matches on. */
export interface Identity {
  readonly namespace: string | undefined;
  readonly kind: string;
  readonly name: string;
}

/** Exact unless a glob is written: nothing is matched by a prefix that nobody meant. */
function matcher(pattern: string | undefined): (text: string) => boolean {
  if (pattern === undefined) return () => true;
  return isGlob(pattern) ? picomatch(pattern, { dot: true }) : (text) => text === pattern;
}

/** Name and image both: anybody may give a container the name of another. */
function containerMatcher(
  { name, image }: NonNullable<Exception['match']['container']>,
  refuse: (message: string) => void,
): (container: Container) => boolean {
  const [isName, isImage] = [matcher(name), imagePattern(image)];
  if (typeof isImage === 'string') {
    refuse(isImage);
    return () => false;
  }
  return (container) =>
    typeof container.name === 'string' && isName(container.name) && isImage(container.image);
}

export function compileExceptions(
  settings: Settings,
  { ids, kinds }: { readonly ids: readonly string[]; readonly kinds: ReadonlyMap<string, KindInfo> },
  now: number,
  problems: SettingsProblem[],
): readonly CompiledException[] {
  const latest = now + settings.longestExceptionDays * day;
  const meantPolicy = nearestAmong(ids);
  return settings.exceptions.map((exception, index) => {
    const path = ['exceptions', index];
    for (const [position, id] of exception.policies.entries()) {
      if (ids.includes(id)) continue;
      problems.push({
        path: [...path, 'policies', position],
        message: `there is no policy ${id}${meantPolicy(id)}`,
      });
    }
    const endsAt = endOfDay(exception.expires);
    if (endsAt > latest + day) {
      const message = `no exception may last longer than ${settings.longestExceptionDays} days: choose an earlier day than ${exception.expires}`;
      problems.push({ path: [...path, 'expires'], message });
    }
    const { namespace, kind, name, container } = exception.match;
    if (Object.values(exception.match).every((value) => value === undefined)) {
      const message = 'name at least one of namespace, kind, name, container';
      problems.push({ path: [...path, 'match'], message });
    }
    const meant = kind === undefined ? undefined : misspeltKind(kind, kinds.values(), mappedKinds(settings));
    if (meant !== undefined) {
      problems.push({
        path: [...path, 'match', 'kind'],
        message: `there is no kind ${kind}: did you mean ${meant}?`,
      });
    }
    const isContainer =
      container === undefined
        ? undefined
        : containerMatcher(container, (message) => {
            problems.push({ path: [...path, 'match', 'container', 'image'], message });
          });
    const [isNamespace, isName] = [matcher(namespace), matcher(name)];
    return {
      exception,
      index,
      policies: new Set(exception.policies),
      endsAt,
      matches: (identity) =>
        (kind === undefined || kind === identity.kind) &&
        (namespace === undefined || (identity.namespace !== undefined && isNamespace(identity.namespace))) &&
        isName(identity.name),
      isContainer,
      isAbout: isNamespace,
    };
  });
}

/** Kinds whose pods only settings tell of. */
export function mappedKinds({ workloads }: Settings): readonly string[] {
  return workloads.map(({ kind }) => kind);
}

/**
 * Every exception that is about the policy, in force or ended.
 *
 * @param exceptions those that are about the object
 * @param container what the finding is about, where that is a container: exceptions for containers cover nothing else
 */
export function exceptionsFor(
  exceptions: readonly CompiledException[],
  policy: string,
  container?: Container,
): readonly CompiledException[] {
  return exceptions.filter(
    ({ policies, isContainer }) =>
      policies.has(policy) &&
      (isContainer === undefined || (container !== undefined && isContainer(container))),
  );
}

/** The first exception that has not ended. */
export function inForce(
  exceptions: readonly CompiledException[],
  now: number,
): CompiledException | undefined {
  return exceptions.find(({ endsAt }) => now < endsAt);
}

const templateHash = 'pod-template-hash';

/**
 * The workloads an object belongs to, from its owner references: a ReplicaSet `web-5d4f` with the pod template
 * hash 5d4f was made by the Deployment `web`, a Job `backup-2893` by the CronJob `backup`. Whoever may create pods
 * can write such references, so this is for objects that a controller made or that exist already.
 *
 * @param mapped kinds of settings.workloads: their ReplicaSets have a hash under a label of their own
 * (`rollouts-pod-template-hash`)
 */
export function ownersOf(
  object: KubernetesObject,
  namespace: string | undefined,
  mapped: readonly string[] = [],
): readonly Identity[] {
  const { metadata } = object;
  const owners: Identity[] = [];
  for (const { kind, name, controller } of records(metadata?.ownerReferences)) {
    if (controller !== true || typeof kind !== 'string' || typeof name !== 'string') continue;
    owners.push({ namespace, kind, name });
    if (kind === 'ReplicaSet') {
      for (const [label, hash] of Object.entries(metadata?.labels ?? {})) {
        if (!label.endsWith(templateHash) || typeof hash !== 'string' || !name.endsWith(`-${hash}`)) continue;
        const above = label === templateHash ? ['Deployment'] : mapped;
        owners.push(...above.map((one) => ({ namespace, kind: one, name: name.slice(0, -hash.length - 1) })));
      }
    }
    const cronJob = kind === 'Job' ? /^(.+)-\d+$/.exec(name)?.[1] : undefined;
    if (cronJob !== undefined) owners.push({ namespace, kind: 'CronJob', name: cronJob });
  }
  return owners;
}
