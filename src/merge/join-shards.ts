import { compareTexts } from '../engine/order.ts';
import { printable } from '../engine/message.ts';
import { UserError } from '../errors.ts';
import type { AuditReport, JudgedBy } from '../report/audit/audit-report.ts';
import { concatenate, distinct } from './concatenate.ts';

/** A report, and where it was read. */
export interface FoundReport {
  readonly file: string;
  readonly report: AuditReport;
}

/** A cluster's report from those of all its shards. @throws UserError `report` where one is missing or there twice */
export function joinShards(found: readonly FoundReport[]): AuditReport {
  const shards = found
    .map(({ file, report }) => ({ file, report, shard: report.coverage.shard ?? { index: 0, of: 1 } }))
    .sort((a, b) => a.shard.index - b.shard.index || compareTexts(a.file, b.file));
  const [first] = shards;
  if (first === undefined) throw new RangeError('a cluster has a report');
  refuseIncomplete(first.report.cluster, shards);
  const parts = shards.map(({ report }) => report);
  const { cluster, server, kubernetes } = first.report;
  const dates = [...new Set(parts.map(({ date }) => date))].sort();
  const settings = distinct(parts.map((report) => report.settings));
  const profiles = commonProfiles(parts);
  const { notices, ...content } = concatenate(parts);
  const say = (text: string): string => `The shards of ${printable(cluster, 253)} ${text}`;
  return {
    ...{ cluster, date: dates.at(-1) ?? '', server, kubernetes, settings },
    ...(profiles === undefined ? {} : { profiles }),
    ...content,
    notices: [
      ...(dates.length > 1 ? [say(`are of different days: ${dates.join(', ')}`)] : []),
      ...(settings !== first.report.settings
        ? [say('were judged by different settings, policies or versions of daygate')]
        : []),
      ...notices,
    ],
    trend: [],
  };
}

interface Shard {
  readonly file: string;
  readonly shard: { readonly index: number; readonly of: number };
}

function refuseIncomplete(cluster: string, shards: readonly Shard[]): void {
  const name = printable(cluster, 253);
  const wrong = (message: string): UserError => new UserError('report', `cluster ${name}: ${message}`);
  const [first] = shards;
  if (first === undefined) return;
  const { of } = first.shard;
  const other = shards.find(({ shard }) => shard.of !== of);
  if (other !== undefined)
    throw wrong(
      `${first.file} is one of ${of} shards and ${other.file} one of ${other.shard.of}: name the reports of one run`,
    );
  for (const [position, { file, shard }] of shards.entries()) {
    const before = shards[position - 1];
    if (before?.shard.index === shard.index)
      throw wrong(
        `shard ${shard.index} of ${of} is there twice, in ${before.file} and ${file}: name one of them`,
      );
  }
  const indexes = shards.map(({ shard }) => shard.index);
  const isSequence = (indexes.at(-1) ?? 0) - (indexes[0] ?? 0) === shards.length - 1;
  if (shards.length === of && isSequence) return;
  throw wrong(
    `shards ${indexes.join(', ')} of ${of} are here and ${Math.max(1, of - shards.length)} missing: name the reports of all, or audit those that are missing again`,
  );
}

/** What the shards agree on. */
function commonProfiles(parts: readonly AuditReport[]): JudgedBy | undefined {
  if (parts.some(({ profiles }) => profiles === undefined)) return undefined;
  const all = parts.flatMap(({ profiles = {} }) => Object.entries(profiles));
  return Object.fromEntries(
    [...Map.groupBy(all, ([name]) => name)]
      .sort(([a], [b]) => compareTexts(a, b))
      .map(([name, tables]) => {
        const [[, first] = ['', {}]] = tables;
        return [
          name,
          Object.fromEntries(
            Object.entries(first).filter(([id, digest]) => tables.every(([, table]) => table[id] === digest)),
          ),
        ];
      }),
  );
}
