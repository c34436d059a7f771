import type { X509Certificate } from 'node:crypto';
import { nameOf, type ObjectRef } from '../cluster/resource.ts';
import { UserError } from '../errors.ts';
import { bundleOf, caKeys, isOurs, startOf, type Assessment } from './assess.ts';
import type { Contents } from './contents.ts';
import type { Objects } from './objects.ts';

/**
 * Certificates that daygate did not make are somebody's, and stay.
 *
 * @throws UserError `certificate`, with what to do
 */
export function refuseForeign({ ca, tls, configurations }: Contents, objects: Objects): void {
  for (const [ref, { annotations }] of [
    [objects.ca, ca],
    [objects.tls, tls],
  ] as const)
    refuseManaged(ref, annotations);
  for (const { kind, annotations } of configurations) refuseManaged(objects[kind], annotations);
  refuseOthers(objects.tls, tls.data['tls.crt'], 'tls.crt');
  for (const { cert } of Object.values(caKeys)) refuseOthers(objects.ca, ca.data[cert], cert);
}

function refuseManaged(ref: ObjectRef, annotations: Readonly<Record<string, string>>): void {
  const found = Object.keys(annotations).find((key) => key.startsWith('cert-manager.io/'));
  if (found === undefined) return;
  throw new UserError(
    'certificate',
    `${nameOf(ref)} is looked after by cert-manager (annotation ${found}), and daygate certs leaves it alone: remove the CronJob daygate-certs, or the annotation`,
  );
}

function refuseOthers(ref: ObjectRef, pem: string | undefined, key: string): void {
  const [certificate] = bundleOf(pem);
  if (certificate === undefined || isOurs(certificate)) return;
  const where = ref.namespace === undefined ? '' : ` -n ${ref.namespace}`;
  throw new UserError(
    'certificate',
    `${nameOf(ref)}: ${key} was not made by daygate certs but by ${issuerOf(certificate)}, and is left alone. Either remove the CronJob daygate-certs, or hand the Secret over to it: kubectl patch secret ${ref.name}${where} --type=json -p '[{"op":"remove","path":"/data"}]'`,
  );
}

const issuerOf = ({ issuer }: X509Certificate): string => JSON.stringify(issuer.split('\n').join(', '));

/**
 * A certificate of the future means that one of two clocks is wrong, and nothing should be made by a wrong one.
 *
 * @throws UserError `certificate`
 */
export function refuseWrongClock({ current, next }: Assessment, objects: Objects, now: number): void {
  for (const authority of [current, next]) {
    if (authority === undefined || startOf(authority.certificate) <= now) continue;
    const start = authority.certificate.validFromDate.toISOString();
    throw new UserError(
      'certificate',
      `${nameOf(objects.ca)}: the CA begins at ${start} and here it is ${new Date(now).toISOString()}: is the clock of this node right? If it is, the CA was made under a wrong one: remove the data of the Secret, and run daygate certs again`,
    );
  }
}
