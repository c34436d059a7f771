import {
  builtinKinds,
  keyOfKind,
  nameOfKind,
  type FactRef,
  type Facts,
  type KindInfo,
  type Policy,
} from '#sdk';
import { factRefs } from '../engine/kinds-read.ts';
import { nearest } from '../engine/nearest.ts';
import { PolicyFault } from '../engine/policy-fault.ts';

/**
 * The facts of a policy as it may ask for them: of a kind that it does not declare, audit and serve read nothing, and
 * that would look as if there were none.
 *
 * @throws PolicyFault when it asks for another kind
 */
export function declaredFacts(policy: Policy, known: Facts): Facts {
  const declared = new Map(factRefs(policy).map((ref) => [keyOfRef(ref), nameOfKind(ref)]));
  const demand = (ref: FactRef): void => {
    const kind = typeof ref === 'string' ? byName[ref] : ref;
    if (declared.has(keyOfRef(ref)) || (kind?.template !== undefined && declared.has('Workload'))) return;
    const name = nameOfKind(ref);
    const meant = nearest(name, [...declared.values()]);
    throw new PolicyFault(`asks for ${name}, which neither its facts nor its optionalFacts name${meant}`);
  };
  return {
    has: (kind) => {
      demand(kind);
      return known.has(kind);
    },
    list: (kind, namespace) => {
      demand(kind);
      return known.list(kind, namespace);
    },
    all: (kind) => {
      demand(kind);
      return known.all(kind);
    },
    find: (kind, name, namespace) => {
      demand(kind);
      return known.find(kind, name, namespace);
    },
    workloads: (namespace) => {
      demand('Workload');
      return known.workloads(namespace);
    },
  };
}

/** A policy that no compiler has seen may ask for any text. */
const byName: Readonly<Record<string, KindInfo | undefined>> = builtinKinds;

function keyOfRef(ref: FactRef): string {
  return typeof ref === 'string' ? ref : keyOfKind(ref);
}
