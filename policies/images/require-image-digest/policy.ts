import { definePolicy, eachImageVolume, parseImageReference, statedImage } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'require-image-digest',
  category: 'images',
  title: 'Require images by digest',
  severity: 'medium',
  target: 'container',
  profiles: { restricted: 'warn' },
  params: z.strictObject({}),
  messages: {
    missing: '{container} names its image without a digest.',
    volume: 'The volume {volume} names its image without a digest.',
  },
  why: 'A tag can be pushed again, by mistake or by an attacker: only a digest makes sure that what was tested and scanned is what runs.',
  remediation: {
    missing: 'Add the digest to the image: registry/path:tag@sha256:….',
    volume: 'Add the digest to image.reference of the volume: registry/path:tag@sha256:….',
  },
  references: ['https://kubernetes.io/docs/concepts/containers/images/#image-names'],
  validate(subject, { report }) {
    if (lacksDigest(statedImage(subject))) report({ message: 'missing', at: subject.at('image') });
    eachImageVolume(subject, ({ name, reference }, index) => {
      if (!lacksDigest(reference)) return;
      const place = subject.pod.at('volumes', index, 'image', 'reference');
      report({ message: 'volume', at: place, data: { volume: name } });
    });
  },
});

/** What is missing or cannot be read is forbid-latest-tag's to name. */
function lacksDigest(image: unknown): boolean {
  const reference = parseImageReference(image);
  return reference !== undefined && reference.digest === undefined;
}
