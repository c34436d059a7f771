import { kindKey, records, text, type KubernetesObject } from '#sdk';
import { printable } from '../engine/message.ts';
import type { ObjectReference } from '../engine/review.ts';

/** What stands at the top of a chain of owners. */
export interface Top {
  readonly uid: string;
  readonly object: ObjectReference;
  /** The uid of what made the object at hand: the top itself, or something between. */
  readonly maker: string;
}

/**
 * Who made what, by the controllers in the owner references of what runs already: the control plane wrote those, or the
 * API server has let them through.
 */
export interface Owners {
  /** Takes note of an object that may own others, with what topOf says of it. */
  add(object: KubernetesObject, reference: ObjectReference, top: Top | undefined): void;
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
export function ownersOf(read: ReadonlySet<string>): Owners {
  /** By uid: the top that an object stands under, or is. */
  const known = new Map<string, Omit<Top, 'maker'>>();
  const unmapped = new Map<string, { apiVersion: string; kind: string; owned: number }>();
  return {
    unmapped,
    add: (object, reference, top) => {
      const { uid } = object.metadata ?? {};
      if (typeof uid === 'string') known.set(uid, top ?? { uid, object: reference });
    },
    topOf: (object) => {
      const controller = controllerOf(object);
      if (controller === undefined) return undefined;
      const { uid, apiVersion, kind, name } = controller;
      const top = known.get(uid);
      if (top !== undefined) return { uid: top.uid, object: top.object, maker: uid };
      const key = kindKey(apiVersion, kind);
      // All objects of its kind are known, and it is not among them.
      if (read.has(key)) return undefined;
      // The API server takes any text for them, a credential too.
      const shown = { apiVersion: printable(apiVersion), kind: printable(kind) };
      const count = unmapped.get(key) ?? { ...shown, owned: 0 };
      count.owned++;
      unmapped.set(key, count);
      const namespace = text(object.metadata?.namespace);
      const place = namespace === undefined ? {} : { namespace: printable(namespace, 63) };
      const above = { ...shown, ...place, name: printable(name, 253) };
      return { uid, object: above, maker: uid };
    },
  };
}

interface Controller {
  readonly uid: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

/** Its controller. A Node does not count: the kubelet names it as the owner of pods that it runs from its own files. */
function controllerOf({ metadata }: KubernetesObject): Controller | undefined {
  for (const reference of records(metadata?.ownerReferences)) {
    const { controller, uid, apiVersion, kind, name } = reference;
    if (controller !== true || typeof uid !== 'string' || typeof kind !== 'string' || kind === 'Node')
      continue;
    return { uid, apiVersion: text(apiVersion) ?? '', kind, name: text(name) ?? '' };
  }
  return undefined;
}
