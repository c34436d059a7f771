import type { KubernetesObject, Schemas } from '#sdk';
import type { Compiled, Plan } from '../engine/compile.ts';
import { choosePlan, judge, reference } from '../engine/judge.ts';
import type { Review, Skip } from '../engine/review.ts';
import { profileFor } from '../engine/routing.ts';
import { fileProblem, messageOf } from '../errors.ts';
import type { LocatedFinding, Report, ReportError } from '../report/report.ts';
import type { Inputs } from './inputs.ts';
import { manifestFacts } from './manifest-facts.ts';
import { schemasFor } from '../schemas/schemas.ts';
import { readManifests, type Manifest, type ManifestFile } from './yaml/read-manifests.ts';

export interface JudgeManifestsOptions {
  /** Judges everything by this profile, whatever the namespaces' labels say. */
  readonly profile?: string | undefined;
  /** Namespace of objects that name none. */
  readonly namespace?: string | undefined;
  /** Policies were chosen by hand: then objects none of them looks at are no gap. */
  readonly chosen: boolean;
  readonly now: number;
  /** Where the definitions of custom kinds lie, beside those among the manifests. */
  readonly crds?: Inputs | undefined;
}

interface Source {
  readonly file: string;
  readonly manifest: Manifest;
  readonly excerpt: ManifestFile['excerpt'];
}

interface Item extends Source {
  readonly object: KubernetesObject;
  readonly namespace: string | undefined;
}

/** Reads and judges all inputs. One that cannot be read is named and hides nothing of the others. */
export async function judgeManifests(
  compiled: Compiled,
  inputs: Inputs,
  options: JudgeManifestsOptions,
): Promise<Report> {
  const errors: ReportError[] = [...inputs.errors];
  const skipped: Skip[] = [...inputs.skipped];
  const findings: LocatedFinding[] = [];
  const found: Source[] = [];
  for (const input of inputs.files) {
    const { sources, problems } = await readInput(input);
    errors.push(...problems);
    found.push(...sources);
  }
  const schemas = await schemasOf(compiled, found, options.crds, errors);
  const items = found.map((source) => itemOf(source, compiled, options, schemas));
  const facts = manifestFacts(items);
  const profileOf = profiles(compiled, items, options);
  let judged = 0;
  for (const item of items) {
    const review: Review = {
      operation: 'CREATE',
      object: item.object,
      namespace: item.namespace,
      profile: profileOf(item.namespace),
      now: options.now,
      facts,
      schemas,
    };
    try {
      const outcome = judgeItem(compiled, review, item, options.chosen);
      findings.push(...outcome.findings);
      errors.push(...outcome.errors);
      skipped.push(...outcome.skipped);
      if (outcome.judged) judged++;
    } catch (error) {
      const { kind, name } = reference(review);
      errors.push({
        code: 'internal',
        message: `${kind} ${name} could not be judged: ${messageOf(error)}`,
        file: item.file,
      });
    }
  }
  return {
    findings: findings.sort(byPlace),
    errors: errors.sort(
      (a, b) =>
        compare(a.file ?? '', b.file ?? '') || (a.line ?? 0) - (b.line ?? 0) || compare(a.message, b.message),
    ),
    skipped: skipped.sort((a, b) => compare(skipKey(a), skipKey(b))),
    coverage: { files: inputs.files.length, objects: items.length, judged },
  };
}

/** Schemas, where a policy asks for them: otherwise nobody waits for them to be read. */
async function schemasOf(
  compiled: Compiled,
  found: readonly Source[],
  crds: Inputs | undefined,
  errors: ReportError[],
): Promise<Schemas | undefined> {
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
  return schemasFor(compiled.kubernetesMinor, [
    ...definitions,
    ...found.map(({ manifest }) => manifest.object),
  ]);
}

async function readInput({ file, read }: Inputs['files'][number]): Promise<{
  readonly sources: readonly Source[];
  readonly problems: readonly ReportError[];
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

function itemOf(
  source: Source,
  compiled: Compiled,
  { namespace: given }: JudgeManifestsOptions,
  schemas: Schemas | undefined,
): Item {
  const object: KubernetesObject = source.manifest.object;
  const own: unknown = object.metadata?.namespace;
  const plan = choosePlanFor(compiled, object, schemas);
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
  items: readonly Item[],
  options: JudgeManifestsOptions,
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

interface Outcome {
  readonly findings: readonly LocatedFinding[];
  readonly errors: readonly ReportError[];
  readonly skipped: readonly Skip[];
  readonly judged: boolean;
}

function judgeItem(
  compiled: Compiled,
  review: Review,
  { file, manifest, excerpt: excerptOf }: Item,
  chosen: boolean,
): Outcome {
  const verdict = judge(compiled, review, { enforcement: 'enforce' });
  const profile = compiled.profiles.get(review.profile);
  const plan = profile === undefined ? '' : choosePlan(compiled, profile, review, review.namespace);
  const object = reference(review);
  // Chosen by hand, or read as a fact about another object: then it is no gap that nothing looks at the object itself.
  const isFact = profile?.entries.some(({ policy }) => policy.facts?.some((kind) => kind === object.kind));
  const idle = typeof plan !== 'string' && plan.empty && !chosen && isFact !== true;
  const isUnread = typeof plan !== 'string' && !plan.empty && isWithoutSchema(plan, verdict.skipped);
  return {
    findings: verdict.findings.map((finding) => {
      const { line, column } = manifest.locate(pathOf(finding.pointer, manifest.object));
      const { document, item } = manifest;
      const excerpt = excerptOf(line);
      return { ...finding, file, line, column, document, excerpt, ...(item === undefined ? {} : { item }) };
    }),
    errors: verdict.errors.map(({ policy, message }) => ({
      code: 'policy-failed',
      message: `${policy} ${message} on ${object.kind} ${object.name}`,
      file,
      policy,
    })),
    skipped: idle
      ? [
          ...verdict.skipped,
          { object, reason: `no policy of profile ${review.profile} looks at ${object.kind}` },
        ]
      : verdict.skipped,
    judged: typeof plan !== 'string' && !idle && !isUnread,
  };
}

/** Whether all that looks at an object is a policy that has no schema to check it by. */
function isWithoutSchema(
  { object, podSpec, relation, request, kind }: Plan,
  skipped: readonly Skip[],
): boolean {
  if (kind.template !== undefined || podSpec.length + relation.length + request.length > 0) return false;
  return object.every(({ policy }) => skipped.some((skip) => skip.policy === policy.id));
}

/** The steps of a JSON Pointer; digits are an index where the object has a list. */
function pathOf(pointer: string, root: unknown): readonly (string | number)[] {
  let value: unknown = root;
  return pointer
    .split('/')
    .slice(1)
    .map((text) => {
      const key = text.replaceAll('~1', '/').replaceAll('~0', '~');
      const step = Array.isArray(value) ? Number(key) : key;
      value =
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
      return step;
    });
}

function byPlace(a: LocatedFinding, b: LocatedFinding): number {
  return (
    compare(a.file, b.file) ||
    a.document - b.document ||
    (a.item ?? 0) - (b.item ?? 0) ||
    a.line - b.line ||
    a.column - b.column ||
    compare(a.locator, b.locator) ||
    compare(a.policy, b.policy)
  );
}

function skipKey({ file, object, policy, reason }: Skip): string {
  return [
    policy ?? '',
    reason,
    file ?? '',
    object?.kind ?? '',
    object?.namespace ?? '',
    object?.name ?? '',
  ].join('\u0000');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
