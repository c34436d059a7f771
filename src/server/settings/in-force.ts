import { createHash } from 'node:crypto';
import type { Compiled } from '../../engine/compiled.ts';
import { webhookConfigurations } from '../../engine/webhooks.ts';
import type { Metrics } from '../metrics.ts';
import type { Check } from '../readiness.ts';
import { digestOfModules, type Loaded } from '../sandbox/loaded-policies.ts';
import type { OwnPolicy } from '../sandbox/quarantine.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';

/** Settings, and what runs the policies that they send elsewhere. A review is answered with one of them throughout. */
export interface InForce {
  readonly compiled: Compiled;
  readonly sandbox: Sandbox | undefined;
  /** Tells replicas with different settings or policies apart. */
  readonly digest: string;
  /** The same for all settings that `daygate render` makes the same webhooks of. */
  readonly webhooks: string;
  /** Milliseconds since 1970. */
  readonly loadedAt: number;
}

/** All that settings in force are made of, as plain data: what lies on the disk by now does not matter. */
export interface SettingsSnapshot {
  readonly text: string;
  readonly file?: string | undefined;
  /** A team's own policies, where there are any. */
  readonly loaded?: Loaded | undefined;
  /** The digest of what lay on the disk when it was read. */
  readonly seen?: string | undefined;
}

/** Settings in force that can be made again elsewhere. */
export interface SettingsInForce extends InForce {
  readonly snapshot: SettingsSnapshot;
}

/** Where a server gets its settings from, now and later. */
export interface SettingsSource {
  /** Asked for every review, so that new settings count at once. */
  readonly current: () => InForce;
  /** Undefined where there is none. */
  readonly file: () => string | undefined;
  /** Why what lies on the disk by now is not in force. */
  readonly problem: () => SettingsProblem | undefined;
  close(): Promise<void>;
}

export interface SettingsProblem {
  /** Milliseconds since 1970. */
  readonly since: number;
  /** One mistake each. */
  readonly reasons: readonly string[];
}

export function inForce(compiled: Compiled, sandbox: Sandbox | undefined, loadedAt: number): InForce {
  return {
    compiled,
    sandbox,
    digest: settingsDigest(compiled, sandbox),
    webhooks: webhooksDigest(compiled),
    loadedAt,
  };
}

export function ownPolicies({ compiled, sandbox }: InForce): readonly OwnPolicy[] {
  return [...compiled.sandboxed].map((id) => ({ id, quarantined: sandbox?.holds(id) ?? false }));
}

/** Who is told of settings that come in force. */
export interface Told {
  readonly metrics: Metrics;
  readonly onInForce: (compiled: Compiled) => void;
}

/** Shows what is in force, and drops what metrics know of profiles and policies that are not there any more. */
export function showSettings({ compiled, digest, loadedAt }: InForce, { metrics, onInForce }: Told): void {
  onInForce(compiled);
  metrics.settings(digest, loadedAt);
  const entries = [...compiled.profiles.values()].flatMap((profile) => profile.entries);
  const policies = new Set([...compiled.sandboxed, ...entries.map(({ policy }) => policy.id)]);
  void metrics.keep({ profiles: new Set(compiled.profiles.keys()), policies });
}

/** Settings that somebody else has compiled; `compiled` may return others later. */
export function fixedSettings(
  compiled: () => Compiled,
  sandbox: Sandbox | undefined,
  { now, ...told }: Told & { readonly now: () => number },
): SettingsSource {
  const take = (): InForce => {
    const taken = inForce(compiled(), sandbox, now());
    showSettings(taken, told);
    return taken;
  };
  let present = take();
  return {
    current: () => {
      if (compiled() !== present.compiled) present = take();
      return present;
    },
    file: () => undefined,
    problem: () => undefined,
    close: async () => {
      await sandbox?.close();
    },
  };
}

/** New settings that cannot be used must not take admission down: the server is as ready as it was with the old. */
export function settingsCheck({ problem }: SettingsSource): Check {
  return {
    name: 'settings',
    problem: () => undefined,
    note: () => {
      const [first, ...others] = problem()?.reasons ?? [];
      if (first === undefined) return undefined;
      const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
      return `those on the disk cannot be used, those before them stay: ${first}${more}`;
    },
  };
}

/** 12 digits of what every profile turns on, how, and of the files of a team's own policies. */
function settingsDigest({ settings, profiles }: Compiled, sandbox: Sandbox | undefined): string {
  const entries = [...profiles.values()].map(({ name, enforcement, entries: list }) => [
    name,
    enforcement,
    list.map(({ policy, action, params, fixOnAdmission, grandfatherUntil }) => [
      policy.id,
      action,
      params,
      fixOnAdmission,
      grandfatherUntil,
    ]),
  ]);
  return digestOf([settings, entries, sandbox === undefined ? '' : digestOfModules(sandbox.loaded.modules)]);
}

/** 12 digits of the webhook configurations. Where they send requests, and whom they trust, is said elsewhere, too. */
function webhooksDigest(compiled: Compiled): string {
  return digestOf(
    JSON.stringify(webhookConfigurations(compiled), (key, value: unknown) =>
      key === 'clientConfig' ? undefined : value,
    ),
  );
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);
}
