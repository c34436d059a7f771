/** In a process of its own: Vitest imports in a way of its own. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { ownPolicy } from '../server/own-policies.ts';

const folder = mkdtempSync(join(tmpdir(), 'daygate-reread-'));
afterAll(() => rmSync(folder, { recursive: true }));

const policy = (id: string): string =>
  `import { severity } from './lib/severity.ts';\n${ownPolicy(id, '').replace("severity: 'medium'", 'severity')}`;

/** What is written before each reading. */
const steps: readonly Readonly<Record<string, string>>[] = [
  { 'lib/severity.ts': "export const severity = 'low';", 'policy.ts': policy('require-tier') },
  {},
  { 'lib/severity.ts': "export const severity = 'high';" },
  { 'policy.ts': policy('require-level') },
  { 'policy.ts': 'export default {\n  a: 1,\n  b: 3 4,\n};\n' },
  { 'policy.ts': policy('require-level') },
];

const script = `
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
const [folder, steps, module] = process.argv.slice(1);
mkdirSync(join(folder, 'lib'));
const { libraryReader } = await import(module);
const read = libraryReader([], { policies: [folder] });
const said = [];
const digests = new Set();
let before;
for (const files of JSON.parse(steps)) {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  try {
    const { policies, digest } = await read();
    digests.add(digest);
    said.push(policies === before ? 'the same' : policies.map(({ id, severity }) => id + ' ' + severity).join());
    before = policies;
  } catch (error) {
    said.push(error.message);
  }
}
said.push(digests.size);
console.log(JSON.stringify(said));
`;

it('reads policies of a team anew where a file has changed, and what they import too', async () => {
  const module = join(import.meta.dirname, '../../src/config/reread-library.ts');
  const args = ['--input-type=module', '-e', script, folder, JSON.stringify(steps), module];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(JSON.parse(stdout)).toEqual([
    'require-tier low',
    'the same',
    'require-tier high',
    'require-level high',
    expect.stringMatching(/policy\.ts: cannot be loaded: SyntaxError at policy\.ts:3:8/),
    'the same',
    // One for each state of the files that could be loaded.
    3,
  ]);
});
