import { kindKey, records, text, type KindInfo, type KubernetesObject } from '#sdk';
import type { ObjectReference } from '../engine/review.ts';

/** An object that others may belong to. */
interface Owner {
  readonly object: ObjectReference;
  /** The uid of its own controller. */
  readonly above: string | undefined;
}

/** What the top of a chain of owners is, and whether it was judged in this run. */
export interface Top {
  readonly uid: string;
  readonly object: ObjectReference;
  readonly isJudged: boolean;
}

/**
 * Who made what, by the controllers in the owner references of what runs already: the control plane wrote those, or the
 * API server has let them through.
 */
export interface Owners {
  /** Takes an object note of that may own others. */
  add(object: KubernetesObject, reference: ObjectReference): void;
  /**
   * The top owner of an object; undefined for what stands at the top itself: nothing owns it, or what did is gone.
   */
  topOf(object: KubernetesObject): Top | undefined;
  /** Kinds that own objects and were not read, with how many they own: nobody has told what they make. */
  readonly unmapped: ReadonlyMap<
    string,
    { readonly apiVersion: string; readonly kind: string; owned: number }
  >;
}

/** @param read the kinds whose objects are all known, by kindKey */
export function ownersOf(read: ReadonlyMap<string, KindInfo>): Owners {
  const known = new Map<string, Owner>();
  const unmapped = new Map<string, { apiVersion: string; kind: string; owned: number }>();
  return {
    unmapped,
    add: (object, reference) => {
      const { uid } = object.metadata ?? {};
      if (typeof uid === 'string') known.set(uid, { object: reference, above: controllerOf(object)?.uid });
    },
    topOf: (object) => {
      const controller = controllerOf(object);
      if (controller === undefined) return undefined;
      const { uid, apiVersion, kind, name } = controller;
      const owner = known.get(uid);
      if (owner === undefined) {
        // All objects of its kind are known, and it is not among them.
        if (read.has(kindKey(apiVersion, kind))) return undefined;
        const key = kindKey(apiVersion, kind);
        const count = unmapped.get(key) ?? { apiVersion, kind, owned: 0 };
        count.owned++;
        unmapped.set(key, count);
        const namespace = text(object.metadata?.namespace);
        const above = { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }), name };
        return { uid, object: above, isJudged: false };
      }
      return climb(uid, owner);
    },
  };

  function climb(uid: string, owner: Owner): Top {
    let top = { uid, object: owner.object, isJudged: true };
    let { above } = owner;
    // Two objects may name each other.
    for (let steps = 0; above !== undefined && steps < 10; steps++) {
      const next = known.get(above);
      if (next === undefined) break;
      top = { uid: above, object: next.object, isJudged: true };
      ({ above } = next);
    }
    return top;
  }
}

interface Controller {
  readonly uid: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

/** Its controller; a Node is none: it is where the kubelet shows what it runs from its own files. */
function controllerOf({ metadata }: KubernetesObject): Controller | undefined {
  for (const reference of records(metadata?.ownerReferences)) {
    const { controller, uid, apiVersion, kind, name } = reference;
    if (controller !== true || typeof uid !== 'string' || typeof kind !== 'string' || kind === 'Node')
      continue;
    return { uid, apiVersion: text(apiVersion) ?? '', kind, name: text(name) ?? '' };
  }
  return undefined;
}
