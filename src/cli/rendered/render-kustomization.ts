import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix, relative } from 'node:path';
import { parse } from 'yaml';
import { isRecord, property, text } from '#sdk';
import type { Manifest } from '../yaml/read-manifests.ts';
import { withCleanUp } from './clean-up.ts';
import { kustomizationFile } from './kustomizations.ts';
import { ownWords, type KustomizeRendering, type Origin, type RenderOutcome } from './rendering.ts';
import { runRenderer, type Run } from './run-renderer.ts';

const originAnnotation = 'config.kubernetes.io/origin';

/** Renders a Kustomize folder with `kubectl kustomize`, or with `kustomize` where there is no kubectl. */
export async function renderKustomization({ path }: KustomizeRendering): Promise<RenderOutcome> {
  const file = kustomizationFile(path) ?? path;
  const wrapper = realpathSync(mkdtempSync(join(tmpdir(), 'daygate-kustomize-')));
  const remove = (): void => rmSync(wrapper, { recursive: true, force: true });
  return withCleanUp(remove, async () => {
    const target = realpathSync(path);
    // Around the folder, because Kustomize says where objects come from only where a kustomization asks for it.
    const asking = { resources: [relative(wrapper, target)], buildMetadata: ['originAnnotations'] };
    writeFileSync(join(wrapper, 'kustomization.yaml'), JSON.stringify(asking));
    const traced = await build(wrapper);
    // Its own words have to be about the folder as it is; so has what it makes of one that cannot be wrapped.
    const { run, renderer } = traced.run.outcome === 'failed' ? await build(path) : traced;
    switch (run.outcome) {
      case 'missing':
        return {
          error: {
            code: 'renderer-missing',
            message:
              'kubectl or kustomize renders Kustomize folders, and neither is installed: see https://kubernetes.io/docs/tasks/tools/ (or pipe what they render elsewhere: kubectl kustomize … | daygate check -)',
            file,
          },
        };
      case 'unusable':
        return {
          error: { code: 'renderer-missing', message: `${renderer} cannot be run: ${run.reason}`, file },
        };
      case 'stopped':
      case 'failed': {
        const words = run.outcome === 'failed' ? withAdvice(ownWords(run.complaints)) : run.reason;
        const message = `${renderer} cannot render this folder: ${words}`;
        return { error: { code: 'render-failed', message, file } };
      }
      case 'done':
        return {
          output: run.output,
          renderer,
          complaints: ownWords(run.complaints),
          takeOrigin: (_, object) =>
            originOf(path, (origin) => relative(target, join(wrapper, origin)), object),
        };
    }
  });
}

/** Says what to do about a flag that Kustomize asks for. */
function withAdvice(words: string): string {
  if (!words.includes('--enable-helm')) return words;
  return `${words} (daygate does not pass on this flag: kustomize build --enable-helm … | daygate check -)`;
}

async function build(folder: string): Promise<{ readonly run: Run; readonly renderer: string }> {
  // A path that begins with a dash would be a flag.
  const argument = folder.startsWith('-') ? `./${folder}` : folder;
  const run = await runRenderer('kubectl', ['kustomize', argument]);
  if (run.outcome !== 'missing') return { run, renderer: 'kubectl kustomize' };
  return { run: await runRenderer('kustomize', ['build', argument]), renderer: 'kustomize build' };
}

/** The file that Kustomize names, or the kustomization where it names none that lies here. */
function originOf(
  folder: string,
  seenFromFolder: (file: string) => string,
  object: Manifest['object'] | undefined,
): Origin {
  const unknown: Origin = { file: kustomizationFile(folder) ?? folder, lines: 'none' };
  const metadata = property(object, 'metadata');
  const annotations = property(metadata, 'annotations');
  if (!isRecord(metadata) || !isRecord(annotations)) return unknown;
  const annotation = text(annotations[originAnnotation]);
  if (annotation === undefined) return unknown;
  Reflect.deleteProperty(annotations, originAnnotation);
  if (Object.keys(annotations).length === 0) Reflect.deleteProperty(metadata, 'annotations');
  const origin = parsed(annotation);
  if (property(origin, 'repo') !== undefined) return unknown;
  const named = text(property(origin, 'path')) ?? text(property(origin, 'configuredIn'));
  if (named === undefined) return unknown;
  const file = posix.join(folder, seenFromFolder(named));
  return existsSync(file) ? { file, lines: 'manifest' } : unknown;
}

/** Undefined for what Kustomize has not written. */
function parsed(annotation: string): unknown {
  try {
    return parse(annotation);
  } catch {
    return undefined;
  }
}
