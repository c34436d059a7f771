import type { z } from 'zod';
import { isRecord, property, wordDistance, type JsonRecord, type KindInfo } from '#sdk';
import { issueText } from '../engine/issue-text.ts';
import { printable } from '../engine/message.ts';
import { nearest } from '../engine/nearest.ts';
import { isVital } from '../engine/webhook-rules.ts';

/** `field: mistake`. */
export function fieldProblem(path: readonly string[], message: string): string {
  return path.length === 0 ? message : `${path.join('.')}: ${message}`;
}

/** What the names in a policy may lead to beside itself. */
export interface KnownNames {
  /** Ids of all policies there are; nothing is said of ids where they are not known. */
  readonly ids: readonly string[];
  readonly profiles: readonly string[];
}

/** Fields that belong to some targets only: without them, or elsewhere, a policy would look at nothing or at all. */
const fieldsOfTargets: Readonly<
  Record<string, { readonly targets: readonly string[]; readonly needed: boolean }>
> = {
  kinds: { targets: ['object', 'request', 'relation'], needed: true },
  operations: { targets: ['request'], needed: true },
  facts: { targets: ['relation'], needed: true },
  containers: { targets: ['container'], needed: false },
  needsSchema: { targets: ['object'], needed: false },
};

/** What no field says on its own: fields that the target lacks or forbids, names that lead nowhere, parameters that do not fit. */
export function meaningProblems(policy: JsonRecord, names: KnownNames): readonly string[] {
  return [
    ...targetProblems(policy),
    ...vitalProblems(policy),
    ...referenceProblems(policy, names),
    ...paramsProblems(policy),
  ];
}

/** Only admission knows requests: a policy about those that it is never asked about would be silent. */
function vitalProblems({ target, kinds }: JsonRecord): readonly string[] {
  if (target !== 'request' || !Array.isArray(kinds)) return [];
  return kinds.flatMap((ref: unknown, index) =>
    isRecord(ref) && isVital(ref as Pick<KindInfo, 'group' | 'resource'>)
      ? [`kinds.${index}: no webhook ever asks about it, as a cluster that cannot write it stops`]
      : [],
  );
}

function targetProblems({ target, ...fields }: JsonRecord): readonly string[] {
  const isKnown =
    target === 'podSpec' ||
    Object.values(fieldsOfTargets).some((one) => one.targets.includes(target as string));
  if (typeof target !== 'string' || !isKnown) return [];
  const problems = Object.entries(fieldsOfTargets).flatMap(([name, { targets: own, needed }]) => {
    const has = fields[name] !== undefined;
    if (own.includes(target) ? has || !needed : !has) return [];
    const where = own.length === 1 ? own[0] : `${own.slice(0, -1).join(', ')} or ${own.at(-1) ?? ''}`;
    return [
      `${name}: ${has ? `only a policy of target ${where ?? ''} has it` : `a policy of target ${target} needs it`}`,
    ];
  });
  const fixes = target === 'request' && fields['fix'] !== undefined;
  return fixes ? [...problems, 'fix: a policy of target request has none'] : problems;
}

/** Names that lead to nothing: messages, parameters, other policies, profiles. */
function referenceProblems(policy: JsonRecord, { ids, profiles }: KnownNames): readonly string[] {
  const { messages, remediation, fix: fixes, params } = policy;
  const messageIds = isRecord(messages) ? Object.keys(messages) : [];
  const unknown = (at: string, given: unknown, what: string, known: readonly string[]): readonly string[] =>
    (Array.isArray(given) ? (given as unknown[]) : []).flatMap((name, index) =>
      typeof name !== 'string' || known.includes(name)
        ? []
        : [`${at}.${index}: there is no ${what} ${printable(name, 63)}${nearest(name, known)}`],
    );
  const parameters = isRecord(params) && isRecord(params['shape']) ? Object.keys(params['shape']) : [];
  const advice = isRecord(remediation) ? Object.keys(remediation) : messageIds;
  const missing = messageIds.filter((id) => !advice.includes(id));
  const conflicts = ids.length === 0 ? [] : unknown('conflictsWith', policy['conflictsWith'], 'policy', ids);
  // A profile may be that of another team's settings; a typing error would turn the policy off without a word.
  const misspelt = Object.keys(isRecord(policy['profiles']) ? policy['profiles'] : {}).flatMap((name) => {
    const meant = profiles.includes(name)
      ? undefined
      : profiles.find((known) => wordDistance(name, known) <= 2);
    return meant === undefined
      ? []
      : [`profiles.${printable(name, 63)}: there is no such profile: did you mean ${meant}?`];
  });
  const controls = (Array.isArray(policy['controls']) ? (policy['controls'] as unknown[]) : []).flatMap(
    (control, index) => [
      ...unknown(`controls.${index}.params`, keysOf(property(control, 'params')), 'parameter', parameters),
      ...(ids.length === 0
        ? []
        : unknown(`controls.${index}.with`, property(control, 'with'), 'policy', ids)),
    ],
  );
  return [
    ...controls,
    ...unknown('onRecord', policy['onRecord'], 'message', messageIds),
    ...unknown('fix.resolves', isRecord(fixes) ? fixes['resolves'] : undefined, 'message', messageIds),
    ...unknown('fix.requires', isRecord(fixes) ? fixes['requires'] : undefined, 'parameter', parameters),
    ...conflicts,
    ...misspelt,
    ...advice
      .filter((id) => !messageIds.includes(id))
      .map((id) => `remediation.${printable(id, 63)}: there is no such message${nearest(id, messageIds)}`),
    ...missing.map((id) => `remediation: says nothing of the message ${printable(id, 63)}`),
  ];
}

function keysOf(value: unknown): readonly string[] {
  return isRecord(value) ? Object.keys(value) : [];
}

/** Parameters have to stand without anybody's settings: with their defaults, and with what the profiles set. */
function paramsProblems({ params, profiles }: JsonRecord): readonly string[] {
  if (!(params instanceof Object) || !('safeParse' in params) || !('shape' in params)) return [];
  const schema = params as z.ZodObject;
  try {
    const problems = defaultProblems(schema);
    const given = Object.entries(isRecord(profiles) ? profiles : {}).flatMap(([name, entry]) =>
      isRecord(entry) && isRecord(entry['params'])
        ? [[`profiles.${name}.params`, entry['params']] as const]
        : [],
    );
    for (const [at, values] of [['params', {}] as const, ...given]) {
      const { error } = schema.safeParse(values, { jitless: true });
      for (const issue of error?.issues ?? []) {
        const [key = ''] = issue.code === 'unrecognized_keys' ? issue.keys : [];
        const message =
          issue.code === 'unrecognized_keys'
            ? `there is no parameter ${printable(key, 63)}${nearest(key, Object.keys(schema.shape))}`
            : at === 'params'
              ? 'needs a default, or .optional()'
              : issueText(issue);
        problems.push(fieldProblem([at, ...issue.path.map(String)], message));
      }
    }
    return problems;
  } catch {
    return ['params: cannot be read: write z.strictObject with plain, synchronous checks'];
  }
}

/** zod takes a default as it is, also one that it would refuse if somebody wrote it. */
function defaultProblems({ shape: fields }: z.ZodObject): string[] {
  return Object.entries(fields).flatMap(([name, type]) => {
    const value = defaultOf(type);
    if (value === undefined) return [];
    const { error } = value.type.safeParse(value.given, { jitless: true });
    return (error?.issues ?? []).map((issue) =>
      fieldProblem(
        ['params', name, ...issue.path.map(String)],
        `its default does not fit: ${issueText(issue)}`,
      ),
    );
  });
}

function defaultOf(type: unknown): { readonly type: z.ZodType; readonly given: unknown } | undefined {
  if (!isRecord(type) || !isRecord(type['def'])) return undefined;
  const { def } = type;
  if (def['type'] === 'default') {
    return { type: def['innerType'] as z.ZodType, given: def['defaultValue'] };
  }
  // .optional() and the like around it.
  return def['innerType'] === undefined ? undefined : defaultOf(def['innerType']);
}
