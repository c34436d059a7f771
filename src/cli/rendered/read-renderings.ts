import { availableParallelism } from 'node:os';
import { property, text, type Path } from '#sdk';
import { member } from '../../engine/locate.ts';
import { printable } from '../../engine/message.ts';
import { describeFault } from '../../engine/policy-fault.ts';
import type { LocatedSkip, ReportError } from '../../report/report.ts';
import type { Place, Source } from '../manifest-source.ts';
import type { Step } from '../progress.ts';
import { readManifests, type Manifest, type ManifestFile } from '../yaml/read-manifests.ts';
import { originLines, type DocumentLines, type OriginLines } from './origin-lines.ts';
import { renderChart } from './render-chart.ts';
import { renderKustomization } from './render-kustomization.ts';
import type { Origin, Rendered, Rendering, RenderOutcome } from './rendering.ts';

/** What a rendering gave. */
export interface ReadRendering {
  readonly rendering: Rendering;
  /** The command; absent where it failed. */
  readonly renderer?: string;
  /** What it complained about while it rendered all the same; empty where nothing. */
  readonly complaints: string;
  readonly sources: readonly Source[];
  readonly errors: readonly ReportError[];
  readonly skipped: readonly LocatedSkip[];
}

/** Renders all, as many at once as there are processors; one that fails hides nothing of the others. */
export async function readRenderings(
  renderings: readonly Rendering[],
  step?: Step,
): Promise<readonly ReadRendering[]> {
  const read = new Map<Rendering, ReadRendering>();
  const waiting = [...renderings];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      step?.('rendering', renderings.length - waiting.length, renderings.length);
      read.set(next, await readRendering(next));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return tellMissingOnce(renderings.flatMap((rendering) => read.get(rendering) ?? []));
}

/** A program that is not installed is one thing to mend, however many renderings ask for it. */
function tellMissingOnce(read: readonly ReadRendering[]): readonly ReadRendering[] {
  const missing = read.flatMap(({ errors }) => errors.filter(({ code }) => code === 'renderer-missing'));
  const counts = new Map<string, number>();
  for (const { message } of missing) counts.set(message, (counts.get(message) ?? 0) + 1);
  const told = new Set<string>();
  return read.map((one) => ({
    ...one,
    errors: one.errors.flatMap((error) => {
      const times = error.code === 'renderer-missing' ? (counts.get(error.message) ?? 1) : 1;
      if (times === 1) return [error];
      if (told.has(error.message)) return [];
      told.add(error.message);
      const { code, message, file = one.rendering.path } = error;
      return [{ code, message: `${message}; ${times} renderings need it`, file }];
    }),
  }));
}

async function readRendering(rendering: Rendering): Promise<ReadRendering> {
  const render = rendering.label;
  const failed = (error: ReportError): ReadRendering => ({
    rendering,
    complaints: '',
    sources: [],
    errors: [{ render, ...error }],
    skipped: [],
  });
  try {
    const outcome: RenderOutcome =
      rendering.tool === 'helm' ? await renderChart(rendering) : await renderKustomization(rendering);
    return 'error' in outcome ? failed(outcome.error) : readRendered(rendering, outcome);
  } catch (error) {
    const message = `could not be rendered: it ${describeFault(error)}`;
    return failed({ code: 'internal', message, file: rendering.path });
  }
}

function readRendered(rendering: Rendering, rendered: Rendered): ReadRendering {
  const render = rendering.label;
  const result = readManifests(rendered.output);
  const documents = splitLines(rendered.output);
  const lines = originLines();
  const sources: Source[] = [];
  const skipped: LocatedSkip[] = [];
  for (const manifest of result.manifests) {
    const { line } = manifest.locate([]);
    const document = documents(line);
    const origin = rendered.takeOrigin(document.header, manifest.object);
    if (rendering.tool === 'helm' && isTest(manifest.object)) {
      const { file } = origin;
      skipped.push({
        file,
        object: referenceOf(manifest),
        reason: 'a test of the chart, which only helm test runs',
        render,
      });
      continue;
    }
    sources.push({
      file: origin.file,
      manifest,
      rendering,
      place: placeIn(lines, origin, document, manifest, result),
    });
  }
  const faults = result.problems.map(({ code, message, line = 1 }) => {
    const document = documents(line);
    const origin = rendered.takeOrigin(document.header, undefined);
    return { code, message, file: origin.file, line, lineOf: lines.ofDocument(origin, document) };
  });
  const errors = faults.map(({ line, lineOf, ...fault }): ReportError => {
    return { ...fault, line: lineOf([line]), render };
  });
  return {
    rendering,
    renderer: rendered.renderer,
    complaints: rendered.complaints,
    sources,
    errors,
    skipped,
  };
}

function splitLines(output: Uint8Array): (line: number) => DocumentLines {
  const all = new TextDecoder().decode(output).split(/\r\n|\r|\n/);
  const isSeparator = (line: string): boolean => line === '---' || line.startsWith('--- ');
  return (line) => {
    let start = Math.min(line, all.length);
    while (start > 1 && !isSeparator(all[start - 2] ?? '')) start--;
    let end = line;
    while (end < all.length && !isSeparator(all[end] ?? '')) end++;
    const lines = all.slice(start - 1, end);
    const body = lines.findIndex((text) => text.trim() !== '' && !text.startsWith('#'));
    return { start, lines, header: lines.slice(0, Math.max(0, body)) };
  };
}

function placeIn(
  lines: OriginLines,
  origin: Origin,
  document: DocumentLines,
  manifest: Manifest,
  { excerpt }: ManifestFile,
): (path: Path) => Place {
  const lineOf = lines.ofDocument(origin, document);
  let lineOfField: ReturnType<OriginLines['ofField']> | 'unasked' = 'unasked';
  return (field) => {
    const path = presentPart(field, manifest.object);
    if (lineOfField === 'unasked') lineOfField = lines.ofField(origin, manifest);
    const { line } = manifest.locate(path);
    const around = path.map((_, index) => manifest.locate(path.slice(0, path.length - index - 1)).line);
    return {
      file: origin.file,
      line: lineOfField?.(field) ?? lineOf([line, ...around]),
      column: 1,
      approximate: true,
      excerpt: () => excerpt(line),
    };
  };
}

/** A field, or the nearest around it: what is in the text alone was put in to find where the object comes from. */
function presentPart(path: Path, object: Manifest['object']): Path {
  let value: unknown = object;
  for (const [index, step] of path.entries()) {
    value = member(value, step);
    if (value === undefined) return path.slice(0, index);
  }
  return path;
}

function isTest(object: Manifest['object']): boolean {
  const hook = text(property(property(property(object, 'metadata'), 'annotations'), 'helm.sh/hook'));
  return hook?.split(',').every((name) => /^test(?:-success|-failure)?$/.test(name.trim())) === true;
}

function referenceOf({ object }: Manifest): NonNullable<LocatedSkip['object']> {
  const plain = (value: unknown): string => (typeof value === 'string' ? printable(value, 253) : '');
  return {
    apiVersion: plain(object['apiVersion']),
    kind: plain(object['kind']),
    name: plain(property(property(object, 'metadata'), 'name')),
  };
}
