import { printable } from '../../engine/message.ts';
import { daysLeftText } from '../../report/days-left.ts';
import { oneLine } from '../../report/one-line.ts';
import type { ReportError } from '../../report/report.ts';
import type { Paint } from '../../report/paint.ts';
import { count, matchWords, objectTitle } from '../../report/words.ts';
import { errorLine } from '../error-line.ts';
import type { ReviewedException } from './review-exceptions.ts';

interface Listed {
  readonly file: string | undefined;
  readonly withinDays: number;
}

const mostHits = 10;

/** The exceptions for people: the state of each, who answers for it, and what it hits. */
export function exceptionsText(
  exceptions: readonly ReviewedException[],
  errors: readonly ReportError[],
  { file, withinDays }: Listed,
  paint: Paint,
): string {
  if (exceptions.length === 0) {
    return file === undefined
      ? 'There is no settings file, so there are no exceptions.\n'
      : `${file} has no exceptions.\n`;
  }
  const lines = exceptions.flatMap((exception) => [...exceptionLines(exception, paint), '']);
  for (const error of errors) lines.push(errorLine(error, paint));
  const those = (are: (exception: ReviewedException) => boolean): number => exceptions.filter(are).length;
  const counts = [
    [those(({ state }) => state === 'expired'), 'expired'],
    [those(({ state }) => state === 'expiring'), `expiring within ${withinDays} days`],
    [those(({ use }) => use === 'unused'), 'unused'],
  ] as const;
  const told = counts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  const total = count(exceptions.length, 'exception');
  lines.push(`${total}: ${told.length === 0 ? paint.green('all in force') : told.join(', ')}.`);
  if (exceptions.some(({ objects }) => objects === null)) {
    lines.push(paint.dim('What they hit shows when manifests are named: daygate exceptions deploy/'));
  }
  return `${lines.join('\n')}\n`;
}

function exceptionLines(exception: ReviewedException, paint: Paint): readonly string[] {
  const { policies, match, owner, reason, expires, place, hits, idlePolicies, state, daysLeft } = exception;
  return [
    `${badge(exception, paint)} ${paint.bold(policies.join(', '))} on ${printable(matchWords(match), 600)} ${paint.dim(place)}`,
    `         until ${expires} (${daysLeftText(state, daysLeft)}), ${printable(owner)}: ${printable(reason)}`,
    ...(exception.objects === null ? [] : [`         ${useText(exception, exception.objects)}`]),
    ...hits.slice(0, mostHits).map(({ policy, object, locator, render, file, line, column }) => {
      const rendered = render === undefined ? '' : ` in ${render}`;
      const hit = oneLine(`${file}:${line}:${column}: ${objectTitle(object)}${rendered} at ${locator}`);
      return `           ${hit}${policies.length > 1 ? paint.dim(` [${policy}]`) : ''}`;
    }),
    ...(hits.length > mostHits ? [`           … and ${hits.length - mostHits} more`] : []),
    ...(idlePolicies.length > 0 ? [`         needed no more for ${idlePolicies.join(', ')}`] : []),
  ];
}

function badge({ state, use }: ReviewedException, paint: Paint): string {
  if (state === 'expired') return paint.red('expired ');
  if (use === 'unused') return paint.yellow('unused  ');
  return state === 'expiring' ? paint.yellow('expiring') : paint.green('in force');
}

function useText({ use, state, hits, match }: ReviewedException, objects: number): string {
  const findings = count(hits.length, 'finding');
  if (use === 'used')
    return `${findings} it ${state === 'expired' ? 'no longer covers' : 'takes out of the count'}:`;
  if (match.container !== undefined && objects === 0)
    return 'is about no container among these: daygate audit tells of those that are injected';
  if (use === 'unknown') return 'hits nothing that could be judged';
  return objects === 0
    ? 'is about no object among these: remove it, or mend its match'
    : `hits nothing on the ${count(objects, 'object')} it is about: remove it`;
}
