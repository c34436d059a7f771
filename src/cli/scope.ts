import { dirname, resolve } from 'node:path';
import type { Policy } from '#sdk';
import type { SettingsFile } from '../config/parse-settings.ts';
import { besideSettings, readSettings } from '../config/settings-file.ts';
import type { CompileOptions } from '../engine/compile.ts';
import type { Compiled } from '../engine/compiled.ts';
import { UserError } from '../errors.ts';
import { exclusion } from './exclusion.ts';
import {
  findInputs,
  findKustomizations,
  refuseCharts,
  withoutFile,
  type Inputs,
  type ReadingOfKustomize,
} from './inputs.ts';
import type { Io } from './io.ts';
import { compileOptions, compileScope, type PolicyOptions } from './compile-scope.ts';
import { planRenderings, valuesFiles } from './rendered/plan-renderings.ts';
import type { Rendering } from './rendered/rendering.ts';

/** What to judge, and by what: the options that `check` and `fix` share. */
export interface ScopeOptions extends PolicyOptions {
  readonly filename?: readonly string[];
  readonly namespace?: string;
  readonly crds?: readonly string[];
  readonly exclude?: readonly string[];
}

interface Scope {
  readonly compiled: Compiled;
  /** What else than the settings it was compiled with. */
  readonly compiledWith: CompileOptions;
  readonly inputs: Inputs;
  readonly renderings: readonly Rendering[];
  /** Where the definitions of custom kinds lie, beside those among the manifests. */
  readonly crds: Inputs;
}

/**
 * What `check` judges: charts and Kustomize folders rendered, everything else as it is written.
 *
 * @throws UserError where the settings, the options or the paths make no sense
 */
export async function readRenderedScope(
  paths: readonly string[],
  options: ScopeOptions & { readonly kustomize?: readonly string[] },
  policies: readonly Policy[],
  io: Io,
): Promise<Scope> {
  const file = await readSettings(options.settings);
  const compiledWith = compileOptions(options, io.now());
  const compiled = compileScope(file, options, policies, compiledWith);
  const named = [...paths, ...(options.filename ?? [])];
  const folders = options.kustomize ?? [];
  const { render } = compiled.settings;
  if (named.length + folders.length === 0 && render.length === 0) throw noInput();
  const found = await findManifests(named, file, options, io, 'rendered');
  const overlays = findKustomizations(folders);
  const versions = new Map([[compiled.settings.kubernetes, compiled]]);
  const compiledFor = (kubernetes = compiled.settings.kubernetes): Compiled => {
    const known =
      versions.get(kubernetes) ?? compileScope(file, { ...options, kubernetes }, policies, compiledWith);
    versions.set(kubernetes, known);
    return known;
  };
  const asked = { entries: render, besides: dirname(file.file ?? '') };
  const values = valuesFiles(asked);
  const plan = planRenderings({
    ...asked,
    charts: found.charts,
    kustomizations: [...new Set([...found.kustomizations, ...overlays.kustomizations])],
    paths: [...named, ...folders],
    namespace: options.namespace,
    kubernetes: options.kubernetes === undefined ? undefined : compiled.settings.kubernetes,
    compiledFor,
  });
  const errors = [...found.errors, ...overlays.errors, ...plan.errors];
  return {
    compiled,
    compiledWith,
    inputs: { ...found, files: found.files.filter(({ file }) => !values.has(resolve(file))), errors },
    renderings: plan.renderings,
    crds: await findDefinitions(compiled, file, options, io),
  };
}

/**
 * What `fix` edits: manifests as they are written. A chart that is named is an error, since its templates are edited by
 * hand; those that merely lie among manifests are `charts`.
 *
 * @throws UserError where the settings, the options or the paths make no sense
 */
export async function readWrittenScope(
  paths: readonly string[],
  options: ScopeOptions,
  policies: readonly Policy[],
  io: Io,
): Promise<Pick<Scope, 'compiled' | 'inputs' | 'crds'>> {
  const file = await readSettings(options.settings);
  const compiled = compileScope(file, options, policies, compileOptions(options, io.now()));
  const named = [...paths, ...(options.filename ?? [])];
  if (named.length === 0) throw noInput();
  const found = await findManifests(named, file, options, io, 'written');
  const places = new Set(named.map((path) => resolve(path)));
  const isNamed = (chart: string): boolean => places.has(resolve(chart));
  const inputs = refuseCharts({ ...found, charts: found.charts.filter(isNamed) }, whyNotFixed);
  return {
    compiled,
    inputs: { ...inputs, charts: found.charts.filter((chart) => !isNamed(chart)) },
    crds: await findDefinitions(compiled, file, options, io),
  };
}

/** What the paths name, but for what is excluded and the settings themselves. */
async function findManifests(
  named: readonly string[],
  settings: SettingsFile,
  { exclude = [] }: ScopeOptions,
  io: Io,
  reading: ReadingOfKustomize,
): Promise<Inputs> {
  const found = await findInputs(named, io, reading, exclusion(settings, exclude));
  const { file } = settings;
  return file === undefined ? found : withoutFile(found, file, 'the settings, no Kubernetes object');
}

/** Why `fix` leaves a chart as it is. */
export function whyNotFixed(chart: string): string {
  return `a Helm chart: what it renders to is written nowhere, so its templates have to be edited by hand (daygate check ${chart} says what to write)`;
}

function noInput(): UserError {
  return new UserError('usage', 'no input: name files, folders or patterns, or - for standard input');
}

async function findDefinitions(
  { settings }: Compiled,
  file: SettingsFile,
  { crds = [] }: ScopeOptions,
  io: Io,
): Promise<Inputs> {
  // What settings name lies beside their file, wherever daygate is called.
  const beside = settings.crds.map((path) => besideSettings(file.file, path));
  return refuseCharts(
    await findInputs([...beside, ...crds], io),
    (chart) =>
      `definitions are read as they are written: render this chart first, or name its folder ${chart}/crds`,
  );
}
