import { existsSync, readdirSync } from 'node:fs';
import { posix, relative, resolve, sep } from 'node:path';
import { property, text } from '#sdk';
import { readPlainFile } from '../../plain-file.ts';
import { readSmallYaml } from './read-small-yaml.ts';
import type { Origin } from './rendering.ts';

/** What is read of Chart.yaml. */
export interface ChartFile {
  readonly name: string | undefined;
  readonly isLibrary: boolean;
  /** Names of its dependencies by the aliases they are used under. */
  readonly aliases: ReadonlyMap<string, string>;
}

/** Reads the Chart.yaml of a folder. */
export function readChartFile(folder: string): ChartFile {
  const chart = readSmallYaml(posix.join(folder, 'Chart.yaml'));
  const dependencies = property(chart, 'dependencies');
  const aliases = (Array.isArray(dependencies) ? dependencies : []).flatMap(
    (dependency: unknown): [string, string][] => {
      const [alias, name] = [text(property(dependency, 'alias')), text(property(dependency, 'name'))];
      return alias === undefined || name === undefined ? [] : [[alias, name]];
    },
  );
  return {
    name: text(property(chart, 'name')),
    isLibrary: property(chart, 'type') === 'library',
    aliases: new Map(aliases),
  };
}

/** The chart that a file is a template of, if it holds a template and not plain YAML. */
export function templateOfChart(file: string): string | undefined {
  const steps = resolve(file).split(sep);
  const index = steps.findLastIndex(
    (step, at) => step === 'templates' && existsSync([...steps.slice(0, at), 'Chart.yaml'].join(sep)),
  );
  if (index === -1 || !hasTemplate(file)) return undefined;
  return relative('', steps.slice(0, index).join(sep)) || '.';
}

function hasTemplate(file: string): boolean {
  try {
    return readPlainFile(file).includes('{{');
  } catch {
    return false;
  }
}

/**
 * The file behind helm's `# Source: shop/charts/redis/templates/service.yaml`: a template in the chart's folder, or the
 * archive it is packed in.
 */
export function templateFile(chart: string, source: string): Origin {
  if (isArchive(chart)) return { file: chart, lines: 'none' };
  let folder = chart;
  // The first step is the name of the chart, whatever its folder is called.
  let steps = source.split('/').slice(1);
  while (steps[0] === 'charts' && steps.length > 2) {
    const subchart = findSubchart(folder, steps[1] ?? '');
    if (subchart === undefined) break;
    if (isArchive(subchart)) return { file: subchart, lines: 'none' };
    folder = subchart;
    steps = steps.slice(2);
  }
  const file = posix.join(folder, ...steps);
  const isInside = chart === '.' ? !file.startsWith('../') : file.startsWith(posix.normalize(`${chart}/`));
  return isInside && existsSync(file)
    ? { file, lines: 'template' }
    : { file: chartFile(folder), lines: 'none' };
}

/** The file that stands for a chart in messages. */
export function chartFile(chart: string): string {
  return isArchive(chart) ? chart : posix.join(chart, 'Chart.yaml');
}

export function isArchive(path: string): boolean {
  return /\.(?:tgz|tar\.gz)$/.test(path);
}

/** Helm names subcharts by their name or alias; on disk they lie in a folder of any name, or in an archive. */
function findSubchart(chart: string, called: string): string | undefined {
  const folder = posix.join(chart, 'charts');
  const name = readChartFile(chart).aliases.get(called) ?? called;
  let entries: readonly string[];
  try {
    entries = readdirSync(folder).sort();
  } catch {
    return undefined;
  }
  const paths = entries.map((entry) => posix.join(folder, entry));
  return (
    paths.find((path) => posix.basename(path) === name && existsSync(posix.join(path, 'Chart.yaml'))) ??
    paths.find((path) => readChartFile(path).name === name) ??
    paths.find((path) => isArchive(path) && posix.basename(path).startsWith(`${name}-`))
  );
}
