/** What one release of Kubernetes says of its own kinds: its modules, read by main.go. Needs Go and the module proxy. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const modules = ['api', 'apiextensions-apiserver', 'apimachinery', 'client-go', 'kube-aggregator'];

const kindSchema = z.strictObject({
  apiVersion: z.string(),
  kind: z.string(),
  type: z.string(),
  namespaced: z.boolean(),
  introduced: z.int().optional(),
  deprecated: z.int().optional(),
  removed: z.int().optional(),
  replacement: z.string().optional(),
});
const outputSchema = z.strictObject({
  modules: z.record(z.string(), z.string()),
  kinds: z.array(kindSchema),
  types: z.record(z.string(), z.record(z.string(), z.string())),
});

/** A kind of one release, as main.go prints it. */
export type ReleaseKind = z.output<typeof kindSchema>;
/** All kinds and types of one release. */
export interface Release extends z.output<typeof outputSchema> {
  readonly minor: number;
}

/** @param version of the modules: `0.36.3` is Kubernetes 1.36.3 */
export function readRelease(version: string): Release {
  const folder = mkdtempSync(join(tmpdir(), 'daygate-apis-'));
  const go = (...args: readonly string[]): string =>
    execFileSync('go', args, { cwd: folder, encoding: 'utf8', maxBuffer: 64 << 20 });
  try {
    copyFileSync(join(import.meta.dirname, 'main.go'), join(folder, 'main.go'));
    const lines = modules.map((name) => `require k8s.io/${name} v${version}`);
    writeFileSync(
      join(folder, 'go.mod'),
      ['module daygate.dev/kubernetes-apis', 'go 1.24.0', ...lines].join('\n'),
    );
    go('mod', 'tidy');
    const paths = modules.map((name) => `k8s.io/${name}`);
    const listed = go('list', '-m', '-f', '{{.Path}} {{.Dir}}', ...paths);
    const folders = Object.fromEntries(
      listed
        .trim()
        .split('\n')
        .map((line) => line.split(' ')),
    ) as object;
    const output: unknown = JSON.parse(go('run', '.', JSON.stringify(folders)));
    return { ...outputSchema.parse(output), minor: Number(version.split('.')[1]) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
