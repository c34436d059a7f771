import {
  definePolicy,
  hangsOnGateway,
  hostRouteKinds,
  list,
  property,
  text,
  type HostRoute,
  type Ingress,
} from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'forbid-wildcard-host',
  category: 'network',
  title: 'Forbid Ingresses and routes for any host',
  severity: 'medium',
  target: 'object',
  kinds: ['Ingress', ...hostRouteKinds],
  profiles: { production: 'warn' },
  params: z.strictObject({
    allowedHosts: z
      .array(
        z
          .string()
          .regex(/^\*\.[a-z0-9.-]+$/, 'expected a host with a star in front, such as *.shop.example.com'),
      )
      .default([])
      .describe('Hosts with a wildcard that are wanted, such as *.shop.example.com'),
  }),
  messages: {
    anyHost: '{kind} {name} names no host and takes the requests for all that nobody else has.',
    wildcard: '{kind} {name} takes every host of {host}.',
  },
  why: 'Whoever takes any host takes the traffic of names that others forgot, misspelt or have not set up yet.',
  remediation: {
    anyHost: 'Name the hosts that are served.',
    wildcard: 'Name the hosts one by one, or list the wildcard in allowedHosts.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-rules',
    'https://gateway-api.sigs.k8s.io/reference/spec/#hostname',
  ],
  validate({ object, kind, at }, { params, report }) {
    const isWildcard = (host: string): boolean => host.startsWith('*') && !params.allowedHosts.includes(host);
    if (kind.kind === 'Ingress') {
      const rules = list((object as Ingress).spec?.rules);
      // Only a default backend is left.
      if (rules.length === 0) report({ message: 'anyHost', at: at('spec', 'rules') });
      for (let index = 0; index < rules.length; index++) {
        const host = text(property(rules[index], 'host')) ?? '';
        const place = at('spec', 'rules', index, 'host');
        if (host === '') report({ message: 'anyHost', at: place });
        else if (isWildcard(host)) report({ message: 'wildcard', at: place, data: { host } });
      }
      return;
    }
    const route = object as HostRoute;
    if (!hangsOnGateway(route) || onlyRedirects(route)) return;
    const hostnames = list(route.spec?.hostnames);
    if (hostnames.length === 0) report({ message: 'anyHost', at: at('spec', 'hostnames') });
    hostnames.forEach((host: unknown, index) => {
      if (typeof host !== 'string' || !isWildcard(host)) return;
      report({ message: 'wildcard', at: at('spec', 'hostnames', index), data: { host } });
    });
  },
});

/** Sends everybody elsewhere, as from HTTP to HTTPS: that is meant for all hosts. */
function onlyRedirects({ spec }: HostRoute): boolean {
  const rules = list(spec?.rules);
  return rules.length > 0 && rules.every(isRedirect);
}

function isRedirect(rule: unknown): boolean {
  const filters = property(rule, 'filters');
  return Array.isArray(filters) && filters.some((filter) => property(filter, 'type') === 'RequestRedirect');
}
