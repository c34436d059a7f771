import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { findBinaries } from '../cluster/binaries.ts';

export const chart = join(import.meta.dirname, '../../deploy/chart');

/** As far as the tests of the chart look at objects. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: { readonly template?: { readonly spec?: object } };
  readonly subjects?: readonly { readonly name: string }[];
  readonly webhooks?: readonly {
    readonly name: string;
    readonly failurePolicy: string;
    readonly namespaceSelector?: object;
    readonly rules?: readonly object[];
  }[];
}

export function objectsIn(text: string): readonly KubernetesObject[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((object) => object !== null);
}

interface TemplateOptions {
  readonly values: readonly string[];
  readonly set?: readonly string[];
  /** The content of settingsFile. */
  readonly settings?: object;
  /** File for webhooks.rendered. */
  readonly rendered?: string;
  /** File for facts.rendered. */
  readonly facts?: string;
  readonly namespace?: string;
}

/** `helm template daygate deploy/chart`; throws what helm says. */
export async function helmTemplate({
  values,
  set = [],
  settings,
  rendered,
  facts,
  namespace = 'daygate-system',
}: TemplateOptions): Promise<string> {
  const { helm } = await findBinaries(['helm']);
  const folder = mkdtempSync(join(tmpdir(), 'daygate-values-'));
  try {
    const settingsFile = join(folder, 'daygate.yaml');
    if (settings !== undefined) writeFileSync(settingsFile, JSON.stringify(settings));
    const files = [
      ...(settings === undefined ? [] : [`settingsFile=${settingsFile}`]),
      ...(rendered === undefined ? [] : [`webhooks.rendered=${rendered}`]),
      ...(facts === undefined ? [] : [`facts.rendered=${facts}`]),
    ];
    const { stdout } = await promisify(execFile)(helm, [
      ...['template', 'daygate', chart, '--namespace', namespace],
      ...values.flatMap((file) => ['--values', file]),
      ...set.flatMap((each) => ['--set', each]),
      ...files.flatMap((each) => ['--set-file', each]),
    ]);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
