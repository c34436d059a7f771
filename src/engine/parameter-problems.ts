import type { z } from 'zod';
import type { Policy } from '#sdk';
import type { CompileOptions } from './compile.ts';
import { issueText } from './issue-text.ts';
import { nearest } from './nearest.ts';
import type { ProfileLayer, SettingsProblem } from './profiles.ts';

/** What is wrong with a policy's parameters, at the place where each was set. */
export function parameterProblems(
  policy: Policy,
  issues: readonly z.core.$ZodIssue[],
  layers: readonly ProfileLayer[],
  set: CompileOptions['set'],
): readonly SettingsProblem[] {
  const known = Object.keys(policy.params.shape);
  return issues.flatMap((issue): readonly SettingsProblem[] => {
    if (issue.code === 'unrecognized_keys' && issue.path.length === 0) {
      return issue.keys.map((key) => ({
        path: [...paramsPath(policy.id, key, layers, set), key],
        message: `${policy.id} has no parameter ${key}${nearest(key, known) || list(known)}`,
        at: 'key',
      }));
    }
    const steps = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
    const path = [...paramsPath(policy.id, String(steps[0] ?? ''), layers, set), ...steps];
    return [{ path, message: issueText(issue) }];
  });
}

function list(known: readonly string[]): string {
  return known.length === 0 ? ': it has none' : ` (known: ${known.join(', ')})`;
}

function paramsPath(
  id: string,
  key: string,
  layers: readonly ProfileLayer[],
  set: CompileOptions['set'] = {},
): SettingsProblem['path'] {
  if (Object.hasOwn(set, id) && Object.hasOwn(set[id] ?? {}, key)) return ['--set', id];
  const from = layers.findLast(({ row: { params = {} } }) => Object.hasOwn(params, key))?.from;
  return [...(from !== undefined && 'path' in from ? from.path : ['policies', id]), 'params'];
}
