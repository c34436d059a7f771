import picomatch from 'picomatch';
import { parseImageReference } from '#sdk';

/** Characters that make a text a glob. */
const special = /[*?[\]{}()!]/;

const noImage = 'is no image that a container runtime could pull';

/** Whether a text is a glob: otherwise it stands for itself alone. */
export function isGlob(text: string): boolean {
  return special.test(text);
}

/**
 * An image pattern made ready to match, or text that says what is wrong with it. Images are compared as the container
 * runtime reads them: short names of Docker Hub spelled out, `latest` where there is neither tag nor digest, and with a
 * digest without the tag, which is decoration then. The registry is no part of a glob, and `*` stops at a `/`.
 *
 * @example
 * imagePattern('istio/proxyv2:1.*'); // of docker.io/istio/proxyv2:1.29.0 true, of evil.example/istio/proxyv2:1.29.0 false
 */
export function imagePattern(pattern: string): ((image: unknown) => boolean) | string {
  const slash = pattern.indexOf('/');
  const first = slash < 0 ? (/^[^:@]*/.exec(pattern)?.[0] ?? '') : pattern.slice(0, slash);
  if (isGlob(first)) return 'expected a registry or a repository first, such as docker.io/istio/proxyv2:*';
  if (!/[:@*][^/]*$/.test(pattern.slice(slash + 1)))
    return `expected a tag or digest: ${pattern}:* is for every tag, ${pattern}@* for every digest`;
  if (!isGlob(pattern)) {
    const wanted = spelledOut(pattern);
    if (wanted === undefined) return noImage;
    return (image) => {
      const found = spelledOut(image);
      return found?.registry === wanted.registry && found.rest === wanted.rest;
    };
  }
  // Whether what a glob begins with is a registry shows without the rest.
  const begun = parseImageReference(`${first}/image`);
  if (begun === undefined) return noImage;
  const { registry } = begun;
  const path = (slash >= 0 && begun.hasRegistry ? pattern.slice(slash + 1) : pattern).replace(
    /:[\w.*?-]*@/,
    '@',
  );
  const isShort = registry === 'docker.io' && !path.includes('/');
  const isRest = picomatch(isShort ? `library/${path}` : path, { dot: true, nonegate: true });
  return (image) => {
    const found = spelledOut(image);
    return found?.registry === registry && isRest(found.rest);
  };
}

/** An image as the runtime reads it: `docker.io` and `istio/proxyv2:1.29.0`, or `istio/proxyv2@sha256:…`. */
function spelledOut(image: unknown): { readonly registry: string; readonly rest: string } | undefined {
  const reference = parseImageReference(image);
  if (reference === undefined) return undefined;
  const { registry, repository, tag = 'latest', digest } = reference;
  return { registry, rest: digest === undefined ? `${repository}:${tag}` : `${repository}@${digest}` };
}
