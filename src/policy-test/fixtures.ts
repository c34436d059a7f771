import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { KubernetesObject, Policy } from '#sdk';
import { readManifests } from '../cli/yaml/read-manifests.ts';
import { allOperations } from '../engine/operations.ts';
import { deepFreeze } from '../engine/deep-freeze.ts';

/** One manifest file that shows what a policy accepts or refuses. */
export interface Fixture {
  /** Name of the file without its ending: `pass-own-limit`, `fail-no-limit`, `README example 1`. */
  readonly name: string;
  readonly expects: 'pass' | 'fail';
  readonly text: string;
  /** All documents of the file, frozen; they are judged one by one and are the facts for each other. */
  readonly documents: readonly KubernetesObject[];
  /** `<messageId> <locator>` of every finding, sorted; undefined where none are recorded. */
  readonly findings: readonly string[] | undefined;
  readonly params: Readonly<Record<string, unknown>>;
  /** Version of Kubernetes the manifests are meant for. */
  readonly kubernetes: string | undefined;
  readonly request: FixtureRequest | undefined;
  /** The documents after the fix, where the file that shows them exists. */
  readonly fixed: readonly KubernetesObject[] | undefined;
}

const requestSchema = z.strictObject({
  operation: z.enum(allOperations).default('CREATE'),
  user: z
    .strictObject({
      username: z.string(),
      uid: z.string().optional(),
      groups: z.array(z.string()).default([]),
    })
    .optional(),
  subresource: z.string().optional(),
  /** Built-in kind that owns the subresource; a Scale is one of a Deployment unless this says otherwise. */
  resourceKind: z.string().optional(),
  namespace: z.string().optional(),
  name: z.string().optional(),
  dryRun: z.boolean().optional(),
  oldObject: z.record(z.string(), z.unknown()).optional(),
});

/** What the API server would say of the request that carries the documents. */
export type FixtureRequest = z.output<typeof requestSchema>;

const headerSchema = z.strictObject({
  params: z.record(z.string(), z.unknown()).default({}),
  kubernetes: z.string().optional(),
  request: requestSchema.optional(),
});

/** Everything that is written about a policy in its folder. */
export interface PolicyFolder {
  readonly policy: Policy;
  readonly fixtures: readonly Fixture[];
  /** Examples of its README. */
  readonly examples: readonly Fixture[];
  /** What cannot be read, or belongs to nothing. */
  readonly faults: readonly string[];
  /** A team's own policies may go without a README, and may be on in profiles of the team's. */
  readonly own: boolean;
}

const root = join(import.meta.dirname, '../..');

/** Reads the folder of a policy that ships with daygate: `policies/<category>/<id>`. */
export function readPolicyFolder(policy: Policy, policiesFolder = join(root, 'policies')): PolicyFolder {
  return readFolder(policy, join(policiesFolder, policy.category, policy.id), false);
}

/** Reads the folder of a team's own policy. */
export function readOwnFolder(policy: Policy, folder: string): PolicyFolder {
  return readFolder(policy, folder, true);
}

function readFolder(policy: Policy, folder: string, own: boolean): PolicyFolder {
  const faults: string[] = [];
  const texts = new Map<string, string>();
  const fixturesFolder = join(folder, 'fixtures');
  for (const file of existsSync(fixturesFolder) ? readdirSync(fixturesFolder).sort() : []) {
    if (!file.endsWith('.yaml')) faults.push(`fixtures/${file} is no .yaml file`);
    else texts.set(file.slice(0, -'.yaml'.length), readFileSync(join(fixturesFolder, file), 'utf8'));
  }
  const fixtures: Fixture[] = [];
  for (const [name, text] of texts) {
    const owner = /^(.*)\.fixed$/.exec(name)?.[1];
    const expects = /^(pass|fail)-/.exec(name)?.[1];
    if (owner !== undefined) {
      if (!owner.startsWith('fail-') || !texts.has(owner))
        faults.push(
          `${name}.yaml stands beside no failing fixture: fail-<name>.yaml has fail-<name>.fixed.yaml`,
        );
    } else if (expects !== 'pass' && expects !== 'fail') {
      faults.push(`${name}.yaml begins with neither pass- nor fail-`);
    } else {
      attempt(name, faults, () =>
        fixtures.push(parseFixture(name, expects, text, texts.get(`${name}.fixed`))),
      );
    }
  }
  const readme = join(folder, 'README.md');
  if (!existsSync(readme) && !own) faults.push('README.md is missing');
  const examples = existsSync(readme) ? readExamples(readFileSync(readme, 'utf8'), faults) : [];
  return { policy, fixtures, examples, faults, own };
}

function attempt(name: string, faults: string[], read: () => unknown): void {
  try {
    read();
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    faults.push(`${name}: ${reason}`);
  }
}

/** Parses the text of a fixture. Throws on broken YAML, unknown headers, and documents that are no objects. */
export function parseFixture(
  name: string,
  expects: 'pass' | 'fail',
  text: string,
  fixedText?: string,
): Fixture {
  const { findings, ...header } = parseHeader(text);
  return {
    name,
    expects,
    text,
    documents: parseManifests(text),
    findings: findings.length === 0 ? undefined : findings.toSorted(),
    params: header.params,
    kubernetes: header.kubernetes,
    request: header.request,
    fixed: fixedText === undefined ? undefined : parseManifests(fixedText),
  };
}

function parseHeader(text: string) {
  const findings: string[] = [];
  const values: Record<string, unknown> = {};
  for (const line of text.replace(/^\ufeff/, '').split(/\r?\n/)) {
    if (!line.startsWith('#')) break;
    const [, key, value = ''] = /^# ?(\w+): ?(.*)$/.exec(line) ?? [];
    if (key === undefined || key === 'note') continue;
    if (key === 'expect') findings.push(value.trim());
    else if (Object.hasOwn(values, key)) throw new Error(`# ${key}: is written twice`);
    else values[key] = parse(value);
  }
  return { ...headerSchema.parse(values), findings };
}

/** As `check` reads them. */
function parseManifests(text: string): readonly KubernetesObject[] {
  const {
    manifests,
    problems: [problem],
  } = readManifests(text);
  if (problem !== undefined) throw new Error(`line ${problem.line ?? 1}: ${problem.message}`);
  return deepFreeze(manifests.map(({ object }) => object));
}

/** The ```yaml good and ```yaml bad blocks of a README, headers as in fixtures included. */
function readExamples(readme: string, faults: string[]): readonly Fixture[] {
  const examples: Fixture[] = [];
  for (const [, info = '', block = ''] of readme.matchAll(/^```ya?ml\b(.*)\r?\n([\s\S]*?)^```$/gm)) {
    const word = info.trim();
    if (word !== 'good' && word !== 'bad') continue;
    const name = `README example ${examples.length + 1} (${word})`;
    attempt(name, faults, () => examples.push(parseFixture(name, word === 'good' ? 'pass' : 'fail', block)));
  }
  return examples;
}
