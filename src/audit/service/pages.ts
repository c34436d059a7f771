import { inBlocks, renderContext } from '../../cli/output.ts';
import type { AuditReport } from '../../report/audit/audit-report.ts';
import type { AuditFormat } from '../../report/audit/format-names.ts';
import { renderAudit } from '../../report/audit/formats.ts';

export interface Page {
  readonly type: string;
  readonly body: Buffer;
}

/** A report as it is served: by path. */
export interface Pages {
  readonly paths: ReadonlyMap<string, Page>;
  /** The JSON form, which the next run is told to compare with. */
  readonly json: Buffer;
  /** When the run began, in milliseconds since 1970. */
  readonly at: number;
}

/**
 * @param at when the run began, in milliseconds since 1970
 * @param notice what whoever reads the page must know besides
 */
export function renderPages(report: AuditReport, at: number, notice?: string): Pages {
  const shown = notice === undefined ? report : { ...report, notices: [...report.notices, notice] };
  const json = rendered('json', report);
  const pages: readonly (readonly [string, Page])[] = [
    ['/', { type: 'text/html; charset=utf-8', body: rendered('html', shown) }],
    ['/report.json', { type: 'application/json; charset=utf-8', body: json }],
    ['/report.csv', { type: 'text/csv; charset=utf-8', body: rendered('csv', shown) }],
  ];
  return { paths: new Map(pages), json, at };
}

function rendered(format: AuditFormat, report: AuditReport): Buffer {
  const blocks = inBlocks(renderAudit(format, report, renderContext()));
  return Buffer.concat([...blocks].map((block) => Buffer.from(block)));
}
