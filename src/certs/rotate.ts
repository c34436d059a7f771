import type { Cluster } from '../cluster/cluster.ts';
import { isStatus } from '../cluster/cluster-error.ts';
import { nameOf } from '../cluster/resource.ts';
import { dateOf } from '../engine/days.ts';
import { UserError } from '../errors.ts';
import { count } from '../report/words.ts';
import { assess, endOf, type Assessment } from './assess.ts';
import { withChange } from './contents.ts';
import { changeOf } from './mint.ts';
import { readContents, writeChange, type Objects } from './objects.ts';
import { planStep, renewalOf, type CertificateRules, type Step } from './plan.ts';
import { refuseForeign, refuseWrongClock } from './refuse-foreign.ts';

interface Rotation {
  readonly cluster: Cluster;
  readonly objects: Objects;
  readonly rules: CertificateRules;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Writes nothing and says what would be written. */
  readonly dryRun?: boolean;
  readonly tell: (line: string) => void;
}

/** A rotation takes seven writes; more, with every object changed by others meanwhile, mean that somebody objects. */
const mostWrites = 30;

/**
 * Goes on from whatever is there as far as it can at this time, and returns what there is then. Safe to be run at
 * the same time as another, to be ended anywhere, and to be run again.
 *
 * @throws UserError `certificate`, `cluster`
 */
export async function rotate(rotation: Rotation): Promise<Assessment> {
  const { cluster, objects, rules, now, dryRun = false, tell } = rotation;
  let contents = await readContents(cluster, objects);
  for (let writes = 0; writes < mostWrites; writes++) {
    refuseForeign(contents, objects);
    const found = assess(contents, now());
    refuseWrongClock(found, objects, now());
    const step = planStep(found, rules, now());
    if (step.do === 'nothing') return found;
    const change = await changeOf(step, rules, now());
    const line = sentence(step, objects);
    if (dryRun) {
      contents = withChange(contents, change);
      tell(`would write ${line}`);
      continue;
    }
    if (await isWritten(() => writeChange(cluster, objects, contents, change))) tell(`wrote ${line}`);
    else tell(`${nameOf(objects[change.object])} was changed by somebody else meanwhile: reading again`);
    contents = await readContents(cluster, objects);
  }
  throw new UserError(
    'certificate',
    `the certificates do not settle after ${mostWrites} writes: something else writes to ${nameOf(objects.tls)}, ${nameOf(objects.ca)} or the webhook configurations at the same time`,
  );
}

/** False where the object is not as it was read. */
async function isWritten(write: () => Promise<void>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (isStatus(error, 409)) return false;
    throw error;
  }
}

/** What was written, or would be. */
function sentence(step: Exclude<Step, { readonly do: 'nothing' }>, objects: Objects): string {
  const [ca, tls] = [nameOf(objects.ca), nameOf(objects.tls)];
  switch (step.do) {
    case 'make-ca':
      return `a CA to ${ca}: ${step.why}`;
    case 'trust':
      return `the caBundle of ${count(Object.keys(step.bundles).length, 'webhook')} to ${nameOf(objects[step.in])}`;
    case 'publish':
      return `ca.crt to ${tls}`;
    case 'note-trust':
      return `to ${ca} that the next CA is trusted from now on`;
    case 'forget-trust':
      return `to ${ca} that a webhook did not trust the next CA`;
    case 'issue':
      return `a certificate to ${tls}: ${step.why}`;
    case 'promote':
      return `the next CA in the place of the current one to ${ca}: nothing that the old one signed is in use`;
  }
}

/** How things stand, in one line. */
export function standing({ current, next, leaf }: Assessment): string {
  const told: string[] = [];
  if (leaf !== undefined) {
    const { certificate } = leaf;
    told.push(
      `certificate until ${dateOf(endOf(certificate))}, renewed from ${dateOf(renewalOf(certificate))} on`,
    );
  }
  const [ca] = [current, next].filter((one) => one !== undefined);
  if (ca !== undefined)
    told.push(
      `CA until ${dateOf(endOf(ca.certificate))}, replaced from ${dateOf(renewalOf(ca.certificate))} on`,
    );
  if (next !== undefined) told.push('the CA is being replaced: later runs go on with it');
  return told.join('; ');
}
