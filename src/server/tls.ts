import { watch, type FSWatcher } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from '../errors.ts';
import { readCertificate, type Certificate, type CertificateFiles } from './certificate.ts';

/** Where the server gets its certificate from, now and later. */
export interface CertificateSource {
  readonly current: () => Certificate;
  /** Calls back with every new certificate; `failed` with the reason when the files cannot be used. */
  onChange(changed: (certificate: Certificate) => void, failed: (reason: string) => void): void;
  close(): void;
}

/** A certificate that never changes. */
export function fixedCertificate(certificate: Certificate): CertificateSource {
  return { current: () => certificate, onChange: () => undefined, close: () => undefined };
}

interface WatchOptions {
  /** How long the folder must be quiet before it is read: a writer may replace one file after the other. */
  readonly settleMs?: number;
  /** How often it is read without any event: not every file system announces changes. */
  readonly pollMs?: number;
}

/**
 * A certificate in files that are replaced while the server runs, by whoever rotates it. Kubernetes mounts a
 * secret as links into a folder `..data` that is itself a link and is swapped, so the folders are watched and not
 * the files. A pair that does not fit together is never served: the old one stays until a good one is there.
 *
 * @throws UserError `certificate` when the files cannot be used at the start.
 */
export function watchedCertificate(
  files: CertificateFiles,
  { settleMs = 50, pollMs = 10_000 }: WatchOptions = {},
): CertificateSource {
  let certificate = readCertificate(files);
  let changed: (certificate: Certificate) => void = () => undefined;
  let failed: (reason: string) => void = () => undefined;
  let lastFailure: string | undefined;
  let settling: NodeJS.Timeout | undefined;
  const reload = (): void => {
    settling = undefined;
    try {
      const next = readCertificate(files);
      const same = isSame(next, certificate) && lastFailure === undefined;
      lastFailure = undefined;
      if (same) return;
      certificate = next;
      changed(next);
    } catch (error) {
      const reason = messageOf(error);
      // The same fault is said once, not at every look.
      if (reason !== lastFailure) failed(reason);
      lastFailure = reason;
    }
  };
  const soon = (): void => {
    clearTimeout(settling);
    settling = setTimeout(reload, settleMs).unref();
  };
  const folders = new Set(
    Object.values(files as unknown as Record<string, string | undefined>)
      .filter((file) => file !== undefined)
      .map((file) => dirname(file)),
  );
  const watchers: FSWatcher[] = [];
  for (const folder of folders) {
    const watcher = watch(folder, { persistent: false }, soon);
    // A folder that goes away is found by the next look.
    watcher.on('error', soon);
    watchers.push(watcher);
  }
  const poll = setInterval(reload, pollMs).unref();
  return {
    current: () => certificate,
    onChange: (onChanged, onFailed) => {
      changed = onChanged;
      failed = onFailed;
    },
    close: () => {
      clearTimeout(settling);
      clearInterval(poll);
      for (const watcher of watchers) watcher.close();
    },
  };
}

function isSame(a: Certificate, b: Certificate): boolean {
  return a.cert === b.cert && a.key === b.key && a.clientCa === b.clientCa && a.caExpiry === b.caExpiry;
}
