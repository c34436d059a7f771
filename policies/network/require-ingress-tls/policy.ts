import {
  coversHost,
  definePolicy,
  gatewayKind,
  list,
  listenerSetKind,
  property,
  text,
  type Gateway,
  type GatewayListener,
  type Ingress,
  type IngressRule,
  type IngressTLS,
} from '#sdk';
import { z } from 'zod';
import { hasOwnAnnotation, hasTlsElsewhere } from './tls-annotations.ts';

/** Where HTTP-01 challenges are answered, which must be in plain HTTP (RFC 8555, 8.3). */
const challengePath = '/.well-known/acme-challenge/';
/** What said the class of an Ingress before spec.ingressClassName. */
const classAnnotation = 'kubernetes.io/ingress.class';

export default definePolicy({
  id: 'require-ingress-tls',
  category: 'network',
  title: 'Require TLS for every host',
  severity: 'high',
  target: 'object',
  kinds: ['Ingress', gatewayKind, listenerSetKind],
  profiles: { baseline: 'warn', production: 'deny' },
  params: z.strictObject({
    tlsAnnotations: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'Annotations by which your controller or load balancer is told to use TLS, besides those of well-known ones',
      ),
    tlsClasses: z
      .array(z.string().min(1))
      .default([])
      .describe('Classes of Ingresses and Gateways whose controller has TLS for whatever it serves'),
  }),
  messages: {
    missing: 'The Ingress {name} has no TLS: passwords and cookies travel in the clear.',
    uncovered: 'No entry of spec.tls covers the host {host} of the Ingress {name}.',
    listener: 'The {kind} {name} takes plain HTTP for {host}, and no listener takes TLS for it.',
  },
  why: 'Without TLS everybody on the way reads and changes what is sent: passwords, cookies, orders.',
  remediation: {
    missing: 'Add spec.tls with the hosts and the Secret of their certificate.',
    uncovered: 'Add the host to the hosts of an entry in spec.tls whose certificate is for it.',
    listener: 'Add a listener with protocol HTTPS for the host; the one for HTTP may stay and redirect.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/ingress/#tls',
    'https://gateway-api.sigs.k8s.io/guides/tls/',
  ],
  validate({ object, kind, at }, { params, report }) {
    if (kind.kind !== 'Ingress') {
      // A ListenerSet has the same listeners, and its class is that of its Gateway.
      const gateway = object as Gateway;
      if (hasTlsInFront(gateway, params)) return;
      for (const { index, host } of plainListeners(gateway)) {
        const data = { host: host === '' ? 'every host' : host };
        report({ message: 'listener', at: at('spec', 'listeners', index, 'protocol'), data });
      }
      return;
    }
    const { metadata, spec } = object as Ingress;
    if (hasTlsElsewhere(metadata?.annotations, params.tlsAnnotations)) return;
    const ingressClass = spec?.ingressClassName ?? property(metadata?.annotations, classAnnotation);
    if (params.tlsClasses.some((name) => name === ingressClass)) return;
    const rules = list(spec?.rules);
    // The API server reads an entry that was left blank (null) as one without hosts.
    const tls = list<IngressTLS | null>(spec?.tls).map((entry) => entry ?? {});
    if (tls.length === 0) {
      if (!answersOnlyChallenges(spec)) report({ message: 'missing', at: at('spec', 'tls') });
      return;
    }
    for (let index = 0; index < rules.length; index++) {
      const rule = rules[index];
      const host = text(property(rule, 'host')) ?? '';
      // A rule for all hosts has what there is: the certificates of the entries, and the controller's own.
      if (host === '' || tls.some((entry) => covers(entry, host)) || answersChallenges(rule)) continue;
      report({ message: 'uncovered', at: at('spec', 'rules', index, 'host'), data: { host } });
    }
  },
});

/** An entry without hosts stands for the controller's default certificate, for whichever host. */
function covers({ hosts }: IngressTLS, host: string): boolean {
  const covered = list(hosts);
  return (
    covered.length === 0 ||
    covered.some((pattern) => typeof pattern === 'string' && coversHost(pattern, host))
  );
}

/** Whether settings say that what stands in front of the Gateway has the certificate. */
function hasTlsInFront(
  { metadata, spec }: Gateway,
  {
    tlsAnnotations,
    tlsClasses,
  }: { readonly tlsAnnotations: readonly string[]; readonly tlsClasses: readonly string[] },
): boolean {
  if (tlsClasses.some((name) => name === spec?.gatewayClassName)) return true;
  return [metadata?.annotations, spec?.infrastructure?.annotations].some((annotations) =>
    hasOwnAnnotation(annotations, tlsAnnotations),
  );
}

/** Listeners for HTTP that no listener for TLS stands beside. */
function plainListeners({ spec }: Gateway): readonly { readonly index: number; readonly host: string }[] {
  const listeners = list(spec?.listeners);
  return listeners.flatMap((listener, index) => {
    if (property(listener, 'protocol') !== 'HTTP') return [];
    const host = text(property(listener, 'hostname')) ?? '';
    return listeners.some((other) => takesTls(other, host)) ? [] : [{ index, host }];
  });
}

function takesTls(listener: GatewayListener | null, host: string): boolean {
  const protocol = property(listener, 'protocol');
  if (protocol !== 'HTTPS' && protocol !== 'TLS') return false;
  const own = text(property(listener, 'hostname')) ?? '';
  return own === '' || host === '' || coversHost(own, host, 'anyDepth');
}

/** A default backend answers whatever else is asked. */
function answersOnlyChallenges(spec: Ingress['spec']): boolean {
  const rules = list(spec?.rules);
  const others = spec?.defaultBackend ?? property(spec, 'backend');
  return others == null && rules.length > 0 && rules.every(answersChallenges);
}

function answersChallenges(rule: IngressRule | null | undefined): boolean {
  const paths = list(rule?.http?.paths);
  return (
    paths.length > 0 &&
    paths.every((item) => text(property(item, 'path'))?.startsWith(challengePath) === true)
  );
}
