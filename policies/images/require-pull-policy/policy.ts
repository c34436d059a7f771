import {
  definePolicy,
  eachImageVolume,
  parseImageReference,
  statedImage,
  text,
  type ImageReference,
} from '#sdk';
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
    volumeTag: 'The volume {volume} names its image by tag and has the pull policy {policy}.',
    volumeDigest: 'The volume {volume} names its image by digest and has the pull policy {policy}.',
  },
  why: 'A tag can be pushed again: unless it is pulled each time, a node runs what it happened to keep. A digest cannot change: to ask the registry about it each time only makes every start depend on the registry.',
  remediation: {
    tag: 'Set imagePullPolicy: Always, or name the image by digest.',
    digest: 'Set imagePullPolicy: IfNotPresent.',
    volumeTag: 'Set image.pullPolicy of the volume to Always, or name the image by digest.',
    volumeDigest: 'Set image.pullPolicy of the volume to IfNotPresent.',
  },
  references: ['https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy'],
  validate(subject, { report }) {
    const { container, at } = subject;
    const own = judge(statedImage(subject), container.imagePullPolicy);
    if (own !== undefined) {
      report({ message: own.by, at: at('imagePullPolicy'), data: { policy: own.policy } });
    }
    eachImageVolume(subject, ({ name: volume, reference, pullPolicy }, index) => {
      const found = judge(reference, pullPolicy);
      if (found === undefined) return;
      const message = found.by === 'tag' ? 'volumeTag' : 'volumeDigest';
      const place = subject.pod.at('volumes', index, 'image', 'pullPolicy');
      report({ message, at: place, data: { volume, policy: found.policy } });
    });
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

/** The pull policy an image has, where it does not fit the way the image is named. */
function judge(
  image: unknown,
  stated: unknown,
): { readonly by: 'tag' | 'digest'; readonly policy: string } | undefined {
  const reference = parseImageReference(image);
  // An image that cannot be read is forbid-latest-tag's to name.
  if (reference === undefined) return undefined;
  const policy = text(stated) || defaultPolicy(reference);
  if (policy === fittingPolicy(reference)) return undefined;
  return { by: reference.digest === undefined ? 'tag' : 'digest', policy };
}

function fittingPolicy({ digest }: ImageReference): string {
  return digest === undefined ? 'Always' : 'IfNotPresent';
}

/** What the API server writes where nothing is said: it looks at the tag, even beside a digest. */
function defaultPolicy({ tag, digest }: ImageReference): string {
  return tag === 'latest' || (tag === undefined && digest === undefined) ? 'Always' : 'IfNotPresent';
}
