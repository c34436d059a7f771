import { leniencyWords, noName } from '../engine/message.ts';
import type { ObjectReference, Skip } from '../engine/review.ts';
import type { ClusterScope, JudgedObject, LocatedFinding, Report, ReportError } from './report.ts';

/** `1 file`, `2 files`. */
export function count(number: number, word: string, plural = `${word}s`): string {
  return `${number} ${number === 1 ? word : plural}`;
}

/** `Deployment shop/checkout` */
export function objectTitle({ kind, namespace, name }: Omit<ObjectReference, 'apiVersion'>): string {
  const own = name || noName;
  return `${kind} ${namespace === undefined ? own : `${namespace}/${own}`}`;
}

/** The object's title, after the name of its cluster where a report is about several: `east: Deployment shop/web`. */
export function titleOf({ object, inCluster }: Pick<JudgedObject, 'object' | 'inCluster'>): string {
  const title = objectTitle(object);
  return inCluster?.cluster === undefined ? title : `${inCluster.cluster}: ${title}`;
}

/** `deploy/web.yaml:3:5`, or nothing where an error has no place. */
export function placeOf({ file, line, column }: ReportError): string {
  return [file, line, column].filter((part) => part !== undefined).join(':');
}

/**
 * `10 of 12 objects judged in 4 files (2 workloads as written, before a mesh injects its sidecar)`: how much a run looked
 * at.
 */
export function coverageLine({ coverage, renderings = [], cluster }: Report): string {
  const { files, objects, judged, unchanged = 0, beforeInjection = 0 } = coverage;
  // Objects of unchanged files are among all objects: the files tell that they were left out.
  const judgedObjects =
    judged === objects || unchanged > 0
      ? count(judged, 'object')
      : `${judged} of ${count(objects, 'object')}`;
  if (cluster !== undefined) return `${judgedObjects} judged in ${clusterWords(cluster)}`;
  const leftOut = unchanged === 0 ? '' : ` (${unchanged} unchanged left out)`;
  const places = [
    ...(files > 0 || renderings.length === 0 ? [`${count(files - unchanged, 'file')}${leftOut}`] : []),
    ...(renderings.length > 0 ? [count(renderings.length, 'rendering')] : []),
  ];
  const asWritten =
    beforeInjection === 0
      ? ''
      : ` (${count(beforeInjection, 'workload')} as written, before a mesh injects its sidecar)`;
  return `${judgedObjects} judged in ${places.join(' and ')}${asWritten}`;
}

/** `12 namespaces of prod`, `400 namespaces of 3 clusters` */
function clusterWords({ clusters, namespaces }: ClusterScope): string {
  const [only = ''] = clusters;
  return `${count(namespaces, 'namespace')} of ${clusters.length === 1 ? only : count(clusters.length, 'cluster')}`;
}

/** What an exception is about. */
export interface ExceptionMatch {
  readonly namespace?: string | undefined;
  readonly kind?: string | undefined;
  readonly name?: string | undefined;
  readonly container?: { readonly name: string; readonly image: string } | undefined;
}

/** `namespace shop, container istio-proxy of docker.io/istio/proxyv2:*`; nothing where it is about all. */
export function matchWords({ container, ...match }: ExceptionMatch): string {
  const words = Object.entries(match).flatMap(([key, value]) =>
    value === undefined ? [] : `${key} ${value}`,
  );
  if (container !== undefined) words.push(`container ${container.name} of ${container.image}`);
  return words.join(', ');
}

type Remarks = Pick<LocatedFinding, 'exception' | 'ended' | 'fingerprint' | 'leniency' | 'baselined'>;

/** Why a finding counts for less than its policy says or no longer does, and which credential it is about. */
export function noteOf(finding: Remarks & Pick<LocatedFinding, 'notes'>): string {
  const { exception, ended, fingerprint, leniency, baselined } = finding;
  const notes = [
    ...(finding.notes ?? []),
    ...(fingerprint === undefined ? [] : [`fingerprint ${fingerprint}`]),
  ];
  if (exception !== undefined) {
    notes.push(`excepted until ${exception.expires} by ${exception.owner}: ${exception.reason}`);
    return notes.join('; ');
  }
  if (ended !== undefined) notes.push(`the exception of ${ended.owner} ended on ${ended.expires}`);
  if (leniency !== undefined) notes.push(leniencyWords[leniency]);
  if (baselined !== undefined) notes.push(`in the baseline: ${baselined.action} without it`);
  return notes.join('; ');
}

/** What a finding is in a report: its action, unless an exception or the baseline takes it out of the count. */
export const standings = ['deny', 'warn', 'audit', 'excepted', 'baselined'] as const;
export type Standing = (typeof standings)[number];

export function standingOf({
  action,
  exception,
  baselined,
}: Pick<LocatedFinding, 'action' | 'exception' | 'baselined'>): Standing {
  if (exception !== undefined) return 'excepted';
  return baselined === undefined ? action : 'baselined';
}

/** What the baseline lists is known: its number is enough where people read. */
export function withoutBaselined(findings: readonly LocatedFinding[]): readonly LocatedFinding[] {
  return findings.filter((finding) => standingOf(finding) !== 'baselined');
}

/** `≈12` where the line is a guess: a template has no line for each line it makes. */
export function lineNumber({ line, approximate }: LocatedFinding): string {
  return `${approximate === true ? '≈' : ''}${line}`;
}

/** The message of an error, with what was rendered where neither message nor file tell. */
export function errorMessage({ message, render, file }: ReportError): string {
  const isTold = render === undefined || file?.startsWith(render) === true;
  return isTold ? message : `${message} (${render})`;
}

/** What was not judged, by reason; each reason is a whole sentence. */
export function gaps(skipped: readonly Skip[]): readonly {
  readonly reason: string;
  readonly names: readonly string[];
}[] {
  const byReason = Map.groupBy(skipped, ({ policy, reason }) =>
    policy === undefined ? reason : `${policy} ${reason}`,
  );
  return [...byReason].map(([reason, items]) => ({
    reason,
    // Each once, also where many renderings have it.
    names: [
      ...new Set(
        items.flatMap(({ object, file }) =>
          object === undefined ? (file ?? []) : `${object.kind} ${object.name}`,
        ),
      ),
    ],
  }));
}

/** `a, b, c and 4 more` */
export function firstOf(names: readonly string[], most: number): string {
  const rest = names.length - most;
  return names.slice(0, most).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

/** Findings by file, rendering and object, in the report's order. */
export function byObject(findings: readonly LocatedFinding[]): readonly (readonly LocatedFinding[])[] {
  const groups = Map.groupBy(findings, ({ file, render = '', document, item = -1, object }) =>
    [file, render, document, item, objectTitle(object)].join('\u0000'),
  );
  return [...groups.values()];
}
