import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { inFolder } from './run-check.ts';
import { main } from './run-program.ts';

const pod = `apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop }
spec: { containers: [{ name: web, image: web:1 }] }
`;

/** Runs a command line in a folder with a named pipe that nobody writes to; `code` is null where it hangs. */
async function run(
  command: string,
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  return await inFolder({ 'web.yaml': pod, 'own/none/README.md': '' }, (folder) => {
    execFileSync('mkfifo', ['pipe', 'pipe.yaml'], { cwd: folder });
    execFileSync('ln', ['-s', '../pipe', 'own/policy.ts'], { cwd: folder });
    const { status, stdout, stderr } = spawnSync('bash', ['-c', `daygate() { '${process.execPath}' '${main}' "$@"; }; ${command}`], { cwd: folder, encoding: 'utf8', timeout: 20_000, killSignal: 'SIGKILL' }); // prettier-ignore
    return Promise.resolve({ code: status, out: stdout, err: stderr });
  });
}

describe('what is no file is refused at once', () => {
  const pipe = 'is a named pipe, and only files are read: write what it gives into one';
  it.each([
    ['check pipe.yaml', `error pipe.yaml: ${pipe}`],
    ['check --settings pipe web.yaml', `daygate: settings pipe: ${pipe}`],
    ['check --settings own web.yaml', 'daygate: settings own: is a folder'],
    ['check --settings /dev/zero web.yaml', 'daygate: settings /dev/zero: is a device, and only files'],
    ['check --baseline pipe web.yaml', `daygate: baseline pipe: ${pipe}`],
    ['check --write-baseline pipe web.yaml', `daygate: baseline pipe: ${pipe}`],
    ['check --baseline own web.yaml', 'daygate: baseline own: is a folder'],
    ['check --policies own web.yaml', `daygate: policies own/policy.ts: ${pipe}`],
    ['check --policies pipe web.yaml', 'daygate: policies pipe: expected a folder'],
    ['check --crds pipe.yaml web.yaml', `error pipe.yaml: ${pipe}`],
    ['check --fingerprint-key pipe web.yaml', `daygate: --fingerprint-key pipe: ${pipe}`],
    ['fix pipe.yaml', `error pipe.yaml: ${pipe}`],
    ['review pipe', `error pipe: ${pipe}`],
    ['merge pipe', `daygate: report pipe: ${pipe}`],
    ['audit --kubeconfig pipe', `daygate: pipe: ${pipe}`],
    ['render --ca-bundle pipe', `daygate: --ca-bundle pipe: ${pipe}`],
    ['serve --cert pipe --key pipe', `daygate: pipe: ${pipe}`],
    ['serve --self-signed --port 0 --settings pipe', `daygate: settings pipe: ${pipe}`],
  ])('%s', async (command, message) => {
    const { code, out, err } = await run(`daygate ${command}`);
    expect(`${out}${err}`).toContain(message);
    expect(code).toBe(2);
  });
});

it('what a shell hands over is read', async () => {
  const { code, out } = await run(
    'daygate check -o json --settings <(echo "policies: {forbid-token-automount: off}") <(cat web.yaml)',
  );
  expect(code).toBe(1);
  expect(out).toContain('"judged": 1');
  expect(out).toContain('require-memory-limit');
  expect(out).not.toContain('forbid-token-automount');
});

it('no file at all is an empty one', async () => {
  const { code, err } = await run('daygate check --settings /dev/null --only require-owner web.yaml');
  expect([code, err]).toEqual([1, '']);
});
