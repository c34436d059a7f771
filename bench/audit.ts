/**
 * Prints what `daygate audit` takes for clusters of 20,000 and 100,000 objects, or as many as are named as arguments:
 * npm run bench:audit -- 300000. The API server is made up, in the same process, and makes each page when it is asked
 * for; all else is the code of the command, the report as a JSON file included. Each size runs in a process of its own.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { growSlowly } from '../src/audit/frugal.ts';
import type { ApiObject } from '../src/cluster/cluster.ts';
import type { ListedKind } from '../test/audit/listed-cluster.ts';

const mebibyte = 2 ** 20;
const [perDeployment, deploymentsPerNamespace] = [12, 25];
/** Of one Deployment: itself, two ReplicaSets, its pods, a Service, a ConfigMap and a PodDisruptionBudget. */
const objectsPerDeployment = 3 + perDeployment + 3;

const namespaceOf = (deployment: number): string =>
  `team-${String(Math.floor(deployment / deploymentsPerNamespace)).padStart(5, '0')}`;

function podSpec(deployment: number): ApiObject {
  const tag = deployment % 3 === 0 ? 'latest' : '1.4.2';
  const limits = { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } };
  return {
    serviceAccountName: 'web',
    containers: [
      {
        name: 'app',
        image: `registry.example.com/shop/app:${tag}`,
        ports: [{ name: 'http', containerPort: 8080 }],
        env: Array.from({ length: 10 }, (_, index) => ({
          name: `SETTING_${index}`,
          value: `value-${index}`,
        })),
        resources: deployment % 2 === 0 ? {} : limits,
        volumeMounts: [{ name: 'token', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }],
      },
    ],
    volumes: [{ name: 'token', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } }],
  };
}

function metadata(kind: string, name: string, deployment: number, owner?: ApiObject): ApiObject {
  return {
    name,
    namespace: namespaceOf(deployment),
    uid: `${kind}-${namespaceOf(deployment)}-${name}`,
    resourceVersion: '1000',
    labels: { app: `app-${deployment}` },
    // As long as the API server's own are.
    managedFields: Array.from({ length: 2 }, () => ({
      manager: 'kube-controller-manager',
      operation: 'Update',
      apiVersion: 'v1',
      fieldsV1: Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`f:field-${index}`, {}])),
    })),
    ...(owner === undefined ? {} : { ownerReferences: [{ ...owner, controller: true }] }),
  };
}

function kindsOf(objects: number): readonly ListedKind[] {
  const deployments = Math.ceil(objects / objectsPerDeployment);
  const core = { group: '', version: 'v1' };
  const apps = { group: 'apps', version: 'v1' };
  const template = (deployment: number): ApiObject => ({
    metadata: { labels: { app: `app-${deployment}` } },
    spec: podSpec(deployment),
  });
  const selector = (deployment: number): ApiObject => ({ matchLabels: { app: `app-${deployment}` } });
  const ownerOf = (kind: string, name: string, deployment: number): ApiObject => ({
    ...{ apiVersion: 'apps/v1', kind, name },
    uid: `${kind}-${namespaceOf(deployment)}-${name}`,
  });
  const one = (
    api: Pick<ListedKind, 'group' | 'version'>,
    kind: string,
    resource: string,
    body: (deployment: number) => ApiObject,
  ): ListedKind => ({
    ...{ ...api, kind, resource, count: deployments },
    at: (index) => ({ metadata: metadata(kind, `app-${index}`, index), ...body(index) }),
  });
  return [
    {
      ...{ ...core, kind: 'Namespace', resource: 'namespaces' },
      count: Math.ceil(deployments / deploymentsPerNamespace),
      at: (index) => {
        const name = namespaceOf(index * deploymentsPerNamespace);
        return { metadata: { name, uid: name, resourceVersion: '1', labels: { team: `team-${index % 9}` } } };
      },
    },
    one(apps, 'Deployment', 'deployments', (index) => ({
      spec: { replicas: perDeployment, selector: selector(index), template: template(index) },
      status: { replicas: perDeployment },
    })),
    {
      ...{ ...apps, kind: 'ReplicaSet', resource: 'replicasets', count: deployments * 2 },
      at: (index) => {
        const deployment = Math.floor(index / 2);
        const owner = ownerOf('Deployment', `app-${deployment}`, deployment);
        return {
          metadata: metadata('ReplicaSet', `app-${deployment}-${index % 2}`, deployment, owner),
          spec: { replicas: (index % 2) * perDeployment, template: template(deployment) },
        };
      },
    },
    {
      ...{ ...core, kind: 'Pod', resource: 'pods', count: deployments * perDeployment },
      at: (index) => {
        const deployment = Math.floor(index / perDeployment);
        const owner = ownerOf('ReplicaSet', `app-${deployment}-1`, deployment);
        const name = `app-${deployment}-1-${index % perDeployment}`;
        return {
          metadata: metadata('Pod', name, deployment, owner),
          spec: podSpec(deployment),
          status: { phase: 'Running', conditions: Array.from({ length: 4 }, () => ({ status: 'True' })) },
        };
      },
    },
    one(core, 'Service', 'services', (index) => ({
      spec: { selector: { app: `app-${index}` }, ports: [{ port: 80, targetPort: 'http' }] },
    })),
    one(core, 'ConfigMap', 'configmaps', () => ({ data: { mode: 'live' } })),
    one({ group: 'policy', version: 'v1' }, 'PodDisruptionBudget', 'poddisruptionbudgets', (index) => ({
      spec: { maxUnavailable: 1, selector: selector(index) },
    })),
  ];
}

async function measure(objects: number): Promise<void> {
  // As the command does it: first of all, and then what it loads.
  growSlowly();
  const [
    { auditCluster },
    { auditJson },
    { listedCluster },
    { compileOrThrow },
    { parseSettings },
    { policies },
  ] = await Promise.all([
    import('../src/audit/audit-cluster.ts'),
    import('../src/report/audit/json.ts'),
    import('../test/audit/listed-cluster.ts'),
    import('../src/config/settings-file.ts'),
    import('../src/config/parse-settings.ts'),
    import('../policies/index.ts'),
  ]);
  const now = Date.now();
  const settings = parseSettings('{}', 'bench');
  const started = performance.now();
  const { report, calls } = await auditCluster({
    cluster: listedCluster(kindsOf(objects)),
    name: 'bench',
    compiled: compileOrThrow(settings, policies, { now }),
    settings: 'bench',
    now,
    pageSize: 500,
    callsPerSecond: 1_000,
    profile: 'production',
  });
  const folder = mkdtempSync(join(tmpdir(), 'daygate-bench-audit-'));
  try {
    const file = openSync(join(folder, 'report.json'), 'w');
    for (const piece of auditJson(report)) writeSync(file, piece);
    closeSync(file);
    const seconds = (performance.now() - started) / 1000;
    const { listed } = report.coverage;
    console.log(
      `${listed} objects: ${seconds.toFixed(1)} s (${(listed / seconds).toFixed(0)} objects a second), ${calls} calls, ` +
        `at most ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB; ${report.findings.length} findings, ` +
        `a report of ${(statSync(join(folder, 'report.json')).size / mebibyte).toFixed(1)} MiB`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [asked = '', ...more] = process.argv.slice(2);
if (asked === 'measure') await measure(Number(more[0]));
else {
  console.log(`daygate audit on ${cpus().length} processors, Node.js ${process.version}`);
  const sizes = [asked, ...more].map(Number).filter((size) => Number.isSafeInteger(size) && size > 0);
  for (const size of sizes.length > 0 ? sizes : [20_000, 100_000]) {
    const { status } = spawnSync(process.execPath, [import.meta.filename, 'measure', String(size)], {
      stdio: 'inherit',
    });
    if (status !== 0) process.exitCode = 1;
  }
}
