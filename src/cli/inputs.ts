import { readFile, stat } from 'node:fs/promises';
import { posix } from 'node:path';
import { isDynamicPattern, glob } from 'tinyglobby';
import { fileProblem } from '../errors.ts';
import type { Skip } from '../engine/review.ts';
import type { ReportError } from '../report/report.ts';
import type { Io } from './io.ts';

/** What to read, and what of it could not be found. */
export interface Inputs {
  readonly files: readonly { readonly file: string; readonly read: () => Promise<Uint8Array> }[];
  readonly errors: readonly ReportError[];
  readonly skipped: readonly Skip[];
}

/** The name standard input has in findings. */
export const standardInput = '<stdin>';
const manifests = '**/*.{yaml,yml,json}';
/** Files that tools keep beside manifests and that hold no Kubernetes object. */
const toolFiles: ReadonlySet<string> = new Set([
  'kustomization.yaml',
  'kustomization.yml',
  'Kustomization',
  'daygate.yaml',
  'daygate-baseline.yaml',
]);

/** Finds the manifests that paths, patterns and `-` name; folders are searched at any depth. */
export async function findInputs(paths: readonly string[], io: Io): Promise<Inputs> {
  const found = new Map<string, () => Promise<Uint8Array>>();
  const errors: ReportError[] = [];
  const skipped: Skip[] = [];
  for (const path of paths) {
    if (path === '-') {
      found.set(standardInput, () => io.input());
      continue;
    }
    const result = await expand(path);
    errors.push(...result.errors);
    skipped.push(...result.skipped);
    for (const file of result.files) found.set(file, () => readFile(file));
  }
  const files = [...found].map(([file, read]) => ({ file, read }));
  return { files: files.sort((a, b) => (a.file < b.file ? -1 : 1)), errors, skipped };
}

interface Expansion {
  readonly files: readonly string[];
  readonly errors: readonly ReportError[];
  readonly skipped: readonly Skip[];
}

async function expand(path: string): Promise<Expansion> {
  let kind: 'file' | 'folder' | 'pattern';
  try {
    kind = (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if (!isDynamicPattern(path)) {
      const code =
        error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'not-found' : 'unreadable';
      return { files: [], errors: [{ code, message: fileProblem(error), file: path }], skipped: [] };
    }
    kind = 'pattern';
  }
  if (kind === 'file') return { files: [posix.normalize(path)], errors: [], skipped: [] };
  const options = { onlyFiles: true, expandDirectories: false, ignore: ['**/node_modules/**', '**/.git/**'] };
  const matches =
    kind === 'folder'
      ? await glob(manifests, { ...options, cwd: path }).then((files) =>
          files.map((file) => posix.join(path, file)),
        )
      : await glob(path, options);
  if (matches.length === 0) {
    const message =
      kind === 'folder' ? 'no .yaml, .yml or .json file in this folder' : 'no file matches this pattern';
    return { files: [], errors: [{ code: 'not-found', message, file: path }], skipped: [] };
  }
  return kind === 'folder' ? withoutToolFiles(matches) : { files: matches, errors: [], skipped: [] };
}

/** In a folder, charts are named as such instead of having their templates read as broken YAML. */
function withoutToolFiles(files: readonly string[]): Expansion {
  const charts = files
    .filter((file) => posix.basename(file) === 'Chart.yaml')
    .map((file) => posix.dirname(file));
  const inChart = (file: string): boolean =>
    charts.some((chart) => file.startsWith(`${chart}/`) || chart === '.');
  const errors = charts
    .filter((chart) => !charts.some((outer) => outer !== chart && chart.startsWith(`${outer}/`)))
    .map((chart) => ({
      code: 'helm-chart',
      message: `a Helm chart has to be rendered first: helm template ${chart} | daygate check -`,
      file: `${chart}/Chart.yaml`,
    }));
  const rest = files.filter((file) => !inChart(file));
  const tools = rest.filter((file) => toolFiles.has(posix.basename(file)));
  return {
    files: rest.filter((file) => !toolFiles.has(posix.basename(file))),
    errors,
    skipped: tools.map((file) => ({ file, reason: 'settings of a tool, no Kubernetes object' })),
  };
}
