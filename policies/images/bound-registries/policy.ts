import {
  definePolicy,
  eachImageVolume,
  parseImageReference,
  rememberOf,
  statedImage,
  type ImageReference,
} from '#sdk';
import { z } from 'zod';

/** Other names of Docker Hub, as its clients know them. */
const hubNames: ReadonlySet<string> = new Set([
  'index.docker.io',
  'registry-1.docker.io',
  'registry.hub.docker.com',
]);

const source = z
  .string()
  .refine(
    (pattern) => sourceOf(pattern) !== undefined,
    'expected a registry such as registry.example.com, or a path in one such as docker.io/library/*',
  );

export default definePolicy({
  id: 'bound-registries',
  category: 'images',
  title: 'Keep images to the listed registries',
  severity: 'high',
  target: 'container',
  containers: ['app', 'init', 'sidecar', 'ephemeral'],
  profiles: {},
  params: z.strictObject({
    allowed: z
      .array(source)
      .default([])
      .describe('Registries that images may come from, as host or host/path/*; none listed allows all'),
    refused: z
      .array(source)
      .default(['k8s.gcr.io'])
      .describe('Registries that images must not come from, as host or host/path/*; stronger than allowed'),
  }),
  messages: {
    notAllowed: '{container} takes its image from {source}, which is not among the allowed registries.',
    refused: '{container} takes its image from {source}, which is among the refused registries.',
    volumeNotAllowed:
      'The volume {volume} takes its image from {source}, which is not among the allowed registries.',
    volumeRefused:
      'The volume {volume} takes its image from {source}, which is among the refused registries.',
  },
  why: 'An image is a program from somebody: from a registry nobody looks after come images that nobody scanned, that a stranger may replace, or that are gone when a node needs them.',
  remediation: {
    notAllowed: 'Copy the image to an allowed registry, and name it from there.',
    refused: 'Name the image from another registry; what was at k8s.gcr.io is at registry.k8s.io.',
    volumeNotAllowed: 'Copy the image to an allowed registry, and name it from there in image.reference.',
    volumeRefused:
      'Name the image from another registry in image.reference; what was at k8s.gcr.io is at registry.k8s.io.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/containers/images/#image-names',
    'https://kubernetes.io/blog/2023/02/06/k8s-gcr-io-freeze-announcement/',
  ],
  validate(subject, { params, report }) {
    const own = parseImageReference(statedImage(subject));
    const verdict = judge(own, params);
    if (own !== undefined && verdict !== undefined) {
      report({ message: verdict, at: subject.at('image'), data: { source: nameOf(own) } });
    }
    eachImageVolume(subject, ({ name, reference }, index) => {
      const image = parseImageReference(reference);
      const judged = judge(image, params);
      if (image === undefined || judged === undefined) return;
      report({
        message: judged === 'refused' ? 'volumeRefused' : 'volumeNotAllowed',
        at: subject.pod.at('volumes', index, 'image', 'reference'),
        data: { source: nameOf(image), volume: name },
      });
    });
  },
});

interface Params {
  readonly allowed: readonly string[];
  readonly refused: readonly string[];
}

/** What cannot be read no runtime pulls: it is forbid-latest-tag's to name. */
function judge(
  reference: ImageReference | undefined,
  { allowed, refused }: Params,
): 'notAllowed' | 'refused' | undefined {
  if (reference === undefined) return undefined;
  if (isFrom(reference, refused)) return 'refused';
  return allowed.length === 0 || isFrom(reference, allowed) ? undefined : 'notAllowed';
}

function isFrom(reference: ImageReference, patterns: readonly string[]): boolean {
  const sources = sourcesOf(patterns);
  const host = hostOf(reference);
  return sources.some((source) => source.host === host && reference.repository.startsWith(source.prefix));
}

/** Where a pattern points: a host, and what the repository begins with there. */
interface Source {
  readonly host: string;
  readonly prefix: string;
}

const sampleImage = 'path/image';

function sourceOf(pattern: string): Source | undefined {
  const slash = pattern.indexOf('/');
  if (slash >= 0 && !pattern.endsWith('/*')) return undefined;
  const base = slash < 0 ? `${pattern}/` : pattern.slice(0, -1);
  // An image there shows how the runtimes read it: without a dot, a port or localhost the host would be a path.
  const sample = parseImageReference(`${base}${sampleImage}`);
  if (sample?.hasRegistry !== true || sample.tag !== undefined || sample.digest !== undefined)
    return undefined;
  return { host: hostOf(sample), prefix: sample.repository.slice(0, -sampleImage.length) };
}

/** Host names know no case, and 443 is the port of a registry that names none. */
function hostOf({ registry }: ImageReference): string {
  const host = registry.toLowerCase().replace(/:443$/, '');
  return hubNames.has(host) ? 'docker.io' : host;
}

/** Parameters are read once and used for every review. */
const sourcesOf = rememberOf((patterns: readonly string[]): readonly Source[] =>
  patterns.map(sourceOf).filter((source) => source !== undefined),
);

function nameOf({ registry, repository }: ImageReference): string {
  return `${registry}/${repository}`;
}
