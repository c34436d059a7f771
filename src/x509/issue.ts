import { isIP } from 'node:net';
import type { generate } from 'selfsigned';
import { day } from '../engine/days.ts';

/** A certificate and its key, PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** From when to when, in milliseconds since 1970. */
interface Validity {
  readonly notBefore: number;
  readonly notAfter: number;
}

/** A certificate starts so much before it was made: a clock that is behind must not take it for one of the future. */
export const backdateMs = 5 * 60_000;

export function validFrom(now: number, days: number): Validity {
  return { notBefore: now - backdateMs, notAfter: now + days * day };
}

/** Makes a CA: its own certificate, and the key that signs others. */
export function makeAuthority(subject: readonly NamePart[], validity: Validity): Promise<KeyPair> {
  return generatePair(subject, validity, [
    { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
  ]);
}

/** Makes a certificate for a server. `names` are DNS names and IP addresses. */
export function issueLeaf(
  authority: KeyPair,
  names: readonly string[],
  validity: Validity,
): Promise<KeyPair> {
  const altNames = names.map((name) =>
    isIP(name) === 0 ? ({ type: 2, value: name } as const) : ({ type: 7, ip: name } as const),
  );
  return generatePair(
    [{ name: 'commonName', value: 'daygate' }],
    validity,
    [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames },
    ],
    authority,
  );
}

interface NamePart {
  readonly name: 'commonName' | 'organizationName';
  readonly value: string;
}

type Options = NonNullable<Parameters<typeof generate>[1]>;

async function generatePair(
  subject: readonly NamePart[],
  { notBefore, notAfter }: Validity,
  extensions: NonNullable<Options['extensions']>,
  ca?: KeyPair,
): Promise<KeyPair> {
  // Loaded here, because a server with mounted certificates does not need it and it costs 100 ms.
  const selfsigned = await import('selfsigned');
  const { cert, private: key } = await selfsigned.generate([...subject], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(notBefore),
    notAfterDate: new Date(notAfter),
    extensions,
    ...(ca === undefined ? {} : { ca }),
  });
  return { cert, key };
}
