import {
  ciliumPolicyKinds,
  definePolicy,
  list,
  text,
  type CiliumPolicy,
  type NetworkPolicy,
  type NetworkPolicyEgressRule,
  type NetworkPolicyPeer,
  type NetworkPolicyPort,
} from '#sdk';
import { z } from 'zod';
import { openCiliumRules } from './cilium-rules.ts';

export default definePolicy({
  id: 'forbid-open-egress',
  category: 'network',
  title: 'Forbid egress to everywhere',
  severity: 'medium',
  target: 'object',
  kinds: ['NetworkPolicy', ...ciliumPolicyKinds],
  profiles: { production: 'warn' },
  params: z.strictObject({}),
  messages: {
    everything: 'A rule of {kind} {name} opens everything: it bounds neither the peers nor the port numbers.',
    anywhere: '{kind} {name} lets its pods connect to every port of {peer}.',
  },
  why: 'Policies add up: one rule that opens everything undoes what all the others forbid, and stolen data leaves by it.',
  remediation: {
    everything: 'Name the peers in to, or the numbers of the ports, or take the rule out.',
    anywhere: 'Name the ports that are needed, such as 443, or narrow the addresses.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/#allow-all-egress-traffic',
    'https://docs.cilium.io/en/stable/security/policy/language/',
  ],
  validate({ object, kind, at }, { report }) {
    if (kind.kind !== 'NetworkPolicy') {
      for (const { peer, path } of openCiliumRules(object as CiliumPolicy)) {
        report({ message: 'anywhere', at: at(...path), data: { peer } });
      }
      return;
    }
    const { spec } = object as NetworkPolicy;
    const types = list(spec?.policyTypes);
    // Where policyTypes leaves Egress out, its rules mean nothing; where it is absent or empty, rules bring it in.
    if (types.length > 0 && !types.includes('Egress')) return;
    withBlanks(spec?.egress).forEach(({ to, ports }: NetworkPolicyEgressRule, index) => {
      if (!opensAllPorts(ports)) return;
      if (list(to).length === 0) {
        report({ message: 'everything', at: at('spec', 'egress', index) });
        return;
      }
      list(to).forEach((peer: NetworkPolicyPeer | null, position) => {
        const cidr = text(peer?.ipBlock?.cidr) ?? '';
        // Until 1.36 the API server takes 0.0.0.0/00, too.
        if (!/\/0+$/.test(cidr) || list(peer?.ipBlock?.except).length > 0) return;
        const place = at('spec', 'egress', index, 'to', position, 'ipBlock', 'cidr');
        report({ message: 'anywhere', at: place, data: { peer: cidr } });
      });
    });
  },
});

/** The items of a list as the API server reads them: one that was left blank (null) is an object that says nothing. */
function withBlanks<T extends object>(items: readonly T[] | null | undefined): readonly (T | object)[] {
  return list<T | null>(items).map((item) => item ?? {});
}

/** No ports mean all, and so does a protocol without a number. */
function opensAllPorts(ports: NetworkPolicyEgressRule['ports']): boolean {
  return list(ports).length === 0 || withBlanks(ports).some(isEveryPort);
}

function isEveryPort({ port, endPort }: NetworkPolicyPort): boolean {
  return port == null || (port === 1 && endPort === 65_535);
}
