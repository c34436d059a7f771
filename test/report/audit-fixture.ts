/** Reports of audits as large, as small and as strange as a test needs them. The same arguments give the same report. */
import { createHash } from 'node:crypto';
import { policies as catalogue } from '../../policies/index.ts';
import type {
  AuditFinding,
  AuditNamespace,
  AuditObject,
  AuditPolicy,
  AuditReport,
} from '../../src/report/audit/audit-report.ts';
import { renderAudit } from '../../src/report/audit/formats.ts';
import { exceptions, trendBefore } from './audit-history.ts';

const date = '2026-11-21';

/** The page as `audit` writes it. */
export function auditHtml(report: AuditReport): string {
  const html = renderAudit('html', report, {
    version: '1.2.3',
    sha256: (text, encoding) => createHash('sha256').update(text).digest(encoding),
  });
  return typeof html === 'string' ? html : [...html].join('');
}

/** The catalogue's policies as a report names them. */
export const auditPolicies: readonly AuditPolicy[] = catalogue
  .filter(({ target, id }) => target !== 'request' && !id.includes('pod-security-level'))
  .map(({ id, title, category, severity, why, references, target, kinds = [] }) => ({
    ...{ id, title, category, severity, why, references },
    kinds:
      target === 'container' || target === 'podSpec'
        ? ['Workload']
        : kinds.map((kind) => (typeof kind === 'string' ? kind : kind.kind)),
  }));

export const emptyAudit: AuditReport = {
  cluster: 'prod-eu',
  date,
  server: 'v1.36.3',
  kubernetes: '1.36',
  settings: 'sha256:0123456789ab',
  findings: [],
  objects: [],
  namespaces: [],
  policies: auditPolicies,
  exceptions: [],
  coverage: { listed: 0, judged: 0, kinds: [], unmapped: [] },
  errors: [],
  skipped: [],
  notices: [],
  trend: [],
};

interface Size {
  readonly workloads: number;
  readonly findings: number;
  readonly teams: number;
  readonly namespaces: number;
  readonly cluster?: string;
  /** Goes into names, messages and whatever else comes from outside. */
  readonly hostile?: string;
  readonly seed?: number;
}

const words =
  'web api worker cart search checkout billing ledger auth mailer feed image report sync gateway'.split(' ');
const teamNames = 'payments storefront platform data identity logistics growth search mobile core'.split(' ');
const stages = ['prod', 'staging', 'batch'];
const kinds = ['Deployment', 'Deployment', 'Deployment', 'StatefulSet', 'CronJob', 'DaemonSet'] as const;

/** A cluster with workloads, Services, Ingresses, findings spread unevenly, and all else that a report can tell. */
export function auditReport(size: Size): AuditReport {
  const { cluster, hostile = '' } = size;
  const random = randomOf(size.seed ?? 1);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const own = cluster === undefined ? {} : { cluster };
  const teams = Array.from({ length: size.teams }, (_, index) => `${nth(teamNames, index)}${hostile}`);
  const namespaces = Array.from({ length: size.namespaces }, (_, index): AuditNamespace => {
    const round = Math.floor(index / size.teams);
    const stage = round < stages.length ? nth(stages, round) : `${nth(stages, round)}-${round}`;
    const name = `${nth(teamNames, index % size.teams)}-${stage}${hostile}`;
    const profile = index % 5 === 4 ? 'baseline' : 'production';
    return {
      ...own,
      name,
      profile,
      enforcement: index % 4 === 3 ? 'observe' : 'enforce',
      objects: 40 + index,
    };
  });
  const workloads = Array.from({ length: size.workloads }, (_, index): AuditObject => {
    const at = Math.floor(random() ** 1.5 * namespaces.length);
    const { name: namespace, profile } = namespaces[at] ?? { name: 'default', profile: 'production' };
    const kind = nth(kinds, index);
    const replicas = 1 + Math.floor(random() * 6);
    const [cpu, memory] = [pick([0.1, 0.25, 0.5, 1, 2]), pick([0.125, 0.25, 0.5, 1, 4]) * 2 ** 30];
    const asks = random() < 0.9;
    return {
      ...own,
      apiVersion: kind === 'CronJob' ? 'batch/v1' : 'apps/v1',
      kind,
      namespace,
      name: `${nth(words, index)}-${nth(words, index * 7 + 3)}-${index}${hostile}`,
      profile,
      ...(random() < 0.95 ? { team: nth(teams, at) } : {}),
      ...(random() < 0.8 ? { costCenter: `cc-${1000 + (at % 7)}${hostile}` } : {}),
      ...(random() < 0.2
        ? { attestations: { 'restore-drill': nth(['2026-10-02', '2026-06-30'], index) } }
        : {}),
      ...(random() < 0.1 ? { skipped: ['require-pod-disruption-budget'] } : {}),
      workload: {
        replicas,
        requests: asks ? { cpu: cpu * replicas, memory: memory * replicas } : { cpu: 0, memory: 0 },
        limits: { cpu: cpu * 2 * replicas, memory: memory * pick([1, 1, 1.5, 4]) * replicas },
        withoutRequests: asks ? { cpu: 0, memory: 0 } : { cpu: 1, memory: 1 },
      },
    };
  });
  const others = namespaces.flatMap(({ name, profile }, index): readonly AuditObject[] => [
    {
      ...own,
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      namespace: name,
      name: 'public',
      profile,
      team: nth(teams, index),
    },
    {
      ...own,
      apiVersion: 'v1',
      kind: 'Service',
      namespace: name,
      name: 'web',
      profile,
      team: nth(teams, index),
    },
  ]);
  const objects = [...workloads, ...others].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  const findings = findingsOn(objects, size.findings, hostile, random);
  return {
    ...emptyAudit,
    cluster: cluster ?? 'prod-eu',
    findings,
    objects,
    namespaces: [
      ...namespaces,
      { ...own, name: 'kube-system', profile: 'none', enforcement: 'observe', objects: 0, exempt: true },
    ],
    exceptions: exceptions(hostile),
    coverage: {
      listed: objects.length * 4,
      judged: objects.length * 3,
      kinds: [...new Set(objects.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`))].map((one) => {
        const [apiVersion = '', kind = ''] = one.split(' ');
        return { ...own, apiVersion, kind, objects: 12, state: 'complete' as const };
      }),
      unmapped: [{ apiVersion: 'example.com/v1', kind: `Rollout${hostile}`, owned: 3 }],
    },
    skipped: [
      {
        ...own,
        policy: 'require-pod-disruption-budget',
        reason: 'needs facts of kind PodDisruptionBudget',
        objects: 12,
      },
    ],
    trend: trendBefore(findings, cluster ?? 'prod-eu'),
  };
}

function findingsOn(
  objects: readonly AuditObject[],
  most: number,
  hostile: string,
  random: () => number,
): readonly AuditFinding[] {
  const findings: AuditFinding[] = [];
  const share = most / (objects.length * 0.8);
  for (const { cluster, apiVersion, kind, namespace, name, workload } of objects) {
    const many = random() < 0.2 ? 0 : Math.round(share * 2 * random());
    const fitting = auditPolicies.filter((policy) => fits(policy, kind, workload !== undefined));
    for (let index = 0; index < many && findings.length < most; index++) {
      const policy = nth(fitting, Math.floor(random() * 13) * 7 + index);
      const { messages, remediation } = catalogue.find(({ id }) => id === policy.id) ?? {
        messages: {},
        remediation: '',
      };
      const [messageId = '', message = ''] = Object.entries(messages as Record<string, string>)[0] ?? [];
      const advice = typeof remediation === 'string' ? remediation : (remediation[messageId] ?? '');
      const fill = (text: string) => text.replace(/\{\w+\}/g, `app${hostile}`);
      const chance = random();
      findings.push({
        ...(cluster === undefined ? {} : { cluster }),
        policy: policy.id,
        severity: policy.severity,
        action: chance < 0.4 ? 'deny' : chance < 0.9 ? 'warn' : 'audit',
        message: fill(message),
        remediation: fill(advice),
        object: { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) },
        pointer: '/spec/template/spec/containers/0/resources/limits/memory',
        locator: `spec.template.spec.containers[app${hostile}].resources.limits.memory`,
        messageId,
        fixable: random() < 0.2,
        ...(random() < 0.04
          ? {
              exception: {
                owner: 'team-ledger',
                reason: 'moves to a queue in the first quarter',
                expires: '2027-03-31',
              },
            }
          : {}),
        ...(random() < 0.03 ? { grandfatherUntil: '2027-01-31', leniency: 'old-object' as const } : {}),
        ...(random() < 0.02 ? { via: { kind: 'Pod', names: [`${name}-x7x2p`, `${name}-9k2lq`] } } : {}),
      });
    }
  }
  // What rounding left over goes to the last object.
  const last = findings.at(-1);
  while (last !== undefined && findings.length < most)
    findings.push({ ...last, locator: `spec.at[${findings.length}]` });
  return findings;
}

function fits({ kinds: own = [] }: AuditPolicy, kind: string, isWorkload: boolean): boolean {
  return own.some((one) => one === kind || one === 'Any' || (isWorkload && one === 'Workload'));
}

function key({ namespace = '', kind, name }: AuditObject): string {
  return [namespace, kind, name].join('\u0000');
}

function nth<T>(list: readonly T[], index: number): T {
  return list[index % list.length] as T;
}

/** mulberry32: the same numbers everywhere. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
