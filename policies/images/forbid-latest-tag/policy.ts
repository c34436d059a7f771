import { definePolicy, eachImageVolume, parseImageReference, statedImage } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'forbid-latest-tag',
  category: 'images',
  title: 'Forbid tags that move',
  severity: 'high',
  target: 'container',
  profiles: { baseline: 'deny' },
  params: z.strictObject({
    tags: z
      .array(z.string().min(1))
      .default(['latest'])
      .describe(
        'Tags that move, such as latest, stable or main; an image without a tag is latest in any case',
      ),
  }),
  messages: {
    untagged: '{container} names an image without a tag, which means latest.',
    moving: '{container} uses the tag {tag}, which moves.',
    invalid: '{container} names an image that no runtime can read.',
    volumeUntagged: 'The volume {volume} names an image without a tag, which means latest.',
    volumeMoving: 'The volume {volume} uses the tag {tag}, which moves.',
    volumeInvalid: 'The volume {volume} names an image that no runtime can read.',
  },
  why: 'A tag that moves runs whatever it points at when a node pulls it: two replicas run different programs, a restart is an upgrade nobody made, and there is nothing to roll back to.',
  remediation: {
    untagged: 'Name the version: a tag such as :1.4.2, or better a digest after @sha256:.',
    moving: 'Name the version instead: a tag such as :1.4.2, or better a digest after @sha256:.',
    invalid:
      'Write image as registry/path:tag, in lower case, without spaces and without https://; an empty tag (app:) is none, and a placeholder has to be filled in before.',
    volumeUntagged:
      'Name the version in image.reference: a tag such as :1.4.2, or better a digest after @sha256:.',
    volumeMoving: 'Name the version instead: a tag such as :1.4.2, or better a digest after @sha256:.',
    volumeInvalid:
      'Write image.reference as registry/path:tag, in lower case, without spaces and without https://; an empty tag (app:) is none, and a placeholder has to be filled in before.',
  },
  references: ['https://kubernetes.io/docs/concepts/containers/images/#image-names'],
  validate(subject, { params, report }) {
    const own = judge(statedImage(subject), params.tags);
    if (own !== undefined) {
      const at = subject.at('image');
      if (own.fault === 'moving') report({ message: 'moving', at, data: { tag: own.tag } });
      else report({ message: own.fault, at });
    }
    eachImageVolume(subject, ({ name: volume, reference }, index) => {
      const found = judge(reference, params.tags);
      if (found === undefined) return;
      const at = subject.pod.at('volumes', index, 'image', 'reference');
      if (found.fault === 'moving') report({ message: 'volumeMoving', at, data: { volume, tag: found.tag } });
      else report({ message: volumeMessages[found.fault], at, data: { volume } });
    });
  },
});

const volumeMessages = { untagged: 'volumeUntagged', invalid: 'volumeInvalid' } as const;

type Fault = { readonly fault: 'untagged' | 'invalid' } | { readonly fault: 'moving'; readonly tag: string };

function judge(image: unknown, tags: readonly string[]): Fault | undefined {
  // Templates may leave the image to a tool that fills it in; the API server refuses a pod without one.
  if (typeof image !== 'string' || image === '') return undefined;
  const reference = parseImageReference(image);
  if (reference === undefined) return { fault: 'invalid' };
  const { digest, tag } = reference;
  // With a digest, the tag is decoration: runtimes pull the digest.
  if (digest !== undefined) return undefined;
  if (tag === undefined) return { fault: 'untagged' };
  return tags.includes(tag) ? { fault: 'moving', tag } : undefined;
}
