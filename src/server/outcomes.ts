/**
 * Which outcome gets which HTTP answer. This is the only place that knows: everything else names an outcome.
 *
 * A judged review is always a 200 that carries an AdmissionReview. Everything else carries a Kubernetes Status
 * and lets the webhook's failurePolicy decide: a fault is never dressed up as a verdict. `log` is the level at
 * which it is written down; faults are for the operator, wrong calls are for whoever makes them.
 */
export const outcomes = {
  allowed: { http: 200, reason: '', log: 'debug', means: 'judged, nothing to say' },
  warned: { http: 200, reason: '', log: 'info', means: 'judged, allowed with findings or policy errors' },
  denied: { http: 200, reason: 'Forbidden', log: 'info', means: 'judged and refused' },
  patched: { http: 200, reason: '', log: 'info', means: 'allowed with a patch' },
  unpatched: { http: 200, reason: '', log: 'debug', means: 'allowed, nothing to patch' },
  'malformed-json': { http: 400, reason: 'BadRequest', log: 'warn', means: 'the body is no JSON text' },
  'malformed-review': {
    http: 400,
    reason: 'BadRequest',
    log: 'warn',
    means: 'no AdmissionReview v1 request',
  },
  'malformed-timeout': { http: 400, reason: 'BadRequest', log: 'warn', means: 'timeout is no Go duration' },
  'malformed-http': { http: 400, reason: 'BadRequest', log: 'debug', means: 'no HTTP, or cut off' },
  'no-client-certificate': {
    http: 401,
    reason: 'Unauthorized',
    log: 'warn',
    means: 'client CA set, none shown',
  },
  'unknown-profile': { http: 404, reason: 'NotFound', log: 'warn', means: 'no such profile in the settings' },
  'unknown-path': { http: 404, reason: 'NotFound', log: 'debug', means: 'no such path' },
  'wrong-method': { http: 405, reason: 'MethodNotAllowed', log: 'debug', means: 'path known, method not' },
  'too-slow': {
    http: 408,
    reason: 'Timeout',
    log: 'warn',
    means: 'the body stalled while others needed the room',
  },
  'too-large': { http: 413, reason: 'RequestEntityTooLarge', log: 'warn', means: 'body over the limit' },
  'wrong-media-type': { http: 415, reason: 'UnsupportedMediaType', log: 'warn', means: 'not plain JSON' },
  deadline: {
    http: 500,
    reason: 'InternalError',
    log: 'error',
    means: 'answered too late, or queued too long',
  },
  fault: { http: 500, reason: 'InternalError', log: 'error', means: 'daygate itself failed' },
  overloaded: {
    http: 503,
    reason: 'ServiceUnavailable',
    log: 'error',
    means: 'too many reviews come in, or wait for policies of your own',
  },
  'not-ready': { http: 503, reason: 'ServiceUnavailable', log: 'debug', means: 'readiness checks fail' },
} as const;

type Outcome = keyof typeof outcomes;
/** What became of a judged review. */
export type VerdictOutcome = {
  [K in Outcome]: (typeof outcomes)[K]['http'] extends 200 ? K : never;
}[Outcome];
/** Why a call got no verdict. */
export type Rejection = Exclude<Outcome, VerdictOutcome>;

export const verdictOutcomes = keysWhere((http) => http === 200) as readonly VerdictOutcome[];
export const rejections = keysWhere((http) => http !== 200) as readonly Rejection[];

function keysWhere(picks: (http: number) => boolean): readonly Outcome[] {
  return (Object.keys(outcomes) as Outcome[]).filter((name) => picks(outcomes[name].http));
}

/** Carries a rejection through code that can only throw, such as fastify's body parsers. */
export class RejectedError extends Error {
  readonly outcome: Rejection;
  readonly uid: string | undefined;

  constructor(outcome: Rejection, message: string, uid?: string) {
    super(message);
    this.name = 'RejectedError';
    this.outcome = outcome;
    this.uid = uid;
  }
}

/**
 * The body of a rejection: a meta/v1 Status. The API server shows its message as the reason why the webhook
 * failed; `details.uid` is the uid of the review where it could be read.
 */
export function statusBody(outcome: Rejection, message: string, uid?: string): string {
  const { http, reason } = outcomes[outcome];
  return JSON.stringify({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: `daygate: ${message}`,
    reason,
    ...(uid === undefined ? {} : { details: { uid } }),
    code: http,
  });
}
