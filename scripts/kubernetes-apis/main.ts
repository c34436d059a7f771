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
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digests } from './digests.ts';
import { fieldsFile } from './fields-file.ts';
import { readRelease } from './read-release.ts';
import { tableFile } from './table-file.ts';

/** The newest patch of every release, oldest first. The cluster tests run the last but one, which settings begin with. */
const releases = ['0.33.13', '0.34.13', '0.35.10', '0.36.3', '0.37.2'];

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
