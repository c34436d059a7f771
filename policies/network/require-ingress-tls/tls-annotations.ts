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

type Annotations = Readonly<Record<string, string>> | null | undefined;

/** Whether annotations say that there is TLS; annotations that only redirect to it say nothing of the kind. */
export function hasTlsElsewhere(annotations: Annotations, own: readonly string[]): boolean {
  if (annotations == null) return false;
  return known.some(([key, pattern]) => has(annotations, key, pattern)) || hasOwnAnnotation(annotations, own);
}

/** Whether one of the annotations that settings list is there. */
export function hasOwnAnnotation(annotations: Annotations, own: readonly string[]): boolean {
  return own.some((key) => has(annotations, key, anything));
}

function has(annotations: Annotations, key: string, pattern: RegExp): boolean {
  return pattern.test(text(property(annotations, key)) ?? '');
}
