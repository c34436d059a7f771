import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { compileSettings } from '../../src/engine/compile.ts';
import { judge } from '../../src/engine/judge.ts';
import { settingsSchema, type SettingsInput } from '../../src/engine/settings.ts';
import { loadPolicies } from '../../src/config/load-policies.ts';
import { builtinProfiles } from '../../src/engine/profiles.ts';
import { kinds, textFrame } from '../../src/server/sandbox/frames.ts';
import { serve, type ServeOptions } from '../../src/server/serve.ts';
import type { Running, Verdict } from './harness.ts';
import { compiledWithOwn, misbehaving, ownPolicy, requireTier, startWithOwn } from './own-policies.ts';
import { allPolicies } from './policies.ts';
import { admissionReview, badPod, configMapReview, limited, pod } from './reviews.ts';

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'daygate-own-'));
  ends.push(() => rmSync(folder, { recursive: true }));
  return folder;
}

const everyone = {
  'a-tier.ts': requireTier,
  'b-loop.ts': misbehaving.loop,
  'c-throw.ts': misbehaving.throwing,
  'd-memory.ts': misbehaving.memory,
  'e-exit.ts': misbehaving.exit,
  'f-last.ts': ownPolicy(
    'require-last',
    `if (label(object, 'last') === undefined) report({ message: 'missing', at: at('metadata'), data: { label: 'last' } });`,
  ),
};

async function running(
  files: Readonly<Record<string, string>> = everyone,
  options: Partial<ServeOptions> & { readonly settings?: SettingsInput } = {},
): Promise<Running> {
  const server = await startWithOwn(newFolder(), files, options);
  ends.push(() => server.end());
  return server;
}

/** A Pod that the built-in policies of these tests have nothing against. */
function labelled(labels: Readonly<Record<string, string>>): object {
  return admissionReview({
    object: pod([{ name: 'app', image: 'web:1.0', ...limited }], { labels: { owner: 'web', ...labels } }),
  });
}

const fine = { tier: 'web', last: 'yes' };

function causes({ status }: Verdict): readonly string[] {
  return (status?.details.causes ?? []).map(({ reason }) => String(reason));
}

function exists(pid: number | undefined): boolean {
  try {
    process.kill(pid ?? -1, 0);
    return true;
  } catch {
    return false;
  }
}

describe('policies of a team in the server', () => {
  it('have their say beside those that ship with daygate, in one verdict', async () => {
    const server = await running();
    expect(await server.judged(labelled(fine))).toMatchObject({ allowed: true });
    const verdict = await server.judged(admissionReview({ object: badPod() }));
    expect(causes(verdict)).toEqual(['require-last', 'require-tier', 'require-memory']);
    expect(verdict.status?.message).toContain('Pod web has no label tier. Set metadata.labels.tier.');
    expect(await server.metric('daygate_findings_total{policy="require-tier",action="deny"}')).toBe(1);
    // Nothing in the sandbox looks at ConfigMaps.
    expect(await server.judged(configMapReview({ labels: { owner: 'a' } }))).toMatchObject({ allowed: true });
  });

  it('say what check says: of new and old objects, in profiles, with exceptions and parameters', async () => {
    const settings: SettingsInput = {
      policies: { 'require-tier': { params: { tier: 'layer' } } },
      profiles: { relaxed: { extends: 'production', policies: { 'require-last': 'audit' } } },
      exceptions: [
        {
          policies: ['require-last'],
          match: { name: 'excepted' },
          owner: 'shop',
          reason: 'test',
          expires: new Date(Date.now() + 86_400_000).toISOString().slice(0, 10),
        },
      ],
    };
    const folder = newFolder();
    const server = await startWithOwn(folder, everyone, { settings });
    ends.push(() => server.end());
    const own = (await loadPolicies([folder], allPolicies, Object.keys(builtinProfiles))).map(
      ({ policy }) => policy,
    );
    const { compiled } = compileSettings(settingsSchema.parse(settings), [...allPolicies, ...own], {
      now: Date.now(),
    });
    const bad = pod([{ name: 'app', image: 'web:1.0' }], { labels: {} });
    const worse = pod(
      [
        { name: 'app', image: 'web:2.0' },
        { name: 'b', image: 'b:1.0' },
      ],
      { labels: {} },
    );
    const excepted = pod([{ name: 'app', image: 'web:1.0' }], { name: 'excepted', labels: {} });
    const cases = [
      { operation: 'CREATE', object: bad },
      { operation: 'CREATE', object: excepted, name: 'excepted' },
      { operation: 'UPDATE', object: worse, oldObject: bad },
      { operation: 'UPDATE', object: bad, oldObject: labelledPod({ layer: 'web' }) },
      { operation: 'UPDATE', object: bad, oldObject: labelledPod({ last: 'x' }) },
      { operation: 'UPDATE', object: bad, oldObject: bad },
    ] as const;
    for (const profile of ['production', 'baseline', 'relaxed']) {
      for (const parts of cases) {
        const verdict = await server.judged(admissionReview(parts), `/validate/${profile}`);
        const { findings } = judge(compiled, {
          ...parts,
          namespace: 'shop',
          user: { username: 'jane', groups: [] },
          profile,
          now: Date.now(),
        });
        const said = JSON.parse(verdict.auditAnnotations?.['findings'] ?? '[]') as object[];
        expect(findings.length).toBeGreaterThan(0);
        expect(findings.map((finding) => JSON.parse(JSON.stringify(finding)) as object)).toMatchObject(said);
        expect(said.length).toBe(findings.length);
      }
    }
  });

  it('are named in the answer when one throws, and the others are heard', async () => {
    const server = await running();
    const pid = server.server.sandboxPid();
    const { allowed, warnings, auditAnnotations } = await server.judged(labelled({ ...fine, throw: 'secret-text' }));
    expect(allowed).toBe(true);
    expect(warnings).toEqual([
      expect.stringMatching(/^daygate: policy forbid-throw failed with SyntaxError at c-throw\.ts:\d+:\d+ and said nothing about this object$/),
    ]);
    expect(auditAnnotations?.['policy-errors']).toMatch(/^forbid-throw failed with SyntaxError/);
    expect(await server.metric('daygate_policy_errors_total{policy="forbid-throw"}')).toBe(1);
    expect(causes(await server.judged(labelled({ throw: 'x' })))).toEqual(['require-last', 'require-tier']);
    // An exception costs nobody the process.
    expect(server.server.sandboxPid()).toBe(pid);
    expect(server.logText()).not.toContain('secret-text');
  }); // prettier-ignore

  it.each([
    ['loop', 'forbid-loop', 'time', 'took longer than 150 ms'],
    ['memory', 'forbid-memory', 'memory', 'filled the memory of the sandbox (64 MB)'],
    ['exit', 'forbid-exit', 'exit', 'ended the sandbox'],
  ])('are named in the answer when one does %s, and the others are heard', async (label, id, fault, words) => {
    // Filling 64 MB may take longer than a loop needs to be noticed.
    const milliseconds = label === 'memory' ? 20_000 : 150;
    const settings: SettingsInput = {
      sandbox: { milliseconds, heapMegabytes: 64, faults: 10 },
      webhook: { timeoutSeconds: label === 'memory' ? 30 : 5 },
    };
    if (label === 'memory') settings.sandbox = { ...settings.sandbox, milliseconds: 7_500 };
    const server = await running(everyone, { settings });
    const path = '/validate/production?timeout=30s';
    const { allowed, warnings } = await server.judged(labelled({ ...fine, [label]: 'x' }), path);
    expect(allowed).toBe(true);
    expect(warnings).toEqual([`daygate: policy ${id} ${words} and said nothing about this object`]);
    expect(causes(await server.judged(labelled({ [label]: 'x' }), path))).toEqual(['require-last', 'require-tier']);
    expect(await server.metric(`daygate_policy_errors_total{policy="${id}"}`)).toBe(2);
    expect(await server.metric(`daygate_sandbox_faults_total{policy="${id}",fault="${fault}"}`)).toBe(2);
    expect(server.log()).toContainEqual(expect.objectContaining({ level: 'error', policy: id, fault }));
    expect(await server.judged(labelled(fine))).toMatchObject({ allowed: true });
  }); // prettier-ignore

  it('are quarantined after repeated faults, and tried again later', async () => {
    let now = Date.now();
    const server = await running(everyone, {
      settings: { sandbox: { milliseconds: 100, faults: 2, quarantineMinutes: 5 } },
      now: () => now,
    });
    const looping = labelled({ ...fine, loop: 'x' });
    const held = 'daygate_policy_quarantined{policy="forbid-loop"}';
    const faults = 'daygate_sandbox_faults_total{policy="forbid-loop",fault="time"}';
    const warning = async (review: object): Promise<string | undefined> =>
      (await server.judged(review)).warnings?.[0];
    expect(await warning(looping)).toContain('policy forbid-loop took longer than 100 ms');
    expect(await server.metric(held)).toBe(0);
    expect(await warning(looping)).toContain('policy forbid-loop took longer than 100 ms');
    expect(await server.metric(held)).toBe(1);
    const quarantined =
      'daygate: policy forbid-loop is quarantined after repeated faults and said nothing about this object';
    expect(await warning(looping)).toBe(quarantined);
    expect(await warning(labelled(fine))).toBe(quarantined);
    expect(await server.metric(faults)).toBe(2);
    expect(server.log()).toContainEqual(
      expect.objectContaining({ level: 'error', policy: 'forbid-loop', minutes: 5 }),
    );
    now += 5 * 60_000;
    // The clock says so: no review has asked for the policy.
    expect(await server.metric(held)).toBe(0);
    expect(await warning(labelled(fine))).toBeUndefined();
    expect(await server.metric(held)).toBe(0);
    // It is on trial.
    expect(await warning(looping)).toContain('took longer than');
    expect(await warning(looping)).toBe(quarantined);
    expect(await server.metric(faults)).toBe(3);
  });

  it('cost nobody else an answer: 50 reviews beside looping ones', async () => {
    const server = await running(everyone, { settings: { sandbox: { faults: 3 } } });
    const began = performance.now();
    const looping = Array.from({ length: 5 }, () => server.judged(labelled({ ...fine, loop: 'x' }), '/validate/production?timeout=10s'));
    const good = Array.from({ length: 50 }, async (_, index) => {
      const verdict = await server.judged(
        index % 2 === 0 ? labelled(fine) : labelled({ last: 'x' }),
        '/validate/production?timeout=10s',
      );
      return { verdict, index, ms: performance.now() - began };
    });
    for (const { verdict, index, ms } of await Promise.all(good)) {
      expect(ms).toBeLessThan(9500);
      expect(causes(verdict)).toEqual(index % 2 === 0 ? [] : ['require-tier']);
    }
    for (const { allowed, warnings } of await Promise.all(looping)) {
      expect(allowed).toBe(true);
      expect(warnings?.[0]).toMatch(/^daygate: policy forbid-loop (?:took longer than 200 ms|is quarantined)/);
    }
  }); // prettier-ignore

  it('count their time over all containers of an object', async () => {
    const wait = `const end = Date.now() + 40; while (Date.now() < end);`;
    const server = await running(
      { 'slow.ts': ownPolicy('forbid-slow', wait, `target: 'container', kinds: undefined,`) },
      { settings: { sandbox: { milliseconds: 150 } } },
    );
    const named = (count: number): object[] =>
      Array.from({ length: count }, (_, index) => ({ name: `c${index}`, image: 'web:1.0', ...limited }));
    expect((await server.judged(admissionReview({ object: pod(named(2)) }))).warnings).toBeUndefined();
    expect((await server.judged(admissionReview({ object: pod(named(20)) }))).warnings).toEqual([
      'daygate: policy forbid-slow took longer than 150 ms and said nothing about this object',
    ]);
  });

  it('let failurePolicy decide when they cannot be asked in time', async () => {
    const server = await running();
    const answer = await server.review(labelled({ loop: 'x' }), '/validate/production?timeout=100ms');
    expect(answer.status).toBe(500);
    expect(answer.json().message).toBe('daygate: policies of your own took too long for this review');
    expect(await server.metric('daygate_rejected_requests_total{reason="deadline"}')).toBe(1);
    expect(await server.judged(labelled(fine))).toMatchObject({ allowed: true });
  });

  it('are asked by another process after somebody killed theirs', async () => {
    const server = await running();
    const pid = server.server.sandboxPid() ?? 0;
    const underWay = Array.from({ length: 30 }, () => server.judged(labelled(fine)));
    process.kill(pid, 'SIGKILL');
    for (const { allowed } of await Promise.all(underWay)) expect(allowed).toBe(true);
    await vi.waitFor(() => expect(server.server.sandboxPid()).not.toBe(pid), 10_000);
    expect(causes(await server.judged(labelled({})))).toEqual(['require-last', 'require-tier']);
  });

  it('are named in the answer while no process starts for them, and asked again when one does', async () => {
    const folder = newFolder();
    const broken = join(folder, 'broken');
    const text = `import { existsSync } from 'node:fs';\nif (existsSync(${JSON.stringify(broken)})) process.exit(1);\n${requireTier}`;
    const server = await running({ 'a-tier.ts': text });
    writeFileSync(broken, '');
    process.kill(server.server.sandboxPid() ?? 0, 'SIGKILL');
    const words = 'was not asked, because the sandbox cannot be started';
    const { allowed, warnings } = await server.judged(labelled({}), '/validate/production?timeout=30s');
    expect([allowed, warnings]).toEqual([true, [`daygate: policy require-tier ${words} and said nothing about this object`]]);
    // The others are heard.
    expect(causes(await server.judged(admissionReview({ object: badPod() })))).toEqual(['require-memory']);
    rmSync(broken);
    await vi.waitFor(async () => expect(causes(await server.judged(labelled({})))).toEqual(['require-tier']), 10_000);
  }); // prettier-ignore

  it('leave nothing behind when the server ends, not even in the middle of a loop', async () => {
    const server = await startWithOwn(newFolder(), everyone, { graceSeconds: 0 });
    const pid = server.server.sandboxPid();
    expect(exists(pid)).toBe(true);
    const looping = server.review(labelled({ loop: 'x' })).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await server.end();
    await looping;
    expect(exists(pid)).toBe(false);
  });

  it('end with a server that was killed, even in the middle of a loop', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'loop.ts'), ownPolicy('forbid-loop', 'while (true);'));
    const source = (file: string): string => JSON.stringify(join(import.meta.dirname, '../../src', file));
    const text = `
      import { startProcess } from ${source('server/sandbox/process.ts')};
      import { settingsSchema } from ${source('engine/settings.ts')};
      import { builtinKinds } from ${source('sdk/index.ts')};
      const plan = { kind: builtinKinds.Pod, policies: [{ id: 'forbid-loop', containers: [] }] };
      const body = Buffer.from('{"request":{"object":{"kind":"Pod"}}}');
      const sandbox = startProcess({
        setup: { folders: [${JSON.stringify(folder)}], settings: settingsSchema.parse({}), builtIn: [] },
        heapMegabytes: 64,
        onExit: () => undefined,
        onFrame: ({ kind }) => {
          if (kind === 4) sandbox.ask({ plan, review: { operation: 'CREATE', profile: 'production', now: 0 } }, body);
          if (kind === 6) console.log(sandbox.pid);
        },
      });
    `;
    const server = spawn(process.execPath, ['--input-type=module', '-e', text], {
      cwd: join(import.meta.dirname, '../..'),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = (await once(server.stdout, 'data')) as [Buffer];
    const pid = Number(said.toString());
    ends.push(() => {
      if (exists(pid)) process.kill(pid, 'SIGKILL');
    });
    expect(exists(pid)).toBe(true);
    server.kill('SIGKILL');
    await vi.waitFor(() => expect(exists(pid)).toBe(false), 10_000);
  });

  it('end with a server that was killed while they were loaded, or before they knew it', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'loop.ts'), `while (true);\n${requireTier}`);
    const main = join(import.meta.dirname, '../../src/server/sandbox/sandboxed-process.ts');
    const gone = spawn(process.execPath, ['-e', '']);
    await once(gone, 'exit');
    const sandbox = spawn(process.execPath, [main, String(gone.pid)], {
      stdio: ['ignore', 'ignore', 'inherit', 'pipe', 'pipe'],
    });
    ends.push(() => void sandbox.kill('SIGKILL'));
    const setup = { folders: [folder], settings: settingsSchema.parse({}), builtIn: [] };
    (sandbox.stdio[3] as Writable).write(textFrame(kinds.setup, JSON.stringify(setup)));
    expect(await once(sandbox, 'exit')).toEqual([null, 'SIGKILL']);
  });

  it('keep the server from starting when they cannot be loaded there', async () => {
    const folder = newFolder();
    // Here it can be loaded; in a process without surroundings it cannot.
    const text = `if (process.env.PATH === undefined) throw new RangeError('no path');\n${requireTier}`;
    const compiled = await compiledWithOwn(folder, { 'require-tier.ts': text });
    const starting = serve({
      compiled: () => compiled,
      policyFolders: [folder],
      tls: { selfSigned: [] },
      log: { level: 'silent' },
    });
    await expect(starting).rejects.toMatchObject({
      code: 'policies',
      message: expect.stringMatching(
        /^policies \S+require-tier\.ts: cannot be loaded: RangeError at require-tier\.ts:1:\d+: no path$/,
      ) as string,
    });
  });
});

function labelledPod(labels: Readonly<Record<string, string>>): object {
  return pod([{ name: 'app', image: 'web:1.0' }], { labels });
}
