import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { policies } from '../../policies/index.ts';
import { startControlPlane, type ControlPlane } from './control-plane.ts';
import { startDaygate, type Daygate } from './daygate-process.ts';
import { draftDeployment, namespace, pod, readyDeployment, readyPodSpec } from './manifests.ts';

/** This is about how verdicts travel, so it goes by policies it knows; the catalogue may grow beside it. */
const known: ReadonlySet<string> = new Set([
  'forbid-identical-probes', 'forbid-latest-tag', 'forbid-privilege-escalation', 'forbid-privileged',
  'forbid-secret-in-config-map', 'forbid-secret-in-env', 'forbid-suspicious-quantity', 'forbid-token-automount',
  'forbid-unconfined-seccomp', 'require-cpu-request', 'require-labels', 'require-liveness-probe',
  'require-matching-selector', 'require-memory-limit', 'require-memory-request', 'require-pod-disruption-budget',
  'require-pull-policy', 'require-readiness-probe', 'require-replicas', 'require-run-as-non-root',
  'require-seccomp-profile',
]); // prettier-ignore
const others = policies.map(({ id }) => id).filter((id) => !known.has(id));
const settings = `
webhook:
  failurePolicy: Fail
policies:
  # Kinds with warnings alone must go to the advisory webhook.
  forbid-secret-in-config-map: warn
  require-pull-policy: { action: deny, fix: true }
  forbid-token-automount: { fix: true }
${others.map((id) => `  ${id}: off\n`).join('')}`;

let cluster: ControlPlane;
let daygate: Daygate;
const started: { stop(): Promise<void> }[] = [];

async function apply(object: unknown, ...flags: string[]) {
  return cluster.kubectl(['apply', '-f', '-', ...flags], { input: object });
}
async function refused(object: unknown, ...flags: string[]) {
  return (await cluster.kubectl(['apply', '-f', '-', ...flags], { input: object, expectFailure: true }))
    .stderr;
}
async function read(...args: string[]): Promise<Record<string, unknown>> {
  const { stdout } = await cluster.kubectl(['get', ...args, '-o', 'json']);
  return JSON.parse(stdout) as Record<string, unknown>;
}
/** The policies that a refusal names. */
function policiesIn(text: string): readonly string[] {
  return [...new Set(text.match(/\b(?:require|forbid)-[a-z-]+\b/g) ?? [])].sort();
}

beforeAll(async () => {
  cluster = await startControlPlane();
  started.push(cluster);
  const names = [namespace('shop'), namespace('sandbox', 'baseline'), namespace('strict', 'restricted')];
  for (const object of [...names, namespace('legacy'), namespace('daygate-system')]) await apply(object);
  // What ran before anybody thought of daygate.
  const legacy = draftDeployment('old', 'legacy');
  legacy.spec.replicas = 2;
  await apply(legacy);
  const stuck = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'stuck', namespace: 'legacy', finalizers: ['example.com/wait'] },
  };
  await apply({ ...stuck, spec: { containers: [{ name: 'app', image: 'app:latest' }] } });
  await vi.waitFor(async () => expect((await podNames('legacy', 'app=old')).length).toBe(2), 30_000);
  daygate = await startDaygate({ settings });
  started.unshift(daygate);
  await daygate.register(cluster);
});

afterAll(async () => {
  for (const process of started) await process.stop();
});

async function podNames(inNamespace: string, selector: string): Promise<readonly string[]> {
  const { stdout } = await cluster.kubectl(['get', 'pods', '-n', inNamespace, '-l', selector, '-o', 'name']);
  return stdout.split('\n').filter((line) => line !== '');
}

describe('admission on a real API server', () => {
  it('refuses a bad Deployment with all its findings, one per line', async () => {
    const message = await refused(draftDeployment('web', 'shop'));
    expect(policiesIn(message)).toEqual(
      expect.arrayContaining([
        'forbid-latest-tag',
        'forbid-secret-in-env',
        'require-cpu-request',
        'require-labels',
        'require-memory-limit',
        'require-memory-request',
        'require-readiness-probe',
        'require-replicas',
      ]),
    );
    const lines = message.split('\n').filter((line) => line.includes('forbid-latest-tag'));
    expect(lines.some((line) => line.includes('spec.template.spec.containers[app].image'))).toBe(true);
    expect(message).not.toContain('correct-horse-battery');
  });

  it('gives the same answer to a dry run, and writes nothing', async () => {
    const withoutDryRun = await refused(draftDeployment('web', 'shop'));
    const message = await refused(draftDeployment('web', 'shop'), '--dry-run=server');
    expect(policiesIn(message)).toEqual(policiesIn(withoutDryRun));
    const good = await apply(readyDeployment('dry', 'shop'), '--dry-run=server');
    expect(good.stdout).toContain('created (server dry run)');
    const { code } = await cluster.kubectl(['get', 'deployment', 'dry', '-n', 'shop'], {
      expectFailure: 'either',
    });
    expect(code).not.toBe(0);
  });

  it('lets a good one pass', async () => {
    expect((await apply(readyDeployment('good', 'shop'))).stdout).toContain('deployment.apps/good created');
    await vi.waitFor(
      async () => expect((await podNames('shop', 'app.kubernetes.io/name=good')).length).toBe(3),
      30_000,
    );
  });

  it('shows warnings in kubectl', async () => {
    const deployment = readyDeployment('warned', 'shop');
    const [container] = deployment.spec.template.spec.containers;
    delete container?.['livenessProbe'];
    const { stderr } = await apply(deployment);
    expect(stderr).toMatch(/^Warning: .*require-liveness-probe/m);
  });

  it('stores a fixable Pod patched', async () => {
    const spec = readyPodSpec();
    delete spec['automountServiceAccountToken'];
    delete spec['serviceAccountName'];
    const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
    for (const container of spec.containers) {
      container['image'] = `registry.example.com/shop/app@${digest}`;
      container['imagePullPolicy'] = 'Always';
    }
    await apply(pod('fixable', 'shop', spec));
    const stored = await read('pod', 'fixable', '-n', 'shop');
    expect(stored).toMatchObject({
      spec: { automountServiceAccountToken: false, containers: [{ imagePullPolicy: 'IfNotPresent' }] },
    });
  });

  it('refuses kubectl scale below the minimum', async () => {
    const scale = ['scale', 'deployment/good', '-n', 'shop', '--replicas=1'];
    const { stderr } = await cluster.kubectl(scale, { expectFailure: true });
    expect(policiesIn(stderr)).toEqual(['require-replicas']);
    await cluster.kubectl(['scale', 'deployment/good', '-n', 'shop', '--replicas=4']);
  });

  it('judges by the profile that the namespace names', async () => {
    const spec = readyPodSpec();
    delete spec['securityContext'];
    const inSandbox = await apply(draftWithoutCredential('draft', 'sandbox'));
    expect(inSandbox.stderr).toMatch(/^Warning: .*require-memory-limit/m);
    const inShop = await apply(pod('loose', 'shop', spec));
    expect(inShop.stderr).toMatch(/^Warning: .*require-run-as-non-root/m);
    expect(policiesIn(await refused(pod('loose', 'strict', spec)))).toContain('require-run-as-non-root');
  });

  it('warns about an edit that adds nothing wrong to an object that was wrong before', async () => {
    const { stderr } = await cluster.kubectl(['label', 'deployment/old', '-n', 'legacy', 'team=checkout']);
    expect(stderr).toMatch(/^Warning: .*forbid-latest-tag/m);
  });

  it('refuses an edit that adds a violation, and names that one alone', async () => {
    const patch = JSON.stringify([
      { op: 'add', path: '/spec/template/spec/containers/0/securityContext', value: { privileged: true } },
    ]);
    const args = ['patch', 'deployment/old', '-n', 'legacy', '--type=json', '-p', patch];
    const { stderr } = await cluster.kubectl(args, { expectFailure: true });
    const refusal = stderr.split('\n').filter((line) => !line.startsWith('Warning:'));
    expect(policiesIn(refusal.join('\n'))).toEqual(['forbid-privileged']);
  });

  it('lets the pods of an old workload come back after a drain', async () => {
    const before = await podNames('legacy', 'app=old');
    await cluster.kubectl(['delete', 'pods', '-n', 'legacy', '-l', 'app=old', '--wait=false']);
    await vi.waitFor(async () => {
      const now = await podNames('legacy', 'app=old');
      expect(now.filter((name) => !before.includes(name)).length).toBe(2);
    }, 30_000);
  });

  it('refuses a pod that only claims to be made by a ReplicaSet', async () => {
    const owner = (await read('replicasets', '-n', 'legacy', '-l', 'app=old')) as {
      items: { metadata: { name: string; uid: string } }[];
    };
    const [set] = owner.items;
    const forged = pod('forged', 'legacy', { containers: [{ name: 'app', image: 'app:latest' }] });
    const ownerReferences = [
      {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        controller: true,
        name: set?.metadata.name,
        uid: set?.metadata.uid,
      },
    ];
    const metadata = { name: 'forged', namespace: 'legacy', ownerReferences };
    expect(policiesIn(await refused({ ...forged, metadata }))).toContain('forbid-latest-tag');
  });

  it('judges the ephemeral container of kubectl debug, and it alone', async () => {
    const debug = [
      'debug',
      'pod/stuck',
      '-n',
      'legacy',
      '--image=busybox:1.37',
      '--target=app',
      '--attach=false',
    ];
    const { stderr } = await cluster.kubectl([...debug, '--profile=sysadmin'], { expectFailure: true });
    expect(policiesIn(stderr)).toContain('forbid-privileged');
    expect(policiesIn(stderr)).not.toContain('forbid-latest-tag');
    await cluster.kubectl([...debug, '--profile=restricted']);
  });

  it('never holds up a deletion or the removal of a finalizer', async () => {
    await cluster.kubectl(['delete', 'pod/stuck', '-n', 'legacy', '--wait=false']);
    const patch = [
      'patch',
      'pod/stuck',
      '-n',
      'legacy',
      '--type=merge',
      '-p',
      '{"metadata":{"finalizers":null}}',
    ];
    await cluster.kubectl(patch);
    await vi.waitFor(async () => {
      const { code } = await cluster.kubectl(['get', 'pod/stuck', '-n', 'legacy'], {
        expectFailure: 'either',
      });
      expect(code).not.toBe(0);
    }, 30_000);
    await cluster.kubectl(['delete', 'deployment/old', '-n', 'legacy', '--timeout=60s']);
  });

  it("leaves its answers in the API server's audit log", async () => {
    const events = await cluster.auditEvents();
    const denied = events.find(
      ({ objectRef, responseStatus }) => objectRef?.name === 'web' && responseStatus?.code === 403,
    );
    const annotation = denied?.annotations['production.enforce.daygate.dev/findings'];
    expect(annotation).toBeDefined();
    const findings = JSON.parse(annotation ?? '[]') as { policy: string; locator: string }[];
    expect(findings.map(({ policy }) => policy)).toContain('require-memory-limit');
    expect(JSON.stringify(denied)).not.toContain('correct-horse-battery');
  });

  it('blocks nothing that is only advised on, nor its own repair, while it is down', async () => {
    await daygate.stop();
    const configMap = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'plain', namespace: 'shop' },
      data: { a: 'b' },
    };
    await apply(configMap);
    await cluster.kubectl(['create', 'configmap', 'any', '-n', 'kube-system', '--from-literal=a=b']);
    await apply(pod('any', 'kube-system', { containers: [{ name: 'any', image: 'any:latest' }] }));
    const own = readyDeployment('daygate', 'daygate-system');
    await apply(own);
    await vi.waitFor(async () => {
      expect((await podNames('daygate-system', 'app.kubernetes.io/name=daygate')).length).toBe(3);
    }, 30_000);
    await apply(pod('repair', 'daygate-system', { containers: [{ name: 'any', image: 'any:latest' }] }));
    // The counter-proof: what is enforced fails closed, as the settings ask.
    expect(await refused(readyDeployment('closed', 'shop'))).toContain('failed calling webhook');
  });

  it('leaves nothing behind when its configuration is deleted', async () => {
    const kinds = 'validatingwebhookconfigurations,mutatingwebhookconfigurations';
    await cluster.kubectl(['delete', kinds, 'daygate']);
    expect((await cluster.kubectl(['get', kinds, '-o', 'name'])).stdout).toBe('');
    await vi.waitFor(async () => apply(draftDeployment('free', 'shop')), 30_000);
  });
});

function draftWithoutCredential(name: string, inNamespace: string) {
  const deployment = draftDeployment(name, inNamespace);
  for (const container of deployment.spec.template.spec.containers) {
    container['image'] = 'registry.example.com/shop/app:1.0.0';
    delete container['env'];
  }
  return deployment;
}
