import type { X509Certificate } from 'node:crypto';
import { backdateMs } from '../x509/issue.ts';
import { isKeyOf, readCertificates } from '../x509/read.ts';
import type { Contents, SecretContents } from './contents.ts';

/** The keys of the Secret with the CAs. */
export const caKeys = {
  current: { cert: 'current.crt', key: 'current.key' },
  next: { cert: 'next.crt', key: 'next.key' },
} as const;

/** Since when every caBundle has been seen with the next CA in it. */
export const trustedSinceAnnotation = 'daygate.dev/next-ca-trusted-since';

/** In the subject of every CA that `daygate certs` makes, by which it knows them again. */
export const authorityOrganization = 'daygate certs';

/** A CA that can sign: its key fits and it has not ended. */
export interface Authority {
  readonly certificate: X509Certificate;
  readonly cert: string;
  readonly key: string;
}

/** A certificate tells whole seconds, rounded down: what waits for it to spread must not begin too soon. */
const precisionMs = 1000;

/** A certificate that can be served. */
interface Leaf {
  readonly certificate: X509Certificate;
  /** The CA it leads to. */
  readonly issuer: X509Certificate;
  /** Milliseconds since 1970: not later than then. */
  readonly issuedAt: number;
}

/** The CAs of a bundle somewhere: none where it cannot be read. */
export type Bundle = readonly X509Certificate[];

/** What the contents mean. */
export interface Assessment {
  readonly current: Authority | undefined;
  readonly next: Authority | undefined;
  /** Milliseconds since 1970. */
  readonly trustedSince: number | undefined;
  readonly leaf: Leaf | undefined;
  /** `ca.crt` beside the leaf. */
  readonly published: Bundle;
  readonly configurations: readonly {
    readonly kind: Contents['configurations'][number]['kind'];
    readonly webhooks: readonly { readonly name: string; readonly bundle: Bundle }[];
  }[];
}

export function assess({ ca, tls, configurations }: Contents, now: number): Assessment {
  return {
    current: authorityOf(ca, 'current', now),
    next: authorityOf(ca, 'next', now),
    trustedSince: timeOf(ca.annotations[trustedSinceAnnotation], now),
    leaf: leafOf(tls, now),
    published: bundleOf(tls.data['ca.crt']),
    configurations: configurations.map(({ kind, webhooks }) => ({
      kind,
      webhooks: webhooks.map(({ name, caBundle }) => ({ name, bundle: bundleOf(caBundle) })),
    })),
  };
}

export const startOf = ({ validFromDate }: X509Certificate): number => validFromDate.getTime();
export const endOf = ({ validToDate }: X509Certificate): number => validToDate.getTime();
export const isValidAt = (certificate: X509Certificate, now: number): boolean =>
  startOf(certificate) <= now && now < endOf(certificate);

/** Whether `daygate certs` made this CA, or the CA that signed this certificate. */
export function isOurs({ issuer }: X509Certificate): boolean {
  return issuer.split('\n').includes(`O=${authorityOrganization}`);
}

export function bundleOf(pem = ''): Bundle {
  try {
    return readCertificates(pem);
  } catch {
    return [];
  }
}

function authorityOf(
  { data }: SecretContents,
  which: keyof typeof caKeys,
  now: number,
): Authority | undefined {
  const { [caKeys[which].cert]: cert = '', [caKeys[which].key]: key = '' } = data;
  const [certificate] = bundleOf(cert);
  if (certificate?.ca !== true || !isOurs(certificate)) return undefined;
  // One of the future is there all the same: the clock is what is wrong.
  if (endOf(certificate) <= now || !isKeyOf(certificate, key)) return undefined;
  return { certificate, cert, key };
}

function leafOf({ data }: SecretContents, now: number): Leaf | undefined {
  const [certificate, issuer] = bundleOf(data['tls.crt']);
  if (certificate === undefined || issuer === undefined) return undefined;
  const works =
    isValidAt(certificate, now) &&
    isValidAt(issuer, now) &&
    certificate.checkIssued(issuer) &&
    certificate.verify(issuer.publicKey) &&
    isKeyOf(certificate, data['tls.key'] ?? '');
  return works
    ? { certificate, issuer, issuedAt: startOf(certificate) + backdateMs + precisionMs }
    : undefined;
}

/** A time in the future does not count: waiting for it could take for ever. */
function timeOf(text: string | undefined, now: number): number | undefined {
  const time = Date.parse(text ?? '');
  return time <= now ? time : undefined;
}
