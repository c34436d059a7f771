import { dirname } from 'node:path';
import { dateTimeOf } from '../engine/days.ts';
import { messageOf, UserError } from '../errors.ts';
import { isValidAt, readCertificate, type Certificate, type CertificateFiles } from './certificate.ts';
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
 * together is never served, nor is one that has ended (out of a backup, say) as long as the old one works: that stays
 * until a good one is there.
 *
 * @param now milliseconds since 1970
 * @throws UserError `certificate` when the files cannot be used at the start.
 */
export function watchedCertificate(
  files: CertificateFiles,
  now: () => number,
  watching: WatchOptions = {},
): CertificateSource {
  let certificate = readCertificate(files);
  let changed: (certificate: Certificate) => void = () => undefined;
  let failed: (reason: string) => void = () => undefined;
  let lastFailure: string | undefined;
  const reload = (): void => {
    try {
      const next = readCertificate(files);
      if (!isValidAt(next, now()) && isValidAt(certificate, now())) throw notNow(next, files.cert);
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

function notNow({ leafStart, leafExpiry }: Certificate, file: string): UserError {
  const [from, to] = [leafStart, leafExpiry].map(dateTimeOf);
  return new UserError('certificate', `${file}: is not valid now, but from ${from} to ${to}`, file);
}

function isSame(a: Certificate, b: Certificate): boolean {
  return a.cert === b.cert && a.key === b.key && a.clientCa === b.clientCa && a.caExpiry === b.caExpiry;
}
