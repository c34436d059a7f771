import type { Policy } from '#sdk';
import type { SettingsFile } from '../config/parse-settings.ts';
import { compileOrThrow, readSettings } from '../config/settings-file.ts';
import { settingsJsonSchema } from '../config/settings-json-schema.ts';
import type { Compiled } from '../engine/compiled.ts';
import { nearest } from '../engine/nearest.ts';
import { profileFor, profileLabel } from '../engine/routing.ts';
import { exitCode, UserError } from '../errors.ts';
import type { ReportError } from '../report/report.ts';
import { findInputs } from './inputs.ts';
import { paintFor, type Io } from './io.ts';
import { readItems } from './manifest-items.ts';
import { oneOf } from './one-of.ts';
import { printableJson } from './printable-json.ts';
import { inForce, placeIn, type ShownSettings } from './settings/in-force.ts';
import { settingsText } from './settings/settings-text.ts';

export interface SettingsOptions {
  readonly settings?: string;
  readonly namespace?: string;
  readonly profile?: string;
  readonly filename?: readonly string[];
  readonly schema?: boolean;
  readonly output?: string;
}

/** `daygate settings`: what is in force and why; returns the exit code. */
export async function showSettings(
  id: string | undefined,
  options: SettingsOptions,
  policies: readonly Policy[],
  io: Io,
): Promise<number> {
  if (options.schema === true) {
    io.out(`${JSON.stringify(settingsJsonSchema(policies), null, 2)}\n`);
    return 0;
  }
  const { namespace, output = 'text' } = options;
  oneOf('output format', output, ['text', 'json']);
  if (namespace !== undefined && options.profile !== undefined) {
    throw new UserError(
      'usage',
      '--namespace and --profile: a namespace has its own profile: use one of them',
    );
  }
  const file = await readSettings(options.settings);
  const compiled = compileOrThrow(file, policies, { now: io.now() });
  const chosen = policies.filter((policy) => id === undefined || policy.id === id);
  if (id !== undefined && chosen.length === 0) {
    const hint = nearest(
      id,
      policies.map((policy) => policy.id),
    );
    throw new UserError('usage', `there is no policy ${id}${hint} (daygate policies lists them)`);
  }
  const { name, because, errors } = await chooseProfile(compiled, file, options, io);
  const {
    chain,
    enforcement,
    policies: rows,
  } = inForce(compiled, chosen, file, { profile: name, namespace, now: io.now() });
  const exempt = namespace === undefined ? -1 : compiled.settings.exemptNamespaces.indexOf(namespace);
  const shown: ShownSettings = {
    version: 1,
    file: file.file ?? null,
    ...(namespace === undefined ? {} : { namespace }),
    ...(exempt === -1 ? {} : { exempt: placeIn(file, ['exemptNamespaces', exempt]) }),
    profile: { name, chain, because },
    enforcement,
    policies: rows,
    errors,
  };
  io.out(
    output === 'json' ? printableJson(shown) : settingsText(shown, { isOne: id !== undefined }, paintFor(io)),
  );
  return exitCode(errors, false);
}

interface Choice {
  readonly name: string;
  readonly because: string;
  readonly errors: readonly ReportError[];
}

async function chooseProfile(
  compiled: Compiled,
  file: SettingsFile,
  { profile, namespace, filename = [] }: SettingsOptions,
  io: Io,
): Promise<Choice> {
  if (profile !== undefined) {
    const name = oneOf('profile', profile, [...compiled.profiles.keys()]);
    return { name, because: '--profile', errors: [] };
  }
  const general = compiled.settings.profile;
  const where = placeIn(file, ['profile']);
  const byDefault = where === 'default' ? 'the default of daygate' : `the default of the settings (${where})`;
  if (namespace === undefined) return { name: general, because: byDefault, errors: [] };
  if (filename.length === 0) {
    const because = `${byDefault}, unless its label ${profileLabel} says otherwise (--filename names its manifest)`;
    return { name: general, because, errors: [] };
  }
  const { items, errors } = await readItems(compiled, await findInputs(filename, io), { now: io.now() });
  // As `kubectl apply` does, and `check`: the last manifest counts.
  const found = items.findLast(
    ({ review: { object } }) =>
      object.kind === 'Namespace' && object.apiVersion === 'v1' && object.metadata?.name === namespace,
  );
  if (found === undefined) {
    return { name: general, because: `${byDefault}: its manifest is not among those given`, errors };
  }
  const { object } = found.review;
  const label: unknown = object.metadata?.labels?.[profileLabel];
  const { line, column } = found.manifest.locate(['metadata', 'labels', profileLabel]);
  const place = `${found.file}:${line}:${column}`;
  const name = profileFor(compiled, object.metadata?.labels);
  if (label === name) return { name, because: `its label ${profileLabel} (${place})`, errors };
  const because =
    label === undefined
      ? `${byDefault}: it has no label ${profileLabel} (${place})`
      : `${byDefault}: its label ${profileLabel} names no profile (${place})`;
  return { name, because, errors };
}
