import { Agent, request } from 'node:https';
import { Writable } from 'node:stream';
import { compileSettings } from '../../src/engine/compile.ts';
import type { Compiled } from '../../src/engine/compiled.ts';
import { settingsSchema, type SettingsInput } from '../../src/engine/settings.ts';
import { serve, type Served, type ServeOptions } from '../../src/server/serve.ts';
import { allPolicies } from './policies.ts';

/** Compiles settings for the policies of these tests. */
export function compiledFor(settings: SettingsInput = {}): Compiled {
  const { compiled, problems } = compileSettings(settingsSchema.parse(settings), allPolicies, {
    now: Date.now(),
  });
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
  return compiled;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The body as JSON; a text that is none fails the test that looks at it. */
  readonly json: () => AnswerBody;
}

/** All that an answer may hold: an AdmissionReview or a Status. */
interface AnswerBody {
  readonly kind: string;
  readonly apiVersion: string;
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
  readonly details?: { readonly uid?: string };
  readonly response?: {
    readonly uid: string;
    readonly allowed: boolean;
    readonly status?: {
      readonly code: number;
      readonly reason: string;
      readonly message: string;
      readonly details: { readonly causes: readonly Readonly<Record<string, string>>[] };
    };
    readonly warnings?: readonly string[];
    readonly auditAnnotations?: Readonly<Record<string, string>>;
    readonly patch?: string;
    readonly patchType?: string;
  };
}

export interface Call {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly agent?: Agent;
}

/** A caller with its own connections that trusts one CA, as the API server does. */
export interface Client {
  readonly agent: Agent;
  call(path: string, call?: Call): Promise<Answer>;
  /** Sends a review to /validate/production, or wherever it is told. */
  review(review: object | string, path?: string): Promise<Answer>;
  close(): void;
}

export function client(
  url: () => string,
  ca: string | undefined,
  connections: { readonly maxSockets?: number; readonly keepAlive?: boolean } = {},
): Client {
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 10,
    ...connections,
    ...(ca === undefined ? { rejectUnauthorized: false } : { ca }),
  });
  const call: Client['call'] = (path, { method = 'GET', headers = {}, body, agent: other } = {}) =>
    new Promise((resolve, reject) => {
      const sent = request(
        `${url()}${path}`,
        { method, headers: { ...headers }, agent: other ?? agent },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              text,
              json: () => JSON.parse(text) as AnswerBody,
            });
          });
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  return {
    agent,
    call,
    review: (review, path = '/validate/production?timeout=10s') =>
      call(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: typeof review === 'string' ? review : JSON.stringify(review),
      }),
    close: () => agent.destroy(),
  };
}

/** What an AdmissionReview answers. */
export type Verdict = NonNullable<AnswerBody['response']>;

export interface Running extends Client {
  /** Sends a review that must be answered with a verdict. */
  readonly judged: (review: object, path?: string) => Promise<Verdict>;
  readonly server: Served;
  /** All log lines so far. */
  readonly log: () => readonly Readonly<Record<string, unknown>>[];
  readonly logText: () => string;
  /** The value of one series, 0 where there is none. */
  readonly metric: (series: string) => Promise<number>;
  readonly end: () => Promise<void>;
}

/** Starts a server for one test file, and a client that trusts it. */
export async function start(
  options: Partial<ServeOptions> & { readonly settings?: SettingsInput } = {},
): Promise<Running> {
  const { settings, ...rest } = options;
  const own = compiledFor(settings);
  let text = '';
  const destination = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString('utf8');
      done();
    },
  });
  const server = await serve({
    compiled: () => own,
    tls: { selfSigned: [] },
    host: '127.0.0.1',
    log: { level: 'trace', destination },
    drainSeconds: 0,
    graceSeconds: 2,
    processMetrics: false,
    ...rest,
  });
  const caller = client(() => server.url, server.caPem);
  return {
    ...caller,
    server,
    judged: async (review, path) => responseOf(await caller.review(review, path)),
    logText: () => text,
    log: () =>
      text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    metric: async (series) => {
      const { text: metrics } = await caller.call('/metrics');
      const line = metrics.split('\n').find((one) => one.startsWith(`${series} `));
      return Number(line?.slice(series.length + 1) ?? 0);
    },
    end: async () => {
      caller.close();
      await server.close();
    },
  };
}

function responseOf(answer: Answer): Verdict {
  const { kind, apiVersion, response } = answer.json();
  if (
    answer.status !== 200 ||
    kind !== 'AdmissionReview' ||
    apiVersion !== 'admission.k8s.io/v1' ||
    response === undefined
  ) {
    throw new Error(`no verdict: ${answer.status} ${answer.text}`);
  }
  return response;
}
