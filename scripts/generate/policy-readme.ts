import { describePolicy, type ParameterDescription } from '../../src/cli/policies.ts';
import { defaultContainers } from '../../src/engine/plans.ts';
import { builtinProfiles, profileChain, profileLayers, profileRow } from '../../src/engine/profiles.ts';
import { settingsSchema } from '../../src/engine/settings.ts';
import { nameOfKind, type KindInfo, type Policy } from '#sdk';
import { cell, table, withGenerated } from './markdown.ts';

/** A policy's README with its generated header. */
export function policyReadme(policy: Policy, current: string | undefined): string {
  return withGenerated(current, 'policy.ts', headerOf(policy));
}

function headerOf(policy: Policy): string {
  const { id, title, severity, why, messages, remediation, references } = policy;
  const remedy = (message: string): string =>
    typeof remediation === 'string' ? remediation : (remediation[message] ?? '');
  const rows = Object.entries(messages).map(([message, text]) => [
    `\`${message}\``,
    cell(text),
    cell(remedy(message)),
  ]);
  const { parameters } = describePolicy(policy);
  return [
    `# ${title}`,
    `\`${id}\` · ${severity} severity · looks at ${lookedAt(policy)}`,
    why,
    table(['Profile', 'Action', 'Parameters'], profileRows(policy)),
    `**Fix.** ${fixWords(policy)}`,
    '## Messages',
    table(['Id', 'Says', 'What to write instead'], rows),
    ...(parameters.length === 0
      ? []
      : ['## Parameters', table(['Name', 'Type', 'Default', 'Meaning'], parameters.map(parameterRow))]),
    '## Read more',
    references.map((page) => `- <${page}>`).join('\n'),
  ].join('\n\n');
}

function lookedAt({
  target,
  containers,
  kinds,
  operations,
  subresources,
  facts,
  optionalFacts,
  needsSchema,
}: Policy): string {
  const listed = (of: readonly (string | KindInfo)[] = []): string =>
    [...new Set(of.map(nameOfKind))].join(', ');
  const asked = listed(kinds?.filter((kind) => kind !== 'Any'));
  const atAdmission = asked === '' ? '' : ` (at admission, where no other policy asks for more: ${asked})`;
  const any = needsSchema === true ? 'any kind' : "any kind of Kubernetes' own";
  const names = kinds?.includes('Any') === true ? `objects of ${any}${atAdmission}` : asked;
  const subjects = {
    container: `containers (${(containers ?? defaultContainers).join(', ')})`,
    podSpec: 'pod specs, wherever they live',
    object: names,
    relation: `${names}, together with ${listed(facts)}`,
    request: `requests (${(operations ?? []).join(', ')}) for ${names}`,
  }[target];
  const more = optionalFacts === undefined ? '' : `, and at ${listed(optionalFacts)} where known`;
  const also = subresources === undefined ? '' : `; also at the subresource ${subresources.join(' and ')}`;
  return `${subjects}${more}${also}`.replaceAll('Workload', 'everything that makes pods');
}

/** What the policy does in each profile, the most lenient first; the standard's own ones are named where it is in them. */
function profileRows(policy: Policy): readonly (readonly string[])[] {
  const settings = settingsSchema.parse({});
  return Object.keys(builtinProfiles).flatMap((name) => {
    const { action, params } = profileRow(profileLayers(settings, profileChain(settings, name), policy));
    if (action === 'off' && name.startsWith('pss-')) return [];
    const changed = Object.entries(params).map(([key, value]) => `\`${key}: ${JSON.stringify(value)}\``);
    return [[name, action, changed.join(', ')]];
  });
}

function fixWords({ fix }: Policy): string {
  if (fix === undefined) return 'None: only people know what is right here.';
  const needs = (fix.requires ?? []).map((name) => `\`${name}\``).join(' and ');
  const what = {
    safe: 'Safe: there is one right value.',
    optional: 'Optional: what to write is for you to say.',
    suggestion: 'A suggestion: shown with the finding, never patched at admission.',
  }[fix.safety];
  const resolves = `Resolves ${fix.resolves.map((message) => `\`${message}\``).join(', ')}.`;
  const where = fix.safety === 'suggestion' ? '' : ' Admission patches it where the settings say `fix: true`';
  const given = needs === '' ? '' : ` and give ${needs}`;
  return `${what} ${resolves}${where === '' ? '' : `${where}${given}.`}`;
}

function parameterRow({
  name,
  description,
  default: value,
  schema,
}: ParameterDescription): readonly string[] {
  return [
    `\`${name}\``,
    typeWords(schema),
    value === undefined ? '' : `\`${cell(JSON.stringify(value))}\``,
    cell(description),
  ];
}

interface Shape {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly items?: unknown;
  readonly anyOf?: readonly unknown[];
  readonly additionalProperties?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** A JSON Schema in a few words. */
function typeWords(schema: unknown): string {
  const { type, enum: values, items, anyOf, additionalProperties, minimum, maximum } = schema as Shape;
  if (values !== undefined) return values.map((value) => `\`${String(value)}\``).join(', ');
  if (anyOf !== undefined) return anyOf.map(typeWords).join(' or ');
  if (type === 'array') return `list of ${plural(items)}`;
  if (type === 'object' && typeof additionalProperties === 'object')
    return `map of ${plural(additionalProperties)}`;
  // zod writes the limits of safe integers where nobody set any.
  const limits = [
    minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER ? '' : `at least ${minimum}`,
    maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? '' : `at most ${maximum}`,
  ].filter((words) => words !== '');
  return [type ?? 'any', ...limits].join(', ');
}

function plural(schema: unknown): string {
  const words = typeWords(schema ?? {});
  return /^(?:string|integer|number)$/.test(words) ? `${words}s` : words;
}
