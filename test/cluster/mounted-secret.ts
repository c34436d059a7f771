/** Mounts a Secret as the kubelet does, for a daygate that runs outside of any pod. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import type { ApiClient } from './api-client.ts';

const secretSchema = z.looseObject({ data: z.record(z.string(), z.string()) });

export interface MountedSecret {
  /** Where a file of it lies. */
  file(key: string): string;
  /** Brings the files up to date: the links lead to a folder that is swapped in one move. */
  sync(): Promise<void>;
  remove(): void;
}

export async function mountSecret(api: ApiClient, namespace: string, name: string): Promise<MountedSecret> {
  const folder = mkdtempSync(join(tmpdir(), 'daygate-mount-'));
  const linked = new Set<string>();
  let version = 0;
  const sync = async (): Promise<void> => {
    const { body } = await api.call('GET', `/api/v1/namespaces/${namespace}/secrets/${name}`);
    const { data } = secretSchema.parse(body);
    const before = `..version_${version}`;
    version += 1;
    const next = `..version_${version}`;
    mkdirSync(join(folder, next));
    for (const [key, value] of Object.entries(data))
      writeFileSync(join(folder, next, key), Buffer.from(value, 'base64'), { mode: 0o600 });
    symlinkSync(next, join(folder, '..data_tmp'));
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
    for (const key of Object.keys(data)) {
      if (!linked.has(key)) symlinkSync(`..data/${key}`, join(folder, key));
      linked.add(key);
    }
    rmSync(join(folder, before), { recursive: true, force: true });
  };
  await sync();
  return {
    file: (key) => join(folder, key),
    sync,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
