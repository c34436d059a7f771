import { watch, type FSWatcher } from 'node:fs';

export interface WatchOptions {
  /** How long the folders must be quiet before it looks: a writer may replace one file after the other. */
  readonly settleMs?: number;
  /** How often it looks without any event: not every file system announces changes. */
  readonly pollMs?: number;
}

interface FolderWatch {
  /** Watches these from now on, and no others. */
  follow(folders: Iterable<string>): void;
  /** Looks once all is quiet, as after a change. */
  soon(): void;
  close(): void;
}

/**
 * Calls back when something in the folders may have changed, and now and then in any case. Kubernetes mounts a secret
 * or ConfigMap as links into a folder `..data` that is itself a link and is swapped, and editors put a new file in the
 * place of the old one: so folders are watched and not files.
 */
export function watchFolders(
  look: () => void,
  { settleMs = 50, pollMs = 10_000 }: WatchOptions = {},
): FolderWatch {
  const watchers = new Map<string, FSWatcher>();
  let settling: NodeJS.Timeout | undefined;
  const soon = (): void => {
    clearTimeout(settling);
    settling = setTimeout(look, settleMs).unref();
  };
  const drop = (folder: string): void => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  const add = (folder: string): void => {
    try {
      const watcher = watch(folder, { persistent: false }, soon);
      watcher.on('error', () => {
        drop(folder);
        soon();
      });
      watchers.set(folder, watcher);
    } catch {
      // It is not there, or the system watches no more: the next look finds what nobody announces.
    }
  };
  const poll = setInterval(look, pollMs).unref();
  return {
    follow: (folders) => {
      const wanted = new Set(folders);
      for (const folder of watchers.keys()) if (!wanted.has(folder)) drop(folder);
      for (const folder of wanted) if (!watchers.has(folder)) add(folder);
    },
    soon,
    close: () => {
      clearTimeout(settling);
      clearInterval(poll);
      for (const folder of [...watchers.keys()]) drop(folder);
    },
  };
}
