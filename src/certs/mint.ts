import { randomBytes } from 'node:crypto';
import { issueLeaf, makeAuthority, validFrom } from '../x509/issue.ts';
import { authorityOrganization, caKeys, endOf, trustedSinceAnnotation } from './assess.ts';
import type { Change } from './contents.ts';
import type { CertificateRules, Step } from './plan.ts';

/** Makes what a step needs, and says what to write. */
export async function changeOf(
  step: Exclude<Step, { readonly do: 'nothing' }>,
  rules: CertificateRules,
  now: number,
): Promise<Change> {
  switch (step.do) {
    case 'make-ca': {
      const { cert, key } = await newAuthority(rules, now);
      const { [step.as]: names } = caKeys;
      return {
        object: 'ca',
        data: { [names.cert]: cert, [names.key]: key },
        annotations: { [trustedSinceAnnotation]: null },
      };
    }
    case 'trust':
      return { object: step.in, caBundles: step.bundles };
    case 'publish':
      return { object: 'tls', data: { 'ca.crt': step.bundle } };
    case 'note-trust':
      return { object: 'ca', annotations: { [trustedSinceAnnotation]: new Date(now).toISOString() } };
    case 'forget-trust':
      return { object: 'ca', annotations: { [trustedSinceAnnotation]: null } };
    case 'issue': {
      const validity = validFrom(now, rules.leafDays);
      const notAfter = Math.min(validity.notAfter, endOf(step.by.certificate));
      const { cert, key } = await issueLeaf(step.by, rules.names, { ...validity, notAfter });
      // All at once: a pair never comes apart.
      return {
        object: 'tls',
        data: { 'tls.crt': `${lined(cert)}${lined(step.by.cert)}`, 'tls.key': key, 'ca.crt': step.bundle },
      };
    }
    case 'promote':
      return {
        object: 'ca',
        data: {
          [caKeys.current.cert]: step.ca.cert,
          [caKeys.current.key]: step.ca.key,
          [caKeys.next.cert]: null,
          [caKeys.next.key]: null,
        },
        annotations: { [trustedSinceAnnotation]: null },
      };
  }
}

/** Each has a name of its own: clients look for the issuer of a certificate by its name. */
function newAuthority({ caDays }: CertificateRules, now: number): ReturnType<typeof makeAuthority> {
  const name = `daygate CA ${randomBytes(4).toString('hex')}`;
  return makeAuthority(
    [
      { name: 'organizationName', value: authorityOrganization },
      { name: 'commonName', value: name },
    ],
    validFrom(now, caDays),
  );
}

const lined = (pem: string): string => (pem.endsWith('\n') ? pem : `${pem}\n`);
