import type { AuditObject, AuditReport, AuditWorkload } from './audit-report.ts';

/** What the workloads of one payer ask for: cores and bytes, over all replicas. */
export interface Cost {
  /** Undefined: nobody is named. */
  readonly name: string | undefined;
  readonly workloads: number;
  readonly replicas: number;
  readonly requests: AuditWorkload['requests'];
  readonly limits: AuditWorkload['limits'];
  /** Workloads with a container that requests no CPU, or no memory. */
  readonly withoutRequests: number;
}

type WorkloadObject = AuditObject & { readonly workload: AuditWorkload };

export interface Costs {
  readonly total: Cost;
  /** The most memory first. */
  readonly byCostCenter: readonly Cost[];
  readonly byTeam: readonly Cost[];
  /** Whose limits are beyond their requests, by how many bytes of memory; the most first. */
  readonly overCommitted: readonly WorkloadObject[];
  /** Of which a container requests no CPU, or no memory; those with most replicas first. */
  readonly withoutRequests: readonly WorkloadObject[];
}

export function costsOf({ objects }: Pick<AuditReport, 'objects'>): Costs {
  const workloads = objects.filter((one): one is WorkloadObject => one.workload !== undefined);
  const excess = ({ workload: { limits, requests } }: WorkloadObject): number =>
    Math.max(0, limits.memory - requests.memory);
  return {
    total: sum(undefined, workloads),
    byCostCenter: costsBy(workloads, ({ costCenter }) => costCenter),
    byTeam: costsBy(workloads, ({ team }) => team),
    overCommitted: workloads
      .filter((one) => one.workload.requests.memory > 0 && excess(one) > 0)
      .toSorted((a, b) => excess(b) - excess(a)),
    withoutRequests: workloads
      .filter(({ workload }) => lacksRequests(workload))
      .toSorted((a, b) => b.workload.replicas - a.workload.replicas),
  };
}

function costsBy(
  workloads: readonly WorkloadObject[],
  nameOf: (object: AuditObject) => string | undefined,
): readonly Cost[] {
  return [...Map.groupBy(workloads, nameOf)]
    .map(([name, own]) => sum(name, own))
    .sort((a, b) => b.requests.memory - a.requests.memory || b.requests.cpu - a.requests.cpu);
}

function sum(name: string | undefined, workloads: readonly WorkloadObject[]): Cost {
  const add = (measure: (workload: AuditWorkload) => number): number =>
    workloads.reduce((total, { workload }) => total + measure(workload), 0);
  return {
    name,
    workloads: workloads.length,
    replicas: add(({ replicas }) => replicas),
    requests: { cpu: add(({ requests }) => requests.cpu), memory: add(({ requests }) => requests.memory) },
    limits: { cpu: add(({ limits }) => limits.cpu), memory: add(({ limits }) => limits.memory) },
    withoutRequests: add((workload) => (lacksRequests(workload) ? 1 : 0)),
  };
}

function lacksRequests({ withoutRequests }: AuditWorkload): boolean {
  return withoutRequests.cpu > 0 || withoutRequests.memory > 0;
}
