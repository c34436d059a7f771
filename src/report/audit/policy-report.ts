import { compareTexts } from '../../engine/order.ts';
import { jsonText } from '../json-text.ts';
import type { LocatedFinding, Report, ReportPolicy } from '../report.ts';
import { count, firstOf, gaps, noteOf, standingOf, type Standing } from '../words.ts';
import { asCheck } from './as-check.ts';
import type { AuditReport } from './audit-report.ts';
import { clustersOf, objectPath } from './audit-words.ts';
import { defaultCaps, fitResults, type PolicyReportCaps } from './fit-results.ts';
import {
  inFull,
  notReportedResults,
  shownResults,
  type ShownResults,
  type WantedResult,
} from './shown-results.ts';
import {
  ownResult,
  type Outcome,
  type PolicyReport,
  type PolicyReportResult,
} from './policy-report-object.ts';

/** `kubectl apply` keeps what it applied in an annotation, and an object's annotations may have 256 KiB. */
const applicableCaps: PolicyReportCaps = { ...defaultCaps, bytes: 240 * 1024 };

/** What `kubectl apply -f -` takes: a List, as JSON. */
export function policyReportList(report: AuditReport): string {
  return jsonText({ apiVersion: 'v1', kind: 'List', items: policyReports(report, applicableCaps) });
}

/**
 * The findings as objects of wgpolicyk8s.io/v1alpha2. There is one in each namespace that was judged, in clean ones too, so
 * that it replaces what an earlier run said; and a ClusterPolicyReport for what is in no namespace, what could not be
 * judged and what had no room. All are called `daygate`; of a merged report there are such for every cluster, called
 * after it.
 *
 * @param report as printableAudit leaves it
 */
export function policyReports(
  report: AuditReport,
  caps: PolicyReportCaps = defaultCaps,
): readonly PolicyReport[] {
  const names = reportNames(clustersOf(report));
  return [...names].flatMap(([cluster, name]) => {
    const isMine = (one: { readonly cluster?: string }): boolean =>
      names.size === 1 || one.cluster === cluster;
    return clusterReports(
      {
        ...report,
        findings: report.findings.filter(isMine),
        objects: report.objects.filter(isMine),
        namespaces: report.namespaces.filter(isMine),
      },
      { name, annotations: { 'daygate.dev/cluster': cluster, 'daygate.dev/audited': report.date } },
      caps,
    );
  });
}

type Naming = Pick<PolicyReport['metadata'], 'name' | 'annotations'>;

function clusterReports(
  report: AuditReport,
  naming: Naming,
  caps: PolicyReportCaps,
): readonly PolicyReport[] {
  const check = asCheck(report);
  const toResult = resultMaker(report);
  const wanted = check.findings.map((finding, index): WantedResult & { readonly namespace: string } => ({
    namespace: finding.object.namespace ?? '',
    result: toResult(finding),
    detail: report.findings[index]?.policyReport ?? 'full',
  }));
  const found = Map.groupBy(wanted, ({ namespace }) => namespace);
  const judged = report.namespaces.filter(({ exempt }) => exempt !== true).map(({ name }) => name);
  const scopes = [...new Set([...judged, ...found.keys()])]
    .filter((namespace) => namespace !== '')
    .map((namespace) => ({ namespace, shown: shownResults(found.get(namespace) ?? []) }))
    .sort((a, b) => compareTexts(a.namespace, b.namespace));
  const kept = new Set(
    scopes.toSorted((a, b) => b.shown.summary.fail - a.shown.summary.fail).slice(0, caps.objects),
  );
  const own = [
    ...check.errors.map(({ code, message }) => ownResult('error', code, message)),
    ...unjudged(check),
    ...withoutReport(scopes.filter((scope) => !kept.has(scope))),
    ...notReportedResults(wanted),
  ];
  return [
    reportOf(naming, { shown: shownResults([...own.map(inFull), ...(found.get('') ?? [])]) }, caps),
    ...scopes.filter((scope) => kept.has(scope)).map((scope) => reportOf(naming, scope, caps)),
  ];
}

function resultMaker({
  date,
  policies,
  objects,
}: AuditReport): (finding: LocatedFinding) => PolicyReportResult {
  const byId = new Map<string, ReportPolicy>(policies.map((policy) => [policy.id, policy]));
  const teams = new Map(objects.map((object) => [objectPath(object, object.cluster), object.team]));
  const seconds = Date.parse(`${date}T00:00:00Z`) / 1000;
  const when = Number.isFinite(seconds) ? { timestamp: { seconds, nanos: 0 } } : {};
  return (finding) => {
    const { policy, messageId, severity, message, remediation, object, locator, file, exception } = finding;
    const category = byId.get(policy)?.category;
    const standing = standingOf(finding);
    const team = teams.get(file);
    const note = noteOf(finding);
    return {
      source: 'daygate',
      policy,
      rule: messageId,
      ...(category === undefined ? {} : { category }),
      severity,
      result: outcomes[standing],
      scored: standing === 'deny',
      message: `${message} ${remediation}`,
      ...when,
      resources: [object],
      properties: {
        standing,
        locator,
        ...(team === undefined ? {} : { team }),
        ...(note === '' ? {} : { note }),
        ...(exception === undefined ? {} : { exceptedUntil: exception.expires }),
      },
    };
  };
}

const outcomes: Readonly<Record<Standing, Outcome>> = {
  deny: 'fail',
  warn: 'warn',
  audit: 'skip',
  excepted: 'skip',
  baselined: 'skip',
};

function unjudged({ skipped }: Report): readonly PolicyReportResult[] {
  return gaps(skipped).map(({ reason }) => ownResult('skip', 'not-judged', `Not judged: ${reason}`));
}

interface Scope {
  readonly namespace?: string;
  readonly shown: ShownResults;
}

function withoutReport(scopes: readonly Required<Scope>[]): readonly PolicyReportResult[] {
  if (scopes.length === 0) return [];
  const findings = scopes
    .flatMap(({ shown }) => Object.values(shown.summary))
    .reduce((sum, number) => sum + number, 0);
  const names = firstOf(
    scopes.map(({ namespace }) => namespace),
    20,
  );
  const message = `${count(scopes.length, 'namespace')} with ${count(findings, 'finding')} had no room for a PolicyReport: ${names}. The other formats have them all.`;
  return [ownResult('skip', 'left-out', message)];
}

function reportOf(
  { name, annotations }: Naming,
  { namespace, shown: { results, summary, notReported } }: Scope,
  caps: PolicyReportCaps,
): PolicyReport {
  const frame = {
    apiVersion: 'wgpolicyk8s.io/v1alpha2',
    kind: namespace === undefined ? 'ClusterPolicyReport' : 'PolicyReport',
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      labels: { 'app.kubernetes.io/managed-by': 'daygate' },
      annotations: {
        ...annotations,
        ...(notReported === 0 ? {} : { 'daygate.dev/not-reported': String(notReported) }),
      },
    },
    summary,
  } as const;
  return fitResults(frame, results, caps);
}

/** Names that Kubernetes takes: `daygate`, or where there are several clusters `daygate-east`. */
function reportNames(clusters: readonly string[]): ReadonlyMap<string, string> {
  const [only = ''] = clusters;
  if (clusters.length === 1) return new Map([[only, 'daygate']]);
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const cluster of clusters) {
    const stem = `daygate-${cluster.toLowerCase()}`
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, 200)
      .replace(/-$/, '');
    let name = stem;
    for (let number = 2; taken.has(name); number += 1) name = `${stem}-${number}`;
    taken.add(name);
    names.set(cluster, name);
  }
  return names;
}
