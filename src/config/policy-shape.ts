import { z } from 'zod';
import { builtinKindNames, builtinKinds, isRecord, type Category, type JsonRecord } from '#sdk';
import { apiGroup, apiVersion, resourceName } from '../engine/api-names.ts';
import { issueText } from '../engine/issue-text.ts';
import { printable } from '../engine/message.ts';
import { nearest } from '../engine/nearest.ts';
import { allOperations } from '../engine/operations.ts';
import { containerClasses } from '../engine/plans.ts';
import { severities } from '../engine/severities.ts';
import { fieldProblem, meaningProblems, type KnownNames } from './policy-meaning.ts';

const categories = {
  resources: true,
  probes: true,
  labels: true,
  secrets: true,
  images: true,
  availability: true,
  autoscaling: true,
  storage: true,
  security: true,
  rbac: true,
  network: true,
  operations: true,
  delivery: true,
  schema: true,
} as const satisfies Readonly<Record<Category, true>>;
/** All categories, in the order of the catalogue. */
export const categoryNames = Object.keys(categories) as readonly Category[];

const targets = ['container', 'podSpec', 'object', 'request', 'relation'];
const actions = ['deny', 'warn', 'audit'];
const subresources = ['scale', 'resize', 'exec', 'attach', 'portforward', 'proxy'];
const safeties = ['safe', 'optional', 'suggestion'];
const kindNames = Object.keys(builtinKinds);

/**
 * One of a few words; the mistake names the one that was probably meant, and all there are.
 *
 * @param others words that are none of these, and no misspelling of one either
 */
function oneOf(
  what: string,
  known: readonly string[],
  more = '',
  others = (): ReadonlySet<string> => new Set(),
): z.ZodType {
  return z.unknown().superRefine((value, context) => {
    if (typeof value === 'string' && known.includes(value)) return;
    const all = known.length > 20 ? '' : ` (known: ${known.join(', ')})`;
    const message =
      typeof value === 'string'
        ? `there is no ${what} ${printable(value, 63)}${others().has(value) ? '' : nearest(value, known)}${all}${more}`
        : `expected a text that names the ${what}${all}`;
    context.addIssue({ code: 'custom', message });
  });
}

function listOf(item: z.ZodType): z.ZodType {
  return z.array(item).min(1, 'expected at least one');
}

/** A union whose mistakes are those of the alternative that was meant. */
function tableOr(table: z.ZodType, plain: z.ZodType): z.ZodType {
  return z.unknown().superRefine((value, context) => {
    const { error } = (isRecord(value) ? table : plain).safeParse(value, { jitless: true });
    for (const issue of error?.issues ?? []) context.addIssue({ ...issue, input: value } as never);
  });
}

const callable = z.custom<unknown>((value) => typeof value === 'function', 'expected a function');
const text = z.string('expected a text');
const words = z.string('expected a text').min(1, 'must not be empty');

const customKind = z.object({
  kind: words,
  group: z.union([z.literal(''), apiGroup], 'expected an API group, such as argoproj.io'),
  versions: z.array(apiVersion).min(1, 'expected at least one'),
  resource: resourceName,
  namespaced: z.boolean('expected true or false'),
  template: z.array(words).optional(),
  formerGroups: z.array(text).optional(),
  scalable: z.boolean('expected true or false').optional(),
});
const kindNamed = (known: readonly string[], more?: string): z.ZodType =>
  oneOf('built-in kind', known, more, builtinKindNames);
const builtInRef = kindNamed(
  [...kindNames, 'Workload', 'Any'],
  '; other kinds are customKind({ kind, group, versions, resource, namespaced })',
);
const factKind = tableOr(customKind, kindNamed([...kindNames, 'Workload']));

const profileEntry = z.strictObject({ action: oneOf('action', actions), params: z.looseObject({}) });
const control = z.strictObject({
  name: words,
  params: z.looseObject({}).optional(),
  with: listOf(text).optional(),
});
const fix = z.strictObject({
  safety: oneOf('safety', safeties),
  resolves: listOf(text),
  requires: z.array(text).optional(),
  apply: callable,
});
const shape = {
  id: z
    .string('expected a text')
    .regex(
      /^(?:require|forbid|bound|prefer|inherit)(?:-[a-z0-9]+)+$/,
      'expected lower-case words and dashes that begin with require-, forbid-, bound-, prefer- or inherit-',
    ),
  category: oneOf('category', categoryNames),
  title: words,
  severity: oneOf('severity', severities.toReversed()),
  target: oneOf('target', targets),
  profiles: z.record(z.string(), tableOr(profileEntry, oneOf('action', actions))),
  params: z.custom<unknown>(
    (value) => isRecord(value) && 'safeParse' in value && 'shape' in value,
    'expected z.strictObject({ … })',
  ),
  messages: z
    .record(z.string().regex(/^\w[\w-]*$/, 'expected a word'), words, 'expected a table of sentences')
    .refine((messages) => Object.keys(messages).length > 0, 'expected a message'),
  onRecord: z.array(text).optional(),
  conflictsWith: z.array(text).optional(),
  why: text,
  remediation: tableOr(z.record(z.string(), text), z.string('expected a text, or one for each message')),
  references: z.array(text, 'expected a list of addresses'),
  controls: z.array(tableOr(control, words)).optional(),
  subresources: z.array(oneOf('subresource', subresources)).optional(),
  optionalFacts: z.array(factKind).optional(),
  containers: listOf(oneOf('container class', containerClasses)).optional(),
  kinds: listOf(tableOr(customKind, builtInRef)).optional(),
  needsSchema: z.boolean('expected true or false').optional(),
  operations: listOf(oneOf('operation', allOperations)).optional(),
  facts: listOf(factKind).optional(),
  validate: callable,
  fix: fix.optional(),
};
const definition = z.strictObject(shape, 'expected export default definePolicy({ … })');
/** The tables that stand in fields of a policy. */
const tables: Readonly<Record<string, z.ZodObject>> = { profiles: profileEntry, controls: control, fix };

/**
 * What is wrong with a policy as a file exports it, `field: mistake` each. The compiler says more, where somebody asks
 * it; this is for those who did not: whatever would make a policy silent, or fail only once it has something to say.
 */
export function policyProblems(exported: unknown, names: KnownNames): readonly string[] {
  if (!isRecord(exported)) return ['expected export default definePolicy({ … })'];
  const { error } = definition.safeParse(exported);
  const problems = (error?.issues ?? []).flatMap((issue) => describeIssue(exported, issue));
  return [...problems, ...meaningProblems(exported, names)];
}

function describeIssue(exported: JsonRecord, issue: z.core.$ZodIssue): readonly string[] {
  const at = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(tables[at[0] ?? '']?.shape ?? shape);
    return issue.keys.map((key) =>
      fieldProblem([...at, printable(key, 63)], `there is no such field${nearest(key, known)}`),
    );
  }
  if (issue.code === 'invalid_key') return [fieldProblem(at, issue.issues[0]?.message ?? 'expected a word')];
  const isMissing =
    at.reduce<unknown>((value, step) => (value as JsonRecord | undefined)?.[step], exported) === undefined;
  return [fieldProblem(at, isMissing ? 'is missing' : issueText(issue))];
}
