/** The formats of an audit, in the order in which help lists them. */
export const auditFormats = [
  'text',
  'json',
  'sarif',
  'junit',
  'github',
  'gitlab',
  'markdown',
  'html',
  'csv',
  'policyreport',
] as const;
export type AuditFormat = (typeof auditFormats)[number];
