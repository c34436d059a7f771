import { property, text } from '#sdk';

const anything = /./;
const yes = /^true$/i;

/** Annotations with which controllers are given certificates, or pass TLS through, without spec.tls. */
const known: readonly (readonly [string, RegExp])[] = [
  // AWS Load Balancer Controller: a certificate, or a listener that looks for one by the hosts of the rules.
  ['alb.ingress.kubernetes.io/certificate-arn', anything],
  ['alb.ingress.kubernetes.io/listen-ports', /"HTTPS"/],
  // GKE
  ['ingress.gcp.kubernetes.io/pre-shared-cert', anything],
  ['networking.gke.io/managed-certificates', anything],
  // Azure Application Gateway
  ['appgw.ingress.kubernetes.io/appgw-ssl-certificate', anything],
  // OpenShift
  ['route.openshift.io/termination', /^(?:edge|reencrypt|passthrough)$/],
  // Traefik
  ['traefik.ingress.kubernetes.io/router.tls', yes],
  ['traefik.ingress.kubernetes.io/router.tls.certresolver', anything],
  // Passed through: the pods have the certificate.
  ['nginx.ingress.kubernetes.io/ssl-passthrough', yes],
  ['haproxy-ingress.github.io/ssl-passthrough', yes],
  ['haproxy.org/ssl-passthrough', yes],
];

/** Whether annotations say that there is TLS; annotations that only redirect to it say nothing of the kind. */
export function hasTlsElsewhere(
  annotations: Readonly<Record<string, string>> | null | undefined,
  own: readonly string[],
): boolean {
  if (annotations == null) return false;
  const has = (key: string, pattern: RegExp): boolean => pattern.test(text(property(annotations, key)) ?? '');
  return known.some(([key, pattern]) => has(key, pattern)) || own.some((key) => has(key, anything));
}
