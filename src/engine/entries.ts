import type { z } from 'zod';
import { rememberOf, type Action, type Policy } from '#sdk';
import type { Entry, Recorder } from './compiled.ts';
import { endOfDay } from './days.ts';
import { parseTemplate, placeholdersOf } from './message.ts';
import type { ProfileRow } from './profiles.ts';
import { recordedBy } from './recorder.ts';

/** Makes a policy ready for one profile; with what is wrong about its parameters otherwise. */
export function compileEntry(
  policy: Policy,
  row: ProfileRow & { readonly action: Exclude<Action, 'off'> },
  recorder: Recorder,
): Entry | { readonly issues: readonly z.core.$ZodIssue[] } {
  const parsed = parse(policy, row);
  if (!parsed.success) return { issues: parsed.error.issues };
  const params = parsed.data;
  const { fix } = policy;
  const canFix = fix !== undefined && (fix.requires ?? []).every((name) => params[name] !== undefined);
  const entry: Entry = {
    policy,
    action: row.action,
    params,
    context: { params, report: recordedBy(recorder, () => entry) },
    texts: textsOf(policy),
    fixable: new Set(canFix ? fix.resolves : []),
    fixOnAdmission: row.fix && canFix && fix.safety !== 'suggestion',
    grandfatherUntil: row.grandfatherUntil === undefined ? undefined : endOfDay(row.grandfatherUntil),
    policyReport: row.policyReport,
  };
  return entry;
}

/** What is wrong with the parameters that are set for a policy, which may be off. */
export function parameterIssues(policy: Policy, row: ProfileRow): readonly z.core.$ZodIssue[] {
  return Object.keys(row.params).length === 0 ? [] : (parse(policy, row).error?.issues ?? []);
}

function parse(
  policy: Policy,
  { params }: Pick<ProfileRow, 'params'>,
): ReturnType<Policy['params']['safeParse']> {
  return Object.keys(params).length === 0 ? defaultsOf(policy) : read(policy, params);
}

/** Read once for all profiles that say nothing about them. */
const defaultsOf = rememberOf((policy: Policy) => read(policy, {}));

function read(policy: Policy, params: ProfileRow['params']): ReturnType<Policy['params']['safeParse']> {
  // Read once: zod would compile a function for each, which takes longer than reading.
  return policy.params.safeParse(params, { jitless: true });
}

/** Read once for all profiles. */
const textsOf = rememberOf(
  ({ messages, remediation }: Policy): Entry['texts'] =>
    new Map(
      Object.entries(messages).map(([id, message]) => {
        const advice = typeof remediation === 'string' ? remediation : (remediation[id] ?? '');
        const texts = { message: parseTemplate(message), remediation: parseTemplate(advice) };
        const names = [...placeholdersOf(texts.message), ...placeholdersOf(texts.remediation)];
        // The object always has these.
        const placeholders = [...new Set(names)].filter((name) => name !== 'kind' && name !== 'name');
        return [id, { ...texts, placeholders }];
      }),
    ),
);
