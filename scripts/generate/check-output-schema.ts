import { z } from 'zod';

const position = z.int().positive();
const object = z.strictObject({
  apiVersion: z.string(),
  kind: z.string(),
  namespace: z.string().optional(),
  name: z.string(),
});

const finding = z.strictObject({
  policy: z.string(),
  severity: z.enum(['low', 'medium', 'high', 'critical']),
  action: z.enum(['deny', 'warn', 'audit']).describe('What it leads to in this namespace and profile'),
  message: z.string(),
  remediation: z.string().describe('What to write instead'),
  object,
  pointer: z.string().describe('JSON Pointer of the field, RFC 6901'),
  locator: z
    .string()
    .describe('The same place with list items named by their merge key: stable when items move'),
  file: z.string(),
  document: z.int().nonnegative().describe('Which document of the file, from 0'),
  item: z.int().nonnegative().optional().describe('Which item, where the document is a List'),
  line: position,
  column: position,
  messageId: z.string(),
  fixable: z.boolean(),
  fingerprint: z
    .string()
    .regex(/^[0-9a-f]{12}$/)
    .optional()
    .describe(
      'Of the credential that was found, keyed with the key of the run: the same for the same credential',
    ),
  suggestion: z
    .string()
    .optional()
    .describe('The change as YAML of the object with nothing else in it: a strategic merge patch'),
  leniency: z
    .enum(['old-object', 'controller', 'metadata-only', 'fixed-on-pod', 'observe'])
    .optional()
    .describe('Why a denial counts as a warning'),
  exception: z.strictObject({ owner: z.string(), reason: z.string(), expires: z.string() }).optional(),
});

/** The contract of `daygate check -o json`, version 1; the tests hold every output against it. */
export const checkOutputSchema = z.strictObject({
  version: z.literal(1),
  summary: z.strictObject({
    findings: z.int().nonnegative(),
    deny: z.int().nonnegative(),
    warn: z.int().nonnegative(),
    audit: z.int().nonnegative(),
    excepted: z.int().nonnegative(),
    fixable: z.int().nonnegative(),
    errors: z.int().nonnegative(),
  }),
  findings: z.array(finding),
  errors: z.array(
    z.strictObject({
      code: z.string(),
      message: z.string(),
      file: z.string().optional(),
      line: position.optional(),
      column: position.optional(),
      policy: z.string().optional(),
    }),
  ),
  skipped: z.array(
    z.strictObject({
      file: z.string().optional(),
      object: object.optional(),
      policy: z.string().optional(),
      reason: z.string(),
    }),
  ),
  coverage: z.strictObject({
    files: z.int().nonnegative(),
    objects: z.int().nonnegative(),
    judged: z.int().nonnegative(),
  }),
});

/** docs/check-output.schema.json. */
export function checkOutputJsonSchema(): string {
  const { $schema, ...schema } = z.toJSONSchema(checkOutputSchema);
  return JSON.stringify({ $schema, title: 'daygate check -o json', ...schema });
}
