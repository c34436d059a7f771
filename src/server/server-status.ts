import type { Certificate } from './certificate.ts';
import { checkResult, type Check } from './readiness.ts';
import { ownPolicies, type SettingsSource } from './settings/in-force.ts';
import type { SuspensionState } from './suspension.ts';
import type { StatusPart } from './statusz.ts';

interface StatusOptions {
  readonly version: string;
  readonly settings: SettingsSource;
  readonly certificate: () => Certificate;
  readonly checks: readonly Check[];
  readonly isDraining: () => boolean;
  readonly suspension: () => SuspensionState | undefined;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/** What every server has to tell. docs/server.md describes it. */
export function serverStatus({
  version,
  settings,
  certificate,
  checks,
  isDraining,
  suspension,
  startedAt,
}: StatusOptions): readonly StatusPart[] {
  return [
    { name: 'version', value: () => version },
    { name: 'node', value: () => process.version },
    { name: 'started', value: () => instant(startedAt) },
    { name: 'draining', value: isDraining },
    { name: 'checks', value: () => checks.map(checkResult) },
    { name: 'settings', value: () => settingsStatus(settings) },
    { name: 'profiles', value: () => profilesStatus(settings) },
    { name: 'ownPolicies', value: () => ownPolicies(settings.current()) },
    { name: 'certificate', value: () => certificateStatus(certificate()) },
    { name: 'breakglass', value: () => breakglassStatus(suspension()) },
  ];
}

function settingsStatus(source: SettingsSource): object {
  const { compiled, digest, webhooks, loadedAt } = source.current();
  const { profile, enforcement, webhook } = compiled.settings;
  const problem = source.problem();
  return {
    file: source.file() ?? null,
    digest,
    loaded: instant(loadedAt),
    problem: problem === undefined ? null : { since: instant(problem.since), reasons: problem.reasons },
    profile,
    enforcement,
    failurePolicy: webhook.failurePolicy,
    webhooks,
  };
}

/** How many policies each profile has, by what their findings lead to. */
function profilesStatus(source: SettingsSource): object {
  const profiles = [...source.current().compiled.profiles.values()];
  return Object.fromEntries(
    profiles.map(({ name, enforcement, entries }) => {
      const counts = { deny: 0, warn: 0, audit: 0 };
      for (const { action } of entries) counts[action] += 1;
      return [name, { ...counts, enforcement }];
    }),
  );
}

function certificateStatus({ fingerprint, leafExpiry, caExpiry }: Certificate): object {
  return {
    fingerprint,
    ends: instant(leafExpiry),
    caEnds: caExpiry === undefined ? null : instant(caExpiry),
  };
}

/** What the last review said: this server can look nothing up. */
function breakglassStatus(state: SuspensionState | undefined): object | null {
  return state === undefined ? null : { suspended: state.suspended, until: instant(state.until) };
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
