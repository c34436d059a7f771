import { z } from 'zod';
import { categoryNames } from '../config/policy-shape.ts';

const amount = z.number().nonnegative();
const number = z.int().nonnegative();
const text = z.string();
const day = z.iso.date('expected a day, such as 2026-11-21');
/** Absent, and never there without a value. */
const maybe = z.exactOptional;

const cluster = maybe(text.describe('Of which cluster, in a merged report'));
const severity = z.enum(['low', 'medium', 'high', 'critical']);
const reference = z.object({ apiVersion: text, kind: text, namespace: maybe(text), name: text });
const answering = z.object({ owner: text, reason: text, expires: text });

const finding = z.object({
  policy: text,
  severity,
  action: z.enum(['deny', 'warn', 'audit']).describe('What it leads to in this namespace and profile'),
  message: text,
  remediation: text.describe('What to write instead'),
  object: reference.describe('The top owner: what its pods lack is said of it once'),
  pointer: text.describe('JSON Pointer of the field, RFC 6901'),
  locator: text.describe('The same place with list items named by their merge key: stable when items move'),
  messageId: text,
  fixable: z.boolean(),
  fingerprint: maybe(text),
  leniency: maybe(z.enum(['old-object', 'controller', 'metadata-only', 'fixed-on-pod', 'observe'])),
  exception: maybe(answering.describe('It does not count: somebody answers for it until that day')),
  ended: maybe(answering.describe('An exception that would have covered it and has ended: it counts')),
  coveredBy: maybe(
    z
      .array(number)
      .describe(
        'Which exceptions of the settings of its audit are about it, in force or ended: positions from 0',
      ),
  ),
  via: maybe(
    z
      .object({ kind: text, names: z.array(text) })
      .describe('What the object owns has it, and not the object itself'),
  ),
  cluster,
  grandfatherUntil: maybe(day.describe('The last day on which changes of the old object are let through')),
  policyReport: maybe(
    z.enum(['summary', 'none']).describe('What PolicyReports have of it, where that is not all'),
  ),
});

const object = z.object({
  ...reference.shape,
  cluster,
  profile: text.describe('That it was judged by'),
  asks: maybe(text.describe('The profile by which admission judges it, where that is another')),
  team: maybe(text.describe('Who answers for it')),
  costCenter: maybe(text.describe('Who pays')),
  workload: maybe(
    z.object({
      replicas: number,
      requests: z.object({ cpu: amount, memory: amount }).describe('Of all replicas: cores and bytes'),
      limits: z.object({ cpu: amount, memory: amount }),
      withoutRequests: z.object({ cpu: number, memory: number }).describe('Containers left out of the sums'),
    }),
  ),
  attestations: maybe(z.record(text, text)),
  skipped: maybe(z.array(text).describe('Policies that could say nothing about it')),
  passes: maybe(
    z
      .array(text)
      .describe(
        'With --include pass: policies that looked at it, and found nothing on it or on what it made',
      ),
  ),
  notJudged: maybe(
    z
      .array(text)
      .describe('With --include pass: policies that found nothing and could not judge all of that'),
  ),
});

const namespace = z.object({
  cluster,
  name: text,
  profile: text,
  enforcement: z.enum(['enforce', 'observe']),
  objects: number,
  exempt: maybe(z.literal(true)),
});

const policy = z.object({
  id: text,
  title: text,
  category: z.enum(categoryNames),
  severity,
  why: text,
  references: z.array(text),
  controls: maybe(
    z
      .array(text)
      .describe(
        'With --include pass: controls of public standards that it answers to in all of its profiles',
      ),
  ),
  profiles: maybe(z.array(text)).describe('In which it is on'),
  kinds: maybe(z.array(text)).describe('Kinds it can judge; Workload for whatever makes pods, Any for all'),
});

const exception = z.object({
  ...answering.shape,
  policies: z.array(text),
  match: z.object({
    namespace: maybe(text),
    kind: maybe(text),
    name: maybe(text),
    container: maybe(
      z
        .object({ name: text, image: text })
        .describe('Only what is found on containers of this name and image'),
    ),
  }),
  state: z.enum(['in-force', 'expiring', 'expired']),
  daysLeft: z.int(),
  findings: number.describe('How many it covers, or would cover if it had not ended'),
});

const coverage = z.object({
  listed: number,
  judged: number,
  unchanged: maybe(number),
  kinds: z.array(
    z.object({
      cluster,
      apiVersion: text,
      kind: text,
      objects: number,
      state: z.enum(['complete', 'resumed', 'forbidden', 'failed', 'removed', 'not-served']),
    }),
  ),
  unmapped: z.array(z.object({ apiVersion: text, kind: text, owned: number })),
  shard: maybe(z.object({ index: number, of: z.int().positive() })),
  only: maybe(z.array(text)),
});

const error = z.object({
  render: maybe(text),
  code: text,
  message: text,
  file: maybe(text),
  line: maybe(number),
  column: maybe(number),
  policy: maybe(text),
});

const upgrade = z.object({
  from: text,
  to: text,
  blockedDrains: z.array(
    z.object({ cluster, namespace: text, name: text, healthy: number, desired: number }),
  ),
});

const trendPoint = z.object({
  cluster: text,
  date: day,
  objects: number,
  deny: number,
  warn: number,
  excepted: number,
  policies: z.record(text, number),
});

const judgedBy = z
  .record(text, z.record(text, text))
  .describe('Profile → policies that judged by it → digest of their parameters');

const diff = z.object({
  since: text.describe('The day of the report it is compared with'),
  groups: z.array(
    z.object({
      cluster: text,
      namespace: maybe(text),
      policy: text,
      appeared: number,
      gone: number,
    }),
  ),
  appeared: z.array(finding),
  gone: z.array(finding),
});

const patches = z.object({
  policies: z.array(text).describe('That fix at admission, in the profiles that were used'),
  objects: number.describe('Live objects that would be patched, each pod of a workload on its own'),
  leftOut: number.describe('Those of them whose change is not listed, for want of room'),
  changes: z.array(
    z.object({
      object: reference.describe('The top owner'),
      cluster,
      via: maybe(
        z
          .object({ kind: text, objects: number, names: z.array(text).describe('The first 20') })
          .describe('What the object owns would be patched, and not the object itself'),
      ),
      policies: z.array(text).describe('Whose fixes it is made of'),
      diff: z.array(text).describe('Lines of YAML behind +, - or a space'),
      patch: z
        .array(z.object({ op: z.enum(['add', 'remove', 'replace']), path: text, value: maybe(z.unknown()) }))
        .describe('JSON Patch, RFC 6902; what could be a credential is •••'),
    }),
  ),
});

/** `daygate audit -o json` and `daygate merge -o json`, version 1. What it does not name is not read. */
export const auditOutputSchema = z.object({
  version: z.literal(1),
  kind: z.literal('audit'),
  cluster: text,
  date: day,
  server: text,
  kubernetes: text,
  settings: text.describe('Digest of settings, policies and daygate'),
  summary: z.object({
    findings: number,
    deny: number,
    warn: number,
    audit: number,
    excepted: number,
    fixable: number,
    errors: number,
  }),
  clusters: maybe(
    z
      .array(
        z.object({
          name: text,
          date: day,
          server: text,
          kubernetes: text,
          settings: text,
          profiles: maybe(judgedBy),
        }),
      )
      .describe('What was merged, by name'),
  ),
  profiles: maybe(judgedBy),
  findings: z.array(finding),
  diff: maybe(diff.describe('With merge --diff: what has changed since that report')),
  patches: maybe(patches.describe('With --patches: what admission would patch, were it written now')),
  errors: z.array(error),
  skipped: z.array(z.object({ policy: maybe(text), reason: text, objects: number, cluster })),
  coverage,
  objects: z.array(object).describe('Top-level objects that were judged'),
  namespaces: z.array(namespace),
  policies: z.array(policy),
  exceptions: z.array(exception),
  upgrade: maybe(upgrade),
  notices: z.array(text),
  trend: z.array(trendPoint),
  seen: maybe(z.object({ facts: text, objects: z.array(text) }).describe('Digests that --since compares')),
});
