import { isAbsolute } from 'node:path';
import type { ReportError } from '../../report/report.ts';
import { chartFile, templateFile } from './chart-files.ts';
import { ownWords, type ChartRendering, type RenderOutcome } from './rendering.ts';
import { runRenderer } from './run-renderer.ts';

/** Renders a chart with the `helm` that is installed. */
export async function renderChart(rendering: ChartRendering): Promise<RenderOutcome> {
  const { path } = rendering;
  const run = await runRenderer('helm', helmArguments(rendering));
  switch (run.outcome) {
    case 'missing':
      return {
        error: {
          code: 'renderer-missing',
          message:
            'helm renders charts, and is not installed: see https://helm.sh/docs/intro/install/ (or pipe what it renders elsewhere: helm template … | daygate check -)',
          file: chartFile(path),
        },
      };
    case 'unusable':
      return {
        error: {
          code: 'renderer-missing',
          message: `helm cannot be run: ${run.reason}`,
          file: chartFile(path),
        },
      };
    case 'stopped':
      return { error: helmError(path, run.reason) };
    case 'failed':
      return { error: helmError(path, ownWords(run.complaints)) };
    case 'done':
      return {
        output: run.output,
        renderer: 'helm template',
        complaints: ownWords(run.complaints),
        takeOrigin(header) {
          const [, source] = /^# Source: (\S.*)$/.exec(header[0] ?? '') ?? [];
          return source === undefined ? { file: chartFile(path), lines: 'none' } : templateFile(path, source);
        },
      };
  }
}

/** Every value stands behind its flag's `=`, so that none can be taken for a flag. */
export function helmArguments(rendering: ChartRendering): readonly string[] {
  const { path, release, namespace, values, set, apiVersions, compiled } = rendering;
  return [
    'template',
    release,
    local(path),
    `--namespace=${namespace}`,
    `--kube-version=${compiled.settings.kubernetes}`,
    '--include-crds',
    ...values.map((file) => `--values=${listEntry(local(file))}`),
    ...Object.entries(set).map(([key, value]) => `--set-json=${key}=${JSON.stringify(value)}`),
    ...apiVersions.map((version) => `--api-versions=${listEntry(version)}`),
  ];
}

/** Without the look of a path, helm might take it for a name in a repository or for an address. */
function local(path: string): string {
  return isAbsolute(path) ? path : `./${path}`;
}

/** These flags take a line of CSV: a comma in a name must not make two files of it. */
function listEntry(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Where helm says in which template it failed, the error stands there. */
function helmError(path: string, words: string): ReportError {
  const message = `helm cannot render this chart: ${words}`;
  const place = /([^\s():"']+\/templates\/[^\s():"']+)(?::(\d+)(?::(\d+))?)?/.exec(words);
  const [, source, line, column] = place ?? [];
  if (source === undefined) return { code: 'render-failed', message, file: chartFile(path) };
  const { file, lines } = templateFile(path, source);
  if (lines === 'none' || Number(line) === 0) return { code: 'render-failed', message, file };
  return {
    code: 'render-failed',
    message,
    file,
    ...(line === undefined ? {} : { line: Number(line) }),
    // Go's templates count columns from 0.
    ...(column === undefined ? {} : { column: Number(column) + 1 }),
  };
}
