import { expect, it } from 'vitest';
import { readOwnFolder } from '../../src/policy-test/fixtures.ts';
import { inFolder } from '../cli/run-check.ts';
import { decent, terminal } from './sloppy/decent.ts';

const header = '# expect: tty spec.containers[app].tty\n# kubernetes: "1.35"\n';
const files = {
  'fixtures/fail-tty.yaml': `${header}${terminal}`,
  'README.md': `# A terminal\n\n\`\`\`yaml bad\n${header}${terminal}\`\`\`\n`,
};
const says = { findings: ['tty spec.containers[app].tty'], kubernetes: '1.35', documents: [{ kind: 'Pod' }] };

it.each([
  ['lines of Unix', (text: string) => text],
  ['lines of Windows', (text: string) => text.replaceAll('\n', '\r\n')],
  ['a byte order mark', (text: string) => `\ufeff${text}`],
])('fixtures and examples say the same with %s', async (_, written) => {
  const texts = Object.entries(files).map(([name, text]) => [name, written(text)]);
  await inFolder(Object.fromEntries(texts) as Record<string, string>, (folder) => {
    const { fixtures, examples, faults } = readOwnFolder(decent, folder);
    expect([fixtures, examples]).toMatchObject([[says], [says]]);
    expect(faults).toEqual([]);
    return Promise.resolve();
  });
});
