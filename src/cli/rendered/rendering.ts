import type { Compiled } from '../../engine/compiled.ts';
import { printable } from '../../engine/message.ts';
import type { ReportError } from '../../report/report.ts';
import type { Manifest } from '../yaml/read-manifests.ts';

interface AnyRendering {
  /** Names it in every finding; no two of a run have the same. */
  readonly label: string;
  /** The folder or archive, as seen from the current folder. */
  readonly path: string;
  /** Namespace of objects that name none. */
  readonly namespace: string | undefined;
  /** The settings, for the version of Kubernetes it is rendered for. */
  readonly compiled: Compiled;
}

/** One way to render a chart. */
export interface ChartRendering extends AnyRendering {
  readonly tool: 'helm';
  readonly namespace: string;
  readonly release: string;
  /** Files; where two set the same, the later one wins. */
  readonly values: readonly string[];
  readonly set: Readonly<Record<string, string | number | boolean | null>>;
  readonly apiVersions: readonly string[];
}

/** A Kustomize folder. */
export interface KustomizeRendering extends AnyRendering {
  readonly tool: 'kustomize';
}

export type Rendering = ChartRendering | KustomizeRendering;

/** The file that a document of the result was made from. */
export interface Origin {
  readonly file: string;
  /** What its lines are: those of a template or of a manifest, or nothing that lines of the result could be found in. */
  readonly lines: 'template' | 'manifest' | 'none';
}

/** What a renderer made. */
export interface Rendered {
  readonly output: Uint8Array;
  /** The command, as somebody would type it: `helm template`. */
  readonly renderer: string;
  /** What it complained about while it rendered all the same. */
  readonly complaints: string;
  /**
   * Finds where a document of the result comes from, and takes from the object what was put in for that.
   *
   * @param header the lines between the `---` and the first field
   */
  takeOrigin(header: readonly string[], object: Manifest['object'] | undefined): Origin;
}

export type RenderOutcome = Rendered | { readonly error: ReportError };

/** What klog begins a line with: no two runs write the same time. Source: klog, internal/buffer/buffer.go. */
const logHeader = /^[IWEF]\d{4} [\d:.]+ +\d+ \S+:\d+\] /;

/** A renderer's own words in one line, without what looks like a credential. */
export function ownWords(complaints: string): string {
  const lines = complaints
    .split('\n')
    .map((line) => line.trim().replace(logHeader, ''))
    // Advice about a flag that is not the reader's to set.
    .filter((line) => line !== '' && !line.startsWith('Use --debug flag'));
  return printable(lines.join(' ').replace(/^error: /i, ''), 1500);
}
