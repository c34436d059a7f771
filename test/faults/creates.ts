import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { deniedPod, newPod, passingPod, patchedPod } from '../../bench/reviews.ts';
import type { ApiAnswer, ApiClient } from '../cluster/api-client.ts';
import type { ControlPlane } from '../cluster/control-plane.ts';
import type { Send } from './steady-load.ts';

/** Where webhooks are registered that are asked about every Pod made here. */
export const namespace = 'shop';

interface Kind {
  readonly pod: object;
  readonly isRight: (answer: ApiAnswer, text: string) => boolean;
}

const kinds: readonly Kind[] = [
  { pod: newPod(passingPod(), namespace), isRight: ({ status }) => status === 201 },
  {
    pod: newPod(patchedPod(), namespace),
    isRight: ({ status }, text) => status === 201 && text.includes('RuntimeDefault'),
  },
  { pod: newPod(passingPod(), namespace), isRight: ({ status }) => status === 201 },
  {
    pod: newPod(deniedPod(), namespace),
    isRight: ({ status }, text) => status === 403 && text.includes('forbid-latest-tag'),
  },
];

/** Dry-run creates of Pods, of which daygate must let some pass, patch some, and refuse some. */
export function createsThrough(api: ApiClient): Send {
  return async (index) => {
    const kind = kinds[index % kinds.length] as Kind;
    const answer = await api.call('POST', `/api/v1/namespaces/${namespace}/pods?dryRun=All`, kind.pod);
    const text = JSON.stringify(answer.body);
    return kind.isRight(answer, text) ? undefined : `${answer.status} ${text.slice(0, 300)}`;
  };
}

const main = join(import.meta.dirname, '../../src/main.ts');

/** The webhook configurations for these settings, calling this address. */
export function renderWebhooks(settingsFile: string, url: string, caFile?: string): string {
  const ca = caFile === undefined ? [] : ['--ca-bundle', caFile];
  const args = ['render', '--settings', settingsFile, '--url', url, ...ca];
  return execFileSync(process.execPath, [main, ...args], { encoding: 'utf8' });
}

/** Applies webhook configurations and waits until the API server calls them: it learns of them by a watch. */
export async function register(cluster: ControlPlane, api: ApiClient, configurations: string): Promise<void> {
  await cluster.kubectl(['apply', '-f', '-'], { input: configurations });
  const send = createsThrough(api);
  let problem: string | undefined;
  for (let attempt = 0; attempt < 200; attempt++) {
    // The one that is refused.
    problem = await send(3);
    if (problem === undefined) return;
    await sleep(50);
  }
  throw new Error(`the API server does not call daygate: ${problem ?? ''}`);
}
