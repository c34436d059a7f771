import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { CheckOptions } from '../../src/cli/check.ts';
import { asNobody } from './as-nobody.ts';
import { checkText, inFolder, runCheck, type JsonOutput } from './run-check.ts';

const bad = `apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec:
  containers:
    - name: app
      image: app:latest # moving
      env:
        - name: DB_PASSWORD
          value: correct-horse-battery
`;
const only = { only: ['forbid-latest-tag'] };

function places({ findings }: JsonOutput): readonly string[] {
  return findings.map(({ policy, line, column }) => `${line}:${column} ${policy}`);
}

describe('daygate check', () => {
  it('puts findings on the line and column of the field, or of its nearest parent', async () => {
    const { code, json } = await checkText(bad, {
      only: ['forbid-latest-tag,forbid-secret-in-env', 'require-memory-limit'],
    });
    expect(code).toBe(1);
    expect(places(json)).toEqual([
      '8:7 require-memory-limit',
      '9:7 forbid-latest-tag',
      '12:11 forbid-secret-in-env',
    ]);
    expect(json.findings[1]).toMatchObject({
      severity: expect.any(String) as string,
      action: 'deny',
      object: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web' },
      pointer: '/spec/containers/0/image',
      locator: 'spec.containers[app].image',
      file: '<stdin>',
      document: 0,
    });
  });

  it('never shows a credential, in no format', async () => {
    for (const output of ['text', 'json']) {
      const { out, code } = await runCheck(['-'], { output: [output] }, bad);
      expect(code).toBe(1);
      expect(out).toContain('forbid-secret-in-env');
      expect(out).not.toContain('correct-horse');
    }
  });

  it('says in text what is wrong, where, and what to write instead', async () => {
    const { out } = await runCheck(['-'], only, bad);
    expect(out).toContain('<stdin>: Pod shop/web');
    expect(out).toContain('9 │       image: app:latest');
    expect(out).toMatch(/deny .*app.*\[forbid-latest-tag\]/);
    expect(out).toContain('at spec.containers[app].image');
    expect(out).toMatch(/→ \S/);
    expect(out).toContain('1 object judged in 1 file: 1 finding (1 deny).');
  });

  it('counts documents and items of Lists', async () => {
    const item = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'b' },
      spec: { containers: [{ name: 'x', image: 'x' }] },
    };
    const text = `# nothing\n---\n${bad}---\n${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [item, item] })}\n`;
    const { json } = await checkText(text, only);
    expect(json.findings.map(({ document, item: index }) => [document, index])).toEqual([
      [1, undefined],
      [2, 0],
      [2, 1],
    ]);
    expect(json.coverage).toEqual({ files: 1, objects: 3, judged: 3 });
  });

  it('is byte-stable and does not depend on the order of its arguments', async () => {
    await inFolder(
      {
        'a.yaml': bad,
        'b/c.yml': bad.replace('web', 'web2'),
        'b/d.json':
          '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"j"},"spec":{"containers":[{"name":"a"}]}}',
      },
      async (folder) => {
        const first = await runCheck([folder], { output: ['json'] });
        const second = await runCheck([join(folder, 'b'), join(folder, 'a.yaml')], { output: ['json'] });
        expect(second).toEqual(first);
        expect((JSON.parse(first.out) as JsonOutput).coverage.files).toBe(3);
      },
    );
  });

  it('takes patterns, and several outputs at once', async () => {
    await inFolder({ 'a.yaml': bad, 'b.txt': 'no manifest' }, async (folder) => {
      const file = join(folder, 'report.json');
      const { code, out } = await runCheck([join(folder, '*.yaml')], {
        ...only,
        output: ['text', `json=${file}`],
      });
      expect(code).toBe(1);
      expect(out).toContain('1 finding');
      expect((JSON.parse(readFileSync(file, 'utf8')) as JsonOutput).findings).toHaveLength(1);
    });
  });

  it('reads profiles of namespaces from the Namespace objects at hand, unless one is asked for', async () => {
    const namespace =
      '---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels: { daygate.dev/profile: baseline }\n';
    const text = bad + namespace;
    const action = async (options: object) => {
      const { json } = await checkText(text, options);
      return json.findings.find(({ policy }) => policy === 'require-memory-limit')?.action;
    };
    expect(await action({})).toBe('warn');
    expect(await action({ profile: 'production' })).toBe('deny');
  });

  it('relates objects that leave their namespace to -n like those that name it', async () => {
    const route = (name: string, namespace: string): string =>
      `---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: ${name}${namespace} }
spec:
  parentRefs: [{ name: public }]
  hostnames: [shop.example.com]
`;
    const gateway = `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec:
  gatewayClassName: envoy
  listeners: [{ name: http, port: 80, protocol: HTTP }]
`;
    const options = { only: ['forbid-ingress-conflict'], namespace: 'shop' };
    const named = ', namespace: shop';
    const rules = '  rules: [{ backendRefs: [{ name: web, port: 80 }] }]\n';
    const claims = async (...routes: readonly string[]): Promise<number> => {
      const { json } = await checkText(gateway + routes.map((text) => text + rules).join(''), options);
      return json.findings.length;
    };
    expect(await claims(route('a', ''), route('b', named))).toBe(2);
    expect(await claims(route('a', named), route('b', named))).toBe(2);
    // One object in two files.
    expect(await claims(route('a', ''), route('a', named))).toBe(0);
  });

  it('sets parameters', async () => {
    const { json } = await checkText(bad.replace('latest', 'edge'), {
      ...only,
      set: ['forbid-latest-tag.tags=[edge]'],
    });
    expect(json.findings).toHaveLength(1);
  });
});

describe('silence is never success', () => {
  it.each<[string, readonly string[], Parameters<typeof runCheck>[1], string, number]>([
    ['no argument', [], {}, 'no input', 2],
    ['a path that names nothing', ['no/such/path'], {}, 'no such file or folder', 2],
    ['a pattern that matches nothing', ['no-such-*.yaml'], {}, 'no file matches', 2],
    ['an unknown format', ['-'], { output: ['xml'] }, 'there is no output format xml', 2],
    ['an unknown policy', ['-'], { only: ['forbid-latest-tags'] }, 'did you mean forbid-latest-tag?', 2],
    ['an unknown profile', ['-'], { profile: 'prod' }, 'there is no profile prod', 2],
    [
      'an unknown parameter',
      ['-'],
      { set: ['forbid-latest-tag.tag=x'] },
      'forbid-latest-tag has no parameter tag',
      2,
    ],
    ['a parameter like none', ['-'], { set: ['require-replicas.x=1'] }, 'parameter x (known: min, ', 2],
    [
      'a parameter of a policy with none',
      ['-'],
      { set: ['forbid-privileged.x=1'] },
      'parameter x: it has none',
      2,
    ],
    ['a parameter of the wrong type', ['-'], { set: ['require-replicas.min=many'] }, 'require-replicas', 2],
    [
      'a name that every object has',
      ['-'],
      { set: ['__proto__.x=1'] },
      '--set: there is no policy __proto__',
      2,
    ],
    [
      'a parameter whose name every object has',
      ['-'],
      { set: ['require-replicas.__proto__=1'] },
      'require-replicas has no parameter __proto__',
      2,
    ],
    ['a broken --set', ['-'], { set: ['nonsense'] }, 'write --set ID.key=VALUE', 2],
    ['a broken version', ['-'], { kubernetes: 'latest' }, 'expected a version like 1.36', 2],
    ['settings that are not there', ['-'], { settings: 'no-such-file.yaml' }, 'no such file', 2],
    [
      'a report that cannot be written',
      ['-'],
      { output: ['json=/no/such/folder/x.json'] },
      'cannot write the report',
      2,
    ],
  ])('%s', async (_, paths, options, message, code) => {
    const result = await runCheck(paths, options, bad);
    expect(result.out + result.err).toContain(message);
    expect(result.code).toBe(code);
  });

  it('an unknown tag in --set is told by no warning of the YAML library', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
    const { err } = await runCheck(['-'], { set: ['require-replicas.min=!foo x'] }, bad);
    expect(err).toContain('require-replicas.min: expected a number');
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });

  it('an empty file, or objects no policy knows, are nothing checked', async () => {
    for (const text of [
      '',
      '# only a comment\n',
      '---\n---\n',
      'apiVersion: example.com/v1\nkind: Thing\nmetadata: { name: x }\n',
    ]) {
      const { code, json } = await checkText(text);
      expect(json.errors, text).toMatchObject([{ code: 'nothing-checked' }]);
      expect(code, text).toBe(2);
    }
  });

  it.each([
    ['looks at requests to connect', 'bound-pod-exec', 'none of the chosen policies looks at Pod'],
    ['asks who asks', 'require-gitops-actor', 'needs to know who asks'],
  ])('an object and a chosen policy that %s are nothing checked', async (_, id, reason) => {
    const { code, json } = await checkText(bad, { only: [id] });
    expect(json.errors).toMatchObject([{ code: 'nothing-checked' }]);
    expect(json.skipped).toMatchObject([{ reason }]);
    expect([code, json.coverage.judged]).toEqual([2, 0]);
    const both = await checkText(bad, { only: [id, 'forbid-latest-tag'] });
    expect([both.code, both.json.coverage.judged]).toEqual([1, 1]);
  });

  it('an object that the chosen policies do not look at is named, and no mistake', async () => {
    const { code, json } = await checkText(bad, { only: ['require-matching-selector'] });
    expect([code, json.errors, json.coverage]).toEqual([0, [], { files: 1, objects: 1, judged: 0 }]);
    expect(json.skipped).toMatchObject([{ reason: 'none of the chosen policies looks at Pod' }]);
    const { out } = await runCheck(['-'], { only: ['require-matching-selector'] }, bad);
    expect(out).toContain('none of the chosen policies looks at Pod (Pod web)');
    expect(out).toContain('0 of 1 object judged in 1 file: no findings.');
  });

  it('a file that cannot be read, or is half broken, is named and hides nothing', async () => {
    await inFolder(
      { 'a.yaml': `${bad}---\nkind: [\n`, 'b.yaml': bad, 'c.yaml': 'kind: Pod\n' },
      async (folder) => {
        const { code, out } = await runCheck([folder], { ...only, output: ['json'] });
        const json = JSON.parse(out) as JsonOutput;
        expect(code).toBe(2);
        expect(json.findings).toHaveLength(2);
        expect(json.errors.map(({ file, line }) => [file?.slice(-6), line])).toEqual([
          ['a.yaml', expect.any(Number)],
          ['c.yaml', expect.any(Number)],
        ]);
      },
    );
  });

  it('findings about relations are marked as doubtful while something cannot be read', async () => {
    const service =
      'apiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: shop }\nspec: { selector: { app: web }, ports: [{ port: 80 }] }\n';
    const notice =
      '1 finding is about relations between objects and may be wrong while 1 input cannot be read: require-service-target';
    await inFolder({ 'web.yaml': service, 'app.yaml': 'kind: [\n---\nkind: [' }, async (folder) => {
      const run = (options: CheckOptions = {}, path = folder) =>
        runCheck([path], { only: ['require-service-target'], ...options });
      const { out } = await run();
      expect(out.split('\n')).toContain(`note ${notice}`);
      for (const format of ['github', 'markdown', 'sarif', 'junit'])
        expect((await run({ output: [format] })).out).toContain(notice);
      // Neither where all can be read, nor where no such finding is shown.
      const whole = await run({}, join(folder, 'web.yaml'));
      expect(whole.out).toContain('[require-service-target]');
      const quiet = await run({ quiet: true, failOn: ['none'] });
      for (const text of [whole.out, quiet.out]) expect(text).not.toContain('may be wrong');
    });
  });

  it('kinds that nothing knows and relations without facts are named', async () => {
    const { json } = await checkText(
      `${bad}---\napiVersion: example.com/v1\nkind: Thing\nmetadata: { name: x }\n`,
    );
    expect(json.skipped).toContainEqual({
      object: { apiVersion: 'example.com/v1', kind: 'Thing', name: 'x' },
      reason:
        'no policy knows Thing of example.com/v1: --crds names files or folders with its CustomResourceDefinition',
    });
  });

  it('a kind that is read only to judge another is no gap', async () => {
    const { json } = await checkText(
      `${bad}---\napiVersion: v1\nkind: LimitRange\nmetadata: { name: x }\nspec: { limits: [] }\n`,
    );
    expect(JSON.stringify(json.skipped)).not.toContain('LimitRange');
    // A custom kind that no policy judges.
    const quota = `apiVersion: quota.openshift.io/v1\nkind: ClusterResourceQuota\nmetadata: { name: x }\n`;
    const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n';
    const both = await checkText(`${namespace}---\n${quota}`, { only: ['require-namespace-quota'] });
    expect(both.json.skipped).toEqual([]);
    // What makes pods is one: the settings do not say where its pod template is.
    const rollout = `apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: { name: x }\n`;
    expect(JSON.stringify((await checkText(`${bad}---\n${rollout}`)).json.skipped)).toContain(
      'no policy knows',
    );
  });
});

describe('settings', () => {
  const settings = (text: string) =>
    inFolder(
      { 'daygate.yaml': text },
      async (folder) => (await runCheck(['-'], { settings: join(folder, 'daygate.yaml') }, bad)).err,
    );

  it.each([
    ['profil: production\n', ':1:1: profil: there is no such setting: did you mean profile?'],
    [
      'policies:\n  require-memory-limits: deny\n',
      ':2:3: policies.require-memory-limits: there is no policy require-memory-limits: did you mean require-memory-limit?',
    ],
    [
      'policies:\n  require-replicas:\n    params: { mn: 2 }\n',
      'require-replicas has no parameter mn: did you mean min?',
    ],
    ['policies:\n  require-replicas: { action: forbid }\n', ':2:31: policies.require-replicas.action:'],
    [
      'exceptions:\n  - policies: [require-replicas]\n    match: { name: x }\n    owner: a\n    reason: b\n',
      'exceptions.0.expires',
    ],
    ['profile: [\n', ':2:1:'],
    ['kubernetes: 1.36\n', 'kubernetes: '],
  ])('%j is refused with its place', async (text, message) => {
    expect(await settings(text)).toContain(message);
  });

  it('all mistakes are named at once', async () => {
    expect(
      (await settings('profil: x\nwebhok: y\npolicies: { require-x: deny }\n')).split('\n').length,
    ).toBeGreaterThanOrEqual(2);
  });
});

describe('unreadable files', () => {
  it('are an error with a reason', async () => {
    await inFolder({ 'a.yaml': bad, 'b.yaml': bad }, async (folder) => {
      chmodSync(folder, 0o755);
      chmodSync(join(folder, 'b.yaml'), 0o000);
      const { code, out } = await asNobody(() => runCheck([folder], { ...only, output: ['json'] }));
      const json = JSON.parse(out) as JsonOutput;
      expect(json.errors).toMatchObject([{ code: 'unreadable', message: 'permission denied' }]);
      expect(code).toBe(2);
    });
  });
});
