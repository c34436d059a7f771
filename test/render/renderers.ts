import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBinaries } from '../cluster/binaries.ts';
import { checkOutputSchema } from '../../scripts/generate/check-output-schema.ts';
import type { CheckOptions } from '../../src/cli/check.ts';
import { runCheck, type JsonOutput } from '../cli/run-check.ts';

const names = ['helm', 'kubectl', 'kustomize'] as const;
export type RendererName = (typeof names)[number];

/** Builds the renderers, if need be. */
export async function buildRenderers(): Promise<void> {
  await findBinaries(names);
}

/** Runs something where these are the programs that are installed, and no others. */
export async function withInstalled<T>(
  installed: readonly RendererName[],
  run: () => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'daygate-installed-'));
  const path = process.env['PATH'];
  try {
    const binaries = await findBinaries(installed);
    for (const name of installed) symlinkSync(binaries[name], join(folder, name));
    process.env['PATH'] = folder;
    return await run();
  } finally {
    process.env['PATH'] = path;
    rmSync(folder, { recursive: true });
  }
}

export interface Checked {
  readonly code: number;
  readonly json: JsonOutput;
  readonly out: string;
  readonly err: string;
}

/** `check` with helm and kubectl installed; its output is held against the contract. */
export async function check(
  paths: readonly string[],
  options: CheckOptions = {},
  installed: readonly RendererName[] = ['helm', 'kubectl'],
): Promise<Checked> {
  const { code, out, err } = await withInstalled(installed, () =>
    runCheck(paths, { ...options, output: ['json'] }),
  );
  checkOutputSchema.parse(JSON.parse(out));
  return { code, out, err, json: JSON.parse(out) as JsonOutput };
}

/** `file:line policy` of every finding, by rendering. */
export function placesByRendering({ findings }: JsonOutput): Readonly<Record<string, readonly string[]>> {
  const places: Record<string, string[]> = {};
  for (const { render = '', file, line, policy } of findings) {
    (places[render] ??= []).push(`${file}:${line} ${policy}`);
  }
  return places;
}
