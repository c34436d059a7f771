import { property, text, type JsonRecord } from '#sdk';
import { UserError } from '../errors.ts';

/** The API server was not reached, or refused. */
export class ClusterError extends UserError {
  /** The HTTP status; undefined where there was no answer. */
  readonly status: number | undefined;
  /** With 410, of a list whose token has expired: a token by which it goes on, with objects as they are by now. */
  readonly continueWith: string | undefined;
  /** With 403: what whoever asked needs. */
  readonly missing: MissingRight | undefined;

  constructor(
    message: string,
    status?: number,
    more: Pick<Partial<ClusterError>, 'continueWith' | 'missing'> = {},
  ) {
    super('cluster', message);
    this.name = 'ClusterError';
    this.status = status;
    this.continueWith = more.continueWith;
    this.missing = more.missing;
  }
}

/** Whether the API server answered with this status. */
export function isStatus(error: unknown, status: number): boolean {
  return error instanceof ClusterError && error.status === status;
}

const nobodyNamed = 'whoever asks';

/** A right that RBAC gives. */
export interface MissingRight {
  readonly server: string;
  /** The user, or `whoever asks` where the API server did not say. */
  readonly who: string;
  readonly verb: string;
  /** `deployments.apps`, or a path. */
  readonly resource: string;
  readonly namespace: string | undefined;
}

/** What was asked, for messages. */
export interface Asked {
  readonly verb: string;
  /** As nameOf writes it. */
  readonly target: string;
  readonly server: string;
  readonly namespace: string | undefined;
}

const noTls =
  'what listens there does not speak TLS: correct the address in the kubeconfig, or the port in it';

/** What Node.js calls it, and what it means to who reads it. */
const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there: is the API server running, and is this its address?',
  ECONNRESET: 'it closed the connection',
  ENOTFOUND: 'no such host: correct the address in the kubeconfig',
  EAI_AGAIN: 'the name of the host cannot be looked up now',
  ETIMEDOUT: 'no connection: is it reachable from here?',
  EHOSTUNREACH: 'no route to the host',
  UND_ERR_CONNECT_TIMEOUT: 'no connection: is it reachable from here?',
  UND_ERR_SOCKET: 'it closed the connection',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not signed by the CA in the kubeconfig',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not signed by the CA in the kubeconfig',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not signed by the CA in the kubeconfig',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not signed by the CA in the kubeconfig',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for other names',
  ERR_SSL_WRONG_VERSION_NUMBER: noTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: noTls,
};

/** `why` is a sentence, or what was thrown. The words of others stay out: a login program may print its token. */
export function unreachable({ server }: Asked, why: unknown): ClusterError {
  if (typeof why === 'string') return new ClusterError(`${server}: ${why}`);
  for (let error = why; error instanceof Error; error = error.cause) {
    // fetch calls nobody there, so it is nothing that could be started.
    if (error.message === 'bad port')
      return new ClusterError(
        `${server}: no API server listens on this port, which is reserved for something else: correct the address in the kubeconfig`,
      );
    const { code, syscall } = error as Error & { readonly code?: unknown; readonly syscall?: unknown };
    if (typeof code !== 'string') continue;
    if (typeof syscall === 'string' && syscall.startsWith('spawn'))
      return new ClusterError(
        `${server}: the program that the kubeconfig logs in with cannot be run (${code})`,
      );
    return new ClusterError(`${server}: ${reasons[code] ?? `it cannot be reached (${code})`}`);
  }
  return new ClusterError(
    `${server}: logging in failed: kubectl version, with the same kubeconfig and context, says why`,
  );
}

/** What an answer that is no success means. `isSecret`: its words may quote what was sent. */
export function refusal(
  { verb, target, server, namespace }: Asked,
  status: number,
  answer: JsonRecord | undefined,
  isSecret: boolean,
): ClusterError {
  const message = answer?.['message'];
  const details = typeof message === 'string' && !isSecret ? `: ${message.slice(0, 1000)}` : '';
  const reason = typeof answer?.['reason'] === 'string' ? ` (${answer['reason']})` : '';
  const missing =
    status === 403 ? missingRight({ verb, target, server, namespace }, answer?.['message']) : undefined;
  const say = (text: string): ClusterError =>
    new ClusterError(text, status, { continueWith: continueToken(answer), missing });
  switch (status) {
    case 401:
      return say(
        `${server}: it does not know who asks (401): the token or certificate is wrong or has ended`,
      );
    case 403:
      return say(
        `${server}: not allowed to ${verb} ${target} (403): ${missing === undefined ? String(message).slice(0, 1000) : rightWords(missing, target)}`,
      );
    case 404:
      return say(`${server}: ${target} not found (404)`);
    case 409:
      if (verb === 'create') return say(`${server}: there is one of ${target} with this name already (409)`);
      return say(`${server}: ${target} was changed by somebody else meanwhile (409)`);
    case 410:
      return say(`${server}: the list of ${target} took so long that its token has expired (410)`);
    case 429:
    case 503:
      return say(`${server}: it is overloaded or starting (${status}): try again`);
    default:
      return say(`${server}: ${verb} of ${target} failed with ${status}${reason}${details}`);
  }
}

/** By what a list, or a refusal to go on with it, says that it goes on; undefined at its end. */
export function continueToken(list: JsonRecord | undefined): string | undefined {
  return text(property(property(list, 'metadata'), 'continue')) || undefined;
}

/** A refusal by RBAC says who lacks what; an admission webhook says other things. */
function missingRight(
  { verb, target, server, namespace }: Asked,
  message: unknown,
): MissingRight | undefined {
  const words = text(message) ?? '';
  const user = /\bUser "([^"]{1,256})" cannot /.exec(words)?.[1];
  if (user === undefined && words.startsWith('admission webhook ')) return undefined;
  const [resource = ''] = target.split(' ');
  return { server, who: user ?? nobodyNamed, verb, resource, namespace };
}

function rightWords({ who, verb, resource, namespace }: MissingRight, target: string): string {
  const [, name = ''] = target.split(' ');
  const isNamed = name.startsWith('"');
  const check = [
    `kubectl auth can-i ${verb} ${resource}${isNamed ? `/${name.slice(1, -1)}` : ''}`,
    ...(namespace === undefined ? [] : [`-n ${namespace}`]),
    // Without it kubectl asks about the namespace of its context.
    ...(namespace === undefined && !isNamed && !resource.startsWith('/') ? ['--all-namespaces'] : []),
    ...(who === nobodyNamed ? [] : [`--as ${who}`]),
  ].join(' ');
  return `${who} needs a ${roleFor(namespace)} with the verb ${verb} on ${resource}; ${check} tells whether it has`;
}

/** What gives a right in a namespace, or in all. */
export function roleFor(namespace: string | undefined): string {
  return namespace === undefined ? 'ClusterRole' : 'Role';
}
