import {
  definePolicy,
  gatewayKind,
  hangsOnGateway,
  hostRouteKinds,
  list,
  listenerSetKind,
  property,
  records,
  testDomainOf,
  testDomains,
  type Gateway,
  type HostRoute,
  type Ingress,
  type IngressTLS,
  type ListenerSet,
} from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'forbid-test-hosts',
  category: 'network',
  title: 'Forbid hosts that are for tests',
  severity: 'medium',
  target: 'object',
  kinds: ['Ingress', gatewayKind, listenerSetKind, ...hostRouteKinds],
  profiles: { production: 'deny' },
  params: z.strictObject({
    testDomains: z
      .array(
        z
          .string()
          .regex(/^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/, 'expected a domain in small letters, such as nip.io'),
      )
      .default([...testDomains])
      .describe('Domains that are for tests, with all hosts below them'),
  }),
  messages: { found: '{host} is a host for tests: it lies in the domain {domain}.' },
  why: 'Such names belong to nobody or to somebody else: there is no certificate for them, and the owner of the service behind nip.io sees and may redirect all traffic.',
  remediation: 'Write a host of a domain of your own.',
  references: [
    'https://www.rfc-editor.org/rfc/rfc6761',
    'https://kubernetes.io/docs/concepts/services-networking/ingress/#name-based-virtual-hosting',
  ],
  validate({ object, kind, at }, { params, report }) {
    const look = (host: unknown, ...path: readonly (string | number)[]): void => {
      if (typeof host !== 'string') return;
      const domain = testDomainOf(host, params.testDomains);
      if (domain !== undefined) report({ message: 'found', at: at('spec', ...path), data: { host, domain } });
    };
    if (kind.kind === 'Gateway' || kind.kind === 'ListenerSet') {
      list((object as Gateway | ListenerSet).spec?.listeners).forEach((listener, index) => {
        look(property(listener, 'hostname'), 'listeners', index, 'hostname');
      });
    } else if (kind.kind !== 'Ingress') {
      const route = object as HostRoute;
      // A mesh heeds no host names; where there are some, it is the name of the Service inside the cluster.
      if (records(route.spec?.parentRefs).length > 0 && !hangsOnGateway(route)) return;
      list(route.spec?.hostnames).forEach((host, index) => look(host, 'hostnames', index));
    } else {
      const { spec } = object as Ingress;
      const served = new Set<unknown>();
      list(spec?.rules).forEach((rule, index) => {
        const host = property(rule, 'host');
        served.add(host);
        look(host, 'rules', index, 'host');
      });
      list(spec?.tls).forEach((entry, index) => {
        list((entry as IngressTLS | null)?.hosts).forEach((host, position) => {
          if (!served.has(host)) look(host, 'tls', index, 'hosts', position);
        });
      });
    }
  },
});
