import { isOfCluster, type Facts, type KubernetesObject, type Schemas } from '#sdk';
import type { Compiled } from '../engine/compiled.ts';
import { choosePlan } from '../engine/judge.ts';
import type { Review } from '../engine/review.ts';
import { profileFor } from '../engine/routing.ts';
import type { LocatedSkip, ReportError } from '../report/report.ts';
import type { Inputs } from './inputs.ts';
import { schemasFor } from '../schemas/schemas.ts';
import { factsOf } from '../facts/facts-of.ts';
import { assumedNamespace } from './assumed-namespace.ts';
import type { Source } from './manifest-source.ts';
import type { Step } from './progress.ts';
import { readRenderings, type ReadRendering } from './rendered/read-renderings.ts';
import type { Rendering } from './rendered/rendering.ts';
import { readInput, type ReadInput } from './read-input.ts';

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
  readonly step?: Step | undefined;
  /** Takes the bytes of every file that could be read; who does not edit them should not keep them. */
  readonly keep?: (file: string, bytes: Uint8Array) => void;
}

/** An object of a file, with what it is asked about. */
export interface Item extends Source {
  readonly review: Review;
  /** The settings it is judged by. */
  readonly compiled: Compiled;
}

export interface Items {
  readonly items: readonly Item[];
  readonly errors: readonly ReportError[];
  readonly skipped: readonly LocatedSkip[];
  readonly renderings: readonly ReadRendering[];
}

/** Reads all inputs; one that cannot be read is named and hides nothing of the others. */
export async function readItems(compiled: Compiled, inputs: Inputs, options: ReadOptions): Promise<Items> {
  const read: ReadInput[] = [];
  const { files } = inputs;
  for (const [index, input] of files.entries()) {
    options.step?.('reading file', index + 1, files.length);
    read.push(await readInput(input, options.keep));
  }
  const renderings = await readRenderings(options.renderings ?? [], options.step);
  const { definitions, errors } = await readDefinitions(compiled, options.crds);
  const sources = [...read, ...renderings].flatMap((one) => one.sources);
  return {
    items: itemsOf(compiled, sources, options, { definitions }),
    ...gapsOf(inputs, read, renderings, errors),
    renderings,
  };
}

/** What could not be read or rendered, and what is passed over. */
export function gapsOf(
  inputs: Inputs,
  read: readonly Pick<ReadInput, 'problems'>[],
  renderings: readonly ReadRendering[],
  ofDefinitions: readonly ReportError[],
): Pick<Items, 'errors' | 'skipped'> {
  const errors = [
    ...inputs.errors,
    ...read.flatMap(({ problems }) => problems),
    ...renderings.flatMap((rendering) => rendering.errors),
    ...ofDefinitions,
  ];
  return {
    errors: errors.filter(({ code }) => code !== 'own-file'),
    skipped: [
      ...inputs.skipped,
      ...errors
        .filter(({ code }) => code === 'own-file')
        .map(({ file, message }) => ({ ...(file === undefined ? {} : { file }), reason: message })),
      ...renderings.flatMap((rendering) => rendering.skipped),
    ],
  };
}

/** What objects are judged beside. */
export interface Beside {
  /** The definitions of custom kinds that lie beside the manifests. */
  readonly definitions: readonly KubernetesObject[];
  /**
   * Of all files, in their order, the objects that others may be related to, slim: where only some of the files were
   * read here. Otherwise all objects that were read are.
   */
  readonly related?: readonly KubernetesObject[];
}

/** What each object is asked about. */
export function itemsOf(
  compiled: Compiled,
  sources: readonly Source[],
  options: ReadOptions,
  { definitions, related }: Beside,
): readonly Item[] {
  const rendered = sources.filter(({ rendering }) => rendering !== undefined);
  const written = sources.filter(({ rendering }) => rendering === undefined);
  const objectOf = ({ manifest }: Source): KubernetesObject => manifest.object;
  // A definition that is being applied decides over one that only lies there.
  const schemas = schemasOf(compiled, rendered, [
    ...definitions,
    ...(related ?? written.map(objectOf)),
    ...rendered.map(objectOf),
  ]);
  const found = sources.map((source) => foundAt(source, compiled, options, schemas));
  const plain =
    related?.map((object) => ({
      object,
      namespace: namespaceIn(object, compiled, options.namespace, schemas),
    })) ?? found.filter(({ rendering }) => rendering === undefined);
  const worldOf = worlds(compiled, { objects: plain, areSlim: related !== undefined }, found, options);
  return found.map(({ object, namespace, ...source }): Item => {
    const { facts, profileOf } = worldOf(source.rendering);
    const by = source.rendering?.compiled ?? compiled;
    return {
      ...source,
      compiled: by,
      review: {
        operation: 'CREATE',
        object,
        namespace,
        profile: profileOf(namespace),
        now: options.now,
        facts,
        schemas: schemas?.get(by.kubernetesMinor),
      },
    };
  });
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
  plain: { readonly objects: readonly Related[]; readonly areSlim: boolean },
  found: readonly Found[],
  options: ReadOptions,
): (rendering: Rendering | undefined) => World {
  const made = new Map<Rendering | undefined, World>();
  return (rendering) => {
    const known = made.get(rendering);
    if (known !== undefined) return known;
    const beside = rendering === undefined ? [] : found.filter((one) => one.rendering === rendering);
    const objects = beside.length === 0 ? plain.objects : [...plain.objects, ...beside];
    const areSlim = plain.areSlim && beside.length === 0;
    const assumed = assumedNamespace(
      rendering === undefined ? plain.objects : beside,
      compiled.exemptNamespaces,
    );
    const world = {
      facts: factsOf(objects, compiled.kinds.values(), { areSlim, assumed }),
      profileOf: profiles(compiled, objects, options),
    };
    made.set(rendering, world);
    return world;
  };
}

interface Related {
  readonly object: KubernetesObject;
  readonly namespace: string | undefined;
}

interface Found extends Source, Related {}

function needsSchemas({ profiles }: Compiled): boolean {
  return [...profiles.values()].some(({ entries }) =>
    entries.some(({ policy }) => policy.needsSchema === true),
  );
}

/** The definitions that are named beside the manifests, where a policy asks for them. */
export async function readDefinitions(
  compiled: Compiled,
  crds: Inputs | undefined,
): Promise<{ readonly definitions: readonly KubernetesObject[]; readonly errors: readonly ReportError[] }> {
  if (crds === undefined || !needsSchemas(compiled)) return { definitions: [], errors: [] };
  const read: ReadInput[] = [];
  for (const input of crds.files) read.push(await readInput(input));
  return {
    definitions: read.flatMap(({ sources }) => sources.map(({ manifest }) => manifest.object)),
    errors: [...crds.errors, ...read.flatMap(({ problems }) => problems)],
  };
}

/** Schemas by version of Kubernetes, where a policy asks for them: otherwise nobody waits for them to be read. */
function schemasOf(
  compiled: Compiled,
  rendered: readonly Source[],
  objects: readonly KubernetesObject[],
): ReadonlyMap<number, Schemas> | undefined {
  if (!needsSchemas(compiled)) return undefined;
  const versions = new Set([compiled, ...rendered.flatMap(({ rendering }) => rendering?.compiled ?? [])]);
  return new Map(
    [...versions].map(({ kubernetesMinor }) => [kubernetesMinor, schemasFor(kubernetesMinor, objects)]),
  );
}

function foundAt(
  source: Source,
  compiled: Compiled,
  options: ReadOptions,
  schemas: ReadonlyMap<number, Schemas> | undefined,
): Found {
  const object: KubernetesObject = source.manifest.object;
  const { rendering } = source;
  const given = rendering?.namespace ?? options.namespace;
  return {
    ...source,
    object,
    namespace: namespaceIn(object, rendering?.compiled ?? compiled, given, schemas),
  };
}

/** The namespace of an object, or the one given where it names none and belongs into one. */
function namespaceIn(
  object: KubernetesObject,
  compiled: Compiled,
  given: string | undefined,
  schemas: ReadonlyMap<number, Schemas> | undefined,
): string | undefined {
  if (isOfCluster(object)) return undefined;
  const own: unknown = object.metadata?.namespace;
  if (typeof own === 'string' && own !== '') return own;
  if (given === undefined) return undefined;
  const plan = choosePlan(compiled, {
    operation: 'CREATE',
    object,
    profile: compiled.settings.profile,
    now: 0,
    schemas: schemas?.get(compiled.kubernetesMinor),
  });
  return typeof plan === 'string' || plan.kind.namespaced ? given : undefined;
}

/** Which profile a namespace has, from the Namespace objects among the manifests. */
function profiles(
  compiled: Compiled,
  items: readonly Related[],
  { profile }: ReadOptions,
): (namespace?: string) => string {
  if (profile !== undefined) return () => profile;
  const byNamespace = new Map<string, string>();
  for (const { object } of items) {
    if (object.kind !== 'Namespace' || object.apiVersion !== 'v1') continue;
    const name: unknown = object.metadata?.name;
    if (typeof name === 'string') byNamespace.set(name, profileFor(compiled, object.metadata?.labels));
  }
  return (namespace) => byNamespace.get(namespace ?? '') ?? compiled.settings.profile;
}
