import { existsSync } from 'node:fs';
import { basename, isAbsolute, join, posix, relative, resolve, sep } from 'node:path';
import type { Compiled } from '../../engine/compiled.ts';
import type { RenderEntry } from '../../engine/settings.ts';
import { UserError } from '../../errors.ts';
import type { ReportError } from '../../report/report.ts';
import { isArchive } from './chart-files.ts';
import type { ChartRendering, Rendering } from './rendering.ts';

/** What there is to render, and how. */
export interface RenderPlan {
  readonly entries: readonly RenderEntry[];
  /** The folder that paths of the entries are seen from. */
  readonly besides: string;
  /** Found below the paths of the run. */
  readonly charts: readonly string[];
  readonly kustomizations: readonly string[];
  /** The paths of the run: only entries below them are rendered; all of them where the run names no path. */
  readonly paths: readonly string[];
  readonly namespace: string | undefined;
  /** Overrides the versions of the entries. */
  readonly kubernetes: string | undefined;
  readonly compiledFor: (kubernetes: string | undefined) => Compiled;
}

/**
 * Every way in which something is rendered: as settings say, and once with its own values what they do not name.
 *
 * @throws UserError `settings` where two have the same label
 */
export function planRenderings(plan: RenderPlan): {
  readonly renderings: readonly Rendering[];
  readonly errors: readonly ReportError[];
} {
  const renderings: Rendering[] = [];
  const errors: ReportError[] = [];
  const named = new Set<string>();
  for (const entry of plan.entries) {
    const path = seenFrom(plan.besides, entry.chart ?? entry.kustomize ?? '');
    const isFound = [...plan.charts, ...plan.kustomizations].some(
      (found) => resolve(found) === resolve(path),
    );
    if (!isFound && plan.paths.length > 0 && !plan.paths.some((outer) => isBelow(path, outer))) continue;
    named.add(resolve(path));
    const missing = missingFiles(entry, path, plan.besides);
    errors.push(...missing);
    if (missing.length === 0) renderings.push(...renderingsOf(entry, path, plan));
  }
  const isNamed = (path: string): boolean => named.has(resolve(path));
  for (const chart of plan.charts) {
    if (!isNamed(chart)) renderings.push(...renderingsOf({ chart }, chart, plan));
  }
  for (const kustomize of plan.kustomizations) {
    if (!isNamed(kustomize)) renderings.push(...renderingsOf({ kustomize }, kustomize, plan));
  }
  refuseSameLabels(renderings);
  return { renderings, errors };
}

function renderingsOf(asked: RenderEntry, path: string, plan: RenderPlan): readonly Rendering[] {
  const entry = plan.kubernetes === undefined ? asked : { ...asked, kubernetes: plan.kubernetes };
  const title = entry.name ?? entry.chart ?? entry.kustomize ?? path;
  return variants(entry).map((variant): Rendering => {
    const label = labelOf(title, entry, variant);
    const compiled = plan.compiledFor(variant.kubernetes);
    if (entry.chart === undefined) {
      return { tool: 'kustomize', label, path, namespace: variant.namespace ?? plan.namespace, compiled };
    }
    const release = variant.release ?? releaseOf(path);
    const chart: ChartRendering = {
      tool: 'helm',
      label,
      path,
      release,
      namespace: variant.namespace ?? plan.namespace ?? release,
      values: variant.values.map((file) => seenFrom(plan.besides, file)),
      set: entry.set ?? {},
      apiVersions: entry.apiVersions ?? [],
      compiled,
    };
    return chart;
  });
}

interface Variant {
  readonly values: readonly string[];
  readonly kubernetes: string | undefined;
  readonly release: string | undefined;
  readonly namespace: string | undefined;
}

/** Each with each. */
function variants({ values, kubernetes, release, namespace }: RenderEntry): readonly Variant[] {
  const found: Variant[] = [];
  for (const files of choices(values)) {
    for (const version of choices(kubernetes)) {
      for (const name of choices(release)) {
        for (const space of choices(namespace)) {
          found.push({
            values: files === undefined ? [] : typeof files === 'string' ? [files] : files,
            kubernetes: version,
            release: name,
            namespace: space,
          });
        }
      }
    }
  }
  return found;
}

function choices<T>(value: T | readonly T[] | undefined): readonly (T | undefined)[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T | undefined];
}

/** The path or name, and what sets it apart from others of the same entry. */
function labelOf(
  title: string,
  entry: RenderEntry,
  { values, kubernetes, release, namespace }: Variant,
): string {
  const isOneOfMany = (key: 'values' | 'kubernetes' | 'release' | 'namespace'): boolean => {
    const value = entry[key];
    return Array.isArray(value) && value.length > 1;
  };
  const parts = [
    ...(values.length > 0 && (entry.name === undefined || isOneOfMany('values')) ? [values.join(' + ')] : []),
    ...(isOneOfMany('kubernetes') && kubernetes !== undefined ? [`Kubernetes ${kubernetes}`] : []),
    ...(isOneOfMany('release') && release !== undefined ? [`release ${release}`] : []),
    ...(isOneOfMany('namespace') && namespace !== undefined ? [`namespace ${namespace}`] : []),
  ];
  return parts.length === 0 ? title : `${title} (${parts.join(', ')})`;
}

/** Helm would name it `release-name`; charts leave out the name of the release where it is theirs. */
function releaseOf(path: string): string {
  const name = basename(resolve(path));
  const plain = (isArchive(path) ? name.replace(/(?:-v?\d[^/]*)?\.(?:tgz|tar\.gz)$/, '') : name)
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, '-')
    .slice(0, 53)
    .replaceAll(/^-+|-+$/g, '');
  return plain === '' ? 'release' : plain;
}

/** The values files that settings name: they lie beside manifests and are not manifests. */
export function valuesFiles({
  entries,
  besides,
}: Pick<RenderPlan, 'entries' | 'besides'>): ReadonlySet<string> {
  return new Set(
    entries.flatMap(({ values }) =>
      choices(values)
        .flat()
        .flatMap((file) => (file === undefined ? [] : resolve(seenFrom(besides, file)))),
    ),
  );
}

/** Named before helm is asked: it would take a name that is no file for an address to load from. */
function missingFiles(entry: RenderEntry, path: string, besides: string): readonly ReportError[] {
  if (!existsSync(path)) {
    return [
      { code: 'not-found', message: 'the settings name it under render: no such file or folder', file: path },
    ];
  }
  return choices(entry.values)
    .flat()
    .filter((file) => file !== undefined)
    .filter((file) => !existsSync(seenFrom(besides, file)))
    .map((file) => {
      const hint = existsSync(join(path, file))
        ? `; paths are seen from the folder of the settings: write ${posix.join(entry.chart ?? '', file)}`
        : '';
      return {
        code: 'not-found',
        message: `the settings name it under values: no such file${hint}`,
        file: seenFrom(besides, file),
      };
    });
}

function refuseSameLabels(renderings: readonly Rendering[]): void {
  const labels = new Set<string>();
  for (const { label } of renderings) {
    if (labels.has(label)) {
      throw new UserError('settings', `render: two renderings are called ${label}: give one of them a name`);
    }
    labels.add(label);
  }
}

function seenFrom(folder: string, path: string): string {
  return isAbsolute(path) ? path : posix.join(folder, path).replace(/(?<=.)\/$/, '');
}

function isBelow(path: string, outer: string): boolean {
  const way = relative(outer, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
