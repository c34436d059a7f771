/** Mounts a Secret as the kubelet does, for a daygate that runs outside of any pod. */
import * as z from 'zod';
import { mountFiles } from '../server/mounted-files.ts';
import type { ApiClient } from './api-client.ts';

const secretSchema = z.looseObject({ data: z.record(z.string(), z.string()) });

export interface MountedSecret {
  /** Where a file of it lies. */
  file(key: string): string;
  /** Brings the files up to date. */
  sync(): Promise<void>;
  remove(): void;
}

export async function mountSecret(api: ApiClient, namespace: string, name: string): Promise<MountedSecret> {
  const read = async (): Promise<Record<string, string>> => {
    const { body } = await api.call('GET', `/api/v1/namespaces/${namespace}/secrets/${name}`);
    const { data } = secretSchema.parse(body);
    return Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
    );
  };
  const mount = mountFiles(await read());
  return { file: mount.path, sync: async () => mount.swap(await read()), remove: mount.remove };
}
