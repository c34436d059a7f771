import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServeOptions } from '../../src/server/serve.ts';
import { start, type Running } from './harness.ts';
import { allPolicies } from './policies.ts';

/** Files as the kubelet mounts a ConfigMap: links into `..data`, which is itself a link and is swapped. */
export interface Mount {
  readonly folder: string;
  readonly path: (name: string) => string;
  /** Puts these files in the place of the earlier ones, all at once. */
  readonly swap: (files: Readonly<Record<string, string>>) => void;
  readonly remove: () => void;
}

export function mountFiles(files: Readonly<Record<string, string>>): Mount {
  const folder = mkdtempSync(join(tmpdir(), 'daygate-mount-'));
  let version = 0;
  let linked = new Set<string>();
  const swap: Mount['swap'] = (next) => {
    version += 1;
    const data = join(folder, `..version_${version}`);
    mkdirSync(data);
    for (const [name, text] of Object.entries(next)) writeFileSync(join(data, name), text);
    symlinkSync(`..version_${version}`, join(folder, '..data_tmp'));
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
    const names = new Set(Object.keys(next));
    for (const name of names) if (!linked.has(name)) symlinkSync(`..data/${name}`, join(folder, name));
    for (const name of linked) if (!names.has(name)) rmSync(join(folder, name), { force: true });
    linked = names;
    rmSync(join(folder, `..version_${version - 1}`), { recursive: true, force: true });
  };
  swap(files);
  return {
    folder,
    path: (name) => join(folder, name),
    swap,
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** A server as `daygate serve --settings FILE` starts it; it looks often, so that what is said at each look shows. */
export function startMounted(mount: Mount, options: Partial<ServeOptions> = {}): Promise<Running> {
  return start({
    compiled: { settings: mount.path('daygate.yaml'), folders: [], builtIn: allPolicies },
    watch: { settleMs: 20, pollMs: 100 },
    ...options,
  });
}

interface Status {
  readonly settings: { readonly problem: { readonly reasons: readonly string[] } | null };
  readonly ownPolicies: readonly object[];
}

/** What /statusz tells, of which tests name some members. */
export async function statusOf(server: Running): Promise<Status> {
  return JSON.parse((await server.call('/statusz')).text) as Status;
}
