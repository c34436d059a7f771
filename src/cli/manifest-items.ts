import type { KubernetesObject } from '#sdk';
import type { Compiled } from '../engine/compile.ts';
import { choosePlan } from '../engine/judge.ts';
import type { Review, Skip } from '../engine/review.ts';
import { profileFor } from '../engine/routing.ts';
import { fileProblem, messageOf } from '../errors.ts';
import type { ReportError } from '../report/report.ts';
import type { Inputs } from './inputs.ts';
import { manifestFacts } from './manifest-facts.ts';
import { readManifests, type Manifest, type ManifestFile } from './yaml/read-manifests.ts';

export interface ReadOptions {
  /** Judges everything by this profile, whatever the namespaces' labels say. */
  readonly profile?: string | undefined;
  /** Namespace of objects that name none. */
  readonly namespace?: string | undefined;
  readonly now: number;
}

interface Source {
  readonly file: string;
  readonly manifest: Manifest;
  readonly excerpt: ManifestFile['excerpt'];
}

/** An object of a file, with what it is asked about. */
export interface Item extends Source {
  readonly review: Review;
}

export interface Items {
  readonly items: readonly Item[];
  /** The bytes of every file that could be read. */
  readonly contents: ReadonlyMap<string, Uint8Array>;
  readonly errors: readonly ReportError[];
  readonly skipped: readonly Skip[];
}

/** Reads all inputs; one that cannot be read is named and hides nothing of the others. */
export async function readItems(compiled: Compiled, inputs: Inputs, options: ReadOptions): Promise<Items> {
  const errors: ReportError[] = [...inputs.errors];
  const contents = new Map<string, Uint8Array>();
  const found: Found[] = [];
  for (const input of inputs.files) {
    const { sources, problems, bytes } = await readInput(input);
    errors.push(...problems);
    if (bytes !== undefined) contents.set(input.file, bytes);
    found.push(...sources.map((source) => foundAt(source, compiled, options)));
  }
  const facts = manifestFacts(found);
  const profileOf = profiles(compiled, found, options);
  const items = found.map(({ object, namespace, ...source }): Item => {
    const profile = profileOf(namespace);
    return {
      ...source,
      review: { operation: 'CREATE', object, namespace, profile, now: options.now, facts },
    };
  });
  return { items, contents, errors, skipped: inputs.skipped };
}

interface Found extends Source {
  readonly object: KubernetesObject;
  readonly namespace: string | undefined;
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
      sources: manifests.map((manifest) => ({ file, manifest, excerpt })),
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

function foundAt(source: Source, compiled: Compiled, { namespace: given }: ReadOptions): Found {
  const object: KubernetesObject = source.manifest.object;
  const own: unknown = object.metadata?.namespace;
  const plan = choosePlanFor(compiled, object);
  const namespaced = typeof plan === 'string' || plan.kind.namespaced;
  const namespace = typeof own === 'string' && own !== '' ? own : namespaced ? given : undefined;
  return { ...source, object, namespace };
}

function choosePlanFor(compiled: Compiled, object: KubernetesObject): ReturnType<typeof choosePlan> {
  const profile = compiled.profiles.get(compiled.settings.profile);
  if (profile === undefined) return 'no profile';
  return choosePlan(
    compiled,
    profile,
    { operation: 'CREATE', object, profile: profile.name, now: 0 },
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
