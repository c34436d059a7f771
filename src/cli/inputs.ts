import { existsSync, statSync } from 'node:fs';
import { posix, resolve } from 'node:path';
import { compareTexts } from '../engine/order.ts';
import { codeOf, fileProblem } from '../errors.ts';
import type { Skip } from '../engine/review.ts';
import { demandName, readPlainFile } from '../plain-file.ts';
import type { ReportError } from '../report/report.ts';
import { nothingExcluded, type Exclusion } from './exclusion.ts';
import type { Io } from './io.ts';
import { manifestsBelow } from './manifests-below.ts';
import { chartFile, isArchive, readChartFile, templateOfChart } from './rendered/chart-files.ts';
import {
  isKustomizationFile,
  kustomizationFile,
  kustomizationWithPiece,
  readKustomizeTree,
} from './rendered/kustomizations.ts';

/** Fails as the file system does. */
type Read = () => Uint8Array | Promise<Uint8Array>;

/** What to read, and what of it could not be found. */
export interface Inputs {
  readonly files: readonly { readonly file: string; readonly read: Read }[];
  /** Folders and archives of Helm charts. */
  readonly charts: readonly string[];
  /** Kustomize folders to render; none where objects are wanted as they are written. */
  readonly kustomizations: readonly string[];
  readonly errors: readonly ReportError[];
  readonly skipped: readonly Skip[];
}

/** The name standard input has in findings. */
export const standardInput = '<stdin>';
/** Files that daygate itself keeps beside manifests. */
const ownFiles: ReadonlySet<string> = new Set(['daygate.yaml', 'daygate-baseline.yaml']);

/**
 * How what Kustomize takes in is read: `rendered`, with its folder; or `written`, each file for itself, but for
 * patches and other pieces of objects.
 */
export type ReadingOfKustomize = 'rendered' | 'written';

/** Finds the manifests that paths, patterns and `-` name; folders are searched at any depth. */
export async function findInputs(
  paths: readonly string[],
  io: Io,
  reading: ReadingOfKustomize = 'written',
  exclusionOf = nothingExcluded,
): Promise<Inputs> {
  const found = new Map<string, Read>();
  const expansions: Expansion[] = [];
  for (const path of paths) {
    if (path === '-') {
      found.set(standardInput, () => io.input());
      continue;
    }
    const expansion = await expand(path, reading, exclusionOf);
    expansions.push(expansion);
    // One after the other: a trip through the thread pool costs more than reading a manifest.
    for (const file of expansion.files) found.set(file, () => readPlainFile(file));
  }
  const files = [...found].map(([file, read]) => ({ file, read }));
  const all = <T>(of: (expansion: Expansion) => readonly T[]): readonly T[] => [
    ...new Set(expansions.flatMap(of)),
  ];
  return {
    files: files.sort((a, b) => compareTexts(a.file, b.file)),
    charts: all(({ charts }) => charts),
    kustomizations: all(({ kustomizations }) => kustomizations),
    errors: all(({ errors }) => errors),
    skipped: all(({ skipped }) => skipped),
  };
}

interface Expansion extends Omit<Inputs, 'files'> {
  readonly files: readonly string[];
}

const nothing: Expansion = { files: [], charts: [], kustomizations: [], errors: [], skipped: [] };

async function expand(path: string, reading: ReadingOfKustomize, exclusionOf: Exclusion): Promise<Expansion> {
  let kind: 'file' | 'folder' | 'pattern';
  try {
    demandName(path);
    kind = statSync(path).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    const { isDynamicPattern } = await import('tinyglobby');
    if (!isDynamicPattern(path)) {
      const code = codeOf(error) === 'ENOENT' ? 'not-found' : 'unreadable';
      return { ...nothing, errors: [{ code, message: fileProblem(error), file: path }] };
    }
    kind = 'pattern';
  }
  if (kind === 'file') {
    const file = posix.normalize(path);
    const excluded = exclusionOf(file);
    if (excluded !== undefined) return { ...nothing, skipped: [{ file, reason: excluded }] };
    const user = kustomizationWithPiece(file);
    if (user === undefined) return sortOut([file], reading);
    const reason = `a patch or another piece of objects, which ${user} takes in: name its folder`;
    return { ...nothing, skipped: [{ file, reason }] };
  }
  if (kind === 'folder') {
    const { files, skipped, errors } = manifestsBelow(path, exclusionOf);
    if (files.length + skipped.length + errors.length === 0)
      return notFound(path, 'no .yaml, .yml or .json file in this folder');
    return joined(withoutSettings(sortOut(files, reading)), errors, skipped);
  }
  const { matchFiles } = await import('../match-files.ts');
  const ignore = ['**/node_modules/**', '**/.git/**'];
  const { files, unread } = matchFiles(path, { onlyFiles: true, expandDirectories: false, ignore });
  if (files.length + unread.length === 0) return notFound(path, 'no file matches this pattern');
  const errors = unread.map(({ folder, problem }): ReportError => ({
    code: 'unreadable',
    message: problem,
    file: folder,
  }));
  const kept: string[] = [];
  const skipped: Skip[] = [];
  for (const file of files) {
    const reason = exclusionOf(file);
    if (reason === undefined) kept.push(file);
    else skipped.push({ file, reason });
  }
  return joined(sortOut(kept, reading), errors, skipped);
}

function joined(expansion: Expansion, errors: readonly ReportError[], skipped: readonly Skip[]): Expansion {
  return {
    ...expansion,
    errors: [...errors, ...expansion.errors],
    skipped: [...skipped, ...expansion.skipped],
  };
}

function notFound(file: string, message: string): Expansion {
  return { ...nothing, errors: [{ code: 'not-found', message, file }] };
}

function withoutSettings(expansion: Expansion): Expansion {
  const isSettings = (file: string): boolean => ownFiles.has(posix.basename(file));
  return {
    ...expansion,
    files: expansion.files.filter((file) => !isSettings(file)),
    skipped: [
      ...expansion.skipped,
      ...expansion.files
        .filter(isSettings)
        .map((file) => ({ file, reason: 'a file of daygate itself, no Kubernetes object' })),
    ],
  };
}

/** Leaves out a file that says how to judge, wherever it was found. */
export function withoutFile(inputs: Inputs, name: string, reason: string): Inputs {
  const path = resolve(name);
  const files = inputs.files.filter(({ file }) => file === standardInput || resolve(file) !== path);
  if (files.length === inputs.files.length) return inputs;
  return { ...inputs, files, skipped: [...inputs.skipped, { file: name, reason }] };
}

/** Tells manifests from what has to be rendered first, so that no template is read as broken YAML. */
function sortOut(files: readonly string[], reading: ReadingOfKustomize): Expansion {
  const isRendered = reading === 'rendered';
  const charts = outermost(
    files.filter((file) => posix.basename(file) === 'Chart.yaml').map((file) => posix.dirname(file)),
  );
  const libraries = charts.filter((chart) => readChartFile(chart).isLibrary);
  const outside = files.filter((file) => !charts.some((chart) => isInside(file, chart)));
  const { roots, unusedComponents, resources, pieces } = readKustomizeTree(outside);
  const rest = outside.filter(
    (file) =>
      !isArchive(file) &&
      !isKustomizationFile(file) &&
      !pieces.has(file) &&
      !(isRendered && resources.has(file)),
  );
  const errors: ReportError[] = [];
  const manifestFiles: string[] = [];
  for (const file of rest) {
    const chart = templateOfChart(file);
    if (chart === undefined) manifestFiles.push(file);
    else
      errors.push({
        code: 'helm-chart',
        message: `a template of the Helm chart ${chart}: only the whole chart is rendered (daygate check ${chart}), and templates are edited by hand`,
        file,
      });
  }
  return {
    files: manifestFiles,
    charts: [...charts.filter((chart) => !libraries.includes(chart)), ...outside.filter(isArchive)],
    kustomizations: isRendered ? roots : [],
    errors,
    skipped: [
      ...libraries.map((chart) => ({
        file: chartFile(chart),
        reason: 'a library chart, judged in the charts that use it',
      })),
      ...(isRendered ? unusedComponents : [...roots, ...unusedComponents]).map((folder) => ({
        file: kustomizationFile(folder) ?? folder,
        reason: isRendered
          ? 'a Kustomize component, judged in the overlays that use it'
          : 'settings of Kustomize, no Kubernetes object',
      })),
    ],
  };
}

/** Charts in `charts/` of another are part of that one. */
function outermost(charts: readonly string[]): readonly string[] {
  return charts.filter((chart) => !charts.some((outer) => outer !== chart && isInside(chart, outer)));
}

function isInside(file: string, folder: string): boolean {
  return folder === '.' ? !file.startsWith('../') && !posix.isAbsolute(file) : file.startsWith(`${folder}/`);
}

/** For whoever cannot render: with an error for each chart. */
export function refuseCharts(inputs: Inputs, messageFor: (chart: string) => string): Inputs {
  const refused = inputs.charts.map((chart) => ({
    code: 'helm-chart',
    message: messageFor(chart),
    file: chartFile(chart),
  }));
  return { ...inputs, errors: [...inputs.errors, ...refused] };
}

/** `-k`: each names a folder with a kustomization. */
export function findKustomizations(folders: readonly string[]): Pick<Inputs, 'kustomizations' | 'errors'> {
  const named = folders.map((folder) => posix.normalize(folder).replace(/(?<=.)\/$/, ''));
  const isOne = (folder: string): boolean => kustomizationFile(folder) !== undefined;
  return {
    kustomizations: named.filter(isOne),
    errors: named
      .filter((folder) => !isOne(folder))
      .map((folder) => ({
        code: 'not-found',
        message: existsSync(folder) ? 'no kustomization.yaml in this folder' : 'no such file or folder',
        file: folder,
      })),
  };
}
