import { createHash } from 'node:crypto';
import { nameOfKind, type Policy } from '#sdk';
import { compareTexts } from '../engine/order.ts';
import type { Compiled } from '../engine/compiled.ts';
import { controlsOf } from '../engine/controls.ts';
import { day } from '../engine/days.ts';
import type { AuditException, AuditFinding, AuditPolicy } from '../report/audit/audit-report.ts';
import { daygateVersion } from '../version.ts';

/** An exception that ends within so many days is expiring. */
const soon = 30;

/**
 * Digest of all that decides how objects are judged: settings, policies, and daygate itself.
 *
 * @param options what the command line says, and what a team's own policies were made of
 */
export function settingsDigest(
  { settings, profiles }: Compiled,
  options: Readonly<Record<string, unknown>>,
): string {
  const hash = createHash('sha256').update(JSON.stringify([daygateVersion(), settings, options]));
  for (const { name, entries } of profiles.values())
    for (const { policy, action, params } of entries)
      hash.update(JSON.stringify([name, policy.id, action, params])).update(policy.validate.toString());
  return hash.digest('base64url').slice(0, 16);
}

/** The policies of all profiles that were used, by id; with the controls that they answer to where those are asked for. */
export function policiesReport(
  { profiles }: Compiled,
  used: Iterable<string>,
  withControls = false,
): readonly AuditPolicy[] {
  const found = new Map<string, { readonly policy: Policy; readonly profiles: string[] }>();
  for (const name of [...new Set(used)].sort(compareTexts))
    for (const { policy } of profiles.get(name)?.entries ?? []) {
      const known = found.get(policy.id);
      if (known === undefined) found.set(policy.id, { policy, profiles: [name] });
      else known.profiles.push(name);
    }
  return [...found.values()]
    .sort((a, b) => compareTexts(a.policy.id, b.policy.id))
    .map(({ policy, profiles: on }) => {
      const { id, title, category, severity, why, references } = policy;
      const controls = withControls
        ? controlsOf(
            policy,
            on.flatMap((name) => profiles.get(name) ?? []),
          )
        : [];
      const met = controls.length === 0 ? {} : { controls };
      return { id, title, category, severity, why, references, ...met, profiles: on, kinds: kindsOf(policy) };
    });
}

/** Kinds of objects that an audit has the policy judge. */
function kindsOf({ target, kinds = [], needsSchema }: Policy): readonly string[] {
  // Who asks is known at admission, and schemas where manifests are.
  if (target === 'request' || needsSchema === true) return [];
  return target === 'object' || target === 'relation' ? [...new Set(kinds.map(nameOfKind))] : ['Workload'];
}

/** What became of each exception. */
export function exceptionsReport(
  { exceptions }: Compiled,
  findings: readonly AuditFinding[],
  now: number,
): readonly AuditException[] {
  const hits = new Map<number, number>();
  for (const { coveredBy = [] } of findings)
    for (const index of coveredBy) hits.set(index, (hits.get(index) ?? 0) + 1);
  return exceptions.map(({ exception, endsAt, index }) => {
    const { policies, match, owner, reason, expires } = exception;
    const daysLeft = Math.ceil((endsAt - now) / day);
    return {
      policies,
      match: {
        ...(match.namespace === undefined ? {} : { namespace: match.namespace }),
        ...(match.kind === undefined ? {} : { kind: match.kind }),
        ...(match.name === undefined ? {} : { name: match.name }),
        ...(match.container === undefined ? {} : { container: match.container }),
      },
      owner,
      reason,
      expires,
      state: now >= endsAt ? 'expired' : daysLeft <= soon ? 'expiring' : 'in-force',
      daysLeft,
      findings: hits.get(index) ?? 0,
    };
  });
}
