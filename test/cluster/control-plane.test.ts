import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { KUBERNETES_VERSION } from './binaries.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';

const pod = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [{ name: 'app', image: 'registry.example/app:1' }] },
});

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: pod('web').spec },
  },
};

const podListSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ ownerReferences: z.array(z.object({ kind: z.string() })).default([]) }),
    }),
  ),
});

/** A process that has ended and waits for its parent to notice is not alive. */
function isAlive(pid: number): boolean {
  try {
    const state = execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
    return !state.startsWith('Z');
  } catch {
    return false;
  }
}

describe('a control plane with controllers', () => {
  let cluster: ControlPlane;

  beforeAll(async () => {
    cluster = await startControlPlane({ auditLevel: 'Request' });
  });

  afterAll(async () => {
    await cluster.stop();
  });

  it('is the Kubernetes that it says', async () => {
    const { stdout } = await cluster.kubectl(['get', '--raw=/version']);
    expect(JSON.parse(stdout)).toMatchObject({ gitVersion: KUBERNETES_VERSION });
  });

  it('turns a Deployment into a ReplicaSet and Pods, each made by its own controller', async () => {
    await cluster.kubectl(['create', 'namespace', 'shop']);
    await cluster.kubectl(['apply', '--namespace=shop', '--filename=-'], { input: deployment });

    await vi.waitFor(
      async () => {
        const { stdout } = await cluster.kubectl(['get', 'pods', '--namespace=shop', '--output=json']);
        const owners = podListSchema
          .parse(JSON.parse(stdout))
          .items.flatMap((item) => item.metadata.ownerReferences);
        expect(owners.map(({ kind }) => kind)).toEqual(['ReplicaSet', 'ReplicaSet']);
      },
      { timeout: 30_000, interval: 200 },
    );

    const creations = (await cluster.auditEvents())
      .filter(({ verb, objectRef }) => verb === 'create' && objectRef?.namespace === 'shop')
      .map(({ objectRef, user }) => `${objectRef?.resource ?? ''} by ${user.username}`);
    expect(creations).toContain('deployments by admin');
    expect(creations).toContain('replicasets by system:serviceaccount:kube-system:deployment-controller');
    expect(creations).toContain('pods by system:serviceaccount:kube-system:replicaset-controller');
  });

  it('records the object that was sent and what came of it', async () => {
    await cluster.kubectl(['apply', '--filename=-'], { input: pod('recorded') });
    const event = (await cluster.auditEvents()).find(({ objectRef }) => objectRef?.name === 'recorded');
    expect(event).toMatchObject({
      verb: 'create',
      user: { username: 'admin' },
      responseStatus: { code: 201 },
      requestObject: { kind: 'Pod', spec: { containers: [{ image: 'registry.example/app:1' }] } },
    });
  });

  it('gives any user the rights of their name and groups, and no others', async () => {
    const alice = { name: 'alice', groups: ['developers', 'on-call'] };
    const whoAmI = await cluster.kubectl(['auth', 'whoami', '--output=json'], { as: alice });
    expect(JSON.parse(whoAmI.stdout)).toMatchObject({
      status: { userInfo: { username: 'alice', groups: ['developers', 'on-call', 'system:authenticated'] } },
    });

    const create = ['create', '--filename=-'];
    const refused = await cluster.kubectl(create, { input: pod('early'), as: alice, expectFailure: true });
    expect(refused.stderr).toContain('pods is forbidden: User "alice" cannot create resource "pods"');

    await cluster.kubectl([
      'create',
      'rolebinding',
      'developers',
      '--clusterrole=edit',
      '--group=developers',
    ]);
    await vi.waitFor(() => cluster.kubectl(create, { input: pod('granted'), as: alice }), {
      timeout: 10_000,
    });

    const byAlice = (await cluster.auditEvents()).filter(
      ({ user, objectRef }) => user.username === 'alice' && objectRef?.resource === 'pods',
    );
    expect(byAlice[0]?.responseStatus?.code).toBe(403);
    expect(byAlice.at(-1)?.responseStatus?.code).toBe(201);
  });

  it('throws when kubectl does not end as expected', async () => {
    await expect(cluster.kubectl(['get', 'pod', 'absent'])).rejects.toThrow('pods "absent" not found');
    await expect(cluster.kubectl(['get', 'pods'], { expectFailure: true })).rejects.toThrow('succeeded');
    const either = await cluster.kubectl(['get', 'pod', 'absent'], { expectFailure: 'either' });
    expect(either).toMatchObject({ code: 1, stdout: '' });
  });

  // The last test: it takes the cluster away.
  it('leaves no process and no file once stopped', async () => {
    const { pids, caFile } = cluster;
    expect(pids.filter(isAlive)).toHaveLength(4);
    await cluster.stop();
    expect(pids.filter(isAlive)).toEqual([]);
    expect(existsSync(dirname(caFile))).toBe(false);
  });
});

describe('a control plane without controllers', () => {
  it('accepts pods, and ends when the process that started it is killed', async () => {
    const program = `
      import { startControlPlane } from ${JSON.stringify(new URL('control-plane.ts', import.meta.url).href)};
      const cluster = await startControlPlane({ controllers: false });
      await cluster.kubectl(['apply', '--filename=-'], { input: ${JSON.stringify(pod('alone'))} });
      console.log(JSON.stringify({ pids: cluster.pids, caFile: cluster.caFile }));
    `;
    const parent = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: string[] = [];
    for await (const line of createInterface({ input: parent.stdout })) {
      lines.push(line);
      break;
    }
    const started = z
      .object({ pids: z.array(z.number()), caFile: z.string() })
      .parse(JSON.parse(lines.join('')));
    expect(started.pids.filter(isAlive)).toHaveLength(3);

    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await vi.waitFor(() => expect(started.pids.filter(isAlive)).toEqual([]), {
      timeout: 10_000,
      interval: 100,
    });
    expect(existsSync(dirname(started.caFile))).toBe(false);
  });

  it('says why a component ended at the start', async () => {
    const start = startControlPlane({ controllers: false, apiServerFlags: ['--no-such-flag'] });
    await expect(start).rejects.toThrow(
      /kube-apiserver ended with code 1[\s\S]*unknown flag: --no-such-flag/,
    );
  });
});
