import { parametersDigest } from '../config/judged-by.ts';
import type { Compiled, Entry } from '../engine/compiled.ts';
import { enforcementIn } from '../engine/judge.ts';
import { compareTexts } from '../engine/order.ts';
import type { AuditReport, JudgedBy } from '../report/audit/audit-report.ts';
import { count } from '../report/words.ts';
import type { Unknown } from './refusal.ts';
import { denyingEntries, profileThen, silentAtAdmission, type Standards } from './standards.ts';

/** What was looked at in one profile of one cluster. */
interface Judged {
  readonly cluster: string | undefined;
  readonly profile: string;
  /** Policies that judged there, with the digest of their parameters. */
  readonly by: Readonly<Record<string, string>>;
}

/**
 * Policies that would deny and of which the report cannot tell what they would find: they were not on when it was made, or
 * had other parameters, or could say nothing.
 */
export function gapsOf(report: AuditReport, standards: Standards, hasReviews: boolean): readonly Unknown[] {
  const reasons = new Map<string, Set<string>>();
  const add = (policy: string, reason: string): void => {
    const known = reasons.get(policy);
    if (known === undefined) reasons.set(policy, new Set([reason]));
    else known.add(reason);
  };
  for (const { profile, by } of judgedIn(report, standards)) {
    for (const entry of denyingEntries(standards, profileThen(standards, profile))) {
      const { id, target } = entry.policy;
      if (silentAtAdmission(standards, entry) !== undefined) continue;
      if (target === 'request') {
        if (!hasReviews) add(id, asksWho);
      } else if (!Object.hasOwn(by, id)) add(id, `the report did not judge by it in profile ${profile}`);
      else if (by[id] !== parametersDigest(entry))
        add(id, `the report judged by it with other parameters in profile ${profile}`);
    }
  }
  for (const [policy, number] of silentOn(report, standards))
    add(policy, `it could say nothing of ${count(number, 'object')} when the report was made`);
  return [...reasons]
    .sort(([a], [b]) => compareTexts(a, b))
    .map(([policy, why]) => ({
      policy,
      reason: [...why].join('; '),
      ask: why.has(asksWho)
        ? 'daygate serve --record FOLDER, then daygate rollout --reviews FOLDER'
        : auditCommand(standards),
    }));
}

/**
 * Policies that refuse what exists today and that the report did not judge by, as after --only: an object that they alone
 * refuse seems to be let in.
 */
export function unjudgedToday(report: AuditReport, standards: Standards): readonly string[] {
  const { before } = standards;
  const tables = judgedIn(report, standards);
  const unjudged = new Set<string>();
  const seen = new Set<string>();
  for (const { cluster, namespace, profile, asks = profile } of report.objects) {
    const key = JSON.stringify([cluster, namespace, profile, asks]);
    if (seen.size === seen.add(key).size) continue;
    const today = before.profiles.get(asks) ?? before.profiles.get(before.settings.profile);
    if (today === undefined || enforcementIn(before, today, namespace) === 'observe') continue;
    const by = tables.find((table) => table.cluster === cluster && table.profile === profile)?.by ?? {};
    for (const entry of today.entries) {
      const { id, target } = entry.policy;
      if (entry.action !== 'deny' || target === 'request' || Object.hasOwn(by, id)) continue;
      if (silentAtAdmission(standards, entry) === undefined) unjudged.add(id);
    }
  }
  return [...unjudged].sort();
}

const asksWho = 'it is about who asks: only recorded reviews tell';

function auditCommand({ change }: Standards): string {
  const asked = 'profile' in change ? `--profile ${change.profile}` : `--only ${change.deny.join(',')}`;
  return `daygate audit ${asked} -o json=FILE`;
}

/** Profiles that objects of the report have, and what judged there. */
function judgedIn(report: AuditReport, standards: Standards): readonly Judged[] {
  const clusters = report.clusters ?? [{ name: undefined, profiles: report.profiles }];
  return clusters.flatMap(({ name, profiles }) => {
    const used = [...report.objects, ...report.namespaces.filter(({ exempt }) => exempt !== true)]
      .filter(({ cluster }) => cluster === name)
      .map(({ profile }) => profile);
    const tables: JudgedBy = profiles ?? guessed(report, new Set(used), standards);
    return [...new Set(used)].sort().map((profile) => ({
      cluster: name,
      profile,
      by: Object.hasOwn(tables, profile) ? (tables[profile] ?? {}) : {},
    }));
  });
}

/**
 * A report that does not say what judged in which profile: it was made by these settings, or by --only, with which its
 * policies were on everywhere.
 */
function guessed(report: AuditReport, used: ReadonlySet<string>, { before, after }: Standards): JudgedBy {
  const on = new Set(report.policies.map(({ id }) => id));
  const entriesOf = ({ profiles }: Compiled, profile: string): readonly Entry[] =>
    (profiles.get(profile)?.entries ?? []).filter(({ policy }) => on.has(policy.id));
  const usual = new Set(
    [...used].flatMap((profile) => entriesOf(before, profile)).map(({ policy }) => policy.id),
  );
  const table = (profile: string): JudgedBy[string] => {
    const only = entriesOf(after, profile).filter(({ policy }) => !usual.has(policy.id));
    const entries = [...entriesOf(before, profile), ...only];
    return Object.fromEntries(entries.map((entry) => [entry.policy.id, parametersDigest(entry)]));
  };
  return Object.fromEntries([...used].map((profile) => [profile, table(profile)]));
}

/** How many objects a policy of the question could say nothing of. */
function silentOn(report: AuditReport, standards: Standards): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  const asked = new Map<string, ReadonlySet<string>>();
  for (const { profile, skipped = [] } of report.objects) {
    if (skipped.length === 0) continue;
    const then = profileThen(standards, profile);
    const ids =
      asked.get(then) ??
      new Set(
        denyingEntries(standards, then)
          .filter(
            (entry) => entry.policy.target !== 'request' && silentAtAdmission(standards, entry) === undefined,
          )
          .map(({ policy }) => policy.id),
      );
    asked.set(then, ids);
    for (const id of skipped) if (ids.has(id)) numbers.set(id, (numbers.get(id) ?? 0) + 1);
  }
  return numbers;
}
