import type { Facts, KubernetesObject, Schemas } from '#sdk';
import type { Compiled } from '../engine/compile.ts';
import { choosePlan } from '../engine/judge.ts';
import type { Review } from '../engine/review.ts';
import { profileFor } from '../engine/routing.ts';
import { fileProblem, messageOf } from '../errors.ts';
import type { LocatedSkip, ReportError } from '../report/report.ts';
import type { Inputs } from './inputs.ts';
import { schemasFor } from '../schemas/schemas.ts';
import { manifestFacts } from './manifest-facts.ts';
import type { Source } from './manifest-source.ts';
import { readRenderings, type ReadRendering } from './rendered/read-renderings.ts';
import type { Rendering } from './rendered/rendering.ts';
import { readManifests } from './yaml/read-manifests.ts';

export interface ReadOptions {
  /** Judges everything by this profile, whatever the namespaces' labels say. */
  readonly profile?: string | undefined;
  /** Namespace of objects that name none. */
  readonly namespace?: string | undefined;
  readonly now: number;
  /** Where the definitions of custom kinds lie, beside those among the manifests. */
  readonly crds?: Inputs | undefined;
  /** What to render, beside the files. */
  readonly renderings?: readonly Rendering[] | undefined;
}

/** An object of a file, with what it is asked about. */
export interface Item extends Source {
  readonly review: Review;
  /** The settings it is judged by. */
  readonly compiled: Compiled;
}

export interface Items {
  readonly items: readonly Item[];
  /** The bytes of every file that could be read. */
  readonly contents: ReadonlyMap<string, Uint8Array>;
  readonly errors: readonly ReportError[];
  readonly skipped: readonly LocatedSkip[];
  readonly renderings: readonly ReadRendering[];
}

/** Reads all inputs; one that cannot be read is named and hides nothing of the others. */
export async function readItems(compiled: Compiled, inputs: Inputs, options: ReadOptions): Promise<Items> {
  const errors: ReportError[] = [...inputs.errors];
  const contents = new Map<string, Uint8Array>();
  const sources: Source[] = [];
  for (const input of inputs.files) {
    const { sources: own, problems, bytes } = await readInput(input);
    errors.push(...problems);
    if (bytes !== undefined) contents.set(input.file, bytes);
    sources.push(...own);
  }
  const renderings = await readRenderings(options.renderings ?? []);
  for (const rendering of renderings) {
    errors.push(...rendering.errors);
    sources.push(...rendering.sources);
  }
  const schemas = await schemasOf(compiled, sources, options.crds, errors);
  const found = sources.map((source) => foundAt(source, compiled, options, schemas));
  const plain = found.filter(({ rendering }) => rendering === undefined);
  const worldOf = worlds(compiled, plain, found, options);
  const items = found.map(({ object, namespace, ...source }): Item => {
    const { facts, profileOf } = worldOf(source.rendering);
    const profile = profileOf(namespace);
    const by = source.rendering?.compiled ?? compiled;
    return {
      ...source,
      compiled: by,
      review: {
        operation: 'CREATE',
        object,
        namespace,
        profile,
        now: options.now,
        facts,
        schemas: schemas?.get(by.kubernetesMinor),
      },
    };
  });
  const skipped = [...inputs.skipped, ...renderings.flatMap((rendering) => rendering.skipped)];
  return { items, contents, errors, skipped, renderings };
}

interface World {
  readonly facts: Facts;
  readonly profileOf: (namespace?: string) => string;
}

/**
 * What an object can be related to: the files, and what is rendered with it. The ways to render a chart are
 * alternatives, which know nothing of each other.
 */
function worlds(
  compiled: Compiled,
  plain: readonly Found[],
  found: readonly Found[],
  options: ReadOptions,
): (rendering: Rendering | undefined) => World {
  const made = new Map<Rendering | undefined, World>();
  return (rendering) => {
    const known = made.get(rendering);
    if (known !== undefined) return known;
    const objects =
      rendering === undefined ? plain : [...plain, ...found.filter((one) => one.rendering === rendering)];
    const world = { facts: manifestFacts(objects), profileOf: profiles(compiled, objects, options) };
    made.set(rendering, world);
    return world;
  };
}

interface Found extends Source {
  readonly object: KubernetesObject;
  readonly namespace: string | undefined;
}

/** Schemas by version of Kubernetes, where a policy asks for them: otherwise nobody waits for them to be read. */
async function schemasOf(
  compiled: Compiled,
  found: readonly Source[],
  crds: Inputs | undefined,
  errors: ReportError[],
): Promise<ReadonlyMap<number, Schemas> | undefined> {
  const isAsked = [...compiled.profiles.values()].some(({ entries }) =>
    entries.some(({ policy }) => policy.needsSchema === true),
  );
  if (!isAsked) return undefined;
  const definitions: KubernetesObject[] = [];
  errors.push(...(crds?.errors ?? []));
  for (const input of crds?.files ?? []) {
    const { sources, problems } = await readInput(input);
    errors.push(...problems);
    definitions.push(...sources.map(({ manifest }) => manifest.object));
  }
  // A definition that is being applied decides over one that only lies there.
  const objects = [...definitions, ...found.map(({ manifest }) => manifest.object)];
  const versions = new Set([compiled, ...found.flatMap(({ rendering }) => rendering?.compiled ?? [])]);
  return new Map(
    [...versions].map(({ kubernetesMinor }) => [kubernetesMinor, schemasFor(kubernetesMinor, objects)]),
  );
}

async function readInput({ file, read }: Inputs['files'][number]): Promise<{
  readonly sources: readonly Source[];
  readonly problems: readonly ReportError[];
  readonly bytes?: Uint8Array;
}> {
  let bytes: Uint8Array;
  try {
    bytes = await read();
  } catch (error) {
    return { sources: [], problems: [{ code: 'unreadable', message: fileProblem(error), file }] };
  }
  try {
    const { manifests, problems, excerpt } = readManifests(bytes, file);
    return {
      bytes,
      sources: manifests.map((manifest) => ({
        file,
        manifest,
        place: (path) => {
          const position = manifest.locate(path);
          return { file, ...position, excerpt: excerpt(position.line) };
        },
      })),
      problems: problems.map(({ code, message, line, column }) => ({
        code,
        message,
        file,
        ...(line === undefined ? {} : { line }),
        ...(column === undefined ? {} : { column }),
      })),
    };
  } catch (error) {
    return {
      sources: [],
      problems: [{ code: 'internal', message: `cannot be parsed: ${messageOf(error)}`, file }],
    };
  }
}

function foundAt(
  source: Source,
  compiled: Compiled,
  options: ReadOptions,
  schemas: ReadonlyMap<number, Schemas> | undefined,
): Found {
  const object: KubernetesObject = source.manifest.object;
  const own: unknown = object.metadata?.namespace;
  const { rendering } = source;
  const by = rendering?.compiled ?? compiled;
  const plan = choosePlanFor(by, object, schemas?.get(by.kubernetesMinor));
  const given = rendering?.namespace ?? options.namespace;
  const namespaced = typeof plan === 'string' || plan.kind.namespaced;
  const namespace = typeof own === 'string' && own !== '' ? own : namespaced ? given : undefined;
  return { ...source, object, namespace };
}

function choosePlanFor(
  compiled: Compiled,
  object: KubernetesObject,
  schemas: Schemas | undefined,
): ReturnType<typeof choosePlan> {
  const profile = compiled.profiles.get(compiled.settings.profile);
  if (profile === undefined) return 'no profile';
  return choosePlan(
    compiled,
    profile,
    { operation: 'CREATE', object, profile: profile.name, now: 0, schemas },
    undefined,
  );
}

/** Which profile a namespace has, from the Namespace objects among the manifests. */
function profiles(
  compiled: Compiled,
  items: readonly Found[],
  options: ReadOptions,
): (namespace?: string) => string {
  if (options.profile !== undefined) return () => options.profile ?? compiled.settings.profile;
  const byNamespace = new Map<string, string>();
  for (const { object } of items) {
    if (object.kind !== 'Namespace' || object.apiVersion !== 'v1') continue;
    const name: unknown = object.metadata?.name;
    if (typeof name === 'string') byNamespace.set(name, profileFor(compiled, object.metadata?.labels));
  }
  return (namespace) => byNamespace.get(namespace ?? '') ?? compiled.settings.profile;
}
