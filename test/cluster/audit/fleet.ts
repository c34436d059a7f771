/** Objects of a large cluster, as its controllers would have made them: no controller runs here to make them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { inParallel, type ApiClient } from '../api-client.ts';

type Body = Readonly<Record<string, unknown>>;

interface Created {
  readonly path: string;
  readonly body: Body;
}

interface FleetSize {
  readonly namespaces: number;
  readonly deploymentsPerNamespace: number;
  readonly podsPerDeployment: number;
}

/** 21,925 objects beside those that every cluster has. */
export const largeFleet: FleetSize = {
  namespaces: 42,
  deploymentsPerNamespace: 26,
  podsPerDeployment: 12,
};

const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const rulesOf = (namespace: string): string =>
  `/apis/monitoring.coreos.com/v1/namespaces/${namespace}/prometheusrules`;

/** A kind that no API server has of itself, and that a policy looks at. */
export const prometheusRules: Body = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'prometheusrules.monitoring.coreos.com' },
  spec: {
    group: 'monitoring.coreos.com',
    scope: 'Namespaced',
    names: { kind: 'PrometheusRule', plural: 'prometheusrules', singular: 'prometheusrule' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: { spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          },
        },
      },
    ],
  },
};

const label = (name: string) => ({ 'app.kubernetes.io/name': name, app: name });

function podSpec(deployment: number): Body {
  return {
    containers: [
      {
        name: 'app',
        // One in three has a moving tag, one in two no limits: findings of several kinds.
        image: `registry.example.com/shop/app:${deployment % 3 === 0 ? 'latest' : '1.4.2'}`,
        ports: [{ name: 'http', containerPort: 8080 }],
        resources:
          deployment % 2 === 0
            ? {}
            : { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
      },
    ],
  };
}

/** `team-00` and so on. */
export function namespaceName(index: number): string {
  return `team-${String(index).padStart(2, '0')}`;
}

function profileOf(index: number): string | undefined {
  return ['baseline', undefined, 'restricted', 'production'][index % 4];
}

/** Fills the cluster; returns how many objects it made, by kind. */
export async function createFleet(api: ApiClient, size: FleetSize): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  const create = async ({ path, body }: Created): Promise<{ readonly uid: string }> => {
    const answer = await api.call('POST', path, body);
    const made = answer.body as { kind?: string; message?: string; metadata?: { uid?: string } };
    if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${made.message ?? ''}`);
    const kind = String(made.kind);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    return { uid: made.metadata?.uid ?? '' };
  };
  await create({ path: crds, body: prometheusRules });
  // A new kind is served a moment later.
  for (let attempt = 0; attempt < 100; attempt++) {
    if ((await api.call('GET', rulesOf('default'))).status === 200) break;
    await sleep(100);
  }
  await inParallel(
    Array.from({ length: size.namespaces }, (_, index) => index),
    async (index) => {
      const namespace = namespaceName(index);
      const profile = profileOf(index);
      await create({
        path: '/api/v1/namespaces',
        body: {
          metadata: {
            name: namespace,
            labels: {
              team: `team-${index % 7}`,
              'cost-center': `cc-${index % 5}`,
              ...(profile === undefined ? {} : { 'daygate.dev/profile': profile }),
            },
          },
        },
      });
      for (const one of sharedObjects(namespace)) await create(one);
      for (let number = 0; number < size.deploymentsPerNamespace; number++)
        await createWorkload(create, namespace, number, size.podsPerDeployment);
    },
  );
  return counts;
}

async function createWorkload(
  create: (one: Created) => Promise<{ readonly uid: string }>,
  namespace: string,
  number: number,
  pods: number,
): Promise<void> {
  const name = `app-${number}`;
  const labels = label(name);
  const template = { metadata: { labels }, spec: podSpec(number) };
  const apps = `/apis/apps/v1/namespaces/${namespace}`;
  const selector = { matchLabels: { app: name } };
  const { uid } = await create({
    path: `${apps}/deployments`,
    body: { metadata: { name, labels }, spec: { replicas: pods, selector, template } },
  });
  const owner = (kind: string, of: string, ownerUid: string): readonly Body[] => [
    { apiVersion: 'apps/v1', kind, name: of, uid: ownerUid, controller: true, blockOwnerDeletion: true },
  ];
  const replicaSet = async (hash: string, replicas: number): Promise<string> => {
    const hashed = { ...labels, 'pod-template-hash': hash };
    const made = await create({
      path: `${apps}/replicasets`,
      body: {
        metadata: {
          name: `${name}-${hash}`,
          labels: hashed,
          ownerReferences: owner('Deployment', name, uid),
        },
        spec: {
          replicas,
          selector: { matchLabels: hashed },
          template: { metadata: { labels: hashed }, spec: podSpec(number) },
        },
      },
    });
    return made.uid;
  };
  const current = await replicaSet('5d4f', pods);
  await replicaSet('77aa', 0);
  const hashed = { ...labels, 'pod-template-hash': '5d4f' };
  for (let index = 0; index < pods; index++)
    await create({
      path: `/api/v1/namespaces/${namespace}/pods`,
      body: {
        metadata: {
          name: `${name}-5d4f-${index}`,
          labels: hashed,
          ownerReferences: owner('ReplicaSet', `${name}-5d4f`, current),
        },
        spec: podSpec(number),
      },
    });
  for (const one of besides(namespace, name, number)) await create(one);
}

/** What stands beside a workload: not every one has everything. */
function besides(namespace: string, name: string, number: number): readonly Created[] {
  const selector = { matchLabels: { app: name } };
  const at = (group: string, resource: string): string =>
    `${group === 'v1' ? '/api/v1' : `/apis/${group}`}/namespaces/${namespace}/${resource}`;
  const target = { apiVersion: 'apps/v1', kind: 'Deployment', name };
  const all: readonly (Created & { readonly every: number })[] = [
    {
      every: 1,
      path: at('v1', 'services'),
      body: {
        metadata: { name },
        spec: {
          selector: { app: name },
          ports: [{ port: 80, targetPort: 'http' }],
          // The API server of these tests has two hundred addresses to give away.
          ...(number === 0 ? {} : { clusterIP: 'None' }),
        },
      },
    },
    { every: 1, path: at('v1', 'configmaps'), body: { metadata: { name }, data: { mode: 'live' } } },
    { every: 2, path: at('v1', 'secrets'), body: { metadata: { name }, stringData: { note: 'none' } } },
    {
      every: 2,
      path: at('policy/v1', 'poddisruptionbudgets'),
      body: { metadata: { name }, spec: { maxUnavailable: 1, selector } },
    },
    {
      every: 3,
      path: at('autoscaling/v2', 'horizontalpodautoscalers'),
      body: { metadata: { name }, spec: { scaleTargetRef: target, minReplicas: 2, maxReplicas: 20 } },
    },
    {
      every: 2,
      path: at('networking.k8s.io/v1', 'networkpolicies'),
      body: {
        metadata: { name },
        spec: { podSelector: selector, policyTypes: ['Ingress', 'Egress'], ingress: [{}] },
      },
    },
  ];
  return all.filter(({ every }) => number % every === 0);
}

/** What a namespace has beside its workloads. */
function sharedObjects(namespace: string): readonly Created[] {
  const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
  const rule = { apiGroups: [''], resources: ['configmaps'], verbs: ['get'] };
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' };
  const subjects = [{ kind: 'ServiceAccount', name: 'web', namespace }];
  const rules = [{ alert: 'Down', expr: 'up == 0', for: '5m', labels: { severity: 'critical' } }];
  return [
    {
      path: rulesOf(namespace),
      body: {
        apiVersion: 'monitoring.coreos.com/v1',
        kind: 'PrometheusRule',
        metadata: { name: 'alerts' },
        spec: { groups: [{ name: 'alerts', rules }] },
      },
    },
    { path: `/api/v1/namespaces/${namespace}/serviceaccounts`, body: { metadata: { name: 'web' } } },
    { path: `${rbac}/roles`, body: { metadata: { name: 'reader' }, rules: [rule] } },
    { path: `${rbac}/rolebindings`, body: { metadata: { name: 'reader' }, roleRef, subjects } },
  ];
}
