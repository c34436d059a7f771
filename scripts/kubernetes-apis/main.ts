/**
 * Writes what daygate knows of Kubernetes' own kinds, from the Go types that each API server decodes into:
 *
 * - src/sdk/api-table.ts: every API version there is or was, with its life cycle;
 * - src/schemas/kubernetes-fields.json: the fields of every kind that one of the versions at hand serves.
 *
 *     npm run generate:kubernetes
 *
 * needs Go and the Go module proxy, so it is run by hand: for a new release of Kubernetes, change `releases`.
 * `npm run generate -- --check` compares the files with the digests that are recorded here, in sources.json.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { digests } from './digests.ts';
import { fieldsFile } from './fields-file.ts';
import { tableFile } from './table-file.ts';

/** The newest patch of every release, oldest first. The cluster tests run the last but one, which settings begin with. */
const releases = ['0.33.13', '0.34.13', '0.35.10', '0.36.3', '0.37.2'];
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

function readRelease(version: string): Release {
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

const root = join(import.meta.dirname, '../..');
const read = releases.map((version) => readRelease(version));
const gone = readFileSync(join(import.meta.dirname, 'gone.txt'), 'utf8');
writeFileSync(join(root, 'src/sdk/api-table.ts'), tableFile(read, gone));
writeFileSync(join(root, 'src/schemas/kubernetes-fields.json'), fieldsFile(read, gone));
const sources = { modules: Object.assign({}, ...read.map((release) => release.modules)) as object };
writeFileSync(
  join(import.meta.dirname, 'sources.json'),
  `${JSON.stringify({ ...sources, files: digests(root) }, undefined, 2)}\n`,
);
