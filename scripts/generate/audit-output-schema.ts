import { z } from 'zod';
import { auditOutputSchema } from '../../src/audit/report-schema.ts';

/** docs/audit-output.schema.json: what the reader of reports holds them against. */
export function auditOutputJsonSchema(): string {
  const { $schema, ...schema } = z.toJSONSchema(auditOutputSchema);
  return JSON.stringify({ $schema, title: 'daygate audit -o json, and daygate merge -o json', ...schema });
}
