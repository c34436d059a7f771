import { compareTexts } from '../../engine/order.ts';
import type { Paint } from '../paint.ts';
import { count, firstOf } from '../words.ts';
import type { AuditNamespace, AuditReport } from './audit-report.ts';
import { clustersOf, kindPath, kindsIn, scopeNotes, unmappedNotes } from './audit-words.ts';

const mostNamed = 8;

/** What the audit has seen, and what it has not. */
export function coverageLines(report: AuditReport, paint: Paint): readonly string[] {
  const { coverage } = report;
  const { listed, judged, unchanged } = coverage;
  const left = listed - judged - (unchanged ?? 0);
  const states = [
    ['forbidden', paint.red('may not be listed')],
    ['failed', paint.red('could not be listed')],
    ['removed', paint.red('removed from the cluster in the meantime')],
    ['resumed', paint.yellow('list of more than one moment, since its token expired')],
    ['not-served', 'not served here'],
  ] as const;
  return [
    `${aboutLine(report)}.`,
    ...scopeNotes(report),
    `${count(listed, 'object')} listed, ${judged} judged${
      left === 0 ? '' : `; the others are exempt, made by those that were judged, or going`
    }.`,
    ...(unchanged === undefined
      ? []
      : [`${unchanged} unchanged since the earlier report, and not judged again.`]),
    kindLine(report),
    ...namespaceLines(report),
    ...states.flatMap(([state, words]) => {
      const kinds = kindsIn(state, report);
      const names = state === 'not-served' ? firstOf(kinds, mostNamed) : kinds.join(', ');
      return kinds.length === 0 ? [] : [`${words}: ${names}`];
    }),
    ...unmappedNotes(report),
  ];
}

/** `prod (v1.36.3), judged for Kubernetes 1.36 on 2026-11-21` */
function aboutLine(report: AuditReport): string {
  const { server, kubernetes, date } = report;
  const clusters = clustersOf(report);
  const version = clusters.length === 1 && server !== '' ? ` (${server})` : '';
  return `${firstOf(clusters, mostNamed)}${version}, judged for Kubernetes ${kubernetes} on ${date}`;
}

function kindLine({ coverage }: AuditReport): string {
  const kinds = [...Map.groupBy(coverage.kinds, kindPath)]
    .map(([name, all]) => ({ name, objects: all.reduce((sum, { objects }) => sum + objects, 0) }))
    .filter(({ objects }) => objects > 0)
    .sort((a, b) => b.objects - a.objects || compareTexts(a.name, b.name));
  const names = kinds.map(({ name, objects }) => `${name} (${objects})`);
  return kinds.length === 0
    ? 'No objects of any kind.'
    : `${count(kinds.length, 'kind')}: ${firstOf(names, mostNamed)}`;
}

function namespaceLines({ namespaces }: AuditReport): readonly string[] {
  const title = ({ cluster, name }: AuditNamespace): string =>
    cluster === undefined ? name : `${cluster}/${name}`;
  const line = (some: readonly AuditNamespace[], words = ''): readonly string[] =>
    some.length === 0
      ? []
      : [`${count(some.length, 'namespace')}${words}: ${firstOf(some.map(title), mostNamed)}`];
  const judged = namespaces.filter(({ exempt }) => exempt !== true);
  return [
    ...line(judged),
    ...line(
      judged.filter(({ enforcement }) => enforcement === 'observe'),
      ' where nothing is denied yet',
    ),
    ...line(
      namespaces.filter(({ exempt }) => exempt === true),
      ' exempt',
    ),
  ];
}
