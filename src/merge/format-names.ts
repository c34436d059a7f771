import { auditFormats, type AuditFormat } from '../report/audit/format-names.ts';

/** What a merged report is written as: all that an audit is. */
export const mergeFormats = auditFormats;
export type MergeFormat = AuditFormat;
