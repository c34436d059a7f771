import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findBinaries } from './binaries.ts';

interface HelmResult {
  readonly code: number;
  readonly text: string;
}

/** The real helm for a cluster, with no repository, plugin or cache of whoever runs the tests. */
export async function createHelm(kubeconfig: string, home: string) {
  const { helm } = await findBinaries(['helm']);
  return async (...args: readonly string[]): Promise<HelmResult> => {
    const env = { PATH: process.env['PATH'], HOME: home, KUBECONFIG: kubeconfig };
    try {
      const { stdout, stderr } = await promisify(execFile)(helm, args, { env });
      return { code: 0, text: stdout + stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, text: stdout + stderr };
    }
  };
}
