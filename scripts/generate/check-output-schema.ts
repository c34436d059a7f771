import { z } from 'zod';

const position = z.int().positive();
const object = z.strictObject({
  apiVersion: z.string(),
  kind: z.string(),
  namespace: z.string().optional(),
  name: z.string(),
});

const render = z
  .string()
  .optional()
  .describe(
    'The rendering it was found in: a label among renderings; absent for files that are judged as they are',
  );
const exception = z.strictObject({ owner: z.string(), reason: z.string(), expires: z.string() });

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
  render,
  file: z.string().describe('The template or source, where it was rendered'),
  document: z.int().nonnegative().describe('Which document of the file, or of what was rendered, from 0'),
  item: z.int().nonnegative().optional().describe('Which item, where the document is a List'),
  line: position,
  column: position,
  approximate: z
    .literal(true)
    .optional()
    .describe('The line is a guess, as for all that was rendered; the column is 1'),
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
    .describe(
      'The part of the object that changes, as YAML that reads as it does afterwards; what goes is named in comments: # remove: env[A]',
    ),
  leniency: z
    .enum(['old-object', 'controller', 'metadata-only', 'fixed-on-pod', 'late-facts', 'observe'])
    .optional()
    .describe('Why a denial counts as a warning'),
  exception: exception.optional().describe('It does not count: somebody answers for it until that day'),
  ended: exception.optional().describe('An exception that would have covered it and has ended: it counts'),
  baselined: z
    .strictObject({ action: z.enum(['deny', 'warn', 'audit']) })
    .optional()
    .describe('It does not count, as the baseline lists it; otherwise it would lead to this'),
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
    baselined: z.int().nonnegative(),
    fixable: z.int().nonnegative(),
    errors: z.int().nonnegative(),
  }),
  findings: z.array(finding),
  errors: z.array(
    z.strictObject({
      render,
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
      render,
    }),
  ),
  coverage: z.strictObject({
    files: z.int().nonnegative(),
    objects: z.int().nonnegative(),
    judged: z.int().nonnegative(),
    unchanged: z
      .int()
      .nonnegative()
      .optional()
      .describe('With --changed-since: files that were read and left out, because they have not changed'),
    beforeInjection: z
      .int()
      .positive()
      .optional()
      .describe(
        'Workloads judged as written, whose pods get a sidecar of Istio or Linkerd when they are made',
      ),
  }),
  renderings: z
    .array(
      z.strictObject({
        label: z.string(),
        path: z.string().describe('Folder or archive'),
        renderer: z.string().optional().describe('The command; absent where it failed: see errors'),
        kubernetes: z.string(),
        release: z.string().optional(),
        namespace: z.string().optional(),
        objects: z.int().nonnegative(),
        judged: z.int().nonnegative(),
        findings: z.int().nonnegative(),
      }),
    )
    .optional()
    .describe('Each way in which a chart or a Kustomize folder was rendered'),
  baseline: z
    .strictObject({
      file: z.string(),
      stale: z
        .array(
          z.strictObject({
            policy: z.string(),
            messageId: z.string(),
            object: z.strictObject({
              group: z.string(),
              kind: z.string(),
              namespace: z.string().optional(),
              name: z.string(),
            }),
            locator: z.string(),
            file: z.string().describe('Seen from the folder of the baseline'),
            count: z.int().positive().describe('How many of them no longer occur'),
          }),
        )
        .describe('What the baseline lists and no longer occurs'),
      unseen: z
        .int()
        .nonnegative()
        .describe('Findings it lists that this run was not about: other paths, policies or profiles'),
      failsOnStale: z.literal(true).optional().describe('What is stale gives exit code 1'),
    })
    .optional()
    .describe('With --baseline or --write-baseline'),
  objects: z
    .array(
      object.extend({
        render,
        file: z.string(),
        profile: z.string().describe('That it was judged by'),
        passes: z.array(z.string()).describe('Policies that looked at it and found nothing'),
        notJudged: z
          .array(z.string())
          .optional()
          .describe('Policies that found nothing and could not judge it, or not to the end: no passes'),
      }),
    )
    .optional()
    .describe('With --include pass: the objects that were judged'),
  policies: z
    .array(
      z.strictObject({
        id: z.string(),
        title: z.string(),
        controls: z
          .array(z.string())
          .optional()
          .describe('Controls of public standards that it answers to in all profiles that were used'),
      }),
    )
    .optional()
    .describe('With --include pass: what was judged by'),
});

/** docs/check-output.schema.json. */
export function checkOutputJsonSchema(): string {
  const { $schema, ...schema } = z.toJSONSchema(checkOutputSchema);
  return JSON.stringify({ $schema, title: 'daygate check -o json', ...schema });
}
