import { definePolicy, parseImageReference, text, type ImageReference } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'require-pull-policy',
  category: 'images',
  title: 'Require the pull policy that fits the image',
  severity: 'low',
  target: 'container',
  profiles: {},
  params: z.strictObject({}),
  messages: {
    tag: '{container} names its image by tag and has the pull policy {policy}.',
    digest: '{container} names its image by digest and has the pull policy {policy}.',
  },
  why: 'A tag can be pushed again: unless it is pulled each time, a node runs what it happened to keep. A digest cannot change: to ask the registry about it each time only makes every start depend on the registry.',
  remediation: {
    tag: 'Set imagePullPolicy: Always, or name the image by digest.',
    digest: 'Set imagePullPolicy: IfNotPresent.',
  },
  references: ['https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy'],
  validate({ container, at }, { report }) {
    const reference = parseImageReference(container.image);
    // An image that cannot be read is forbid-latest-tag's to name.
    if (reference === undefined) return;
    const policy = text(container.imagePullPolicy) || defaultPolicy(reference);
    if (policy === fittingPolicy(reference)) return;
    const message = reference.digest === undefined ? 'tag' : 'digest';
    report({ message, at: at('imagePullPolicy'), data: { policy } });
  },
  fix: {
    safety: 'safe',
    resolves: ['tag', 'digest'],
    apply(container) {
      const reference = parseImageReference(container.image);
      if (reference !== undefined) container.imagePullPolicy = fittingPolicy(reference);
    },
  },
});

function fittingPolicy({ digest }: ImageReference): string {
  return digest === undefined ? 'Always' : 'IfNotPresent';
}

/** What the API server writes where nothing is said: it looks at the tag, even beside a digest. */
function defaultPolicy({ tag, digest }: ImageReference): string {
  return tag === 'latest' || (tag === undefined && digest === undefined) ? 'Always' : 'IfNotPresent';
}
