import { isUtf8 } from 'node:buffer';
import { z } from 'zod';
import { isRecord, property, type KindInfo, type KubernetesObject, type UserInfo } from '#sdk';
import { apiVersionIn } from '../engine/api-version.ts';
import type { Compiled } from '../engine/compiled.ts';
import { issueText } from '../engine/issue-text.ts';
import { allOperations } from '../engine/operations.ts';
import type { Review } from '../engine/review.ts';
import { describePosition, findJsonFault } from './json-fault.ts';
import { RejectedError } from './outcomes.ts';

const version = 'admission.k8s.io/v1';
// A uid is a UUID of 36 characters; what is longer would only blow up logs and answers.
const longestUid = 256;

const identifier = { group: z.string(), version: z.string().min(1) };

/**
 * The envelope alone. Objects are passed through unread: the API server has checked them against their schema,
 * and walking over 5 kB of them would cost more than judging them. Unknown fields are left out, not refused, so
 * that a newer API server may say more. Source: admission.k8s.io/v1 AdmissionReview.
 */
const requestSchema = z.object({
  uid: z.string().min(1).max(longestUid),
  operation: z.enum(allOperations),
  kind: z.object({ ...identifier, kind: z.string().min(1) }),
  resource: z.object({ ...identifier, resource: z.string().min(1) }),
  requestKind: z.object({ ...identifier, kind: z.string().min(1) }).optional(),
  subResource: z.string().optional(),
  namespace: z.string().optional(),
  name: z.string().optional(),
  userInfo: z.object({
    username: z.string().optional(),
    uid: z.string().optional(),
    groups: z.array(z.string()).optional(),
  }),
  dryRun: z.boolean().optional(),
  object: z.unknown().optional(),
  oldObject: z.unknown().optional(),
});
type AdmissionRequest = z.output<typeof requestSchema>;

/** A review as it came in: what the engine is asked, and what the answer and the log need beside it. */
export interface IncomingReview {
  readonly uid: string;
  readonly review: Review;
}

/** Kinds by API group and plural resource name, as requests name what they are about. */
export type KindsByResource = ReadonlyMap<string, KindInfo>;

export function kindsByResource({ kinds }: Compiled): KindsByResource {
  const byResource = new Map<string, KindInfo>();
  for (const [key, info] of kinds) {
    byResource.set(`${key.slice(0, key.indexOf('/'))}/${info.resource}`, info);
  }
  return byResource;
}

/**
 * Reads an AdmissionReview. JSON.parse makes `__proto__` an own key like any other, and everything behind here
 * looks at own keys only, so such a label is judged and pollutes nothing; of equal keys the last one counts, as
 * in the API server.
 *
 * @throws RejectedError `malformed-json` or `malformed-review`, saying where; with the uid where there is one.
 */
export function readReview(
  body: Buffer,
  kinds: KindsByResource,
  known: Pick<Review, 'profile' | 'now' | 'facts'>,
): IncomingReview {
  const envelope = parseJson(body);
  if (!isRecord(envelope)) throw new RejectedError('malformed-review', 'expected an AdmissionReview object');
  const request = isRecord(envelope['request']) ? envelope['request'] : undefined;
  const uid = uidOf(request?.['uid']);
  const refuse = (message: string): never => {
    throw new RejectedError('malformed-review', message, uid);
  };
  if (envelope['kind'] !== 'AdmissionReview') return refuse('kind: expected AdmissionReview');
  if (envelope['apiVersion'] !== version) {
    return refuse(`apiVersion: expected ${version}; admissionReviewVersions of the webhook must be ["v1"]`);
  }
  if (request === undefined) return refuse('request: expected an object');
  const parsed = requestSchema.safeParse(request);
  if (!parsed.success) return refuse(describeIssues(parsed.error));
  const admission = parsed.data;
  const review = toReview(admission, kinds, known);
  return typeof review === 'string' ? refuse(review) : { uid: admission.uid, review };
}

function parseJson(body: Buffer): unknown {
  if (body.length === 0) throw new RejectedError('malformed-json', 'the body is empty');
  if (!isUtf8(body)) throw new RejectedError('malformed-json', 'the body is no UTF-8 text');
  const text = body.toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    const { offset, problem } = findJsonFault(text);
    const where = describePosition(text, offset);
    throw new RejectedError('malformed-json', `no JSON at ${where}: ${problem}`, uidInText(text));
  }
}

function uidOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= longestUid ? value : undefined;
}

/** The uid of a review that was cut off or garbled: the API server writes it at the start of the request. */
export function uidInText(text: string): string | undefined {
  // 4 KiB: kind, apiVersion and the opening of the request take 100 bytes.
  return /"request"\s{0,9}:\s{0,9}\{\s{0,9}"uid"\s{0,9}:\s{0,9}"([\w-]{1,64})"/.exec(
    text.slice(0, 4096),
  )?.[1];
}

function describeIssues({ issues }: z.ZodError): string {
  // What is said of a type or a list of words holds no part of the input.
  return issues
    .map((issue) => `${['request', ...issue.path].map(String).join('.')}: ${issueText(issue)}`)
    .join('; ');
}

const needed = {
  CREATE: ['object'],
  UPDATE: ['object', 'oldObject'],
  DELETE: ['oldObject'],
  CONNECT: ['object'],
} as const;

function toReview(
  request: AdmissionRequest,
  kinds: KindsByResource,
  known: Pick<Review, 'profile' | 'now' | 'facts'>,
): Review | string {
  const { operation, kind, resource } = request;
  for (const field of ['object', 'oldObject'] as const) {
    const value = request[field];
    if (value != null && !isRecord(value)) return `request.${field}: expected an object`;
    if (value == null && (needed[operation] as readonly string[]).includes(field)) {
      return `request.${field}: expected an object, because the operation is ${operation}`;
    }
  }
  const subresource = request.subResource ?? '';
  const info = kinds.get(`${resource.group}/${resource.resource}`);
  const field = operation === 'DELETE' ? 'oldObject' : 'object';
  const { object: judged, oldObject } = objectsIn(request, operation);
  if (subresource === '' && !isOfKind(judged, kind)) {
    return `request.${field}: expected the apiVersion and kind that request.kind names`;
  }
  const { namespace, name } = request;
  return {
    operation,
    object: judged,
    oldObject,
    subresource: subresource === '' ? undefined : subresource,
    // A Scale or PodExecOptions is judged as what it belongs to; pods/resize and the like carry the Pod itself.
    resourceKind: subresource !== '' && info?.kind !== kind.kind ? info : undefined,
    // The API server may name a Namespace's own name here; `check` and `audit` see no namespace on it.
    namespace: namespace === '' || info?.namespaced === false ? undefined : namespace,
    name: name === '' ? undefined : name,
    user: userOf(request.userInfo),
    dryRun: request.dryRun === true,
    // With matchPolicy Equivalent the object comes converted to the version of the rule; this is how it was written.
    writtenVersion: writtenVersionOf(request),
    profile: known.profile,
    now: known.now,
    facts: known.facts,
  };
}

/** What is judged of a request's objects: on DELETE the old one, on UPDATE the new one against the old. */
export function objectsIn(
  request: unknown,
  operation: Review['operation'],
): Pick<Review, 'object' | 'oldObject'> {
  const [object, oldObject] = [property(request, 'object'), property(request, 'oldObject')];
  return {
    object: (operation === 'DELETE' ? oldObject : object) as KubernetesObject,
    oldObject: operation === 'UPDATE' ? (oldObject as KubernetesObject) : undefined,
  };
}

function isOfKind(object: KubernetesObject, { group, version, kind }: AdmissionRequest['kind']): boolean {
  return object.kind === kind && object.apiVersion === apiVersionIn(group, version);
}

/** A subresource has a version of its own, which says nothing about that of the object. */
function writtenVersionOf({ requestKind, subResource = '' }: AdmissionRequest): string | undefined {
  if (requestKind === undefined || subResource !== '') return undefined;
  return apiVersionIn(requestKind.group, requestKind.version);
}

function userOf({ username = '', uid, groups = [] }: AdmissionRequest['userInfo']): UserInfo {
  return uid === undefined ? { username, groups } : { username, uid, groups };
}
