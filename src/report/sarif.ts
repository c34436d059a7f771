import type { Category, Severity } from '#sdk';
import { fingerprints } from './fingerprint.ts';
import type { RenderContext } from './render-context.ts';
import { jsonText } from './json-text.ts';
import { policyHelp } from './policy-help.ts';
import { byPlace, notesOf, objectsAt, renderingsOf, type Place } from './places.ts';
import type { JudgedObject, Report, ReportError, ReportPolicy } from './report.ts';
import { failsAsStale, staleSummary } from './stale-lines.ts';
import { coverageLine, errorMessage, firstOf, gaps, noteOf, objectTitle } from './words.ts';
import { standingOf, titleOf, type Standing } from './words.ts';

const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
type Level = 'error' | 'warning' | 'note';

const levelOf: Readonly<Record<Standing, Level>> = {
  deny: 'error',
  warn: 'warning',
  audit: 'note',
  excepted: 'note',
  baselined: 'note',
};
const defaultLevels: Readonly<Record<Severity, Level>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
};
/** Code scanning calls above 9.0 critical, from 7.0 high, from 4.0 medium. */
const securitySeverities: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
};
const securityCategories: ReadonlySet<Category> = new Set(['security', 'secrets', 'rbac', 'network']);
/** Code scanning shows this many results of a run, and refuses a file with more than the second number. */
const [mostShown, mostTaken] = [5_000, 25_000];
const [sourceRoot, clusterRoot] = ['%SRCROOT%', '%CLUSTER%'];
const clusterPaths =
  'Objects of a cluster, which are in no file: namespace/Kind.group/name, after the name of the cluster where there are several.';

/** SARIF 2.1.0, for code scanning and editors. */
export function sarifReport(report: Report, { version, sha256 }: RenderContext): string {
  const { findings, policies, coverage, renderings, baseline, cluster } = report;
  const places = byPlace(findings);
  const prints = fingerprints(
    places.map(({ finding }) => finding),
    sha256,
  );
  const indexes = new Map(policies.map(({ id }, index) => [id, index]));
  const passes = passResults(report, indexes);
  return jsonText({
    $schema: schema,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'daygate', semanticVersion: version, version, rules: policies.map(rule) } },
        invocations: [invocation(report, places.length + passes.length)],
        originalUriBaseIds: {
          [cluster === undefined ? sourceRoot : clusterRoot]: {
            description: { text: cluster === undefined ? 'The folder daygate was called in.' : clusterPaths },
          },
        },
        columnKind: 'utf16CodeUnits',
        results: [
          ...places.map((place, index) => ({
            ...result(place, report, indexes.get(place.finding.policy), prints[index] ?? ''),
            ...(baseline === undefined ? {} : { baselineState: stateOf(place) }),
          })),
          ...passes,
        ],
        // JSON leaves out what is undefined.
        properties: { coverage, renderings, baseline, cluster },
      },
    ],
  });
}

function rule(policy: ReportPolicy): object {
  const { id, title, why, severity, category, references, controls } = policy;
  const [helpUri] = references.filter((reference) => /^https?:\/\/[\x21-\x7e]+$/.test(reference));
  const isSecurity = securityCategories.has(category);
  return {
    id,
    name: id.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: title },
    fullDescription: { text: why },
    ...(helpUri === undefined ? {} : { helpUri }),
    help: policyHelp(policy),
    defaultConfiguration: { level: defaultLevels[severity] },
    properties: {
      category,
      severity,
      tags: [...new Set(['kubernetes', category, ...(isSecurity ? ['security'] : [])])],
      ...(isSecurity ? { 'security-severity': securitySeverities[severity] } : {}),
      controls,
    },
  };
}

/** Stale entries are no `absent` results: code scanning would make alerts of them. */
function stateOf({ finding }: Place): 'new' | 'unchanged' {
  return finding.baselined === undefined ? 'new' : 'unchanged';
}

function result(place: Place, report: Report, ruleIndex: number | undefined, fingerprint: string): object {
  const { finding, all } = place;
  const { policy, message, remediation, severity, action, locator, pointer, fixable, suggestion } = finding;
  const { approximate, baselined, render, inCluster } = finding;
  const renderings = renderingsOf(place, report);
  const notes = [notesOf(place), renderings === '' ? '' : `in ${renderings}`].filter((note) => note !== '');
  return {
    ruleId: policy,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: levelOf[standingOf(finding)],
    message: {
      text: plainMessage(`${message} ${remediation}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`),
    },
    locations: [location(place)],
    // Code scanning knows results again by the first of these, editors and other tools by the second.
    partialFingerprints: { primaryLocationLineHash: fingerprint, 'locator/v1': fingerprint },
    suppressions:
      finding.exception === undefined
        ? []
        : [{ kind: 'external', status: 'accepted', justification: plainMessage(noteOf(finding)) }],
    properties: {
      ...{ severity, action, pointer, fixable, suggestion, approximate, baselined },
      ...(inCluster === undefined ? {} : { locator }),
      ...(render === undefined
        ? {}
        : { renderings: all.map((one) => ({ label: one.render, object: objectTitle(one.object) })) }),
    },
  };
}

function location(place: Place): object {
  const { file, line, column, approximate, inCluster, locator } = place.finding;
  if (inCluster !== undefined) return clusterLocation(place.finding);
  return {
    physicalLocation: {
      artifactLocation: artifact(file),
      region: { startLine: line, ...(approximate === true ? {} : { startColumn: column }) },
    },
    logicalLocations: objectsAt(place).map((title) => ({
      fullyQualifiedName: `${title} ${locator}`,
      kind: 'object',
    })),
  };
}

function clusterLocation({ file, object }: Pick<JudgedObject, 'file' | 'object'>): object {
  return {
    // Code scanning takes no result without a first line.
    physicalLocation: { artifactLocation: artifact(file, clusterRoot), region: { startLine: 1 } },
    logicalLocations: [{ name: object.name, fullyQualifiedName: file, kind: 'object' }],
  };
}

function passResults({ judged }: Report, indexes: ReadonlyMap<string, number>): readonly object[] {
  return judged.flatMap((one) => {
    const { file, render, inCluster, passes = [] } = one;
    const title = titleOf(one);
    const where =
      inCluster === undefined
        ? {
            physicalLocation: { artifactLocation: artifact(file) },
            logicalLocations: [{ fullyQualifiedName: title, kind: 'object' }],
          }
        : clusterLocation(one);
    return passes.map((policy) => ({
      ruleId: policy,
      ruleIndex: indexes.get(policy),
      kind: 'pass',
      level: 'none',
      message: { text: plainMessage(`${title} passes ${policy}.`) },
      locations: [where],
      ...(render === undefined ? {} : { properties: { renderings: [{ label: render, object: title }] } }),
    }));
  });
}

function invocation(report: Report, results: number): object {
  const { errors, skipped, notices = [] } = report;
  const stale = staleSummary(report);
  const notes = [
    `${coverageLine(report)}.`,
    ...notices,
    ...(stale === '' || failsAsStale(report) ? [] : [stale]),
    ...gaps(skipped).map(
      ({ reason, names }) => `Not judged: ${reason}${names.length === 0 ? '' : ` (${firstOf(names, 20)})`}`,
    ),
  ];
  return {
    executionSuccessful: errors.length === 0,
    toolExecutionNotifications: [
      ...errors.map(errorNotification),
      ...(failsAsStale(report) ? [notification('error', stale)] : []),
      ...limits(results).map((text) => notification('warning', text)),
      ...notes.map((text) => notification('note', text)),
    ],
  };
}

function limits(results: number): readonly string[] {
  if (results <= mostShown) return [];
  const more = results > mostTaken ? `, and refuses a file with more than ${mostTaken}` : '';
  return [
    `There are ${results} results: GitHub code scanning shows the first ${mostShown} by severity${more}.`,
  ];
}

function errorNotification(error: ReportError): object {
  const { code, file, line, column, policy } = error;
  const region =
    line === undefined
      ? {}
      : { region: { startLine: line, ...(column === undefined ? {} : { startColumn: column }) } };
  return {
    ...notification('error', errorMessage(error)),
    descriptor: { id: code },
    ...(policy === undefined ? {} : { associatedRule: { id: policy } }),
    ...(file === undefined
      ? {}
      : { locations: [{ physicalLocation: { artifactLocation: artifact(file), ...region } }] }),
  };
}

function notification(level: Level, text: string): object {
  return { level, message: { text: plainMessage(text) } };
}

/** In a SARIF message `[text](target)` is a link: none of ours is one. */
function plainMessage(text: string): string {
  return text.replaceAll('](', '] (');
}

function artifact(file: string, uriBaseId = sourceRoot): object {
  const path = file
    .replace(/^(?:\.\/)+/, '')
    .split('/')
    .map(encodeURIComponent)
    .join('/');
  return file.startsWith('/') ? { uri: `file://${path}` } : { uri: path, uriBaseId };
}
