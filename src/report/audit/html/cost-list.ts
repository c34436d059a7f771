import { markup, nothing, type Markup } from '../../html/markup.ts';
import type { AuditReport } from '../audit-report.ts';
import { costsOf, type Cost, type Costs } from '../costs.ts';
import type { AnchorOf } from './anchors.ts';
import { bar } from './bar.ts';
import { cores, counted, gibibytes, number, ratio } from './numbers.ts';
import { folded, table, type Cell, type Column } from './table.ts';

type WorkloadObject = Costs['overCommitted'][number];

/** What is reserved, who pays for it, and what is promised beyond it. */
export function costList(report: AuditReport, anchorOf: AnchorOf): Markup {
  const { total, byCostCenter, byTeam, overCommitted, withoutRequests } = costsOf(report);
  if (total.workloads === 0) return nothing;
  return markup`<section aria-labelledby="cost">
    <h2 id="cost">Cost</h2>
    <p class="note">
      Requested by all replicas together: ${cores(total.requests.cpu)} cores and ${gibibytes(total.requests.memory)} GiB of memory, for
      ${counted(total.replicas, 'pod')} of ${counted(total.workloads, 'workload')}. Memory limits are
      ${ratio(total.limits.memory, total.requests.memory)} of what is requested; containers that state none count as
      nothing.
    </p>
    ${payers('By cost centre', 'Cost centre', 'no cost centre', byCostCenter, total)}
    ${payers('By owner', 'Owner', 'no owner', byTeam, total)}
    ${workloadTable(
      'Promised most beyond what is requested',
      [
        { title: 'Workload' },
        { title: 'Memory requested, GiB', isNumber: true },
        { title: 'Memory limit, GiB', isNumber: true },
        { title: 'Memory limit to request', isNumber: true },
        { title: 'CPU limit to request', isNumber: true },
      ],
      overCommitted.map((one) => [
        title(one, anchorOf),
        gibibytes(one.workload.requests.memory),
        gibibytes(one.workload.limits.memory),
        ratio(one.workload.limits.memory, one.workload.requests.memory),
        ratio(one.workload.limits.cpu, one.workload.requests.cpu),
      ]),
      10,
    )}
    ${workloadTable(
      'Without requests',
      [
        { title: 'Workload' },
        { title: 'Replicas', isNumber: true },
        { title: 'Containers without a CPU request', isNumber: true },
        { title: 'without a memory request', isNumber: true },
      ],
      withoutRequests.map((one) => [
        title(one, anchorOf),
        number(one.workload.replicas),
        number(one.workload.withoutRequests.cpu),
        number(one.workload.withoutRequests.memory),
      ]),
      100,
    )}
  </section> `;
}

function payers(heading: string, who: string, nobody: string, costs: readonly Cost[], total: Cost): Markup {
  return markup`<h3>${heading}</h3>
    ${table(
      heading,
      [
        { title: who },
        { title: 'Workloads', isNumber: true },
        { title: 'Cores', isNumber: true },
        { title: 'Memory, GiB', isNumber: true },
        { title: 'Share of memory' },
        { title: 'CPU limits to requests', isNumber: true },
        { title: 'Memory limits to requests', isNumber: true },
        { title: 'Workloads without requests', isNumber: true },
      ],
      costs.map((cost) => payer(cost, nobody, total)),
    )}`;
}

function payer(cost: Cost, nobody: string, total: Cost): readonly Cell[] {
  const { name, workloads, requests, limits, withoutRequests } = cost;
  return [
    name ?? markup`<em>${nobody}</em>`,
    number(workloads),
    cores(requests.cpu),
    gibibytes(requests.memory),
    bar([['amount', requests.memory]], total.requests.memory),
    ratio(limits.cpu, requests.cpu),
    ratio(limits.memory, requests.memory),
    withoutRequests === 0 ? '–' : markup`<b class="lack">${number(withoutRequests)}</b>`,
  ];
}

function workloadTable(
  heading: string,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  most: number,
): Markup {
  return folded(heading, rows.length, table(heading, columns, rows, most));
}

function title({ kind, namespace, name, cluster, apiVersion }: WorkloadObject, anchorOf: AnchorOf): Markup {
  const words = markup`<small class="kind">${cluster === undefined ? '' : `${cluster} `}${kind}</small> ${namespace ?? ''}/${name}`;
  const object = { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
  const anchor = anchorOf(object, cluster);
  return anchor === undefined ? words : markup`<a href="#${anchor}">${words}</a>`;
}
