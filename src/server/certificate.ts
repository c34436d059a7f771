import { createPrivateKey, type X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureVersion } from 'node:tls';
import { fileProblem, messageOf, UserError } from '../errors.ts';
import { readPlainFile } from '../plain-file.ts';
import { readCertificates } from '../x509/read.ts';

/** Where the certificate lies: the keys of a kubernetes.io/tls secret, as they are mounted. */
export interface CertificateFiles {
  /** The leaf and what leads from it to the CA, PEM (`tls.crt`). */
  readonly cert: string;
  /** PEM (`tls.key`). */
  readonly key: string;
  /** The CA that `caBundle` holds (`ca.crt`): only watched for its expiry. */
  readonly ca?: string | undefined;
  /** Who wants a review must show a certificate of this CA. */
  readonly clientCa?: string | undefined;
}

/** A certificate that was looked at and can be served. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  readonly clientCa: string | undefined;
  /** SHA-256 of the leaf. */
  readonly fingerprint: string;
  /** Milliseconds since 1970, as what follows. */
  readonly leafStart: number;
  readonly leafExpiry: number;
  readonly caExpiry: number | undefined;
}

/** What TLS servers are made with and given anew when the certificate changes. */
export function secureContext({ cert, key, clientCa }: Certificate): {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string;
  readonly minVersion: SecureVersion;
} {
  return { cert, key, ...(clientCa === undefined ? {} : { ca: clientCa }), minVersion: 'TLSv1.2' };
}

/**
 * Reads and checks certificate files.
 *
 * @throws UserError `certificate` when one cannot be read, is no PEM, or the key belongs to another certificate.
 */
export function readCertificate(files: CertificateFiles): Certificate {
  const read = (file: string): string => {
    try {
      return readPlainFile(file).toString();
    } catch (error) {
      throw new UserError('certificate', `${file}: ${fileProblem(error)}`, file);
    }
  };
  return checkCertificate(
    {
      cert: read(files.cert),
      key: read(files.key),
      ca: files.ca === undefined ? undefined : read(files.ca),
      clientCa: files.clientCa === undefined ? undefined : read(files.clientCa),
    },
    files,
  );
}

interface Pem {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string | undefined;
  readonly clientCa?: string | undefined;
}

/** Checks PEM texts; `names` is what messages call them. */
export function checkCertificate({ cert, key, ca, clientCa }: Pem, names: CertificateFiles): Certificate {
  const chain = parseChain(cert, names.cert);
  const leaf = firstOf(chain, names.cert);
  const authorities =
    ca === undefined ? chain.slice(1).filter((one) => one.ca) : parseChain(ca, names.ca ?? 'ca');
  // Where there is none, TLS takes those that the whole world trusts.
  if (clientCa !== undefined) {
    const name = names.clientCa ?? 'the client CA';
    firstOf(parseChain(clientCa, name), name);
  }
  try {
    if (!leaf.checkPrivateKey(createPrivateKey(key))) {
      throw new UserError('certificate', `${names.key}: is not the key of ${names.cert}`, names.key);
    }
    createSecureContext({ cert, key, ...(clientCa === undefined ? {} : { ca: clientCa }) });
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError('certificate', `${names.key}: ${messageOf(error)}`, names.key);
  }
  const ends = authorities.map(({ validToDate }) => validToDate.getTime());
  return {
    cert,
    key,
    clientCa,
    fingerprint: leaf.fingerprint256,
    leafStart: leaf.validFromDate.getTime(),
    leafExpiry: leaf.validToDate.getTime(),
    // While CAs change, the bundle holds the old and the new one: trust lasts as long as the longer of them.
    caExpiry: ends.length === 0 ? undefined : Math.max(...ends),
  };
}

/** Whether it can be served at this time. */
export function isValidAt({ leafStart, leafExpiry }: Certificate, now: number): boolean {
  return leafStart <= now && now < leafExpiry;
}

function parseChain(pem: string, name: string): readonly X509Certificate[] {
  try {
    return readCertificates(pem);
  } catch (error) {
    throw new UserError('certificate', `${name}: ${messageOf(error)}`, name);
  }
}

function firstOf([first]: readonly X509Certificate[], name: string): X509Certificate {
  if (first === undefined) throw new UserError('certificate', `${name}: holds no certificate`, name);
  return first;
}
