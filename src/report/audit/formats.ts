import { auditJson } from './json.ts';
import type { AuditReport } from './audit-report.ts';
import type { RenderContext } from '../render-context.ts';

export const auditFormats = ['text', 'json'] as const;
export type AuditFormat = (typeof auditFormats)[number];

export function renderAudit(_format: AuditFormat, report: AuditReport, _context: RenderContext): string {
  return auditJson(report);
}
