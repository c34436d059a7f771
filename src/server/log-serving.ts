import type { Logger } from '../log/log.ts';
import { checkResult, type Check } from './readiness.ts';
import type { InForce } from './settings/in-force.ts';

/** The line that a server begins with: an error where no caller takes its certificate, which has ended. */
export function logServing(
  logger: Logger,
  url: string,
  { compiled, digest }: InForce,
  checks: Readonly<Record<'selfCall' | 'certificate', Check>>,
): void {
  const [selfCall, certificate] = [checkResult(checks.selfCall), checkResult(checks.certificate)];
  logger[certificate.ok ? 'info' : 'error'](
    {
      url,
      profiles: [...compiled.profiles.keys()],
      enforcement: compiled.settings.enforcement,
      failurePolicy: compiled.settings.webhook.failurePolicy,
      settings: digest,
      selfCall: selfCall.problem ?? 'ok',
      certificate: certificate.problem ?? certificate.note ?? 'ok',
    },
    'serving',
  );
}
