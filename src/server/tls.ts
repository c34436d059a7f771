import { dirname } from 'node:path';
import { messageOf } from '../errors.ts';
import { readCertificate, type Certificate, type CertificateFiles } from './certificate.ts';
import { watchFolders, type WatchOptions } from './watch-folders.ts';

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

/**
 * A certificate in files that are replaced while the server runs, by whoever rotates it. A pair that does not fit
 * together is never served: the old one stays until a good one is there.
 *
 * @throws UserError `certificate` when the files cannot be used at the start.
 */
export function watchedCertificate(files: CertificateFiles, watching: WatchOptions = {}): CertificateSource {
  let certificate = readCertificate(files);
  let changed: (certificate: Certificate) => void = () => undefined;
  let failed: (reason: string) => void = () => undefined;
  let lastFailure: string | undefined;
  const reload = (): void => {
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
  const folders = watchFolders(reload, watching);
  folders.follow(
    Object.values(files as unknown as Record<string, string | undefined>)
      .filter((file) => file !== undefined)
      .map((file) => dirname(file)),
  );
  return {
    current: () => certificate,
    onChange: (onChanged, onFailed) => {
      changed = onChanged;
      failed = onFailed;
      // It may have been found while nobody listened yet.
      if (lastFailure !== undefined) failed(lastFailure);
    },
    close: () => folders.close(),
  };
}

function isSame(a: Certificate, b: Certificate): boolean {
  return a.cert === b.cert && a.key === b.key && a.clientCa === b.clientCa && a.caExpiry === b.caExpiry;
}
