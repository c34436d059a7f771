import { oneLine } from '../report/one-line.ts';
import type { Paint } from '../report/paint.ts';
import { count, firstOf, objectTitle, placeOf } from '../report/words.ts';
import type { Answer } from './answer.ts';
import type { Change } from './changed-settings.ts';
import type { RefusedObject, RefusedRequests } from './refusal.ts';

interface Told {
  readonly asked: Change & { readonly until?: string };
  readonly answer: Answer;
  /** Where exceptions were written. */
  readonly written: { readonly file: string; readonly exceptions: number } | undefined;
}

/** More of one owner than people read; JSON has them all. */
const mostOfOwner = 20;

/** The answer for people: by owner what would be refused, what would cure it, and what is not known. */
export function rolloutText({ asked, answer, written }: Told, paint: Paint): string {
  const { objects, requests, owners, errors, unknown, unjudgedToday: unjudged, notices } = answer;
  const all = Map.groupBy([...objects, ...requests], ({ owner }) => owner);
  const lines = owners.flatMap(({ owner, namespaces, ...share }) => {
    const items = all.get(owner) ?? [];
    const place = namespaces.length === 0 ? '' : ` in ${firstOf(namespaces, 5)}`;
    return [
      `${paint.bold(oneLine(owner))}: ${shareText(share)}${oneLine(place)}`,
      ...items.slice(0, mostOfOwner).flatMap((item) => itemLines(item, paint)),
      ...(items.length > mostOfOwner
        ? [paint.dim(`  … and ${items.length - mostOfOwner} more: -o json has them all`)]
        : []),
      '',
    ];
  });
  lines.push(...namespaceLines(answer, paint), ...policyLines(answer, paint));
  for (const error of errors) {
    const place = placeOf(error);
    lines.push(
      `${paint.red('error')} ${oneLine(place === '' ? error.message : `${place}: ${error.message}`)}`,
    );
  }
  for (const [ask, policies] of Map.groupBy(unknown, (one) => one.ask))
    lines.push(
      `${paint.yellow('not known')}: what these would refuse (${ask} tells)`,
      ...policies.map(({ policy, reason }) => `  ${paint.bold(policy)}: ${oneLine(reason)}`),
    );
  if (unjudged.length > 0)
    lines.push(
      `${paint.yellow('note')} The report did not judge by ${firstOf(unjudged, 3)}: what ${unjudged.length === 1 ? 'it refuses' : 'they refuse'} today counts as new here`,
    );
  for (const notice of notices) lines.push(`${paint.yellow('note')} ${oneLine(notice)}`);
  if (written !== undefined)
    lines.push(
      `${count(written.exceptions, 'exception')} drafted in ${oneLine(written.file)}: with them nothing is refused.`,
    );
  return [...lines, ...summaryLines({ asked, answer }, paint), ''].join('\n');
}

function shareText({ objects, requests }: { readonly objects: number; readonly requests: number }): string {
  return [
    ...(objects > 0 ? [count(objects, 'object')] : []),
    ...(requests > 0 ? [count(requests, 'recorded request')] : []),
  ].join(' and ');
}

/** So many findings of one object are told whole; of more, which policies they are of. */
const fewFindings = 3;

function itemLines(item: RefusedObject | RefusedRequests, paint: Paint): readonly string[] {
  const { findings } = item;
  const title = `  ${oneLine(titleOf(item))}`;
  if (findings.length > fewFindings) {
    const policies = [...new Set(findings.map(({ policy }) => policy))].sort();
    return [title, `    ${count(findings.length, 'finding')}: ${paint.bold(oneLine(firstOf(policies, 8)))}`];
  }
  const lines = findings.map(
    ({ policy, locator, message, fixable }) =>
      `    ${paint.bold(oneLine(policy))} ${oneLine(`${locator}: ${message}`)}${fixable ? paint.dim(' (daygate fix)') : ''}`,
  );
  return [title, ...lines];
}

function titleOf(item: RefusedObject | RefusedRequests): string {
  const title = objectTitle(item.object);
  if ('requests' in item) {
    const { operation, subresource, user, file, line } = item.example;
    const what = `${operation}${subresource === undefined ? '' : `/${subresource}`}`;
    return `${title}: ${count(item.requests, 'request')}, such as ${what} by ${user === '' ? 'nobody named' : user} in ${file}:${line}`;
  }
  const { cluster, makes, newly, findings } = item;
  const where = cluster === undefined ? '' : ` of ${cluster}`;
  const what = makes === undefined ? '' : `, what it makes: ${makes.kind} ${firstOf(makes.names, 3)}`;
  const when = findings.some(({ blocksChanges }) => blocksChanges) ? ', at every change' : '';
  return `${title}${where}${what}${when}${newly ? '' : ', refused today, too'}`;
}

/** More namespaces than people read. */
const mostNamespaces = 20;

function namespaceLines({ namespaces }: Answer, paint: Paint): readonly string[] {
  // Where there is one, it is told already.
  if (namespaces.length < 2) return [];
  const rest = namespaces.length - mostNamespaces;
  return [
    ...namespaces.slice(0, mostNamespaces).map(({ cluster, namespace, ...share }) => {
      const place = namespace === undefined ? 'no namespace' : `namespace ${namespace}`;
      const where = cluster === undefined ? '' : ` of ${cluster}`;
      return `${paint.bold(oneLine(`${place}${where}`))}: ${shareText(share)}`;
    }),
    ...(rest > 0 ? [paint.dim(`… and ${rest} more: -o json has them all`)] : []),
    '',
  ];
}

function policyLines({ policies }: Answer, paint: Paint): readonly string[] {
  if (policies.length === 0) return [];
  return [
    ...policies.map(({ policy, fixable, byHand, ...share }) => {
      const cures = [
        ...(fixable > 0 ? [`${fixable} by daygate fix`] : []),
        ...(byHand > 0 ? [`${byHand} by hand or an exception`] : []),
      ];
      const findings = count(fixable + byHand, 'finding');
      return `${paint.bold(oneLine(policy))}: ${findings} on ${shareText(share)}: ${cures.join(', ')}`;
    }),
    '',
  ];
}

/** What nobody could judge is not let through. */
function nothingRefused({ errors, unknown }: Answer, paint: Paint): string {
  return errors.length + unknown.length > 0
    ? paint.yellow('nothing that is known of would be refused')
    : paint.green('nothing would be refused');
}

/** What the settings as they are refuse is no news. */
function moreThanToday({ objects, newly, requests, requestsAlready }: Answer['summary']): string {
  if (newly === 0 && requests === requestsAlready) return 'all of them today, too';
  if (newly === objects && requestsAlready === 0) return 'none of them today';
  const more = shareText({ objects: newly, requests: requests - requestsAlready });
  return `${requests === 0 ? newly : more} more than today`;
}

function summaryLines({ asked, answer }: Pick<Told, 'asked' | 'answer'>, paint: Paint): readonly string[] {
  const { summary, deadlines, unjudgedToday } = answer;
  const { objects, atChanges, requests, requestsJudged, excepted, patched, onMade } = summary;
  const when = asked.until === undefined ? '' : ` on ${asked.until}`;
  const change = 'profile' in asked ? `profile ${asked.profile}` : `${asked.deny.join(', ')} on deny`;
  const refused =
    objects + requests === 0
      ? nothingRefused(answer, paint)
      : `${shareText({ objects, requests })} would be refused, ${moreThanToday(summary)}`;
  const details = [
    ...(unjudgedToday.length > 0 ? ['as far as the report tells'] : []),
    ...(objects > 0
      ? [
          atChanges === 0
            ? 'objects only where they are created anew: changes of what exists are let through'
            : `${atChanges} at every change, ${objects - atChanges} only where they are created anew`,
        ]
      : []),
    ...deadlines.map(({ from, objects: number }) => `changes of ${number} more from ${from} on`),
    ...(requestsJudged > 0 ? [`${count(requestsJudged, 'recorded request')} replayed`] : []),
  ];
  const spared = [
    ...(excepted > 0 ? [`${excepted} excepted`] : []),
    ...(patched > 0 ? [`${patched} patched at admission`] : []),
    ...(onMade > 0 ? [`${onMade} on what Kubernetes makes of workloads`] : []),
  ];
  return [
    `With ${change}${when}: ${refused}${details.length === 0 ? '' : ` (${details.join('; ')})`}.`,
    ...(spared.length === 0 ? [] : [paint.dim(`Findings that are not counted: ${spared.join(', ')}.`)]),
  ];
}
