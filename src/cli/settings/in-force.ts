import type { Action, Path, Policy } from '#sdk';
import type { SettingsFile } from '../../config/parse-settings.ts';
import type { Compiled, Entry } from '../../engine/compiled.ts';
import { compareTexts } from '../../engine/order.ts';
import type { ReportError } from '../../report/report.ts';
import { profileChain, profileLayers, profileRow, type ProfileLayer } from '../../engine/profiles.ts';

/** A value that is in force, and who says so: a place in the settings, a profile that ships, or nobody. */
export interface InForce<T> {
  readonly value: T;
  readonly from: string;
}

export interface PolicyInForce {
  readonly id: string;
  /** What the profile says. */
  readonly action: InForce<Action>;
  /** What it leads to at admission, where enforcement caps it. */
  readonly effective: Action;
  readonly params: Readonly<Record<string, InForce<unknown>>>;
  /** Whether admission patches what the policy finds. */
  readonly fix: InForce<boolean>;
  /** Present where findings that an object had before are tolerated until that day only. */
  readonly grandfatherUntil?: InForce<string>;
  /** Present where PolicyReports do not have each of its findings. */
  readonly policyReport?: InForce<string>;
  /** Places of the exceptions for it that have not ended and, where a namespace is named, can be about what is in it. */
  readonly exceptions: readonly string[];
}

export interface ProfileInForce {
  readonly name: string;
  /** The profile and what it extends, the most general first. */
  readonly chain: readonly string[];
  readonly enforcement: InForce<'enforce' | 'observe'>;
  readonly policies: readonly PolicyInForce[];
}

/** What is in force, for whom, and why. */
export interface ShownSettings {
  readonly version: 1;
  /** Null where no settings file is there. */
  readonly file: string | null;
  readonly namespace?: string;
  /** Where the settings exempt the namespace: nothing in it is judged. */
  readonly exempt?: string;
  readonly profile: Omit<ProfileInForce, 'policies' | 'enforcement'> & { readonly because: string };
  readonly enforcement: ProfileInForce['enforcement'];
  readonly policies: ProfileInForce['policies'];
  readonly errors: readonly ReportError[];
}

const byDefault = 'default';

/** What is in force in a profile, and in a namespace where one is named. */
export function inForce(
  compiled: Compiled,
  policies: readonly Policy[],
  file: SettingsFile,
  {
    profile: name,
    namespace,
    now,
  }: { readonly profile: string; readonly namespace: string | undefined; readonly now: number },
): ProfileInForce {
  const chain = profileChain(compiled.settings, name);
  const profile = { name, chain, enforcement: enforcementIn(compiled, file, chain, namespace) };
  const exceptions = compiled.exceptions.filter(
    ({ endsAt, isAbout }) => now < endsAt && (namespace === undefined || isAbout(namespace)),
  );
  return {
    ...profile,
    policies: policies
      .map((policy) => policyInForce(compiled, file, profile, policy, exceptions))
      .sort((a, b) => compareTexts(a.id, b.id)),
  };
}

function policyInForce(
  compiled: Compiled,
  file: SettingsFile,
  { name: profile, chain, enforcement }: Omit<ProfileInForce, 'policies'>,
  policy: Policy,
  exceptions: Compiled['exceptions'],
): PolicyInForce {
  const layers = profileLayers(compiled.settings, chain, policy);
  const row = profileRow(layers);
  const lastWith = (is: (layer: ProfileLayer) => boolean, ...steps: readonly string[]): string => {
    const from = layers.findLast(is)?.from;
    if (from === undefined) return byDefault;
    return 'shipped' in from
      ? `profile ${from.shipped} as it ships`
      : placeIn(file, [...from.path, ...steps]);
  };
  const fromOf = (field: 'fix' | 'grandfatherUntil' | 'policyReport'): string =>
    lastWith((layer) => layer.row[field] !== undefined, field);
  const capped = row.action === 'deny' && enforcement.value === 'observe';
  const entry = compiled.profiles.get(profile)?.entries.find((known) => known.policy.id === policy.id);
  const params = entry?.params ?? policy.params.safeParse(row.params).data ?? row.params;
  const inVain = row.fix && entry?.fixOnAdmission === false ? [`in vain: ${noFixWhy(entry)}`] : [];
  return {
    id: policy.id,
    action: { value: row.action, from: lastWith((layer) => layer.row.action !== undefined) },
    effective: capped ? 'warn' : row.action,
    params: Object.fromEntries(
      Object.entries(params).map(([name, value]) => {
        const isSet = ({ row: { params: own = {} } }: ProfileLayer): boolean => Object.hasOwn(own, name);
        return [name, { value, from: lastWith(isSet, 'params', name) }];
      }),
    ),
    fix: { value: entry?.fixOnAdmission ?? false, from: [fromOf('fix'), ...inVain].join(', ') },
    ...(row.grandfatherUntil === undefined
      ? {}
      : { grandfatherUntil: { value: row.grandfatherUntil, from: fromOf('grandfatherUntil') } }),
    ...(row.policyReport === 'full'
      ? {}
      : { policyReport: { value: row.policyReport, from: fromOf('policyReport') } }),
    exceptions: exceptions
      .filter(({ policies }) => policies.has(policy.id))
      .map(({ index }) => file.place(['exceptions', index])),
  };
}

/** Why admission fixes nothing, although the settings ask for it. */
function noFixWhy({ policy: { fix }, params }: Entry): string {
  if (fix === undefined) return 'it has no fix';
  if (fix.safety === 'suggestion') return 'daygate fix --suggestions writes what it suggests';
  const missing = (fix.requires ?? []).filter((name) => params[name] === undefined);
  return `it needs ${missing.map((name) => `params.${name}`).join(' and ')}`;
}

/** A place in the settings. */
export function placeIn(file: SettingsFile, path: Path): string {
  return file.isWritten(path) ? file.place(path, 'key') : byDefault;
}

function enforcementIn(
  { settings: { enforcement, profiles } }: Compiled,
  file: SettingsFile,
  chain: readonly string[],
  namespace: string | undefined,
): InForce<'enforce' | 'observe'> {
  if (typeof enforcement !== 'string' && namespace !== undefined) {
    const own = Object.hasOwn(enforcement.namespaces, namespace)
      ? enforcement.namespaces[namespace]
      : undefined;
    if (own !== undefined)
      return { value: own, from: placeIn(file, ['enforcement', 'namespaces', namespace]) };
  }
  const step = chain.findLast((name) => profiles[name]?.enforcement !== undefined);
  const ofProfile = step === undefined ? undefined : profiles[step]?.enforcement;
  if (step !== undefined && ofProfile !== undefined) {
    return { value: ofProfile, from: placeIn(file, ['profiles', step, 'enforcement']) };
  }
  return typeof enforcement === 'string'
    ? { value: enforcement, from: placeIn(file, ['enforcement']) }
    : { value: enforcement.default, from: placeIn(file, ['enforcement', 'default']) };
}
