import { list, property, text } from './json.ts';

const secretArgument = '--secret-name=';

/**
 * The Secrets that a container writes into its namespace before others need them, by its image and its words: the
 * certificates of kube-webhook-certgen and Contour, and the password of Argo CD's Redis. Never throws.
 *
 * @example
 * secretsWrittenBy({ image: 'argocd:v3', command: ['argocd', 'admin', 'redis-initial-password'] }); // ['argocd-redis']
 *
 * Source: https://github.com/kubernetes/ingress-nginx/tree/main/images/kube-webhook-certgen,
 * https://projectcontour.io/docs/main/grpc-tls-howto/, https://argo-cd.readthedocs.io/en/stable/faq/
 */
export function secretsWrittenBy(container: unknown): readonly string[] {
  const image = text(property(container, 'image')) ?? '';
  const words = ['command', 'args'].flatMap((field) =>
    list(property(container, field) as readonly unknown[] | undefined).flatMap((word) => text(word) ?? []),
  );
  if (image.includes('kube-webhook-certgen')) {
    return words
      .filter((word) => word.startsWith(secretArgument))
      .map((word) => word.slice(secretArgument.length));
  }
  if (image.includes('contour') && words.includes('certgen') && words.includes('--kube')) {
    return ['contourcert', 'envoycert'];
  }
  return image.includes('argocd') && words.includes('redis-initial-password') ? ['argocd-redis'] : [];
}
