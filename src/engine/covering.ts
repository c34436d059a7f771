import { isRecord, propertyAt, type Container, type KindInfo, type KubernetesObject, type Path } from '#sdk';
import type { Compiled } from './compiled.ts';
import { exceptionsMatching } from './exception-index.ts';
import {
  exceptionsFor,
  mappedKinds,
  ownersOf,
  type CompiledException,
  type Exceptions,
  type Identity,
} from './exceptions.ts';
import { isJudgedController } from './leniency.ts';
import type { ObjectReference, Review } from './review.ts';
import { nameOf } from './subjects.ts';

/** Finds the exceptions, in force or ended, that are about findings on the review's object. */
export function exceptionsOf(
  compiled: Compiled,
  review: Review,
  reference: ObjectReference,
  kind: KindInfo,
): Exceptions {
  const { exceptions, settings } = compiled;
  if (exceptions.length === 0) return () => exceptions;
  const own = identityOf(review, reference);
  const owned = withTrustedOwners(compiled, review);
  const identities =
    owned === undefined ? [own] : [own, ...ownersOf(owned, own.namespace, mappedKinds(settings))];
  // Settings may list thousands, and an object have as many findings: they are matched when the first one asks.
  let about: readonly CompiledException[] | undefined;
  return (policy, at, object = review.object) => {
    about ??= exceptionsMatching(exceptions, identities);
    return exceptionsFor(about, policy, containerAt(object, kind, at));
  };
}

/** Which exceptions of the settings are about the object, or about a container that it has: their positions from 0. */
export function exceptionsAbout(
  { exceptions }: Compiled,
  review: Review,
  reference: ObjectReference,
  kind: KindInfo,
): readonly number[] {
  const about = exceptionsMatching(exceptions, [identityOf(review, reference)]);
  const containers = about.some(({ isContainer }) => isContainer !== undefined)
    ? containersOf(review.object, kind)
    : [];
  return about
    .filter(({ isContainer }) => isContainer === undefined || containers.some(isContainer))
    .map(({ index }) => index);
}

/** By its name as written, which a reference shows without what looks like a credential. */
function identityOf(review: Review, { namespace, kind }: ObjectReference): Identity {
  return { namespace, kind, name: nameOf(review) };
}

/**
 * The object by whose owner references exceptions are found, or nothing. Whoever makes a pod can write any into it. Those
 * that it has already give nobody more than he has: who may debug it may debug the pods of that workload as well.
 */
function withTrustedOwners(compiled: Compiled, review: Review): KubernetesObject | undefined {
  const { user, operation, object, oldObject } = review;
  if (user === undefined || isJudgedController(compiled, review)) return object;
  return operation === 'UPDATE' ? oldObject : undefined;
}

const containerLists = ['containers', 'initContainers', 'ephemeralContainers'];

/** The container that a place of the object lies in, of whatever class; undefined for all that is the pod's. */
function containerAt(object: KubernetesObject, kind: KindInfo, at: Path): Container | undefined {
  const podSpec = [...(kind.template ?? []), 'spec'];
  const [list, index] = at.slice(podSpec.length);
  if (typeof list !== 'string' || !containerLists.includes(list) || typeof index !== 'number')
    return undefined;
  if (!podSpec.every((step, depth) => at[depth] === step)) return undefined;
  const container = itemsOf(object, kind, list)[index];
  return isRecord(container) ? container : undefined;
}

function containersOf(object: KubernetesObject, kind: KindInfo): readonly Container[] {
  return containerLists.flatMap((list) => itemsOf(object, kind, list).filter(isRecord));
}

/** A list of the pod spec as it is written. */
function itemsOf(object: KubernetesObject, { template }: KindInfo, name: string): readonly unknown[] {
  if (template === undefined) return [];
  const value = propertyAt(object, [...template, 'spec', name]);
  return Array.isArray(value) ? value : [];
}
