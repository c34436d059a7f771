import { isIP } from 'node:net';
import { checkCertificate, type Certificate } from './certificate.ts';

const day = 86_400_000;

interface SelfSignedOptions {
  /** DNS names and addresses beside localhost, 127.0.0.1 and ::1. */
  readonly names?: readonly string[];
  readonly validDays?: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** A certificate authority made for this run, and a certificate it signed. */
export interface SelfSigned {
  readonly certificate: Certificate;
  /** What `caBundle` takes, in base64. */
  readonly caPem: string;
}

/**
 * Makes a CA and a certificate for a laptop. Their keys live in memory and end with the process; the key of the
 * CA is forgotten at once, so that nothing else can ever be signed with it.
 */
export async function selfSigned({
  names = [],
  validDays = 365,
  now,
}: SelfSignedOptions): Promise<SelfSigned> {
  // Loaded here, because only this needs it and it costs 100 ms.
  const { generate } = await import('selfsigned');
  // A clock that is some minutes behind must not take the certificate for one from the future.
  const notBeforeDate = new Date(now - 5 * 60_000);
  const notAfterDate = new Date(now + validDays * day);
  const common = { keyType: 'ec', algorithm: 'sha256', notBeforeDate, notAfterDate } as const;
  const ca = await generate([{ name: 'commonName', value: 'daygate self-signed CA' }], {
    ...common,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const altNames = [...new Set(['localhost', '127.0.0.1', '::1', ...names])].map((name) =>
    isIP(name) === 0 ? ({ type: 2, value: name } as const) : ({ type: 7, ip: name } as const),
  );
  const leaf = await generate([{ name: 'commonName', value: 'daygate' }], {
    ...common,
    ca: { key: ca.private, cert: ca.cert },
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames },
    ],
  });
  const certificate = checkCertificate(
    { cert: leaf.cert, key: leaf.private, ca: ca.cert },
    { cert: 'the self-signed certificate', key: 'its key' },
  );
  return { certificate, caPem: ca.cert };
}
