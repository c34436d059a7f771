/** Talks to the API server directly where a process per question would take minutes. */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import type { ControlPlane } from './control-plane.ts';

// The harness writes its kubeconfig as JSON.
const kubeconfigSchema = z.looseObject({
  users: z.tuple([
    z.looseObject({
      user: z.looseObject({ 'client-certificate-data': z.string(), 'client-key-data': z.string() }),
    }),
  ]),
});

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
  /** Texts of the Warning headers. */
  readonly warnings: readonly string[];
}

export interface ApiClient {
  call(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    type?: string,
  ): Promise<ApiAnswer>;
  close(): void;
}

/** A client with the administrator's certificate and kept connections, so many at most. */
export function apiClient(cluster: ControlPlane, maxSockets = 8): ApiClient {
  const [{ user }] = kubeconfigSchema.parse(JSON.parse(readFileSync(cluster.kubeconfig, 'utf8'))).users;
  const agent = new Agent({
    keepAlive: true,
    // The API server ends connections that nobody has used for 90 s, perhaps as the next request is on its way.
    timeout: 60_000,
    maxSockets,
    ca: readFileSync(cluster.caFile),
    cert: Buffer.from(user['client-certificate-data'], 'base64'),
    key: Buffer.from(user['client-key-data'], 'base64'),
  });
  return {
    call: async (method, path, body, type = 'application/json') =>
      new Promise((resolve, reject) => {
        const headers = { 'content-type': type, accept: 'application/json' };
        const outgoing = request(`${cluster.serverUrl}${path}`, { method, agent, headers }, (response) => {
          text(response).then((answer) => {
            resolve({
              status: response.statusCode ?? 0,
              body: bodyOf(answer, response.headers['content-type']),
              warnings: (response.headersDistinct['warning'] ?? []).map(warningText),
            });
          }, reject);
        });
        outgoing.on('error', reject);
        outgoing.end(body === undefined ? undefined : JSON.stringify(body));
      }),
    close: () => agent.destroy(),
  };
}

/** Of a path that there is not, the API server says so in plain words. */
function bodyOf(answer: string, type = ''): unknown {
  if (answer === '') return undefined;
  return type.startsWith('application/json') ? JSON.parse(answer) : answer;
}

/** `299 - "text"`, as RFC 7234 has it: the text is quoted, and quotes in it are escaped. */
function warningText(header: string): string {
  const [, quoted = header] = /^\d{3} \S+ "(.*)"$/s.exec(header) ?? [];
  return quoted.replaceAll(/\\(.)/gs, '$1');
}

/** Runs tasks with a bounded number at a time, in order of their start. */
export async function inParallel<T, R>(
  items: readonly T[],
  run: (item: T, index: number) => Promise<R>,
): Promise<readonly R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item !== undefined) results[index] = await run(item, index);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return results;
}
