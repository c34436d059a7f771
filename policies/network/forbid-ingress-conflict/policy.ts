import {
  definePolicy,
  gatewayKind,
  hostRouteKinds,
  isControlled,
  redact,
  rememberOf,
  type Gateway,
  type KubernetesObject,
} from '#sdk';
import { z } from 'zod';
import { claimantsOf, idOf, rivalOf } from './claims.ts';
import { ingressClaims } from './ingress-claims.ts';
import { gatewaysOf, routeClaims } from './route-claims.ts';

export default definePolicy({
  id: 'forbid-ingress-conflict',
  category: 'network',
  title: 'Forbid two claims to one host and path',
  severity: 'high',
  target: 'relation',
  kinds: ['Ingress', ...hostRouteKinds],
  facts: ['Ingress'],
  optionalFacts: [...hostRouteKinds, gatewayKind],
  profiles: { baseline: 'warn', production: 'deny' },
  params: z.strictObject({
    dedicatedClasses: z
      .array(z.string().min(1))
      .default(['alb', 'gce', 'gce-internal', 'tailscale'])
      .describe('Classes whose controller gives each Ingress a load balancer of its own'),
  }),
  messages: { conflict: '{kind} {name} claims {claim}, and so does {other}.' },
  why: 'Only one of them gets the requests, which one depends on their age or on chance, and nobody is told: an application vanishes when another is applied.',
  remediation:
    'Give one of the two another host or path, or put all backends into one object; for a canary of ingress-nginx set its annotation nginx.ingress.kubernetes.io/canary.',
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/ingress/#multiple-matches',
    'https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule',
    'https://kubernetes.github.io/ingress-nginx/how-it-works/#building-the-nginx-model',
  ],
  validate({ object: written, kind, namespace: home, facts, at }, { params, report }) {
    if (isControlled(written)) return;
    // As facts have it: a manifest may leave its namespace to whoever applies it.
    const object = { ...written, metadata: { ...written.metadata, namespace: home ?? null } };
    const route = hostRouteKinds.find((one) => one.kind === kind.kind);
    const gateways = facts.all(gatewayKind);
    const claims =
      route === undefined
        ? ingressClaims(object, params.dedicatedClasses)
        : routeClaims(object, knownGateways(gateways));
    const claimants =
      route === undefined
        ? ingressClaimants(params.dedicatedClasses)(facts.all('Ingress'))
        : routeClaimants(gateways)(facts.all(route));
    const own = idOf(object);
    const told = new Set<string>();
    for (const claim of claims) {
      const { host, path, place } = claim;
      const other = rivalOf(claimants, claim, own);
      // A route claims the same for each parent that it names.
      const where = JSON.stringify([place, host, path]);
      if (other === undefined || told.has(where)) continue;
      told.add(where);
      const [namespace = '', named = ''] = other.split('/');
      const isNear = namespace === '' || namespace === home;
      report({
        message: 'conflict',
        at: at(...place),
        // One after the other, or two credentials would be one word that nobody knows.
        data: { claim: `${redact(host)}${redact(path)}`, other: isNear ? named : other },
      });
    }
  },
});

// Objects are many, and each asks who claims what it claims: that is sorted once.
const ingressClaimants = rememberOf((dedicatedClasses: readonly string[]) =>
  rememberOf((ingresses: readonly KubernetesObject[]) =>
    claimantsOf(ingresses, (object) => ingressClaims(object, dedicatedClasses)),
  ),
);
const knownGateways = rememberOf(gatewaysOf);
const routeClaimants = rememberOf((gateways: readonly Gateway[]) =>
  rememberOf((routes: readonly KubernetesObject[]) =>
    claimantsOf(routes, (object) => routeClaims(object, knownGateways(gateways))),
  ),
);
