import { issueLeaf, makeAuthority, validFrom } from '../x509/issue.ts';
import { checkCertificate, type Certificate } from './certificate.ts';

interface SelfSignedOptions {
  /** DNS names and addresses beside localhost, 127.0.0.1 and ::1. */
  readonly names?: readonly string[];
  readonly validDays?: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** A certificate authority made for this run, and a certificate it signed. */
interface SelfSigned {
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
  const validity = validFrom(now, validDays);
  const ca = await makeAuthority([{ name: 'commonName', value: 'daygate self-signed CA' }], validity);
  const leaf = await issueLeaf(ca, [...new Set(['localhost', '127.0.0.1', '::1', ...names])], validity);
  const certificate = checkCertificate(
    { ...leaf, ca: ca.cert },
    { cert: 'the self-signed certificate', key: 'its key' },
  );
  return { certificate, caPem: ca.cert };
}
