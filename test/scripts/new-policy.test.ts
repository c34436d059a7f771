import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Policy } from '#sdk';
import { checks } from '../../src/policy-test/checks.ts';
import { readPolicyFolder } from '../../src/policy-test/fixtures.ts';

const repository = join(import.meta.dirname, '../..');
const root = mkdtempSync(join(tmpdir(), 'daygate-new-policy-'));
const targets = ['container', 'podSpec', 'object', 'request', 'relation'];

function run(script: string, ...args: readonly string[]) {
  const file = join(repository, 'scripts', script);
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, '--root', root, ...args], {
    encoding: 'utf8',
  });
  return { status, text: `${stdout}${stderr}` };
}

beforeAll(() => {
  for (const name of ['package.json', 'tsconfig.json', '.prettierrc.json', 'src']) {
    cpSync(join(repository, name), join(root, name), { recursive: true });
  }
  mkdirSync(join(root, 'policies'));
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
});

afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

describe('new-policy', () => {
  it.each(targets)('makes a policy of target %s that stands the table test as it is', async (target) => {
    const id = `forbid-${target.toLowerCase()}-example`;
    expect(run('new-policy.ts', `network/${id}`, '--target', target)).toMatchObject({ status: 0 });
    const file = join(root, 'policies/network', id, 'policy.ts');
    const { default: policy } = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as {
      default: Policy;
    };
    const folder = readPolicyFolder(policy, join(root, 'policies'));
    for (const check of Object.values(checks)) expect(check(folder, [policy])).toEqual([]);
  });

  it('makes policies that compile', () => {
    const tsc = join(repository, 'node_modules/typescript/bin/tsc');
    const project = join(root, 'tsconfig.policies.json');
    writeFileSync(project, JSON.stringify({ extends: './tsconfig.json', include: ['policies'] }));
    const { stdout } = spawnSync(process.execPath, [tsc, '-p', project], { encoding: 'utf8' });
    expect(stdout).toBe('');
  });

  it('leaves generated files up to date', () => {
    expect(run('generate.ts', '--check')).toEqual({ status: 0, text: '' });
  });

  it.each([
    ['security/forbid-container-example', 'policies/network/forbid-container-example exists'],
    ['network/no-example', 'must begin with require-'],
    ['networks/forbid-example', 'there is no category networks'],
    ['forbid-example', 'name the policy as <category>/<id>'],
  ])('refuses %s', (place, reason) => {
    const { status, text } = run('new-policy.ts', place);
    expect(status).toBe(2);
    expect(text).toContain(reason);
  });
});

describe('generate --check', () => {
  it('names each stale file and changes none', () => {
    appendFileSync(join(root, 'policies/index.ts'), '// by hand\n');
    appendFileSync(join(root, 'docs/policies.md'), 'by hand\n');
    for (const attempt of [1, 2]) {
      const { status, text } = run('generate.ts', '--check');
      expect([attempt, status]).toEqual([attempt, 1]);
      expect(text).toContain('policies/index.ts is stale');
      expect(text).toContain('docs/policies.md is stale');
      expect(text).not.toContain('settings.schema.json');
    }
  });

  it('is content again after generate, which keeps what people wrote into a README', () => {
    appendFileSync(join(root, 'policies/network/forbid-object-example/README.md'), '\nWritten by hand.\n');
    expect(run('generate.ts').text).toBe('wrote policies/index.ts\nwrote docs/policies.md\n');
    expect(run('generate.ts', '--check')).toEqual({ status: 0, text: '' });
  });
});
