import {
  builtinKinds,
  hostRouteKinds,
  keyOfKind,
  makerKinds,
  nameOfKind,
  type Facts,
  type KindInfo,
} from '#sdk';
import { PolicyFault } from '../engine/policy-fault.ts';
import { factKind } from '../facts/facts-of.ts';

/**
 * Kinds of which it does no harm to know those of some namespaces alone: what others would have made or copied is there
 * itself, in a cluster, and of two that claim one host each is a finding.
 */
const harmless: ReadonlySet<string> = new Set(
  [
    ...makerKinds.map(factKind),
    builtinKinds.Secret,
    builtinKinds.ConfigMap,
    builtinKinds.Ingress,
    ...hostRouteKinds,
  ].map(keyOfKind),
);

/**
 * Facts where only some namespaces were read. A policy that asks for what all of them have, such as the monitors of
 * another namespace that look into this one, is not run on: it would take what was not read for what is not there.
 *
 * @param isServed whether the cluster has the kind at all
 */
export function factsOfNamespaces(facts: Facts, isServed: (kind: KindInfo) => boolean): Facts {
  return {
    ...facts,
    all: (ref) => {
      const kind = factKind(ref);
      if (kind.namespaced && !harmless.has(keyOfKind(kind)) && isServed(kind)) {
        const reason = `needs facts about ${nameOfKind(kind)} of all namespaces`;
        throw new PolicyFault(reason, { wasNotRun: true });
      }
      return facts.all(ref);
    },
  };
}
