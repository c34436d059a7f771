/** Pods around every field of every control of the Pod Security Standards, one step from right or many. */
import type { ContainerClass, KubernetesObject } from '#sdk';

/** Takes the field away. */
const absent = Symbol('absent');
type Values = readonly unknown[];
type Table = Readonly<Record<string, Values>>;

/** One value in one field: of the pod (`metadata…`, `spec…`), or of one of its containers. */
export interface Mutation {
  readonly path: string;
  readonly value: unknown;
}

const types = (...values: unknown[]): Values => [
  ...values.map((type) => ({ type })),
  { type: 'Localhost', localhostProfile: 'profiles/orders' },
];
const unset = [absent, null];
const booleans = [...unset, false, true];
const objects = [...unset, {}];
const profiles = [...unset, ...types('RuntimeDefault', 'Unconfined')];
const seLinux = [
  ...objects,
  ...[
    '',
    'container_t',
    'container_init_t',
    'container_kvm_t',
    'container_engine_t',
    'spc_t',
    'Container_t',
    null,
  ].map((type) => ({ type })),
  ...['', null, 'system_u'].flatMap((value) => [{ user: value }, { role: value }]),
  { level: 's0:c1,c2' },
  { type: 'container_t', user: 'system_u', role: 'system_r', level: 's0' },
];
const windows = [...objects, { hostProcess: false }, { hostProcess: null }, { hostProcess: true }];
const hosts = [absent, null, '', '127.0.0.1', 'db.example.com', ' '];
const httpGets = hosts.map((host) => ({ httpGet: given({ path: '/', port: 8080, host }) }));
const tcpSockets = hosts.map((host) => ({ tcpSocket: given({ port: 8080, host }) }));
const probes = [
  ...unset,
  ...httpGets,
  ...tcpSockets,
  { exec: { command: ['true'] } },
  { grpc: { port: 9090 } },
];
const hooks = [...httpGets, ...tcpSockets, { exec: { command: ['true'] } }, { sleep: { seconds: 1 } }];

export const harmlessCapabilities =
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(' '); // prettier-ignore

export const containerFields: Table = {
  securityContext: objects,
  'securityContext.privileged': booleans,
  'securityContext.allowPrivilegeEscalation': booleans,
  'securityContext.runAsNonRoot': booleans,
  'securityContext.runAsUser': [...unset, 0, 1, 65_535],
  'securityContext.capabilities': [...objects, { drop: ['ALL'] }, { add: ['NET_BIND_SERVICE'] }],
  'securityContext.capabilities.drop': [
    ...unset, [], ['ALL'], ['NET_RAW', 'ALL'], ['all'], ['CAP_ALL'], [null], [''], ['NET_RAW'], ['ALL '],
  ], // prettier-ignore
  'securityContext.capabilities.add': [
    ...unset, [], ...harmlessCapabilities.map((name) => [name]), harmlessCapabilities,
    ...['NET_RAW', 'SYS_ADMIN', 'ALL', 'CAP_CHOWN', 'CAP_NET_BIND_SERVICE', 'chown', '', null, 'BPF'].map((name) => [name]),
    ['CHOWN', 'NET_ADMIN'], ['NET_BIND_SERVICE', 'CAP_SYS_ADMIN'],
  ], // prettier-ignore
  'securityContext.seccompProfile': profiles,
  'securityContext.appArmorProfile': profiles,
  'securityContext.seLinuxOptions': seLinux,
  'securityContext.procMount': [...unset, 'Default', 'Unmasked'],
  'securityContext.windowsOptions': windows,
  'securityContext.readOnlyRootFilesystem': booleans,
  ports: [
    ...unset, [], [{ containerPort: 8080 }], ...[0, null, 80, 65_535].map((hostPort) => [{ containerPort: 8080, hostPort }]),
    [{ containerPort: 8080, hostPort: 8080 }], [{ containerPort: 8080 }, { containerPort: 9090, protocol: 'UDP', hostPort: 9090 }],
  ], // prettier-ignore
  livenessProbe: probes,
  readinessProbe: probes,
  startupProbe: probes,
  'lifecycle.postStart': [...unset, ...hooks],
  'lifecycle.preStop': [...unset, ...hooks],
};

const sysctls =
  'kernel.shm_rmid_forced net.ipv4.ip_local_port_range net.ipv4.tcp_syncookies net.ipv4.ping_group_range net.ipv4.ip_unprivileged_port_start net.ipv4.ip_local_reserved_ports net.ipv4.tcp_keepalive_time net.ipv4.tcp_fin_timeout net.ipv4.tcp_keepalive_intvl net.ipv4.tcp_keepalive_probes net.ipv4.tcp_rmem net.ipv4.tcp_wmem net.core.somaxconn kernel.msgmax net/ipv4/tcp_syncookies net.ipv4.tcp_syncookie'.split(' '); // prettier-ignore

const sources: Readonly<Record<string, unknown>> = {
  awsElasticBlockStore: { volumeID: 'v' },
  azureDisk: { diskName: 'd', diskURI: 'https://blob.example.com/d.vhd' },
  azureFile: { secretName: 's', shareName: 'orders' },
  cephfs: { monitors: ['192.0.2.1'] },
  cinder: { volumeID: 'v' },
  configMap: { name: 'c' },
  csi: { driver: 'csi.example.com' },
  downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] },
  emptyDir: {},
  ephemeral: {
    volumeClaimTemplate: {
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    },
  },
  fc: { lun: 2, targetWWNs: ['50060e801049cfd1'] },
  flexVolume: { driver: 'example.com/lvm' },
  flocker: { datasetName: 'd' },
  gcePersistentDisk: { pdName: 'p' },
  gitRepo: { repository: 'https://git.example.com/shop/assets.git' },
  glusterfs: { endpoints: 'g', path: 'v' },
  hostPath: { path: '/data' },
  image: { reference: 'registry.example.com/shop/model:3' },
  iscsi: { iqn: 'iqn.2001-04.com.example:storage', lun: 0, targetPortal: '192.0.2.1' },
  nfs: { server: 'nfs.example.com', path: '/orders' },
  persistentVolumeClaim: { claimName: 'orders' },
  photonPersistentDisk: { pdID: 'p' },
  portworxVolume: { volumeID: 'v' },
  projected: { sources: [{ serviceAccountToken: { path: 'token' } }] },
  quobyte: { registry: '192.0.2.1:7861', volume: 'v' },
  rbd: { image: 'i', monitors: ['192.0.2.1:6789'] },
  scaleIO: { gateway: 'https://192.0.2.1/api', secretRef: { name: 's' }, system: 's', volumeName: 'v' },
  secret: { secretName: 's' },
  storageos: { volumeName: 'v' },
  vsphereVolume: { volumePath: '[store] v.vmdk' },
};

const appArmor = 'container.apparmor.security.beta.kubernetes.io/';
const annotations = [
  ...unset, {},
  ...['runtime/default', 'localhost/orders', '', null, 'unconfined'].map((value) => ({ [`${appArmor}app`]: value })),
  { [`${appArmor}migrate`]: 'unconfined' }, { [`${appArmor}app`]: 'runtime/default', [`${appArmor}proxy`]: 'unconfined' },
  { 'apparmor.example.com/app': 'unconfined' },
  { 'seccomp.security.alpha.kubernetes.io/pod': 'unconfined' },
]; // prettier-ignore

export const podFields: Table = {
  'metadata.annotations': annotations,
  'spec.hostNetwork': booleans,
  'spec.hostPID': booleans,
  'spec.hostIPC': booleans,
  'spec.hostUsers': booleans,
  'spec.shareProcessNamespace': booleans,
  'spec.os': [...unset, { name: 'linux' }, { name: 'windows' }],
  'spec.securityContext': objects,
  'spec.securityContext.runAsNonRoot': booleans,
  'spec.securityContext.runAsUser': [...unset, 0, 1000],
  'spec.securityContext.seccompProfile': profiles,
  'spec.securityContext.appArmorProfile': profiles,
  'spec.securityContext.seLinuxOptions': seLinux,
  'spec.securityContext.windowsOptions': windows,
  'spec.securityContext.supplementalGroups': [...unset, [0]],
  'spec.securityContext.sysctls': [
    ...unset, [], ...sysctls.map((name) => [{ name, value: '1' }]), sysctls.map((name) => ({ name, value: '1' })),
  ], // prettier-ignore
  'spec.volumes': [
    ...unset, [], [{ name: 'untyped' }],
    ...Object.entries(sources).flatMap(([type, source]) => [[{ name: 'v', [type]: source }], [{ name: 'v', [type]: null }]]),
    [{ name: 'a', emptyDir: {} }, { name: 'b', hostPath: { path: '/var/run/docker.sock', type: 'Socket' } }, { name: 'c', nfs: sources['nfs'] }],
    [{ name: 'a', emptyDir: null, configMap: { name: 'c' } }],
  ], // prettier-ignore
};

function mutationsOf(table: Table): readonly Mutation[] {
  return Object.entries(table).flatMap(([path, values]) => values.map((value) => ({ path, value })));
}

export const containerMutations = mutationsOf(containerFields);
export const podMutations = mutationsOf(podFields);

type Json = Record<string, unknown>;

/** A pod whose fields a test changes. */
export interface DraftPod extends KubernetesObject {
  readonly metadata: Json & { readonly name: string };
  readonly spec: Json & { containers: Json[]; initContainers: Json[] };
}

const placesOfContainers = { app: ['containers', 0], init: ['initContainers', 0], sidecar: ['initContainers', 1] } as const; // prettier-ignore
export type CreatedClass = keyof typeof placesOfContainers;
export const createdClasses = Object.keys(placesOfContainers) as readonly CreatedClass[];

/** Pods that meet Restricted, in the ways in which one can: by container, by pod, on Windows, in a user namespace. */
export const bases = ['containers', 'pod', 'windows', 'user namespace', 'host process'] as const;
export type Base = (typeof bases)[number];

export function basePod(base: Base, name = 'orders'): DraftPod {
  const container = (own: string, more: Json = {}): Json => ({
    name: own,
    image: 'registry.example.com/shop/orders:5.1.0',
    ...more,
    securityContext: containerContext(base),
  });
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      ...podSettings(base),
      initContainers: [container('migrate'), container('proxy', { restartPolicy: 'Always' })],
      containers: [container('app')],
    },
  };
}

const linuxOnly = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };

export function containerContext(base: Base): Json {
  if (base === 'windows') return { runAsNonRoot: true };
  if (base === 'host process') return {};
  if (base === 'pod' || base === 'user namespace') return structuredClone(linuxOnly);
  return { ...structuredClone(linuxOnly), runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };
}

function podSettings(base: Base): Json {
  const seccompProfile = { type: 'RuntimeDefault' };
  if (base === 'pod') return { securityContext: { runAsNonRoot: true, seccompProfile } };
  if (base === 'user namespace') return { hostUsers: false, securityContext: { seccompProfile } };
  if (base === 'windows') return { os: { name: 'windows' } };
  if (base === 'host process')
    return {
      os: { name: 'windows' },
      hostNetwork: true,
      securityContext: { runAsNonRoot: true, windowsOptions: { hostProcess: true } },
    };
  return {};
}

export function mutatePod(pod: DraftPod, mutation: Mutation): void {
  put(pod as unknown as Json, mutation);
}

export function mutateContainer(pod: DraftPod, containerClass: CreatedClass, mutation: Mutation): void {
  const [field, index] = placesOfContainers[containerClass];
  const container = pod.spec[field][index];
  if (container !== undefined) mutate(container, mutation);
}

/** Changes any container that lies outside of a pod, such as one about to be added for debugging. */
export function mutate(container: Json, mutation: Mutation): void {
  put(container, mutation);
}

/** Makes the parents that are missing or null; what is written is a copy. */
function put(target: Json, { path, value }: Mutation): void {
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  let place = target;
  for (const step of steps) place = (place[step] ??= {}) as Json;
  if (value === absent) Reflect.deleteProperty(place, last);
  else place[last] = structuredClone(value);
}

function given(record: Json): Json {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== absent));
}

/** What a mutation is called in the name of a test and in a disagreement. */
export function nameOf({ path, value }: Mutation): string {
  return `${path}: ${value === absent ? 'absent' : JSON.stringify(value)}`;
}

/** Every value of every field, alone, in every kind of container and on every base asked for. */
export function singleCases(on: readonly Base[] = bases): readonly DraftPod[] {
  return on.flatMap((base) => [
    basePod(base),
    ...podMutations.map((mutation) => {
      const pod = basePod(base);
      mutatePod(pod, mutation);
      return pod;
    }),
    ...createdClasses.flatMap((containerClass) =>
      containerMutations.map((mutation) => {
        const pod = basePod(base);
        mutateContainer(pod, containerClass, mutation);
        return pod;
      }),
    ),
  ]);
}

/** A pod for Windows takes few of the fields, and one of HostProcess containers fewer still. */
const mostTaken: readonly Base[] = ['containers', 'containers', 'pod', 'pod', 'user namespace', 'windows'];

/** Pods with two to eight changes each; the same seed gives the same pods. */
export function mixedCases(count: number, seed: number): readonly DraftPod[] {
  const random = generator(seed);
  const pick = <T>(items: readonly T[]): T => {
    const item = items[Math.floor(random() * items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  };
  // By field first: otherwise the fields with the longest lists of values drown the others.
  const from = (table: Table): Mutation => {
    const [path, values] = pick(Object.entries(table));
    return { path, value: pick(values) };
  };
  return Array.from({ length: count }, () => {
    const pod = basePod(pick(mostTaken));
    const changes = 2 + Math.floor(random() * 7);
    for (let change = 0; change < changes; change++) {
      if (random() < 0.4) mutatePod(pod, from(podFields));
      else {
        const mutation = from(containerFields);
        // Init containers that end have neither probes nor hooks.
        const running = /Probe$|^lifecycle/.test(mutation.path);
        mutateContainer(pod, running ? pick(['app', 'sidecar']) : pick(createdClasses), mutation);
      }
    }
    return pod;
  });
}

/** Mulberry32: small, seeded, good enough to choose test cases. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Where a container of a class lies, and what makes it one. */
export const listOf: Readonly<Record<ContainerClass, string>> = {
  app: 'containers',
  init: 'initContainers',
  sidecar: 'initContainers',
  ephemeral: 'ephemeralContainers',
};
