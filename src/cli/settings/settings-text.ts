import { printable } from '../../engine/message.ts';
import { oneLine } from '../../report/one-line.ts';
import type { Paint } from '../../report/paint.ts';
import { count } from '../../report/words.ts';
import { errorLine } from '../error-line.ts';
import type { InForce, PolicyInForce, ShownSettings } from './in-force.ts';

/** The settings for people; of one policy all, of all policies what is not as it ships. */
export function settingsText(
  shown: ShownSettings,
  { isOne }: { readonly isOne: boolean },
  paint: Paint,
): string {
  const { file, namespace, profile, enforcement, exempt, policies, errors } = shown;
  const extended = profile.chain.length > 1 ? ` (${profile.chain.toReversed().join(' extends ')})` : '';
  const lines = [
    file === null ? 'There is no settings file: all is as it ships.' : `Settings: ${oneLine(file)}`,
    ...(namespace === undefined ? [] : [`Namespace: ${printable(namespace)}`]),
    ...(exempt === undefined
      ? []
      : [paint.yellow(`Nothing in it is judged: it is exempt (${oneLine(exempt)})`)]),
    `Profile: ${paint.bold(profile.name)}${extended}, by ${oneLine(profile.because)}`,
    `Enforcement: ${paint.bold(enforcement.value)}${enforcement.value === 'observe' ? ', so that deny counts as warn at admission' : ''} (${oneLine(enforcement.from)})`,
    '',
  ];
  const rows = isOne ? policies : policies.filter(({ action }) => action.value !== 'off');
  const width = Math.max(0, ...rows.map(({ id }) => id.length));
  for (const policy of rows) lines.push(...policyLines(policy, width, isOne, paint));
  const off = policies.length - rows.length;
  if (off > 0)
    lines.push(
      '',
      `${count(off, 'policy is', 'policies are')} off here; daygate settings ID says of one where that comes from.`,
    );
  for (const error of errors) lines.push(errorLine(error, paint));
  return `${lines.join('\n')}\n`;
}

function policyLines(policy: PolicyInForce, width: number, isOne: boolean, paint: Paint): readonly string[] {
  const { id, action, effective, fix, grandfatherUntil, policyReport, exceptions } = policy;
  const said = effective === action.value ? action.value : `${action.value} → ${effective}`;
  const row = (name: string, { value, from }: InForce<unknown>): readonly string[] =>
    isOne || from !== 'default'
      ? [
          `${' '.repeat(14)}${name}: ${printable(JSON.stringify(value), 200)} ${paint.dim(`(${oneLine(from)})`)}`,
        ]
      : [];
  return [
    `${said.padEnd(12)}  ${id.padEnd(width)}  ${paint.dim(oneLine(action.from))}`,
    ...Object.entries(policy.params).flatMap(([name, value]) => row(name, value)),
    ...row('fix', fix),
    ...(grandfatherUntil === undefined ? [] : row('grandfatherUntil', grandfatherUntil)),
    ...(policyReport === undefined ? [] : row('policyReport', policyReport)),
    ...exceptions.map((place) => `${' '.repeat(14)}exception ${paint.dim(`(${oneLine(place)})`)}`),
  ];
}
