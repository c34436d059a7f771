import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import type { KubernetesObject } from '#sdk';
import { policies } from '../../policies/index.ts';
import { compileSettings } from '../../src/engine/compile.ts';
import { fixReview } from '../../src/engine/fix.ts';
import { judge } from '../../src/engine/judge.ts';
import type { Review } from '../../src/engine/review.ts';
import { settingsSchema } from '../../src/engine/settings.ts';
import { deepFreeze } from '../../src/engine/deep-freeze.ts';
import { applyPatch } from '../../src/policy-test/json-patch.ts';
import { compatible, now } from '../../src/policy-test/judge-fixture.ts';

// What stands where something else was expected: hostile, but seldom, so that most of a pod makes sense.
const odd = fc
  .constantFrom<unknown>(
    null,
    '',
    0,
    -1,
    1.5,
    true,
    [],
    {},
    [null],
    { '': null },
    'x'.repeat(300),
    '__proto__',
    9e15,
  )
  // One object in two places would be no JSON.
  .map((value) => structuredClone(value));

function field<T>(usual: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 30, arbitrary: usual }, { weight: 1, arbitrary: odd });
}

function some(fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<object> {
  const members = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, field(value)]));
  return fc.record(members, { requiredKeys: [], noNullPrototype: true });
}

const of = (...values: readonly unknown[]): fc.Arbitrary<unknown> => fc.constantFrom(...values);
const flag = fc.boolean();
const name = of('app', 'proxy', 'migrate', 'log', 'app', '');
const port = of(80, 8080, 22, 'http', '8080', 0, 70000);
const amount = of(
  '100m',
  '1',
  '0.5',
  '128Mi',
  '1Gi',
  '512m',
  '500M',
  '0',
  1,
  0.1,
  '1e3',
  'lots',
  '-1',
  '1Ki ',
);
const resources = some({
  requests: some({ cpu: amount, memory: amount, 'ephemeral-storage': amount }),
  limits: some({ cpu: amount, memory: amount, 'ephemeral-storage': amount }),
});
const probe = some({
  httpGet: some({ path: of('/', '/ready'), port, host: of('127.0.0.1', ''), httpHeaders: fc.array(some({ name: of('Authorization', 'X-A'), value: of('Basic YTpi', '1') }), { maxLength: 2 }) }),
  tcpSocket: some({ port, host: of('10.0.0.1') }),
  exec: some({ command: fc.array(of('sh', '-c', 'true', '--password=x')) }),
  grpc: some({ port }),
  timeoutSeconds: of(1, 5, 30),
  periodSeconds: of(1, 10),
  failureThreshold: of(1, 3),
  initialDelaySeconds: of(0, 30),
}); // prettier-ignore
const seccompProfile = some({
  type: of('RuntimeDefault', 'Unconfined', 'Localhost', ''),
  localhostProfile: of('a'),
});
const seLinuxOptions = some({
  type: of('container_t', 'spc_t', ''),
  user: of('', 'root'),
  role: of('', 'x'),
});
const securityContext = some({
  privileged: flag,
  allowPrivilegeEscalation: flag,
  runAsNonRoot: flag,
  runAsUser: of(0, 1000, 10001),
  runAsGroup: of(0, 1000),
  readOnlyRootFilesystem: flag,
  capabilities: some({
    add: fc.array(of('NET_BIND_SERVICE', 'SYS_ADMIN', 'CAP_SYS_ADMIN', 'ALL', 'CHOWN'), { maxLength: 2 }),
    drop: fc.array(of('ALL', 'all', 'NET_RAW'), { maxLength: 2 }),
  }),
  procMount: of('Default', 'Unmasked'),
  seccompProfile,
  seLinuxOptions,
  appArmorProfile: some({ type: of('RuntimeDefault', 'Unconfined', 'Localhost') }),
  windowsOptions: some({ hostProcess: flag }),
});
const env = fc.array(
  some({
    name: of('A', 'DB_PASSWORD', 'LOG_LEVEL', 'API_KEY', 'A'),
    value: of('info', 'hunter2', '$(A)', '${B}', 'postgres://app:s3cretPw@db/app', 'changeme', '300s'),
    valueFrom: some({ secretKeyRef: some({ name: of('db'), key: of('password') }) }),
  }),
  { maxLength: 3 },
);
const container = some({
  name,
  image: of('app', 'app:latest', 'registry.example.com/app:1.2', 'a@sha256:' + 'a'.repeat(64), 'postgres:17', ':', 'A:B'),
  imagePullPolicy: of('Always', 'IfNotPresent', 'Never'),
  command: fc.array(of('run', '--token', 'abc', 'sh', '-c'), { maxLength: 3 }),
  args: fc.array(of('--password=hunter2', '-v', '--api-key', '$(KEY)'), { maxLength: 3 }),
  ports: fc.array(some({ name: of('http', 'grpc'), containerPort: port, hostPort: port, hostIP: of('') }), { maxLength: 2 }),
  env,
  envFrom: fc.array(some({ secretRef: some({ name: of('db') }) }), { maxLength: 1 }),
  resources,
  readinessProbe: probe,
  livenessProbe: probe,
  startupProbe: probe,
  lifecycle: some({ preStop: some({ exec: some({ command: fc.array(of('sleep', '5')) }), sleep: some({ seconds: of(5) }), httpGet: some({ port, host: of('a') }) }) }),
  securityContext,
  volumeMounts: fc.array(some({ name, mountPath: of('/tmp', '/var/lib/postgresql/data') }), { maxLength: 2 }),
  restartPolicy: of('Always'),
}); // prettier-ignore
const containers = fc.array(field(container), { maxLength: 3 });
const volume = some({
  name,
  emptyDir: some({ sizeLimit: amount, medium: of('Memory', '') }),
  hostPath: some({ path: of('/', '/var/run/docker.sock', '/tmp/') }),
  persistentVolumeClaim: some({ claimName: of('data') }),
  configMap: some({ name: of('c') }),
  nfs: some({ server: of('a') }),
});
const podSpec = some({
  containers,
  initContainers: containers,
  ephemeralContainers: containers,
  restartPolicy: of('Always', 'Never', 'OnFailure'),
  hostNetwork: flag,
  hostPID: flag,
  hostIPC: flag,
  hostUsers: flag,
  serviceAccountName: of('default', 'app', ''),
  automountServiceAccountToken: flag,
  terminationGracePeriodSeconds: of(0, 5, 30),
  nodeName: of('node-1'),
  nodeSelector: some({ 'kubernetes.io/hostname': of('node-1') }),
  priorityClassName: of('high'),
  os: some({ name: of('linux', 'windows') }),
  securityContext: some({
    runAsNonRoot: flag,
    runAsUser: of(0, 1000),
    fsGroup: of(0, 1),
    supplementalGroups: fc.array(of(0, 1), { maxLength: 2 }),
    seccompProfile,
    seLinuxOptions,
    sysctls: fc.array(some({ name: of('net.ipv4.ip_unprivileged_port_start', 'kernel.shm_rmid_forced', 'kernel.msgmax') }), { maxLength: 2 }),
    windowsOptions: some({ hostProcess: flag }),
  }),
  volumes: fc.array(field(volume), { maxLength: 3 }),
  topologySpreadConstraints: fc.array(some({ maxSkew: of(1), topologyKey: of('kubernetes.io/hostname', 'topology.kubernetes.io/zone'), whenUnsatisfiable: of('DoNotSchedule') }), { maxLength: 2 }),
  affinity: some({ podAntiAffinity: some({ requiredDuringSchedulingIgnoredDuringExecution: fc.array(some({ topologyKey: of('kubernetes.io/hostname') }), { maxLength: 1 }) }) }),
  resources,
}); // prettier-ignore
const metadata = some({
  name: of('orders', ''),
  namespace: of('shop', 'default'),
  labels: some({ 'app.kubernetes.io/name': of('orders', ''), 'app.kubernetes.io/instance': of('orders'), app: of('x') }),
  annotations: some({ 'container.apparmor.security.beta.kubernetes.io/app': of('unconfined', 'runtime/default'), a: of('b') }),
  ownerReferences: fc.array(some({ kind: of('ReplicaSet'), name: of('a'), controller: flag }), { maxLength: 1 }),
}); // prettier-ignore

/** Pods as people write them, and as nobody should. */
export const pods: fc.Arbitrary<KubernetesObject> = fc
  .record({ metadata: field(metadata), spec: field(podSpec) }, { noNullPrototype: true })
  .map((pod) => ({ apiVersion: 'v1', kind: 'Pod', ...pod }) as KubernetesObject);

const settings = settingsSchema.parse({
  policies: {
    ...Object.fromEntries(compatible(policies, '').map(({ id }) => [id, 'deny'])),
    'require-memory-limit': { action: 'deny', params: { default: '256Mi' } },
    'require-cpu-request': { action: 'deny', params: { default: '100m' } },
  },
}); // prettier-ignore
const { compiled, problems } = compileSettings(settings, policies, { now });
if (problems.length > 0) throw new Error(JSON.stringify(problems));

/**
 * What is wrong with the answers about a pod, nothing where all is well: no policy fails, the patch applies by the
 * book, and a second fix changes nothing.
 */
export function objectionsTo(object: KubernetesObject): readonly string[] {
  deepFreeze(object);
  const user = { username: 'alice', groups: [] };
  const review: Review = { operation: 'CREATE', object, profile: 'production', now, user };
  const { errors } = judge(compiled, review);
  const fixed = fixReview(compiled, review, 'all');
  const again = fixReview(compiled, { ...review, object: fixed.object }, 'all');
  return [
    ...errors.map(({ policy, message }) => `${policy} ${message}`),
    ...fixed.dropped.filter(({ reason }) => reason.includes('failed')).map(({ policy, reason }) => `${policy}: ${reason}`),
    ...(isDeepStrictEqual(applyPatch(object, fixed.patch), fixed.object) ? [] : ['the patch gives another object']),
    ...again.applied.map((policy) => `${policy} fixes what was fixed`),
  ];
} // prettier-ignore
