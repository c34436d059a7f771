import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the generated files follow from, and the files themselves. */
const files = [
  'scripts/kubernetes-apis/main.go',
  'scripts/kubernetes-apis/gone.txt',
  'scripts/kubernetes-apis/fields-file.ts',
  'scripts/kubernetes-apis/table-file.ts',
  'scripts/kubernetes-apis/read-release.ts',
  'src/sdk/api-table.ts',
  'src/schemas/kubernetes-fields.json',
];

/** SHA-256 of each file by its name. */
export function digests(root: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    files.map((file) => [
      file,
      createHash('sha256')
        .update(readFileSync(join(root, file)))
        .digest('hex'),
    ]),
  );
}

/** Files that are not those of the last run of main.ts. */
export function changedSince(recorded: unknown, root: string): readonly string[] {
  const known =
    typeof recorded === 'object' && recorded !== null && 'files' in recorded ? recorded.files : {};
  return Object.entries(digests(root)).flatMap(([file, digest]) =>
    (known as Readonly<Record<string, string>>)[file] === digest ? [] : [file],
  );
}
