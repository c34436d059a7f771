import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { policies } from '../../policies/index.ts';
import { readManifests } from '../../src/cli/yaml/read-manifests.ts';
import { readPolicyFolder } from '../../src/policy-test/fixtures.ts';
import { compileFor, reviewsOf, rollout } from '../../src/policy-test/judge-fixture.ts';
import { fixReview } from '../../src/engine/fix.ts';
import { asNobody } from './as-nobody.ts';
import { checkText, inFolder, now } from './run-check.ts';
import { runFix } from './run-fix.ts';

const pod = `# who wrote this
apiVersion: v1
kind: Pod # a pod
metadata: {name: report, namespace: shop}
spec:
  containers:
    - name: app # the app
      image: "registry.example.com/shop/report:1.2.0"
`;
const only = { only: ['forbid-token-automount'] };
const fixedPod = `${pod}  automountServiceAccountToken: false\n`;
const password = 'kT9f' + 'Qz2LmX7p';

describe('fix', () => {
  it('writes into the file and leaves all else alone; the second time it finds nothing', async () => {
    await inFolder({ 'pod.yaml': pod }, async (folder) => {
      const file = join(folder, 'pod.yaml');
      const first = await runFix([folder], only);
      expect(first).toMatchObject({ code: 0, err: '' });
      expect(first.out).toBe(
        `fixed ${file}: Pod shop/report: forbid-token-automount\nno findings are left\n`,
      );
      expect(readFileSync(file, 'utf8')).toBe(fixedPod);
      const { mtimeMs } = statSync(file);
      expect(await runFix([folder], only)).toEqual({
        code: 0,
        out: 'nothing to fix\nno findings are left\n',
        err: '',
      });
      expect(statSync(file).mtimeMs).toBe(mtimeMs);
      expect(readdirSync(folder)).toEqual(['pod.yaml']);
    });
  });

  it.each(['diff', 'dryRun'] as const)('writes nothing with %s and says by its exit code that there is something', async (option) => {
    await inFolder({ 'pod.yaml': pod }, async (folder) => {
      const { code, out, err } = await runFix([folder], { ...only, [option]: true });
      expect(code).toBe(1);
      expect(out + err).toContain(`would fix ${join(folder, 'pod.yaml')}: Pod shop/report: forbid-token-automount\n`);
      expect(readFileSync(join(folder, 'pod.yaml'), 'utf8')).toBe(pod);
      if (option === 'diff') expect(out).toMatch(/^--- .*\n\+\+\+ .*\n@@ -6,3 \+6,4 @@\n(?: .*\n){3}\+ {2}automountServiceAccountToken: false\n$/);
    });
  }); // prettier-ignore

  it('shows no credential in a diff, neither in what goes nor in what stands around it', async () => {
    const env = `      env:\n        - name: DB_PASSWORD\n          value: ${password}\n        # once api_key=${password}\n        - name: A\n          value: a\n`;
    await inFolder({ 'pod.yaml': pod + env }, async (folder) => {
      const options = { only: ['forbid-secret-in-env'], suggestions: true, diff: true };
      const { code, out, err } = await runFix([folder], options);
      expect(code).toBe(1);
      expect(out).toContain('-          value: •••');
      expect(out).toContain('+              key: DB_PASSWORD');
      expect(out + err).not.toContain(password);
    });
  });

  it('shows no credential that was commented out', async () => {
    const word = 'kanarienvogel';
    const comments = [`- {name: DB_PASSWORD, value: ${word}}`, '- name: DB_PASSWORD', `  value: "${word}"`, `db_password=${word}`]; // prettier-ignore
    const text = `${pod}${comments.map((comment) => `      # ${comment}\n`).join('')}      tty: true # password: ${word}\n`;
    // Lines around a change are shown, too.
    for (const comment of ['', ...comments]) {
      const { out } = await runFix(['-'], { ...only, diff: true }, comment === '' ? text : `${pod}      # ${comment}\n`);
      expect(out).toContain('+  automountServiceAccountToken: false');
      expect(out).not.toContain(word);
    }
  }); // prettier-ignore

  it('shows no secret of a manifest that was commented out', async () => {
    const more =
      ' # TOKEN=hunter2hunter2\n      # env:\n      #   - name: DB_PASSWORD\n      #     value: hunter2\n';
    const { out } = await runFix(['-'], { ...only, diff: true }, pod.trimEnd() + more);
    expect(out).toContain('+  automountServiceAccountToken: false');
    expect(out).toContain('#     value: •••\n');
    expect(out).not.toContain('hunter2');
  });

  it('shows no line of a secret text that looks like a comment, and says that the diff is to be read only', async () => {
    const args = `      args:\n        - |\n          #${password}\n`;
    const { out, err } = await runFix(['-'], { ...only, diff: true }, pod + args);
    expect(out).toContain('\n           •••\n');
    expect(out + err).not.toContain(password);
    expect(err).toContain('lines of this diff are masked or cut');
    const open = await runFix(['-'], { ...only, diff: true }, pod);
    expect(open.out).toContain('name: app # the app\n');
    expect(open.err).not.toContain('masked');
  }); // prettier-ignore

  it('writes suggestions only where they are asked for', async () => {
    await inFolder({ 'pod.yaml': `${pod}      env: [{name: DB_PASSWORD, value: ${password}}]\n` }, async (folder) => {
      const secret = { only: ['forbid-secret-in-env'] };
      const { out } = await runFix([folder], secret);
      expect(out).toBe('nothing to fix\n1 finding is left (daygate check shows them); for 1 of them --suggestions writes what is suggested\n');
      const { code } = await runFix([folder], { ...secret, suggestions: true });
      expect(code).toBe(0);
      expect(readFileSync(join(folder, 'pod.yaml'), 'utf8')).toContain('secretKeyRef');
    });
  }); // prettier-ignore

  it('warns where a fix takes something from the program', async () => {
    const both = { only: ['require-run-as-non-root', 'require-drop-capabilities', 'forbid-token-automount'] };
    const { err } = await runFix(['-'], both, pod);
    expect(err).toContain(
      '\nrunAsNonRoot, capabilities: an image that needs root, whose user is a name and no number, ',
    );
    expect((await runFix(['-'], only, pod)).err).not.toContain('an image');
  });

  it('reads standard input and writes the result, and nothing else, to standard output', async () => {
    expect(await runFix(['-'], only, pod)).toEqual({
      code: 0,
      out: fixedPod,
      err: 'fixed <stdin>: Pod shop/report: forbid-token-automount\nno findings are left\n',
    });
    expect((await runFix(['-'], only, fixedPod)).out).toBe(fixedPod);
  });

  it('leaves a file alone of which it could not read everything, and says so', async () => {
    await inFolder({ 'a.yaml': `${pod}---\na: [\n`, 'b.yaml': pod }, async (folder) => {
      const { code, err } = await runFix([folder], only);
      expect(code).toBe(2);
      expect(err).toContain('nothing was fixed in this file, because not all of it could be read');
      expect(readFileSync(join(folder, 'a.yaml'), 'utf8')).toBe(`${pod}---\na: [\n`);
      expect(readFileSync(join(folder, 'b.yaml'), 'utf8')).toBe(fixedPod);
    });
  });

  it('does not write what would change another object through an anchor', async () => {
    const shared = (name: string, spec: string): string =>
      `  - apiVersion: v1\n    kind: Pod\n    metadata: {name: ${name}, namespace: shop}\n    spec:${spec}\n`;
    const containers = '\n      containers: [{name: app, image: x}]';
    const source = `apiVersion: v1\nkind: List\nitems:\n${shared('a', ` &spec${containers}`)}${shared('b', ' *spec')}`;
    // The object that holds the anchor cannot change without the other; fixing both is what both ask for.
    const { code, out } = await runFix(['-'], only, source);
    expect(code).toBe(0);
    const specs = readManifests(out).manifests.map(({ object }) => object['spec']);
    expect(specs).toMatchObject([{ automountServiceAccountToken: false }, { automountServiceAccountToken: false }]);
    const settings = 'exceptions:\n  - { policies: [forbid-token-automount], match: { name: b }, owner: ana, reason: test, expires: EXPIRES }\n';
    const expires = new Date(now + 30 * 86_400_000).toISOString().slice(0, 10);
    await inFolder({ 'daygate.yaml': settings.replace('EXPIRES', expires) }, async (folder) => {
      const refused = await runFix(['-'], { ...only, settings: join(folder, 'daygate.yaml') }, source);
      expect(refused).toMatchObject({ code: 2, out: source });
      expect(refused.err).toContain('error <stdin>:4: forbid-token-automount could not be written for Pod shop/a: the place is shared');
    });
  }); // prettier-ignore

  it('writes what it can where one fix has no place of its own, and names that one alone', async () => {
    const source = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop, labels: &own { app: web }, annotations: *own }
spec:
  selector:
    matchLabels: *own
  template:
    spec:
      containers:
        - name: app
          securityContext: {}
`;
    const ids = ['require-cost-center', 'forbid-token-automount', 'forbid-privilege-escalation'];
    const { code, out, err } = await runFix(['-'], { only: ids, set: ['require-cost-center.value=cc-1'] }, source);
    expect(code).toBe(2);
    expect(err).toContain('error <stdin>:1: require-cost-center could not be written for Deployment shop/web: the place is shared with another through an anchor.');
    expect(err).toContain('fixed <stdin>: Deployment shop/web: forbid-token-automount, forbid-privilege-escalation\n');
    expect(out).toBe(source.replace('securityContext: {}', 'securityContext: { allowPrivilegeEscalation: false }') + '      automountServiceAccountToken: false\n');
  }); // prettier-ignore

  it('leaves nothing for a second run where one object made room for another', async () => {
    const item = (name: string, labels: string, context: string): string => `  - apiVersion: v1
    kind: Pod
    metadata: { name: ${name}, namespace: shop, labels: ${labels}, annotations: *labels }
    spec:
      containers:
        - name: app
          securityContext: ${context}
`;
    const source = `apiVersion: v1
kind: List
items:
${item('a', '&labels { app: web }', '&context { runAsNonRoot: true }')}${item('b', '*labels', '*context')}`;
    const options = { only: ['require-cost-center', 'forbid-privilege-escalation'], set: ['require-cost-center.value=cc-1'] };
    const { code, out, err } = await runFix(['-'], options, source);
    expect(code).toBe(2);
    expect(err.match(/error .*/g)).toEqual([expect.stringContaining(': require-cost-center could not be written for Pod shop/a: ')]);
    expect(readManifests(out).manifests.map(({ object }) => object['spec'])).toMatchObject(
      Array(2).fill({ containers: [{ securityContext: { runAsNonRoot: true, allowPrivilegeEscalation: false } }] }),
    );
    expect((await runFix(['-'], options, out)).out).toBe(out);
  }); // prettier-ignore

  it('says that the layout is the reason where it is', async () => {
    const source = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: app, securityContext}]}\n';
    const { code, err } = await runFix(['-'], { only: ['forbid-privilege-escalation'] }, source);
    expect(code).toBe(2);
    expect(err).toContain('forbid-privilege-escalation could not be written for Pod a: the place is written in a way that cannot be edited');
  }); // prettier-ignore

  it('goes through symbolic links and keeps the mode', async () => {
    await inFolder({ 'real/pod.yaml': pod }, async (folder) => {
      const real = join(folder, 'real/pod.yaml');
      chmodSync(real, 0o640);
      symlinkSync(real, join(folder, 'link.yaml'));
      await runFix([join(folder, 'link.yaml')], only);
      expect(lstatSync(join(folder, 'link.yaml')).isSymbolicLink()).toBe(true);
      expect(readFileSync(real, 'utf8')).toBe(fixedPod);
      expect(statSync(real).mode & 0o777).toBe(0o640);
    });
  });

  it('names a file that cannot be written and goes on with the others', async () => {
    await inFolder({ 'closed/a.yaml': pod, 'open/b.yaml': pod }, async (folder) => {
      const [closed, open] = [join(folder, 'closed/a.yaml'), join(folder, 'open/b.yaml')];
      for (const place of [folder, join(folder, 'open'), open]) chmodSync(place, 0o777);
      chmodSync(closed, 0o444);
      const { code, err, out } = await asNobody(() => runFix([folder], only));
      expect(code).toBe(2);
      expect(err).toContain(`error ${closed}: cannot be written: permission denied`);
      expect(readFileSync(closed, 'utf8')).toBe(pod);
      expect(out).toContain(`fixed ${open}`);
      expect(out).toContain('1 finding is left (daygate check shows them)\n');
    });
  });

  it('says when there is nothing to fix at all', async () => {
    expect(await runFix([])).toMatchObject({ code: 2, err: expect.stringContaining('no input') as string });
    expect(await runFix(['-'], {}, '# nothing\n')).toMatchObject({
      code: 2,
      err: expect.stringContaining('there is no object') as string,
    });
  });
});

const { group, kind, resource, versions } = rollout;
const rolloutSetting = { group, kind, resource, versions, scalable: true };

const fixable = policies
  .map((policy) => readPolicyFolder(policy))
  .flatMap(({ policy, fixtures }) =>
    fixtures
      .filter(({ fixed }) => fixed !== undefined)
      .map((fixture) => [`${policy.id}: ${fixture.name}`, policy, fixture] as const),
  );

describe('fix of every policy', () => {
  it('is tried on every policy that has one', () => {
    const tried = new Set(fixable.map(([, { id }]) => id));
    expect([...tried].sort()).toEqual(policies.filter(({ fix }) => fix !== undefined).map(({ id }) => id).sort());
  }); // prettier-ignore

  it.each(fixable)('%s', async (_, policy, fixture) => {
    const settings = JSON.stringify({
      policies: { [policy.id]: { action: 'deny', params: fixture.params } },
      exemptNamespaces: [],
      workloads: [rolloutSetting],
      ...(fixture.kubernetes === undefined ? {} : { kubernetes: fixture.kubernetes }),
    });
    await inFolder({ 'daygate.yaml': settings }, async (folder) => {
      const options = { only: [policy.id], settings: join(folder, 'daygate.yaml') };
      const { out, err } = await runFix(['-'], { ...options, suggestions: true }, fixture.text);
      expect(err).not.toContain('error');
      expect(readManifests(out).manifests.map(({ object }) => object)).toEqual(fixture.fixed);
      const comments = (text: string): readonly string[] => text.match(/(?:^|\s)#.*/g) ?? [];
      expect(comments(out)).toEqual(comments(fixture.text));
      expect((await runFix(['-'], { ...options, suggestions: true }, out)).out).toBe(out);
      const { json } = await checkText(out, options);
      const again = reviewsOf(fixture, fixture.fixed).map((review) =>
        fixReview(compileFor(policy, fixture), review, 'all'),
      );
      expect(again.flatMap(({ patch }) => patch)).toEqual([]);
      // Where the fix has nothing right to write, as beside an annotation that decides, the finding stays.
      const leftOut = again.some(({ dropped }) => dropped.length > 0);
      if (!leftOut) expect(json.findings.filter(({ fixable: more }) => more)).toEqual([]);
    });
  });
});
