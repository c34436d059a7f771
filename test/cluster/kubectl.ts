import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { User } from './credentials.ts';

export interface KubectlOptions {
  /** Given to kubectl on its standard input, for `-f -`. What is no string is written as JSON. */
  readonly input?: unknown;
  /** Who asks. Default: an administrator in the group system:masters. */
  readonly as?: User;
  /** Default false: a failure throws. True: a success throws. 'either': the caller looks at the code. */
  readonly expectFailure?: boolean | 'either';
}

export interface KubectlResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function runKubectl(
  binary: string,
  kubeconfig: string,
  directory: string,
  args: readonly string[],
  { input, expectFailure = false }: KubectlOptions,
): Promise<KubectlResult> {
  const child = spawn(binary, args, {
    // Neither the user's kubeconfig and discovery cache nor a proxy may play a part.
    env: {
      PATH: process.env['PATH'],
      HOME: directory,
      KUBECONFIG: kubeconfig,
      KUBECACHEDIR: join(directory, 'kubectl'),
    },
    stdio: 'pipe',
  });
  // kubectl may refuse its arguments without reading the input.
  child.stdin.on('error', () => undefined);
  child.stdin.end(typeof input === 'string' ? input : JSON.stringify(input));
  const closed = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === null) reject(new Error(`kubectl ${args.join(' ')} was ended by ${signal ?? 'a signal'}`));
      else resolve(code);
    });
  });
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  if (expectFailure !== 'either' && (code !== 0) !== expectFailure) {
    const outcome = expectFailure ? 'succeeded against expectation' : `failed with code ${code}`;
    throw new Error(`kubectl ${args.join(' ')} ${outcome}\n${stdout}${stderr}`);
  }
  return { code, stdout, stderr };
}
