/** Requests that tell at once when a webhook is not reached. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from './api-client.ts';
import type { ControlPlane } from './control-plane.ts';
import { pod } from './manifests.ts';

/** Whether daygate refuses a bad pod in the namespace. Whatever else comes back means that it was not asked. */
async function answerTo(api: ApiClient, namespace: string, name: string): Promise<string | undefined> {
  const bad = { containers: [{ name: 'app', image: 'app', securityContext: { privileged: true } }] };
  const path = `/api/v1/namespaces/${namespace}/pods?dryRun=All`;
  const answer = JSON.stringify(await api.call('POST', path, pod(name, namespace, bad)));
  return answer.includes('denied the request') ? undefined : answer.slice(0, 500);
}

export async function isAsked(api: ApiClient, namespace: string): Promise<boolean> {
  return (await answerTo(api, namespace, 'first')) === undefined;
}

interface Traffic {
  stop(): Promise<{ readonly calls: number; readonly failures: readonly string[] }>;
}

/** Creates such pods, dry-run, until it is stopped. */
export function startTraffic(api: ApiClient, namespace: string): Traffic {
  const failures: string[] = [];
  let [calls, stopped] = [0, false];
  const worker = async (id: number): Promise<void> => {
    while (!stopped) {
      calls += 1;
      const failure = await answerTo(api, namespace, `load-${id}-${calls}`);
      if (failure !== undefined) failures.push(failure);
      await sleep(5);
    }
  };
  const workers = [0, 1, 2, 3].map(worker);
  return {
    stop: async () => {
      stopped = true;
      await Promise.all(workers);
      return { calls, failures };
    },
  };
}

/** How often the API server went on without a webhook that it could not call. */
export async function failedOpen(plane: ControlPlane): Promise<number> {
  const { stdout } = await plane.kubectl(['get', '--raw=/metrics']);
  const counts = stdout.matchAll(/^apiserver_admission_webhook_fail_open_count\{[^}]*\} (\d+)/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}
