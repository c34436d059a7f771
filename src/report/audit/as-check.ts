import type { JudgedObject, LocatedFinding, LocatedSkip, Report } from '../report.ts';
import type { AuditFinding, AuditObject, AuditReport } from './audit-report.ts';
import { auditGaps, clustersOf, drainNotes, hasPasses, kindsIn, objectPath } from './audit-words.ts';
import { scopeNotes, unmappedNotes, viaWords } from './audit-words.ts';
import { exceptionNotes } from './exception-notes.ts';
import { patchesShown } from './patch-words.ts';

/**
 * The report of `check` that says the same, for the formats that both have. An object that runs is in no file: its path
 * in the cluster stands for one, and no format prints the line.
 */
export function asCheck(report: AuditReport): Report {
  const { findings, errors, objects, namespaces, policies, coverage, patches } = report;
  return {
    findings: findings.map(locatedFinding),
    errors,
    skipped: kindSkips(report).concat(auditGaps(report).map((reason) => ({ reason }))),
    coverage: { files: 0, objects: coverage.listed, judged: coverage.judged + (coverage.unchanged ?? 0) },
    judged: objects.map(judgedObject),
    policies,
    ...(hasPasses(report) ? { hasPasses: true } : {}),
    cluster: {
      clusters: clustersOf(report),
      namespaces: namespaces.filter(({ exempt }) => exempt !== true).length,
    },
    ...(patches === undefined ? {} : { patches: patchesShown(patches, mostPatches, mostPatchCharacters) }),
    notices: [
      ...report.notices,
      ...scopeNotes(report),
      ...kindsIn('resumed', report).map((kind) => `The list of ${kind} ${ofSeveralMoments}.`),
      ...unmappedNotes(report),
      ...drainNotes(report),
      ...exceptionNotes(report).map(
        ({ concern, title, text }) => `${exceptionWords[concern]}: ${title}, ${text}.`,
      ),
    ],
  };
}

/** A comment has room for some, and most of it is for findings. */
const mostPatches = 20;
const mostPatchCharacters = 16_000;

const ofSeveralMoments = 'is of more than one moment: its token expired in between';

const exceptionWords = {
  expired: 'An exception has ended',
  unused: 'An exception is needed no more',
  expiring: 'An exception ends soon',
} as const;

const kindGaps = {
  forbidden: 'may not be listed',
  failed: 'could not be listed',
  removed: 'was removed from the cluster in the meantime',
} as const;

function kindSkips(report: AuditReport): readonly LocatedSkip[] {
  return (['forbidden', 'failed', 'removed'] as const).flatMap((state) =>
    kindsIn(state, report).map((kind) => ({ reason: `${kind} ${kindGaps[state]}` })),
  );
}

function locatedFinding({ via, cluster, grandfatherUntil, ...finding }: AuditFinding): LocatedFinding {
  const notes = [
    ...(via === undefined ? [] : [viaWords(via)]),
    ...(grandfatherUntil === undefined ? [] : [`blocks from ${grandfatherUntil} on`]),
  ];
  return {
    ...finding,
    file: objectPath(finding.object, cluster),
    line: 1,
    column: 1,
    document: 0,
    inCluster: inCluster(cluster),
    ...(notes.length === 0 ? {} : { notes }),
  };
}

function judgedObject(audited: AuditObject): JudgedObject {
  const { apiVersion, kind, namespace, name, cluster, profile, skipped = [] } = audited;
  const { passes, notJudged } = audited;
  const object = { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }), name };
  return {
    file: objectPath(object, cluster),
    object,
    profile,
    inCluster: inCluster(cluster),
    skipped,
    ...(passes === undefined ? {} : { passes }),
    ...(notJudged === undefined ? {} : { notJudged }),
  };
}

function inCluster(cluster: string | undefined): JudgedObject['inCluster'] & object {
  return cluster === undefined ? {} : { cluster };
}
