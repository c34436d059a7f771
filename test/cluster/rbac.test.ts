/** What the policies about RBAC take from Kubernetes: the roles it makes itself, and what its answers give away. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { KubernetesObject } from '#sdk';
import { policies } from '../../policies/index.ts';
import { compileSettings } from '../../src/engine/compile.ts';
import { judge } from '../../src/engine/judge.ts';
import { settingsSchema } from '../../src/engine/settings.ts';
import { apiClient, type ApiClient } from './api-client.ts';
import { startControlPlane, type ControlPlane } from './control-plane.ts';

const group = 'rbac.authorization.k8s.io/v1';
const kinds = ['ClusterRole', 'Role', 'ClusterRoleBinding', 'RoleBinding'];
const rbacPolicies = policies.filter(({ category }) => category === 'rbac');
const listSchema = z.object({ items: z.array(z.looseObject({ metadata: z.looseObject({}) })) });

let cluster: ControlPlane;
let api: ApiClient;

beforeAll(async () => {
  cluster = await startControlPlane({ controllers: false });
  api = apiClient(cluster);
});

afterAll(async () => {
  api.close();
  await cluster.stop();
});

async function objectsOf(kind: string): Promise<readonly KubernetesObject[]> {
  const { body } = await api.call('GET', `/apis/${group}/${kind.toLowerCase()}s`);
  return listSchema.parse(body).items.map((item) => ({ ...item, apiVersion: group, kind }));
}

/** What the policies say of the objects under the strictest profile, in every version daygate knows. */
function found(objects: readonly KubernetesObject[]): readonly string[] {
  return [33, 34, 35, 36].flatMap((minor) => {
    const settings = settingsSchema.parse({ kubernetes: `1.${minor}`, exemptNamespaces: [] });
    const { compiled } = compileSettings(settings, rbacPolicies, { now: 0 });
    return objects.flatMap((object) => {
      const { findings, errors } = judge(compiled, {
        operation: 'CREATE',
        object,
        profile: 'restricted',
        now: 0,
      });
      return [
        ...errors.map(String),
        ...findings.map(({ policy, message }) => `1.${minor} ${policy}: ${message}`),
      ];
    });
  });
}

describe('the roles and bindings that Kubernetes makes', () => {
  it('are let through', async () => {
    const objects = (await Promise.all(kinds.map(objectsOf))).flat();
    expect(objects.length).toBeGreaterThan(100);
    expect(found(objects)).toEqual([]);
  });

  it('are known by their label too: without it they are judged like any other', async () => {
    const roles = await objectsOf('ClusterRole');
    const unlabelled = roles.map((role) => ({ ...role, metadata: { ...role.metadata, labels: {} } }));
    expect(found(unlabelled).length).toBeGreaterThan(20);
  });
});

describe('deletecollection', () => {
  it('shows all Secrets in a dry run, and deletes none', async () => {
    const path = '/api/v1/namespaces/default/secrets';
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'sample' },
      stringData: { greeting: 'hello' },
    };
    expect((await api.call('POST', path, secret)).status).toBe(201);
    const answer = await api.call('DELETE', `${path}?dryRun=All`);
    expect(listSchema.parse(answer.body).items).toMatchObject([{ data: { greeting: btoa('hello') } }]);
    expect((await api.call('GET', `${path}/sample`)).status).toBe(200);
  });

  it('and the deletion of one shows nothing of it', async () => {
    const answer = await api.call('DELETE', '/api/v1/namespaces/default/secrets/sample?dryRun=All');
    expect([answer.status, JSON.stringify(answer.body).includes('greeting')]).toEqual([200, false]);
  });
});

describe('a rule with names', () => {
  const role = (verbs: readonly string[]) => ({
    apiVersion: group,
    kind: 'ClusterRole',
    metadata: { name: 'named' },
    rules: [{ apiGroups: [''], resources: ['persistentvolumes'], resourceNames: ['disk'], verbs }],
  });
  const binding = {
    apiVersion: group,
    kind: 'ClusterRoleBinding',
    metadata: { name: 'named' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'named' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'mallory' }],
  };
  const volume = {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'disk' },
    spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/' } },
  };

  it.each([
    { verbs: ['create'], created: false },
    { verbs: ['patch'], created: false },
    { verbs: ['create', 'patch'], created: true },
    { verbs: ['*'], created: true },
  ])('with the verbs $verbs creates by server-side apply: $created', async ({ verbs, created }) => {
    for (const input of [role(verbs), binding]) await cluster.kubectl(['apply', '-f', '-'], { input });
    const asMallory = async (...args: string[]) =>
      cluster.kubectl([...args, '--dry-run=server', '--as', 'mallory', '-f', '-'], {
        input: volume,
        expectFailure: 'either',
      });
    // What is created by POST has no name yet when RBAC is asked.
    expect((await asMallory('create')).stderr).toContain('forbidden');
    const apply = await asMallory('apply', '--server-side', '--validate=false');
    expect(apply.code === 0).toBe(created);
  });
});
