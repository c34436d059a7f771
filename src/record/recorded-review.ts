import { z } from 'zod';
import { isRecord, type JsonRecord } from '#sdk';
import type { Verdict } from '../engine/review.ts';
import { severities } from '../engine/severities.ts';
import { redactObject } from './redact-object.ts';

const finding = z.object({
  policy: z.string(),
  action: z.enum(['deny', 'warn', 'audit']),
  severity: z.enum(severities),
  message: z.string(),
  messageId: z.string(),
  locator: z.string(),
  pointer: z.string(),
  excepted: z.boolean().optional(),
});

/** One line of a record: what was asked, without credentials, and what was answered. */
export const recordedSchema = z.object({
  daygateRecord: z.literal(1),
  /** When it was judged, as RFC 3339. */
  time: z.iso.datetime(),
  /** Version of the daygate that judged it. */
  daygate: z.string(),
  /** Digest of its settings and policies. */
  settings: z.string(),
  profile: z.string(),
  verdict: z.object({
    allowed: z.boolean(),
    enforcement: z.enum(['enforce', 'observe']),
    findings: z.array(finding),
    /** Policies that failed. */
    failed: z.array(z.string()),
  }),
  /** JSON Pointers into request: where a made-up credential stands in. */
  redacted: z.array(z.string()),
  /** Those of them of which policies may say something else than they said of the original. */
  notCompared: z.array(z.string()),
  review: z.looseObject({ request: z.looseObject({}) }),
});

export type RecordedReview = z.output<typeof recordedSchema>;
export type RecordedVerdict = RecordedReview['verdict'];

/** What the engine found, as a record keeps it. */
export function recordedVerdict({ allowed, enforcement, findings, errors }: Verdict): RecordedVerdict {
  return {
    allowed,
    enforcement,
    findings: findings.map(
      ({ policy, action, severity, message, messageId, locator, pointer, exception }) => ({
        ...{ policy, action, severity, message, messageId, locator, pointer },
        ...(exception === undefined ? {} : { excepted: true }),
      }),
    ),
    failed: [...new Set(errors.map(({ policy }) => policy))],
  };
}

/** The fields of a request that a verdict can depend on, and what names it: admission.k8s.io/v1 AdmissionRequest. */
const kept = [
  'uid', 'kind', 'resource', 'subResource', 'requestKind', 'requestResource', 'requestSubResource', 'name',
  'namespace', 'operation', 'object', 'oldObject', 'dryRun', 'options',
] as const; // prettier-ignore

interface RedactedReview {
  readonly review: { readonly request: JsonRecord } & JsonRecord;
  readonly redacted: readonly string[];
  readonly notCompared: readonly string[];
}

/**
 * An AdmissionReview without credentials, and without what else nobody needs: userInfo.extra, which holds what the
 * authentication proxy knows of a person, and managedFields.
 *
 * @param inTime is asked again and again, and ends it by throwing
 * @throws RangeError where an object is nested too deeply
 */
export function redactReview(request: JsonRecord, inTime: () => void = () => undefined): RedactedReview {
  const parts: [string, unknown][] = [];
  const redacted: string[] = [];
  const notCompared: string[] = [];
  const keep = (key: string, value: unknown): void => {
    const clean = redactObject(value, inTime);
    parts.push([key, clean.value]);
    for (const pointer of clean.replaced) redacted.push(`/${key}${pointer}`);
    for (const pointer of clean.unlike) notCompared.push(`/${key}${pointer}`);
  };
  for (const key of kept) if (Object.hasOwn(request, key)) keep(key, request[key]);
  const { userInfo } = request;
  if (isRecord(userInfo)) {
    const { username, uid, groups } = userInfo;
    keep('userInfo', { username, uid, groups });
  }
  return {
    review: {
      kind: 'AdmissionReview',
      apiVersion: 'admission.k8s.io/v1',
      request: Object.fromEntries(parts),
    },
    redacted,
    notCompared,
  };
}
