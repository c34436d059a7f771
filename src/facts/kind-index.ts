import { asWorkload, sameJson, text, type KindInfo, type KubernetesObject, type WorkloadFact } from '#sdk';
import { slimFact } from './slim-fact.ts';

/** The objects of one kind, slim, while they come and go. What was handed out is kept until something changes there. */
export interface KindIndex {
  readonly size: () => number;
  /** Takes an object, in the place of the one with its name. */
  put(object: KubernetesObject): void;
  drop(object: KubernetesObject): void;
  readonly all: () => readonly KubernetesObject[];
  /** Those of a namespace, by name. */
  readonly within: (namespace: string | undefined) => readonly KubernetesObject[];
  readonly find: (name: string, namespace: string | undefined) => KubernetesObject | undefined;
  readonly workloads: (namespace: string | undefined) => readonly WorkloadFact[];
}

/** What lies in one namespace. */
interface Shelf {
  readonly byName: Map<string, KubernetesObject>;
  sorted: readonly KubernetesObject[] | undefined;
  workloads: readonly WorkloadFact[] | undefined;
}

const nothing: readonly never[] = [];

export function kindIndex(kind: KindInfo): KindIndex {
  const shelves = new Map<string | undefined, Shelf>();
  let size = 0;
  let all: readonly KubernetesObject[] | undefined;

  const changed = (shelf: Shelf, before: number): void => {
    size += shelf.byName.size - before;
    shelf.sorted = undefined;
    shelf.workloads = undefined;
    all = undefined;
  };
  const drop = (object: KubernetesObject): void => {
    const namespace = text(object.metadata?.namespace);
    const shelf = shelves.get(namespace);
    if (shelf?.byName.delete(nameOf(object)) !== true) return;
    changed(shelf, shelf.byName.size + 1);
    if (shelf.byName.size === 0) shelves.delete(namespace);
  };
  const within = (namespace: string | undefined): readonly KubernetesObject[] => {
    const shelf = shelves.get(namespace);
    if (shelf === undefined) return nothing;
    // Whatever came first: the same objects are the same answer on every replica.
    return (shelf.sorted ??= [...shelf.byName.values()].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)));
  };
  return {
    size: () => size,
    put: (object) => {
      const slim = slimFact(object, kind);
      if (slim === undefined) {
        drop(object);
        return;
      }
      const namespace = text(object.metadata?.namespace);
      const shelf = shelves.get(namespace) ?? { byName: new Map(), sorted: undefined, workloads: undefined };
      shelves.set(namespace, shelf);
      // Most changes are of the status, and whoever sorted the lists need not do so again for them.
      if (sameJson(shelf.byName.get(nameOf(object)), slim)) return;
      const before = shelf.byName.size;
      shelf.byName.set(nameOf(object), slim);
      changed(shelf, before);
    },
    drop,
    all: () => (all ??= [...shelves.keys()].sort().flatMap(within)),
    within,
    find: (name, namespace) => shelves.get(namespace)?.byName.get(name),
    workloads: (namespace) => {
      const shelf = shelves.get(namespace);
      if (shelf === undefined) return nothing;
      return (shelf.workloads ??= within(namespace).flatMap(
        (object) => asWorkload(kind, object, namespace) ?? [],
      ));
    },
  };
}

function nameOf({ metadata }: KubernetesObject): string {
  return text(metadata?.name) ?? '';
}
