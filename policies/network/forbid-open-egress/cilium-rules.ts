import { isRecord, list, records, text, type CiliumEgressRule, type CiliumPolicy, type Path } from '#sdk';

/** A rule of a Cilium policy that opens every port of everywhere. */
export interface OpenRule {
  readonly peer: string;
  readonly path: Path;
}

/** The open rules of a policy. Cilium's empty rule opens nothing: it must name somebody. */
export function openCiliumRules({ spec, specs }: CiliumPolicy): readonly OpenRule[] {
  const found = openRules(spec, ['spec']);
  return [...found, ...list(specs).flatMap((item, index) => openRules(item, ['specs', index]))];
}

function openRules(spec: CiliumPolicy['spec'], path: Path): readonly OpenRule[] {
  return list(spec?.egress).flatMap((rule, index) => {
    const open = isRecord(rule) ? openPeer(rule) : undefined;
    return open === undefined ? [] : [{ peer: open.peer, path: [...path, 'egress', index, open.field] }];
  });
}

function openPeer({ toEntities, toCIDR, toCIDRSet, toFQDNs, toPorts }: CiliumEgressRule) {
  if (list(toPorts).length > 0) return undefined;
  const entity = list(toEntities).find((name) => name === 'all' || name === 'world');
  if (entity !== undefined) return { field: 'toEntities', peer: `the entity ${entity}` };
  const cidr = list(toCIDR).find((address: unknown) => isEverywhere(address));
  if (cidr !== undefined) return { field: 'toCIDR', peer: cidr };
  if (records(toFQDNs).some(({ matchPattern }) => matchPattern === '*')) {
    return { field: 'toFQDNs', peer: 'every name' };
  }
  const block = records(toCIDRSet).find((item) => isEverywhere(item.cidr) && list(item.except).length === 0);
  return block === undefined ? undefined : { field: 'toCIDRSet', peer: text(block.cidr) ?? '' };
}

function isEverywhere(cidr: unknown): boolean {
  return typeof cidr === 'string' && cidr.endsWith('/0');
}
