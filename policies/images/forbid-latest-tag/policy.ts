import { definePolicy, parseImageReference } from '#sdk';
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
  },
  why: 'A tag that moves runs whatever it points at when a node pulls it: two replicas run different programs, a restart is an upgrade nobody made, and there is nothing to roll back to.',
  remediation: {
    untagged: 'Name the version: a tag such as :1.4.2, or better a digest after @sha256:.',
    moving: 'Name the version instead: a tag such as :1.4.2, or better a digest after @sha256:.',
    invalid:
      'Write image as registry/path:tag, in lower case and without spaces; an empty tag (app:) is none.',
  },
  references: ['https://kubernetes.io/docs/concepts/containers/images/#image-names'],
  validate({ container, at }, { params, report }) {
    const { image } = container;
    // Templates may leave the image to a tool that fills it in; the API server refuses a pod without one.
    if (typeof image !== 'string' || image === '') return;
    const reference = parseImageReference(image);
    if (reference === undefined) {
      report({ message: 'invalid', at: at('image') });
    } else if (reference.digest === undefined) {
      // With a digest, the tag is decoration: runtimes pull the digest.
      const { tag } = reference;
      if (tag === undefined) report({ message: 'untagged', at: at('image') });
      else if (params.tags.includes(tag)) report({ message: 'moving', at: at('image'), data: { tag } });
    }
  },
});
