/** What a team sees of mistakes in its own policies, in real processes: files that Node cannot read, and policies that loop. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inFolder } from './run-check.ts';

const main = join(import.meta.dirname, '../../src/main.ts');

function daygate(folder: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status, text: stdout + stderr };
}

/** A policy about terminals of containers; `validate` comes before its own line. */
const policy = (id: string, validate: string, change = (text: string): string => text): string =>
  change(`import { definePolicy } from 'daygate/sdk';
import { z } from 'zod';
export default definePolicy({
  id: '${id}', category: 'security', title: 'Forbid a terminal', severity: 'low', target: 'container',
  profiles: { production: 'deny' }, params: z.strictObject({}), messages: { tty: '{container} asks for a terminal.' },
  why: 'A test.', remediation: 'Remove tty.', references: ['https://kubernetes.io/docs/'],
  validate({ container, at }, { report }) {
    ${validate}
    if (container.tty === true) report({ message: 'tty', at: at('tty') });
  },
});
`);

const pod = (name: string, tty = true): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\nspec:\n  containers:\n    - name: app\n      image: registry.example.com/web:1.4.2\n      tty: ${String(tty)}\n`;
const fixtures = (id: string) => ({
  [`own/${id}/fixtures/fail-tty.yaml`]: `# expect: tty spec.containers[app].tty\n${pod('web')}`,
  [`own/${id}/fixtures/pass-none.yaml`]: pod('web', false),
});
const manifests = { 'pods.yaml': `${pod('one')}---\n${pod('two')}` };

describe('files that cannot be read', () => {
  it.each<[string, string, string]>([
    ['broken TypeScript', "export default {\n  id: 'a',\n  messages: { a: 'b' }\n  title: 'x',\n};", "SyntaxError at a.ts:4:3: Expected ',', got 'ident'\n    title: 'x',\n"],
    ['a name that is declared twice', 'const a = 1;\n  const a = 2;\nexport default a;', "SyntaxError at a.ts:2:9: Identifier 'a' has already been declared\n    const a = 2;\n"],
    ['an import of what is not there', "import { isRecrd } from 'daygate/sdk';\nexport default isRecrd;", "SyntaxError at a.ts:1:10: The requested module 'daygate/sdk' does not provide an export named 'isRecrd'\n    import { isRecrd } from 'daygate/sdk';\n"],
    ['an enum', 'enum A { B }\nexport default A;', 'SyntaxError at a.ts:1:1: TypeScript enum is not supported in strip-only mode\n    enum A { B }\n'],
  ])('are named with the line: %s', async (_, text, says) => {
    await inFolder({ 'own/a.ts': text, ...manifests }, (folder) => {
      const { status, text: said } = daygate(folder, 'check', '--policies', 'own', 'pods.yaml');
      expect(said).toBe(`daygate: policies own/a.ts: cannot be loaded: ${says}`);
      expect(status).toBe(2);
      return Promise.resolve();
    });
  }); // prettier-ignore
});

describe('a policy that never ends', () => {
  it('is stopped, named with the object, and not run again, while the others are heard', async () => {
    const files = {
      'own/forbid-loop/policy.ts': policy('forbid-loop', `if (container.tty === true) for (;;);`),
      'own/forbid-terminal/policy.ts': policy('forbid-terminal', ''),
      ...fixtures('forbid-loop'),
      ...manifests,
    };
    await inFolder(files, (folder) => {
      const chosen = ['--policies', 'own', '--only', 'forbid-loop,forbid-terminal', 'pods.yaml'];
      const checked = daygate(folder, 'check', ...chosen);
      expect(checked.text).toContain('error pods.yaml: forbid-loop took longer than 2 s on Pod one\n');
      expect(checked.text).toContain(
        'forbid-loop was not run again after it took longer than 2 s on Pod one (Pod two)\n',
      );
      expect(checked.text.match(/asks for a terminal\. \[forbid-terminal\]/g)).toHaveLength(2);
      expect(checked.status).toBe(3);
      const fixed = daygate(folder, 'fix', '--diff', ...chosen);
      expect(fixed.text).toContain('error pods.yaml: forbid-loop took longer than 2 s on Pod one\n');
      expect(fixed.status).toBe(3);
      const tested = daygate(folder, 'test', 'own/forbid-loop');
      expect(tested.text).toContain(
        '       the policy takes longer than 2 s on Pod web; nothing more was tested\n',
      );
      expect(tested.status).toBe(1);
      return Promise.resolve();
    });
  });
});

describe('a policy that ends the process', () => {
  it('is named in check and test, and the others are heard', async () => {
    const files = {
      'own/forbid-end/policy.ts': policy('forbid-end', 'process.exit(0);'),
      'own/forbid-terminal/policy.ts': policy('forbid-terminal', ''),
      ...fixtures('forbid-end'),
      ...manifests,
    };
    await inFolder(files, (folder) => {
      const chosen = ['--policies', 'own', '--only', 'forbid-end,forbid-terminal', 'pods.yaml'];
      for (const command of [['check'], ['fix', '--diff']]) {
        const { status, text } = daygate(folder, ...command, ...chosen);
        expect(text).toContain('error pods.yaml: forbid-end called process.exit on Pod one\n');
        expect(status).toBe(3);
      }
      expect(daygate(folder, 'check', ...chosen).text).toContain('[forbid-terminal]');
      const tested = daygate(folder, 'test', 'own/forbid-end');
      expect(tested.text).toContain('the policy called process.exit');
      expect(tested.status).toBe(1);
      return Promise.resolve();
    });
  });

  it('is named where it does so as it is loaded', async () => {
    const files = { 'own/a.ts': `process.exit(0);\n${policy('forbid-end', '')}`, ...manifests };
    await inFolder(files, (folder) => {
      for (const args of [['check', '--policies', 'own', 'pods.yaml'], ['render', '--policies', 'own'], ['test', 'own']]) {
        const { status, text } = daygate(folder, ...args);
        expect(text).toContain('daygate: policies own/a.ts: cannot be loaded: ');
        expect(text).toContain('called process.exit');
        expect(status).toBe(2);
      }
      return Promise.resolve();
    });
  }); // prettier-ignore
});

it('lets no policy change what the others see', async () => {
  const files = {
    'own/forbid-sorting.ts': policy('forbid-sorting', 'pod.podSpec.containers.reverse();', (text) => text.replace('{ container, at }', '{ container, pod, at }')),
    'pods.yaml': `${pod('two')}    - name: side\n      image: registry.example.com/side\n`,
  }; // prettier-ignore
  await inFolder(files, (folder) => {
    const chosen = ['--only', 'forbid-sorting,forbid-latest-tag', 'pods.yaml'];
    for (const command of [['check'], ['fix', '--diff']]) {
      const { status, text } = daygate(folder, ...command, '--policies', 'own', ...chosen);
      expect(text).toContain('error pods.yaml: forbid-sorting failed with TypeError at forbid-sorting.ts:8:28 on Pod two\n');
      expect(status).toBe(3);
    }
    const { text } = daygate(folder, 'check', '--policies', 'own', ...chosen);
    expect(text).toContain('  11 │       image: registry.example.com/side\n');
    return Promise.resolve();
  });
}); // prettier-ignore

it('leaves the report whole where a policy prints', async () => {
  const files = { 'own/forbid-print/policy.ts': policy('forbid-print', 'console.log(`sees ${container.name}`);'), ...manifests }; // prettier-ignore
  await inFolder(files, (folder) => {
    const args = ['check', '-o', 'json', '--policies', 'own', '--only', 'forbid-print', 'pods.yaml'];
    const { stdout, stderr } = spawnSync(process.execPath, [main, ...args], { cwd: folder, encoding: 'utf8', timeout: 60_000 }); // prettier-ignore
    expect(JSON.parse(stdout)).toMatchObject({ summary: { findings: 2 } });
    expect(stderr.match(/^sees app$/gm)).toHaveLength(2);
    return Promise.resolve();
  });
});

describe('a policy that fails', () => {
  it('is named by its place in check, and with its words and stack in test, without credentials', async () => {
    const files = {
      'own/forbid-words/policy.ts': policy('forbid-words', `throw new RangeError('not with ghp_' + 'c4n4ryC4N4RYc4n4ryC4N4RYc4n4ry123456');`),
      ...fixtures('forbid-words'),
      ...manifests,
    }; // prettier-ignore
    await inFolder(files, (folder) => {
      const checked = daygate(folder, 'check', '--policies', 'own', '--only', 'forbid-words', 'pods.yaml');
      expect(checked.text).toContain('error pods.yaml: forbid-words failed with RangeError at policy.ts:8:11 on Pod one\n');
      expect(checked.text).not.toContain('not with');
      expect(checked.status).toBe(3);
      const tested = daygate(folder, 'test', 'own');
      expect(tested.text).toContain('       fail-tty: the policy failed with RangeError at policy.ts:8:11\n');
      expect(tested.text).toMatch(/ {5}thrown:\n {7}RangeError: not with \[redacted\]\n {11}at .*policy\.ts:8:11\)?\n/);
      expect(tested.text).not.toContain('c4n4ry');
      expect(tested.status).toBe(1);
      return Promise.resolve();
    });
  }); // prettier-ignore

  it('fails in all ways at once: asynchronously, without a placeholder, by an unknown message', async () => {
    const files = {
      'own/forbid-a.ts': policy('forbid-a', '', (text) => text.replace('  validate(', '  async validate(')),
      'own/forbid-b.ts': policy('forbid-b', '', (text) => text.replace('for a terminal', 'for {what}')),
      'own/forbid-c.ts': policy('forbid-c', '', (text) => text.replace("message: 'tty'", "message: 'ttys'")),
      'own/forbid-d.ts': policy('forbid-d', "void Promise.reject(new TypeError('words')); setTimeout(() => { throw new RangeError(); });"),
      ...manifests,
    }; // prettier-ignore
    await inFolder(files, (folder) => {
      const { status, text } = daygate(folder, 'check', '--policies', 'own', '--only', 'forbid-a,forbid-b,forbid-c', 'pods.yaml');
      const errors = text.split('\n').filter((line) => line.startsWith('error') && line.endsWith('one'));
      expect(errors).toEqual([
        'error pods.yaml: forbid-a failed: validate returned a promise: it has to be synchronous on Pod one',
        'error pods.yaml: forbid-b reports tty and does not say what {what} is: pass it as data at forbid-b.ts:9:33 on Pod one',
        'error pods.yaml: forbid-c reports ttys, which is none of its messages (tty): did you mean tty? at forbid-c.ts:9:33 on Pod one',
      ]);
      expect(text).not.toContain('{what} [');
      expect(status).toBe(3);
      const left = daygate(folder, 'check', '--policies', 'own', '--only', 'forbid-d', 'pods.yaml');
      const words = 'daygate: a policy of your own left something running that failed with';
      expect(left.text).toContain(`${words} TypeError at forbid-d.ts:8:25: validate has to be synchronous\n`);
      expect(left.text).toContain(`${words} RangeError at forbid-d.ts:8:`);
      expect(left.text).not.toContain('words\n');
      expect(left.status).toBe(3);
      return Promise.resolve();
    });
  }); // prettier-ignore
});
