import { remember } from './remember.ts';

/** The parts of an image reference, spelled out as the container runtime does. */
export interface ImageReference {
  /** Host and port: `docker.io` where none is named. */
  readonly registry: string;
  /** Path within the registry: `library/nginx` for `nginx`. */
  readonly repository: string;
  /** The tag as written; without one (and without a digest) the runtime pulls `latest`. */
  readonly tag?: string;
  /** Algorithm and hash: `sha256:…`. With a digest the tag is decoration. */
  readonly digest?: string;
  /** Whether the reference names its registry, or leaves that to the runtime. */
  readonly hasRegistry: boolean;
}

const hub = 'docker.io';
// The patterns of github.com/distribution/reference (regexp.go), cut where the grammar has separators.
const identifier = /^[a-f0-9]{64}$/;
const domain =
  /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[a-f0-9:]+\])(?::\d+)?$/i;
const path = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const tagPattern = /^\w[\w.-]{0,127}$/;
// Algorithms of github.com/opencontainers/go-digest; hex digits in lower case only.
const digestPattern = /^(?:sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128})$/;
/** RepositoryNameTotalLengthMax. */
const longestPath = 255;

/**
 * Reads an image reference the way the kubelet and container runtimes do, Docker Hub's short names included.
 * What no runtime could pull (upper case in the path, an empty tag, white space, a bare image id) is undefined,
 * and so is what is not text. Never throws.
 *
 * Source: github.com/distribution/reference v0.6.0, ParseNormalizedNamed.
 *
 * @example
 * parseImageReference('nginx:1.29'); // { registry: 'docker.io', repository: 'library/nginx', tag: '1.29', … }
 * parseImageReference('localhost:5000/team/app@sha256:…'); // { registry: 'localhost:5000', … }
 */
export function parseImageReference(image: unknown): ImageReference | undefined {
  return typeof image === 'string' ? parseText(image) : undefined;
}

/** The same images come with every review of a workload and its pods. */
const parseText = remember(4_096, (image): ImageReference | undefined => {
  if (identifier.test(image)) return undefined;
  const [named, digest] = cut(image, '@');
  if (digest !== undefined && !digestPattern.test(digest)) return undefined;
  const [host, rest] = splitHost(named);
  const [name, tag] = cut(rest, ':');
  if (tag !== undefined && !tagPattern.test(tag)) return undefined;
  const registry = host === undefined || host === 'index.docker.io' ? hub : host;
  const repository = registry === hub && !name.includes('/') ? `library/${name}` : name;
  if (!isName(registry, repository)) return undefined;
  return {
    registry,
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
    hasRegistry: host !== undefined,
  };
});

/** A host is told from a path by a dot, a port, upper case or the name localhost (splitDockerDomain). */
function splitHost(named: string): [host: string | undefined, rest: string] {
  const [first, rest] = cut(named, '/');
  if (rest === undefined) return [undefined, named];
  const isHost = first === 'localhost' || /[.:]/.test(first) || first.toLowerCase() !== first;
  return isHost ? [first, rest] : [undefined, named];
}

function isName(registry: string, repository: string): boolean {
  if (!path.test(repository)) return false;
  if (domain.test(registry)) return repository.length <= longestPath;
  // `my_host.com/app` is no host name and yet a valid path; runtimes take its first part for the host.
  return path.test(registry) && registry.length + 1 + repository.length <= longestPath;
}

function cut(text: string, separator: string): [before: string, after: string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
