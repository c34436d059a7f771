import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { dateOf } from '../engine/days.ts';
import { endOf, isOurs, startOf, type Assessment, type Authority, type Bundle } from './assess.ts';
import type { ConfigurationKind } from './contents.ts';

/** What certificates are to be like. */
export interface CertificateRules {
  /** DNS names and IP addresses of the leaf; the first is its main name. */
  readonly names: readonly string[];
  readonly leafDays: number;
  /** At least three times leafDays, so that no leaf outlives its CA. */
  readonly caDays: number;
  /** How long API servers and pods have to learn of a change before the next one builds on it. */
  readonly overlapMs: number;
}

/** The next thing to do; each is one write to one object. */
export type Step =
  /** Make a CA and keep it, trusted by nobody yet. */
  | { readonly do: 'make-ca'; readonly as: 'current' | 'next'; readonly why: string }
  /** Let a configuration trust exactly these CAs. */
  | {
      readonly do: 'trust';
      readonly in: ConfigurationKind;
      readonly bundles: Readonly<Record<string, string>>;
    }
  /** The same for `ca.crt` beside the leaf. */
  | { readonly do: 'publish'; readonly bundle: string }
  /** Note that every configuration trusts the next CA, from now on; or that one did not. */
  | { readonly do: 'note-trust' }
  | { readonly do: 'forget-trust' }
  | { readonly do: 'issue'; readonly by: Authority; readonly bundle: string; readonly why: string }
  /** The next CA takes the place of the current one. */
  | { readonly do: 'promote'; readonly ca: Authority }
  | { readonly do: 'nothing' };

/** Of a life: what is renewed has so much left, and daily runs have so many chances. */
const renewAt = 1 / 3;

/**
 * The rotation as a state machine: what is there, and the time → the next step. It keeps no memory of its own, so
 * a run that was ended anywhere is continued by the next one, and where all is done there is nothing to do.
 *
 * At every moment each certificate that a pod may serve leads to a CA that each API server trusts, although both
 * learn late: a CA signs only after it has been trusted for the overlap, and is trusted until what it signed has
 * been replaced for the overlap.
 */
export function planStep(found: Assessment, rules: CertificateRules, now: number): Step {
  const { current, next, leaf } = found;
  if (current === undefined) {
    const isInUse = leaf !== undefined && !isSame(leaf.issuer, next?.certificate);
    if (next === undefined) {
      // What is served goes on being trusted while a new CA becomes known.
      const as = leaf === undefined ? 'current' : 'next';
      return { do: 'make-ca', as, why: 'there is none that can sign' };
    }
    if (!isInUse) return { do: 'promote', ca: next };
  }
  if (current !== undefined && next === undefined && isDue(current.certificate, now))
    return {
      do: 'make-ca',
      as: 'next',
      why: `the present one ends on ${dateOf(endOf(current.certificate))}`,
    };

  const needed = distinct([current?.certificate, next?.certificate, leaf?.issuer]);
  return (
    trustStep(found, needed) ?? leafStep(found, rules, now, needed) ?? endStep(found, rules, now, needed)
  );
}

/** Everybody has to trust all CAs that are in use or will be, before anything else. */
function trustStep(found: Assessment, needed: readonly X509Certificate[]): Step | undefined {
  const { next, trustedSince, configurations, published, leaf } = found;
  const lacks = (bundle: Bundle): boolean => needed.some((one) => !includes(bundle, one));
  for (const { kind, webhooks } of configurations) {
    const lacking = webhooks.filter(({ bundle }) => lacks(bundle));
    if (lacking.length === 0) continue;
    const isNextNew = lacking.some(({ bundle }) => !includes(bundle, next?.certificate));
    if (next !== undefined && trustedSince !== undefined && isNextNew) return { do: 'forget-trust' };
    return {
      do: 'trust',
      in: kind,
      bundles: Object.fromEntries(
        lacking.map(({ name, bundle }) => [name, pemOf(distinct([...needed, ...bundle]))]),
      ),
    };
  }
  if (leaf !== undefined && lacks(published))
    return { do: 'publish', bundle: pemOf(distinct([...needed, ...published])) };
  if (next !== undefined && trustedSince === undefined) return { do: 'note-trust' };
  return undefined;
}

function leafStep(
  { current, next, trustedSince, leaf, published }: Assessment,
  { names, overlapMs }: CertificateRules,
  now: number,
  needed: readonly X509Certificate[],
): Step | undefined {
  const isNextKnown =
    next !== undefined &&
    (isSame(next.certificate, leaf?.issuer) ||
      (trustedSince !== undefined && trustedSince + overlapMs <= now) ||
      // Where nothing works there is nothing to wait for.
      (leaf === undefined && current === undefined));
  const by = isNextKnown ? next : current;
  if (by === undefined) return undefined;
  const why = reasonToIssue(leaf?.certificate, by, names, now);
  if (why === undefined) return undefined;
  return { do: 'issue', by, why, bundle: pemOf(distinct([...needed, ...published])) };
}

function reasonToIssue(
  leaf: X509Certificate | undefined,
  by: Authority,
  names: readonly string[],
  now: number,
): string | undefined {
  if (leaf === undefined) return 'there is none that works';
  if (isDue(leaf, now)) return `the one before ends on ${dateOf(endOf(leaf))}`;
  if (!leaf.checkIssued(by.certificate)) return 'the CA is new';
  const missing = names.find((name) => !covers(leaf, name));
  return missing === undefined ? undefined : `the one before is not for ${missing}`;
}

/** What is not in use any more goes, once nobody can be using it. */
function endStep(
  { current, next, leaf, published, configurations }: Assessment,
  { overlapMs }: CertificateRules,
  now: number,
  needed: readonly X509Certificate[],
): Step {
  if (leaf === undefined || leaf.issuedAt + overlapMs > now) return { do: 'nothing' };
  if (next !== undefined && isSame(leaf.issuer, next.certificate)) return { do: 'promote', ca: next };
  if (current === undefined || next !== undefined) return { do: 'nothing' };
  // A CA that daygate did not make is somebody else's business.
  const kept = (bundle: Bundle): readonly X509Certificate[] =>
    bundle.filter((one) => !isOurs(one) || includes(needed, one));
  const hasMore = (bundle: Bundle): boolean => kept(bundle).length < bundle.length;
  for (const { kind, webhooks } of configurations) {
    const longer = webhooks.filter(({ bundle }) => hasMore(bundle));
    if (longer.length === 0) continue;
    const bundles = Object.fromEntries(longer.map(({ name, bundle }) => [name, pemOf(kept(bundle))]));
    return { do: 'trust', in: kind, bundles };
  }
  return hasMore(published) ? { do: 'publish', bundle: pemOf(kept(published)) } : { do: 'nothing' };
}

/** When a certificate is to be renewed, in milliseconds since 1970. */
export function renewalOf(certificate: X509Certificate): number {
  const end = endOf(certificate);
  return end - (end - startOf(certificate)) * renewAt;
}

const isDue = (certificate: X509Certificate, now: number): boolean => renewalOf(certificate) <= now;

function covers(certificate: X509Certificate, name: string): boolean {
  const found = isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name);
  return found !== undefined;
}

const isSame = (a: X509Certificate, b: X509Certificate | undefined): boolean =>
  a.fingerprint256 === b?.fingerprint256;

const includes = (list: readonly X509Certificate[], wanted: X509Certificate | undefined): boolean =>
  list.some((one) => isSame(one, wanted));

function distinct(list: readonly (X509Certificate | undefined)[]): readonly X509Certificate[] {
  const present = list.filter((one) => one !== undefined);
  return [...new Map(present.map((one) => [one.fingerprint256, one])).values()];
}

const pemOf = (list: readonly X509Certificate[]): string => list.map(String).join('');
