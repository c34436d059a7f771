import { z } from 'zod';
import { nameOfKind, type Control, type Policy } from '#sdk';
import { compareTexts } from '../engine/order.ts';
import { builtinProfiles } from '../engine/profiles.ts';
import { nearest } from '../engine/nearest.ts';
import { severities } from '../engine/severities.ts';
import { UserError } from '../errors.ts';
import { wrap } from '../report/wrap.ts';
import { paintFor, type Io } from './io.ts';
import { oneOf } from './one-of.ts';

/** A policy as `daygate policies -o json` shows it. */
export interface PolicyDescription {
  readonly id: string;
  readonly title: string;
  readonly category: string;
  readonly severity: string;
  readonly target: string;
  /** Profile → action, with what a profile inherits from the one it extends. */
  readonly profiles: Readonly<Record<string, string>>;
  readonly fix: 'safe' | 'optional' | 'suggestion' | null;
  readonly parameters: readonly ParameterDescription[];
}

export interface ParameterDescription {
  readonly name: string;
  readonly description: string;
  readonly default?: unknown;
  readonly schema: unknown;
}

export function describePolicy(policy: Policy): PolicyDescription {
  const { id, title, category, severity, target, fix } = policy;
  return {
    id,
    title,
    category,
    severity,
    target,
    profiles: actionsByProfile(policy),
    fix: fix?.safety ?? null,
    parameters: parametersOf(policy),
  };
}

function actionsByProfile({ profiles }: Policy): Readonly<Record<string, string>> {
  const actions: Record<string, string> = {};
  const actionIn = (name: string): string | undefined => {
    const entry = profiles[name];
    if (entry !== undefined) return typeof entry === 'string' ? entry : entry.action;
    const parent = builtinProfiles[name];
    return parent === undefined ? undefined : actionIn(parent);
  };
  for (const name of new Set([...Object.keys(builtinProfiles), ...Object.keys(profiles)])) {
    const action = actionIn(name);
    if (action !== undefined) actions[name] = action;
  }
  return actions;
}

function parametersOf({ params }: Policy): readonly ParameterDescription[] {
  const schema = z.toJSONSchema(params, { io: 'input' });
  return Object.entries(schema.properties ?? {}).map(([name, property]) => {
    if (typeof property !== 'object') return { name, description: '', schema: property };
    const { description = '', default: value, ...rest } = property;
    return { name, description, ...(value === undefined ? {} : { default: value }), schema: rest };
  });
}

export interface ListOptions {
  readonly output: string;
  readonly category?: string;
  /** Only what is on in this profile. */
  readonly profile?: string;
  readonly severity?: string;
}

/** `daygate policies`: what ships, and where it is on; words are looked for in ids and titles. */
export function listPolicies(
  words: readonly string[],
  options: ListOptions,
  policies: readonly Policy[],
  io: Io,
): number {
  const output = oneOf('output format', options.output, outputs);
  const isListed = listedBy(options, policies);
  const described = policies
    .map(describePolicy)
    .filter((policy) => isListed(policy) && isAbout(policy, words))
    .sort((a, b) => compareTexts(a.id, b.id));
  if (output === 'json') {
    io.out(`${JSON.stringify(described, null, 2)}\n`);
    return 0;
  }
  if (described.length === 0) {
    io.err('daygate: no policy is about all of that (daygate policies lists all of them)\n');
    return 0;
  }
  const paint = paintFor(io);
  const names = Object.keys(builtinProfiles);
  const width = Math.max(...described.map(({ id }) => id.length));
  const cell = (name: string, text: string): string => text.padEnd(name.length);
  io.out(
    `${paint.bold(['ID'.padEnd(width), ...names.map((name) => cell(name, name.toUpperCase())), 'TITLE'].join('  '))}\n`,
  );
  for (const { id, profiles, title } of described) {
    const actions = names.map((name) => cell(name, profiles[name] ?? '–'));
    io.out(`${[id.padEnd(width), ...actions, title].join('  ')}\n`);
  }
  return 0;
}

const outputs = ['text', 'json'] as const;

function listedBy(
  { category, profile, severity }: ListOptions,
  policies: readonly Policy[],
): (policy: PolicyDescription) => boolean {
  if (category !== undefined)
    oneOf('category', category, [...new Set(policies.map((one) => one.category))].sort());
  if (severity !== undefined) oneOf('severity', severity, severities);
  if (profile !== undefined) oneOf('profile', profile, Object.keys(builtinProfiles));
  return (policy) =>
    (category === undefined || policy.category === category) &&
    (severity === undefined || policy.severity === severity) &&
    (profile === undefined || (policy.profiles[profile] ?? 'off') !== 'off');
}

function isAbout({ id, title }: Pick<Policy, 'id' | 'title'>, words: readonly string[]): boolean {
  const text = `${id} ${title}`.toLowerCase();
  return words.flatMap((word) => word.toLowerCase().split(/\s+/)).every((word) => text.includes(word));
}

/** `daygate explain ID`: everything somebody needs who has just met a finding. */
export function explainPolicy(id: string, policies: readonly Policy[], asked: string, io: Io): number {
  const output = oneOf('output format', asked, outputs);
  const policy = policies.find((candidate) => candidate.id === id);
  if (policy === undefined) throw unknownPolicy(id, policies);
  const description = describePolicy(policy);
  const { messages, why, remediation, references, controls = [] } = policy;
  if (output === 'json') {
    io.out(
      `${JSON.stringify({ ...description, messages, why, remediation, references, controls }, null, 2)}\n`,
    );
    return 0;
  }
  const paint = paintFor(io);
  const remedies = typeof remediation === 'string' ? [remediation] : [...new Set(Object.values(remediation))];
  const on = Object.entries(description.profiles).map(([profile, action]) => `${profile}: ${action}`);
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['Why', [why]],
    ['What it says', Object.values(messages)],
    ['What to write instead', remedies],
    ['Fix', description.fix === null ? [] : [fixWords[description.fix]]],
    ['Parameters', description.parameters.map(parameterLine)],
    ['Controls', controls.map(controlLine)],
    ['Read more', references],
  ];
  const facts = `${policy.severity} severity, looks at: ${lookedAt(policy)}`;
  const profiles = on.length === 0 ? 'in no profile: turn it on in the settings' : on.join(', ');
  io.out(`${paint.bold(policy.id)}: ${policy.title}\n${facts}\n${profiles}\n`);
  for (const [heading, lines] of sections) {
    if (lines.length === 0) continue;
    const wrapped = lines.flatMap((line) => wrap(line, '  ', '  ', io.columns));
    io.out(`\n${paint.bold(heading)}\n${wrapped.join('\n')}\n`);
  }
  return 0;
}

const mostCandidates = 12;

/** Who has no id at hand asks with a word. */
function unknownPolicy(id: string, policies: readonly Policy[]): UserError {
  const ids = policies.map((known) => known.id);
  const about = policies.filter((policy) => isAbout(policy, [id]));
  if (about.length === 0)
    return new UserError(
      'usage',
      `there is no policy ${id}${nearest(id, ids)} (daygate policies lists them)`,
    );
  const shown = about.slice(0, mostCandidates);
  const width = Math.max(...shown.map((policy) => policy.id.length));
  const lines = shown.map((policy) => `  ${policy.id.padEnd(width)}  ${policy.title}`);
  const more = about.length - shown.length;
  const rest = more > 0 ? [`  and ${more} more: daygate policies ${id}`] : [];
  return new UserError(
    'usage',
    [`there is no policy ${id}; these are about it:`, ...lines, ...rest].join('\n'),
  );
}

const fixWords = {
  safe: 'safe: there is one right value; admission patches it where the settings say fix: true',
  optional: 'optional: admission patches it where the settings say fix: true and give the value',
  suggestion: 'suggestion: shown with the finding, never patched',
} as const;

function lookedAt({ target, containers, kinds }: Policy): string {
  if (target === 'container') return `containers (${(containers ?? ['app', 'init', 'sidecar']).join(', ')})`;
  if (target === 'podSpec') return 'pod specs, wherever they live';
  // Several projects have a kind of one name.
  const names = [...new Set((kinds ?? []).map(nameOfKind))].join(', ');
  return target === 'request' ? `requests for ${names}` : names;
}

function controlLine(control: Control): string {
  if (typeof control === 'string') return control;
  const { name, params = {}, with: others = [] } = control;
  const conditions = [
    ...Object.entries(params).map(([key, value]) => `where ${key} is ${JSON.stringify(value)}`),
    ...(others.length === 0 ? [] : [`together with ${others.join(', ')}`]),
  ];
  return conditions.length === 0 ? name : `${name}, ${conditions.join(', ')}`;
}

function parameterLine({ name, description, default: value }: ParameterDescription): string {
  return `${name}${value === undefined ? '' : ` (default ${JSON.stringify(value)})`}: ${description}`;
}
