import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ServeOptions } from '../../src/server/serve.ts';
import { start, type Running } from './harness.ts';
import { load } from './load.ts';
import { mountFiles, startMounted, statusOf, type Mount } from './mounted-files.ts';
import { ownPolicy, requireTier } from './own-policies.ts';
import { allPolicies } from './policies.ts';
import { admissionReview, badPod, configMapReview } from './reviews.ts';

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

function mounted(files: Readonly<Record<string, string>>): Mount {
  const mount = mountFiles(files);
  ends.push(() => mount.remove());
  return mount;
}

async function serving(mount: Mount, options: Partial<ServeOptions> = {}): Promise<Running> {
  const server = await startMounted(mount, options);
  ends.push(() => server.end());
  return server;
}

const ok = 'daygate_settings_reloads_total{result="ok"}';
const failures = 'daygate_settings_reloads_total{result="failed"}';
const failed = 'daygate_settings_reload_failed';
const patient = { timeout: 15_000, interval: 20 };

async function reloads(server: Running, count: number): Promise<void> {
  await vi.waitFor(async () => expect(await server.metric(ok)).toBe(count), patient);
}

async function causes(server: Running, object: object = badPod()): Promise<readonly string[]> {
  const { status } = await server.judged(admissionReview({ object }));
  return (status?.details.causes ?? []).map(({ reason }) => String(reason));
}

/** A policy that says which version it is. */
function versioned(version: string): string {
  return ownPolicy(
    'require-tier',
    `if (label(object, 'tier') === undefined) report({ message: 'missing', at: at('metadata'), data: { label: '${version}' } });`,
  );
}

describe('settings and policies that change under load', () => {
  it('20 times cost no answer, and each answer is that of one of them alone', async () => {
    const one = { 'daygate.yaml': 'policyFolders: [.]\n', 'policy.ts': versioned('one') };
    const two = {
      'daygate.yaml': 'policyFolders: [.]\npolicies: { require-memory: off }\n',
      'policy.ts': versioned('two'),
    };
    const mount = mounted(one);
    const server = await serving(mount);
    const answers = new Map<string, number>();
    const body = { object: badPod() };
    const count = (text: string): true => {
      const said = /no label one/.test(text) ? 'one' : /no label two/.test(text) ? 'two' : 'neither';
      const key = `${said}${text.includes('require-memory') ? ' with memory' : ''}`;
      answers.set(key, (answers.get(key) ?? 0) + 1);
      return true;
    };
    // Calls that go through the sandbox, and, on ConfigMaps, calls that do not.
    const caller = { ...server, review: () => server.review(admissionReview(body)) };
    const traffic = load(
      8,
      () => caller,
      ({ status, text }) => status === 200 && count(text),
    );
    const plainly = { ...server, review: () => server.review(configMapReview({ labels: { owner: 'a' } })) };
    const plain = load(2, () => plainly);
    for (let version = 1; version <= 20; version++) {
      mount.swap(version % 2 === 0 ? one : two);
      await reloads(server, version);
    }
    const results = [await traffic.stop(), await plain.stop()];
    expect(results.map((result) => result.failures)).toEqual([[], []]);
    expect([...answers.keys()].toSorted()).toEqual(['one with memory', 'two']);
    for (const calls of answers.values()) expect(calls).toBeGreaterThan(50);
    expect(await server.metric(failed)).toBe(0);
    expect(server.log().filter(({ level }) => level === 'error')).toEqual([]);
  }, 180_000);

  it('end the process of the earlier policies once it has answered what it was asked', async () => {
    const mark = mounted({}).path('begun');
    const slow = ownPolicy('require-tier', `
      process.getBuiltinModule('node:fs').writeFileSync(${JSON.stringify(mark)}, '');
      const end = Date.now() + 1500; while (Date.now() < end);
      report({ message: 'missing', at: at('metadata'), data: { label: 'slow' } });`); // prettier-ignore
    const settings = 'policyFolders: [.]\nsandbox: { milliseconds: 5000 }\nwebhook: { timeoutSeconds: 30 }\n';
    const mount = mounted({ 'daygate.yaml': settings, 'policy.ts': slow });
    const server = await serving(mount);
    const pid = server.server.sandboxPid() ?? 0;
    const underWay = server.judged(admissionReview({ object: badPod() }), '/validate/production?timeout=30s');
    await vi.waitFor(() => expect(existsSync(mark)).toBe(true), patient);
    mount.swap({ 'daygate.yaml': settings, 'policy.ts': versioned('two') });
    await reloads(server, 1);
    expect(server.server.sandboxPid()).not.toBe(pid);
    const { status } = await server.judged(admissionReview({ object: badPod() }));
    expect(status?.message).toContain('no label two');
    expect((await underWay).status?.message).toContain('no label slow');
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), patient);
  });
});

describe('settings that cannot be used', () => {
  const good = { 'daygate.yaml': 'policyFolders: [.]\n', 'policy.ts': requireTier };
  const withSettings = (text: string): Record<string, string> => ({ ...good, 'daygate.yaml': text });
  const withPolicy = (text: string): Record<string, string> => ({ ...good, 'policy.ts': text });
  const faults: readonly (readonly [string, (mount: Mount) => void, RegExp])[] = [
    ['no YAML', (m) => m.swap(withSettings('policyFolders: [.]\nprofile: [\n')), /daygate\.yaml:3:1: /],
    [
      'an unknown setting',
      (m) => m.swap(withSettings('policyFolders: [.]\nprofil: baseline\n')),
      /daygate\.yaml:2:1: profil: there is no such setting: did you mean profile\?/,
    ],
    [
      'an unknown policy',
      (m) => m.swap(withSettings('policyFolders: [.]\npolicies:\n  require-memroy: off\n')),
      /daygate\.yaml:3:3: policies\.require-memroy: there is no policy require-memroy: did you mean require-memory\?/,
    ],
    [
      'a parameter that a policy of the team has not',
      (m) => m.swap(withSettings('policyFolders: [.]\npolicies:\n  require-tier: { params: { teir: a } }\n')),
      /daygate\.yaml:3:29: policies\.require-tier\.params\.teir: .*did you mean tier\?/,
    ],
    [
      'a folder that is not there',
      (m) => m.swap(withSettings('policyFolders: [nowhere]\n')),
      /policies \S+nowhere: no such file or folder/,
    ],
    ['nothing', (m) => m.swap(withSettings('')), /daygate\.yaml:1:1: is empty: .* write \{\}/],
    ['no file', (m) => m.swap({ 'policy.ts': requireTier }), /daygate\.yaml: no such file or folder/],
    [
      'a folder',
      (m) => {
        rmSync(m.path('daygate.yaml'));
        mkdirSync(m.path('daygate.yaml'));
      },
      /daygate\.yaml: is a folder/,
    ],
    [
      'a policy with a mistake in it',
      (m) => m.swap(withPolicy(`${requireTier}\nconst = 4;\n`)),
      /policies \S*policy\.ts: cannot be loaded: SyntaxError at policy\.ts:\d+:\d+: /,
    ],
    [
      'a policy that is none',
      (m) => m.swap(withPolicy(requireTier.replace(`severity: 'medium'`, `severity: 'hgh'`))),
      /policies \S*policy\.ts: severity: there is no severity hgh: did you mean high\?/,
    ],
    [
      'a policy whose id is taken',
      (m) => m.swap(withPolicy(ownPolicy('require-memory', ''))),
      /policies \S*policy\.ts: the id require-memory is taken by daygate itself/,
    ],
    [
      'a policy that ends its process',
      (m) => m.swap(withPolicy(`process.exit(0);\n${requireTier}`)),
      /policies \S*policy\.ts: ended the process while it was loaded/,
    ],
    [
      'a policy that waits for ever',
      (m) => m.swap(withPolicy(`await new Promise(() => undefined);\n${requireTier}`)),
      /policies \S*policy\.ts: ended the process while it was loaded, or waits for what never comes/,
    ],
    [
      'a policy that fills the memory',
      (m) => m.swap(withPolicy(`const all = []; for (;;) all.push({ all });\n${requireTier}`)),
      /policies \S*policy\.ts: filled the memory of the sandbox \(128 MB\) while it was loaded/,
    ],
  ];
  let mount: Mount;
  let server: Running;
  beforeAll(async () => {
    mount = mountFiles(good);
    server = await startMounted(mount);
  });
  afterAll(async () => {
    await server.end();
    mount.remove();
  });
  const problems = async (): Promise<string | undefined> =>
    (await statusOf(server)).settings.problem?.reasons.join('\n');
  it.each(faults)('because they are %s change nothing, and it is told once', async (_name, spoil, says) => {
    const pid = server.server.sandboxPid();
    const before = await server.metric(failures);
    const earlier = server.log().length;
    const told = (): number =>
      server
        .log()
        .slice(earlier)
        .filter(({ reasons }) => says.test(((reasons ?? []) as string[]).join('\n'))).length;
    spoil(mount);
    await vi.waitFor(async () => expect(await server.metric(failed)).toBe(1), patient);
    const { status, text } = await server.call('/readyz?verbose');
    expect(status).toBe(200);
    expect(text).toMatch(/^\[\+\]settings ok: those on the disk cannot be used, those before them stay: /m);
    expect(text).toMatch(says);
    expect(await problems()).toMatch(says);
    expect(await causes(server)).toEqual(['require-tier', 'require-memory']);
    expect(server.server.sandboxPid()).toBe(pid);
    // Some looks later.
    await new Promise((resolve) => setTimeout(resolve, 350));
    expect(told()).toBe(1);
    expect(await server.metric(failures)).toBe(before + 1);

    rmSync(mount.path('daygate.yaml'), { recursive: true, force: true });
    mount.swap({});
    mount.swap(good);
    await vi.waitFor(async () => expect(await server.metric(failed)).toBe(0), patient);
    expect((await server.call('/readyz?verbose')).text).toContain('[+]settings ok\n');
    expect(await problems()).toBeUndefined();
    expect(await server.metric(ok)).toBe(0);
  });

  it('stop no call while a policy that never comes to an end is tried, and name it', async () => {
    const looping = mounted(good);
    const own = await serving(looping, { limits: { loadMs: 6000 } });
    looping.swap(withPolicy(`${requireTier}\nwhile (true);\n`));
    let answered = 0;
    while ((await own.metric(failed)) === 0) {
      for (let i = 0; i < 10; i++) expect(await causes(own)).toEqual(['require-tier', 'require-memory']);
      answered += 10;
      // Enough of them to tell: the policy has the processor for itself while it is waited for.
      if (answered > 150) await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(answered).toBeGreaterThan(100);
    expect((await own.call('/readyz?verbose')).text).toMatch(
      /policies \S*policy\.ts: was not loaded within 6 seconds: what stands outside of validate must come to an end/,
    );
  });

  it('keep a server from starting, also with a policy that never comes to an end', async () => {
    const looping = mounted(withPolicy(`while (true);\n${requireTier}`));
    await expect(startMounted(looping, { limits: { loadMs: 500 } })).rejects.toMatchObject({
      code: 'policies',
      message: expect.stringMatching(/^policies \S*: was not loaded within 0\.5 seconds/) as string,
    });
  });

  it('because their policies could not be loaded are tried again without a change', async () => {
    const busy = mounted(good);
    const own = await serving(busy, { watch: { settleMs: 20, pollMs: 100, retryMs: 300 } });
    const mark = JSON.stringify(busy.path('mark'));
    const text = `import { existsSync, writeFileSync } from 'node:fs';
if (!existsSync(${mark})) { writeFileSync(${mark}, ''); process.exit(1); }
${versioned('later')}`;
    busy.swap(withPolicy(text));
    await reloads(own, 1);
    expect(await own.metric(failures)).toBe(1);
    expect(await own.metric(failed)).toBe(0);
  });

  it('name all that is wrong: in the settings, and in what they say of policies of a team', async () => {
    const mount = mounted(good);
    const server = await serving(mount);
    mount.swap(
      withSettings(
        'policyFolders: [.]\npolicies:\n  require-nothing: off\n  require-tier: { params: { tier: 7 } }\n',
      ),
    );
    await vi.waitFor(async () => expect(await server.metric(failed)).toBe(1), patient);
    const { reasons } = (await statusOf(server)).settings.problem ?? { reasons: [] };
    expect(reasons).toEqual([
      expect.stringContaining('daygate.yaml:3:3: policies.require-nothing: there is no policy'),
      expect.stringMatching(/daygate\.yaml:4:35: policies\.require-tier\.params\.tier: expected a text$/),
    ]);
  });

  it('keep policies in force that are on the disk no more, also after their process has ended', async () => {
    const files = {
      'daygate.yaml': 'policyFolders: [.]\n',
      'policy.ts': `import { wanted } from './shared/wanted.ts';\n${versioned('${wanted}').replaceAll(`'\${wanted}'`, 'wanted')}`,
    };
    const mount = mounted({ 'daygate.yaml': '{}' });
    mkdirSync(mount.path('shared'));
    writeFileSync(mount.path('shared/wanted.ts'), `export const wanted: string = 'kept';\n`);
    rmSync(mount.path('daygate.yaml'));
    for (const [name, text] of Object.entries(files)) writeFileSync(mount.path(name), text);
    const server = await serving(mount);
    writeFileSync(mount.path('shared/wanted.ts'), 'const = broken');
    await vi.waitFor(async () => expect(await server.metric(failed)).toBe(1), patient);
    rmSync(mount.path('shared'), { recursive: true });
    const pid = server.server.sandboxPid() ?? 0;
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => expect(server.server.sandboxPid()).not.toBe(pid), patient);
    const { status } = await server.judged(admissionReview({ object: badPod() }));
    expect(status?.message).toContain('no label kept');
  });
});

describe('settings on the disk', () => {
  it('that mean the same are not taken anew', async () => {
    const mount = mounted({ 'daygate.yaml': 'policyFolders: [.]\n', 'policy.ts': requireTier });
    const server = await serving(mount);
    const pid = server.server.sandboxPid();
    mount.swap({ 'daygate.yaml': '# A comment.\npolicyFolders: [ . ]\n', 'policy.ts': requireTier });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(await server.metric(ok)).toBe(0);
    expect(server.server.sandboxPid()).toBe(pid);
  });

  it('are found without any event', async () => {
    const mount = mounted({ 'daygate.yaml': 'policies: { require-memory: off }\n' });
    // The folder of the link is watched, not that of the file it leads to.
    const elsewhere = mounted({ 'daygate.yaml': '{}\n' });
    symlinkSync(mount.path('daygate.yaml'), elsewhere.path('link.yaml'));
    const server = await start({
      compiled: { settings: elsewhere.path('link.yaml'), folders: [], builtIn: allPolicies },
      watch: { settleMs: 20, pollMs: 100 },
    });
    ends.push(() => server.end());
    expect(await causes(server)).toEqual([]);
    writeFileSync(mount.path('daygate.yaml'), '{}\n');
    await reloads(server, 1);
    expect(await causes(server)).toEqual(['require-memory']);
  });

  it('change the digest, the time of loading, profiles and policies, and no series stays behind', async () => {
    const team = (name: string): string => `profiles: { ${name}: { extends: production } }\n`;
    const mount = mounted({ 'daygate.yaml': team('team-0') });
    const server = await serving(mount);
    const series = async (): Promise<readonly string[]> =>
      (await server.call('/metrics')).text.split('\n').filter((line) => line.startsWith('daygate_'));
    const digests = new Set<string>();
    let most = 0;
    for (let version = 1; version <= 6; version++) {
      await server.judged(admissionReview({ object: badPod() }), `/validate/team-${version - 1}`);
      const own = { 'policy.ts': ownPolicy(`require-${version}`, `report({ message: 'missing', at: at('metadata'), data: { label: 'x' } });`) }; // prettier-ignore
      mount.swap({ 'daygate.yaml': `${team(`team-${version}`)}policyFolders: [.]\n`, ...own });
      await reloads(server, version);
      const lines = await series();
      most = Math.max(most, lines.length);
      digests.add(lines.find((line) => line.startsWith('daygate_settings_info')) ?? '');
      expect(lines.filter((line) => line.includes('"team-') && !line.includes(`"team-${version}"`))).toEqual([]);
      expect(lines.filter((line) => /"require-\d/.test(line) && !line.includes(`"require-${version}"`))).toEqual([]);
    }
    expect(digests.size).toBe(6);
    expect((await series()).length).toBeLessThanOrEqual(most);
    const loaded = await server.metric('daygate_settings_loaded_timestamp_seconds');
    expect(Math.abs(loaded - Date.now() / 1000)).toBeLessThan(60);
  }, 120_000); // prettier-ignore

  it('say when the webhook configurations have to be applied again, and which profiles are gone', async () => {
    const mount = mounted({ 'daygate.yaml': 'profiles: { team: { extends: production } }\n' });
    const server = await serving(mount);
    const told = (): readonly object[] => server.log().filter(({ message }) => /daygate render/.test(String(message)));
    mount.swap({ 'daygate.yaml': 'profiles: { team: { extends: production } }\nwebhook: { namespace: daygate-system, url: "https://127.0.0.1:1" }\n' });
    await reloads(server, 1);
    expect(told()).toEqual([]);
    mount.swap({ 'daygate.yaml': 'webhook: { timeoutSeconds: 7 }\n' });
    await reloads(server, 2);
    expect(told()).toEqual([expect.objectContaining({ level: 'warn', gone: ['team'] })]);
    const answer = await server.review(admissionReview(), '/validate/team');
    expect(answer.status).toBe(404);
    expect(answer.json().message).toContain('there is no profile team');
  }); // prettier-ignore
});
