/** `facts: cluster` on a real API server, with exactly the rights that `daygate render --rbac serve` gives. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { customKind, definePolicy, type Policy } from '#sdk';
import { policies } from '../../policies/index.ts';
import { openCluster } from '../../src/cluster/open-cluster.ts';
import { compileSettings } from '../../src/engine/compile.ts';
import type { Compiled } from '../../src/engine/compiled.ts';
import { rbacObjects } from '../../src/engine/rbac.ts';
import { settingsSchema } from '../../src/engine/settings.ts';
import { openLiveFacts } from '../../src/live-facts/live-facts.ts';
import { createLogger } from '../../src/log/log.ts';
import type { FactsSource } from '../../src/server/facts-source.ts';
import { runProgram } from '../cli/run-program.ts';
import { startControlPlane, type ControlPlane } from './control-plane.ts';
import { startDaygate, type Daygate } from './daygate-process.ts';
import { namespace, readyDeployment } from './manifests.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

const account = 'system:serviceaccount:daygate-system:daygate';
const policy = 'require-pod-disruption-budget';
/** Of all that ships, what this is about and what tells that the webhooks are there. */
const others = policies.map(({ id }) => id).filter((id) => id !== policy && id !== 'forbid-privileged');
const settings = `
facts: cluster
factsMaxAgeSeconds: 10
policies:
  ${policy}: deny
${others.map((id) => `  ${id}: off\n`).join('')}`;

const folder = mkdtempSync(join(tmpdir(), 'daygate-facts-'));
const settingsFile = join(folder, 'daygate.yaml');
writeFileSync(settingsFile, settings);
afterAll(() => rmSync(folder, { recursive: true }));

const until = (what: () => Promise<void> | void): Promise<void> =>
  vi.waitFor(what, { timeout: 60_000, interval: 100 });

/** A kubeconfig with the token of daygate's service account. */
async function kubeconfigOf(plane: ControlPlane, server = plane.serverUrl): Promise<string> {
  await plane.kubectl(['apply', '-f', '-'], { input: namespace('daygate-system') });
  const name = { name: 'daygate', namespace: 'daygate-system' };
  const serviceAccount = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: name };
  await plane.kubectl(['apply', '-f', '-'], { input: serviceAccount });
  const { stdout } = await plane.kubectl(['create', 'token', 'daygate', '-n', 'daygate-system']);
  const file = join(folder, `kubeconfig-${new URL(server).port}`);
  const config = {
    clusters: [{ name: 'c', cluster: { server, 'certificate-authority': plane.caFile } }],
    users: [{ name: 'u', user: { token: stdout.trim() } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

describe('serve with facts: cluster', () => {
  let plane: ControlPlane;
  let proxy: TcpProxy;
  let daygate: Daygate;
  let rbac: string;

  beforeAll(async () => {
    plane = await startControlPlane({ controllers: false });
    proxy = await startTcpProxy(Number(new URL(plane.serverUrl).port));
    const kubeconfig = await kubeconfigOf(plane, `https://127.0.0.1:${proxy.port}`);
    rbac = (await runProgram(['render', '--rbac', 'serve', '--settings', settingsFile])).out;
    await plane.kubectl(['apply', '-f', '-'], { input: rbac });
    await plane.kubectl(['apply', '-f', '-'], { input: namespace('shop') });
    daygate = await startDaygate({ settings, flags: ['--kubeconfig', kubeconfig] });
    await daygate.register(plane);
    await untilState('current');
  });
  afterAll(async () => {
    await daygate.stop();
    await proxy.close();
    await plane.stop();
  });

  /** Of what the policy cannot do without: it asks about autoscalers as well. */
  async function factsStatus(): Promise<readonly object[] | null> {
    const { body } = await daygate.get('/statusz');
    const { facts } = JSON.parse(body) as { facts: readonly { readonly kind: string }[] | null };
    return facts?.filter(({ kind }) => kind === 'PodDisruptionBudget') ?? null;
  }
  async function untilState(state: string, objects?: number): Promise<void> {
    await until(async () =>
      expect(await factsStatus()).toMatchObject([
        { kind: 'PodDisruptionBudget', state, ...(objects === undefined ? {} : { objects }) },
      ]),
    );
  }
  const budget = (name: string) => ({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, namespace: 'shop' },
    spec: { maxUnavailable: 1, selector: { matchLabels: { 'app.kubernetes.io/name': name } } },
  });
  /** Creates a Deployment, which must be let in, and says what kubectl shows beside. */
  async function create(name: string): Promise<string> {
    const input = readyDeployment(name, 'shop');
    return (await plane.kubectl(['create', '-f', '-'], { input })).stderr;
  }
  async function skippedOf(name: string): Promise<string | undefined> {
    const events = await plane.auditEvents();
    const own = events.find(
      ({ objectRef }) => objectRef?.name === name && objectRef.resource === 'deployments',
    );
    return Object.entries(own?.annotations ?? {}).find(([key]) => key.endsWith('/skipped'))?.[1];
  }
  const unknown = `${policy}: needs facts about PodDisruptionBudget`;

  it('warns of what nothing is known to mend, and refuses nothing because of that', async () => {
    expect(await create('web')).toContain(`${policy}: metadata.name: Deployment web has 3 replicas and no PodDisruptionBudget`); // prettier-ignore
    expect(await skippedOf('web')).toBeUndefined();
  });

  it('lets a Deployment and its budget in with one apply, in either order', async () => {
    for (const name of ['first', 'last']) {
      const objects = [readyDeployment(name, 'shop'), budget(name)];
      const input = { apiVersion: 'v1', kind: 'List', items: name === 'first' ? objects : objects.reverse() };
      await plane.kubectl(['apply', '-f', '-'], { input });
    }
    await untilState('current', 2);
  });

  it('says nothing where the budget is there, and again when it is gone', async () => {
    await plane.kubectl(['create', '-f', '-'], { input: budget('db') });
    await untilState('current', 3);
    expect(await create('db')).toBe('');
    await plane.kubectl(['delete', 'poddisruptionbudget', 'db', '-n', 'shop']);
    await untilState('current', 2);
    await plane.kubectl(['delete', 'deployment', 'db', '-n', 'shop']);
    expect(await create('db')).toContain(policy);
    expect(await daygate.metrics()).toContain('daygate_facts_objects{kind="PodDisruptionBudget"} 2');
  });

  it('skips the policy, and says so everywhere, while its right is taken away', async () => {
    await plane.kubectl(['delete', 'clusterrolebinding', 'daygate-facts']);
    await untilState('forbidden', 0);
    expect(await create('unseen')).toBe('');
    expect(await skippedOf('unseen')).toBe(unknown);
    expect(await daygate.metrics()).toContain('daygate_facts_unknown{kind="PodDisruptionBudget"} 1');
    const ready = await daygate.get('/readyz?verbose');
    expect(ready).toMatchObject({
      status: 200,
      body: expect.stringMatching(/nothing is known of .*PodDisruptionBudget \(forbidden\)/) as string,
    });
    // The log is handed over a few times a second.
    await until(() => { expect(daygate.log()).toContain('"name":"unseen"'); }); // prettier-ignore
    const warned = daygate.log().split('\n').filter((line) => line.includes('poddisruptionbudgets') && line.includes('"state":"forbidden"')); // prettier-ignore
    expect(warned).toHaveLength(1);
    expect(warned[0]).toContain('needs a ClusterRole with the verb');
    await plane.kubectl(['apply', '-f', '-'], { input: rbac });
    await untilState('current', 2);
    expect(await create('seen')).toContain(policy);
  });

  it('believes nothing for longer than the settings say where the network goes without a word', async () => {
    proxy.freeze();
    await plane.kubectl(['create', '-f', '-'], { input: budget('late') });
    // What it holds by now is wrong, and it still warns: it refuses nothing.
    expect(await create('late')).toContain(policy);
    await untilState('stale');
    expect(await create('later')).toBe('');
    expect(await skippedOf('later')).toBe(unknown);
    expect((await daygate.get('/readyz')).status).toBe(200);
    proxy.heal();
    await untilState('current', 3);
    expect(await daygate.metrics()).toContain('daygate_facts_unknown{kind="PodDisruptionBudget"} 0');
  });

  it('writes nothing, and could not', async () => {
    const own = (await plane.auditEvents()).filter(({ user }) => user.username === account);
    expect(own).toEqual([]);
    const verbs = ['create', 'update', 'patch', 'delete', 'deletecollection', 'get'];
    for (const verb of verbs) {
      const can = ['auth', 'can-i', verb, 'poddisruptionbudgets.policy', '-A', '--as', account];
      expect((await plane.kubectl(can, { expectFailure: true })).stdout.trim()).toBe('no');
    }
    expect((await plane.kubectl(['auth', 'can-i', 'watch', 'poddisruptionbudgets.policy', '-A', '--as', account])).stdout.trim()).toBe('yes'); // prettier-ignore
    const secrets = ['auth', 'can-i', 'list', 'secrets', '-A', '--as', account];
    expect((await plane.kubectl(secrets, { expectFailure: true })).stdout.trim()).toBe('no');
  });

  it('follows settings that change while it runs, and ends in peace', async () => {
    const file = /--settings (\S+)/.exec(readFileSync(`/proc/${daygate.pid}/cmdline`, 'utf8').replaceAll('\0', ' '))?.[1]; // prettier-ignore
    writeFileSync(file ?? '', settings.replace('facts: cluster', 'facts: none'));
    await until(async () => expect(await factsStatus()).toBeNull());
    writeFileSync(file ?? '', settings);
    await untilState('current', 3);
    const began = Date.now();
    await daygate.stop();
    expect(Date.now() - began).toBeLessThan(5_000);
    expect(daygate.log()).toContain('"message":"ended"');
  });
});

const widget = customKind({ kind: 'Widget', group: 'example.com', versions: ['v1'], resource: 'widgets', namespaced: true }); // prettier-ignore
const aboutWidgets: Policy = definePolicy({
  id: 'require-widget', category: 'availability', title: 'x', severity: 'low', target: 'relation', kinds: ['Deployment'],
  facts: [widget, 'Namespace'], profiles: { baseline: 'warn' }, params: z.strictObject({}), messages: {}, why: '',
  remediation: '', references: [], validate: () => undefined,
}); // prettier-ignore

function compiledFor(policy: Policy): Compiled {
  const own = settingsSchema.parse({ facts: 'cluster', factsMaxAgeSeconds: 10 });
  return compileSettings(own, [policy], { now: 0 }).compiled;
}

/** What is known of a kind: `state objects`. */
function known(source: FactsSource, kind: string): string {
  const found = source.kinds()?.find((one) => one.kind === kind);
  return found === undefined ? 'nobody follows it' : `${found.state} ${found.objects}`;
}

const quiet = createLogger({ level: 'silent', destination: { write: () => undefined } });

describe('a custom kind', () => {
  let plane: ControlPlane;
  beforeAll(async () => (plane = await startControlPlane({ controllers: false })));
  afterAll(() => plane.stop());

  it('has no objects before it is installed, is followed within a minute of that, and has none when it is gone', async () => {
    const kubeconfig = await kubeconfigOf(plane);
    const compiled = compiledFor(aboutWidgets);
    const account = { namespace: 'daygate-system', serviceAccount: 'daygate' };
    for (const input of rbacObjects(compiled, 'serve', account)) await plane.kubectl(['apply', '-f', '-'], { input }); // prettier-ignore
    const source = openLiveFacts({ logger: quiet, kubeconfig });
    try {
      source.follow(compiled);
      await until(() => expect(known(source, 'Widget.example.com')).toBe('absent 0'));
      const facts = source.facts();
      expect([facts?.has(widget), facts?.list(widget, 'default')]).toEqual([true, []]);
      const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
      const definition = {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: 'widgets.example.com' },
        spec: {
          group: 'example.com',
          scope: 'Namespaced',
          names: { kind: 'Widget', plural: 'widgets' },
          versions: [{ name: 'v1', served: true, storage: true, schema }],
        },
      };
      await plane.kubectl(['apply', '-f', '-'], { input: definition });
      await plane.kubectl([
        'wait',
        '--for=condition=Established',
        'crd/widgets.example.com',
        '--timeout=20s',
      ]);
      const object = {
        apiVersion: 'example.com/v1',
        kind: 'Widget',
        metadata: { name: 'w', namespace: 'default' },
      };
      await plane.kubectl(['apply', '-f', '-'], { input: object });
      await until(() => expect(known(source, 'Widget.example.com')).toBe('current 1'));
      expect(facts?.list(widget, 'default')).toMatchObject([
        { apiVersion: 'example.com/v1', kind: 'Widget' },
      ]);
      expect(facts?.find('Namespace', 'default', undefined)).toMatchObject({ kind: 'Namespace' });
      await plane.kubectl(['delete', 'crd', 'widgets.example.com']);
      await until(() => expect(known(source, 'Widget.example.com')).toBe('absent 0'));
      expect(facts?.list(widget, 'default')).toEqual([]);
    } finally {
      await source.close();
    }
  });
});

describe('an etcd that forgets', () => {
  let plane: ControlPlane;
  // Without its cache the API server goes by etcd, and what is older than a second or two there is compacted.
  const apiServerFlags = ['--watch-cache=false', '--etcd-compaction-interval=1s'];
  beforeAll(async () => (plane = await startControlPlane({ controllers: false, apiServerFlags })));
  afterAll(() => plane.stop());

  it('costs a list, and nothing that changed meanwhile is missed', async () => {
    const proxy = await startTcpProxy(Number(new URL(plane.serverUrl).port));
    const kubeconfig = await kubeconfigOf(plane, `https://127.0.0.1:${proxy.port}`);
    const compiled = compiledFor({ ...aboutWidgets, facts: ['Namespace'] });
    const account = { namespace: 'daygate-system', serviceAccount: 'daygate' };
    for (const input of rbacObjects(compiled, 'serve', account)) await plane.kubectl(['apply', '-f', '-'], { input }); // prettier-ignore
    const seen: string[] = [];
    const source = openLiveFacts({
      logger: quiet,
      kubeconfig,
      open: (options) => {
        const cluster = openCluster(options);
        const note = (verb: string) => (error: unknown) => {
          seen.push(`${verb} ${String((error as { status?: number }).status)}`);
          throw error;
        };
        return {
          list: (...args) => {
            seen.push('list');
            return cluster.list(...args);
          },
          watch: (...args) =>
            cluster.watch(...args).then((events) => {
              const iterator = events[Symbol.asyncIterator]();
              const noting = { next: () => iterator.next().catch(note('watch')) };
              return { [Symbol.asyncIterator]: () => noting };
            }, note('watch')),
        };
      },
    });
    try {
      source.follow(compiled);
      await until(() => expect(known(source, 'Namespace')).toMatch(/^current/));
      proxy.freeze();
      await plane.kubectl(['create', 'namespace', 'gone']);
      await plane.kubectl(['create', 'namespace', 'stays']);
      for (let round = 0; round < 6; round++) {
        await plane.kubectl(['label', 'namespace', 'stays', `round=${round}`, '--overwrite']);
        await sleep(1_000);
      }
      proxy.heal();
      await until(() => expect(seen).toContain('watch 410'));
      const facts = source.facts();
      await until(() => expect(facts?.find('Namespace', 'stays', undefined)?.metadata?.labels).toMatchObject({ round: '5' })); // prettier-ignore
      expect(facts?.has('Namespace')).toBe(true);
      expect(seen.slice(seen.indexOf('watch 410'))).toContain('list');
    } finally {
      await source.close();
      await proxy.close();
    }
  });
});
