/** Starts a real Kubernetes API server, with etcd and the controllers, for the time of a test. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AuditEvent, type AuditLevel, formatAuditPolicy, readAuditEvents } from './audit-log.ts';
import { type Binaries, type BinaryName, findBinaries } from './binaries.ts';
import { apiServerArgs, controllerManagerArgs, etcdArgs } from './component-args.ts';
import {
  createCertificateAuthority,
  createClientCertificate,
  createServerCertificate,
  formatKubeconfig,
  type User,
  writeServiceAccountKeys,
} from './credentials.ts';
import { findFreePorts } from './free-ports.ts';
import { type KubectlOptions, type KubectlResult, runKubectl } from './kubectl.ts';
import { createProcessGroup, type ProcessGroup } from './process-group.ts';

interface ControlPlaneOptions {
  /**
   * Default true. Without kube-controller-manager a Deployment gets no ReplicaSet, nothing is collected and a
   * namespace never ends; it saves 100 MB and half a second. Pods are accepted either way.
   */
  readonly controllers?: boolean;
  /** How much the audit log keeps of a request. Default 'Metadata', which has the annotations of webhooks. */
  readonly auditLevel?: AuditLevel;
  /** Further flags of kube-apiserver, such as `--admission-control-config-file=…`. The last one wins. */
  readonly apiServerFlags?: readonly string[];
}

type ComponentName = 'etcd' | 'kube-apiserver' | 'kube-controller-manager';

export interface ControlPlane {
  readonly serverUrl: string;
  /** For what only etcd itself can do, such as forget what was. */
  readonly etcdUrl: string;
  readonly caFile: string;
  /** Path of a kubeconfig for an administrator in the group system:masters. */
  readonly kubeconfig: string;
  /** Path of a kubeconfig for any user, with a client certificate that carries the groups. */
  kubeconfigFor(user: User): Promise<string>;
  kubectl(args: readonly string[], options?: KubectlOptions): Promise<KubectlResult>;
  /** Answered requests other than reads, the oldest first, without those of the API server to itself. */
  auditEvents(): Promise<AuditEvent[]>;
  readLog(component: ComponentName): string;
  /** All processes started, to prove that none is left. */
  readonly pids: readonly number[];
  /** Ends the processes started and removes their files. The end of this process does the same. */
  stop(): Promise<void>;
}

const ADMIN: User = { name: 'admin', groups: ['system:masters'] };
const START_DEADLINE_MS = 120_000; // It takes 4 s on two idle cores.
const POLL_MS = 50;
const START_ATTEMPTS = 3;

export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const names: BinaryName[] = ['etcd', 'kube-apiserver', 'kubectl'];
  if (options.controllers ?? true) names.push('kube-controller-manager');
  const binaries = await findBinaries(names);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(binaries, options);
    } catch (error) {
      // A port can be taken between the moment it was found free and its use.
      const isPortTaken = error instanceof Error && error.message.includes('address already in use');
      if (!isPortTaken || attempt === START_ATTEMPTS) throw error;
    }
  }
}

async function startOnce(
  binaries: Binaries<BinaryName>,
  options: ControlPlaneOptions,
): Promise<ControlPlane> {
  const directory = await mkdtemp(join(tmpdir(), 'daygate-control-plane-'));
  const processes = createProcessGroup(directory);
  try {
    return await startComponents(directory, processes, binaries, options);
  } catch (error) {
    await processes.stop();
    throw error;
  }
}

async function startComponents(
  directory: string,
  processes: ProcessGroup,
  binaries: Binaries<BinaryName>,
  { controllers = true, auditLevel = 'Metadata', apiServerFlags = [] }: ControlPlaneOptions,
): Promise<ControlPlane> {
  const [etcdPort = 0, apiPort = 0] = await findFreePorts(2);
  const etcdUrl = `http://127.0.0.1:${etcdPort}`;
  const serverUrl = `https://127.0.0.1:${apiPort}`;
  processes.start(binaries.etcd, etcdArgs(directory, etcdUrl), 'etcd');

  const files = {
    caFile: join(directory, 'ca.crt'),
    certFile: join(directory, 'server.crt'),
    keyFile: join(directory, 'server.key'),
    auditPolicyFile: join(directory, 'audit-policy.json'),
    auditLogFile: join(directory, 'audit.log'),
  };
  const ca = await createCertificateAuthority();
  const [server, serviceAccountKeys] = await Promise.all([
    createServerCertificate(ca),
    writeServiceAccountKeys(directory),
  ]);
  await Promise.all([
    writeFile(files.caFile, ca.cert),
    writeFile(files.certFile, server.cert),
    writeFile(files.keyFile, server.key),
    writeFile(files.auditPolicyFile, formatAuditPolicy(auditLevel)),
    // The API server makes it with the first event only.
    writeFile(files.auditLogFile, ''),
  ]);
  const kubeconfigFor = createKubeconfigWriter(directory, async (user) =>
    formatKubeconfig(serverUrl, ca.cert, user, await createClientCertificate(ca, user)),
  );
  const kubeconfig = await kubeconfigFor(ADMIN);
  const kubectl = async (args: readonly string[], kubectlOptions: KubectlOptions = {}) => {
    const config = kubectlOptions.as === undefined ? kubeconfig : await kubeconfigFor(kubectlOptions.as);
    return runKubectl(binaries.kubectl, config, directory, args, kubectlOptions);
  };
  const waitUntil = async (what: string, isReached: () => Promise<boolean>) => {
    const deadline = Date.now() + START_DEADLINE_MS;
    while (!(await isReached())) {
      processes.assertAllAlive();
      if (Date.now() > deadline)
        throw new Error(`The control plane has no ${what} after ${START_DEADLINE_MS} ms`);
      await sleep(POLL_MS);
    }
  };
  const succeeds = async (...args: string[]) => (await kubectl(args, { expectFailure: 'either' })).code === 0;

  processes.start(
    binaries['kube-apiserver'],
    [
      ...apiServerArgs({ ...files, ...serviceAccountKeys, etcdUrl, port: apiPort, controllers }),
      ...apiServerFlags,
    ],
    'kube-apiserver',
  );
  await waitUntil('ready API server', () => succeeds('get', '--raw=/readyz'));
  if (controllers) {
    const managerKubeconfig = await kubeconfigFor({ name: 'system:kube-controller-manager' });
    const args = controllerManagerArgs({ ...files, ...serviceAccountKeys, kubeconfig: managerKubeconfig });
    processes.start(binaries['kube-controller-manager'], args, 'kube-controller-manager');
    // Until it is there, pods of the namespace are refused.
    await waitUntil('default service account', () => succeeds('get', 'serviceaccount', 'default'));
  }

  return {
    serverUrl,
    etcdUrl,
    caFile: files.caFile,
    kubeconfig,
    kubeconfigFor,
    kubectl,
    auditEvents: () => readAuditEvents(files.auditLogFile),
    readLog: (component) => processes.readLog(component),
    get pids() {
      return processes.pids;
    },
    stop: () => processes.stop(),
  };
}

/** Writes a kubeconfig once for each user. */
function createKubeconfigWriter(directory: string, format: (user: User) => Promise<string>) {
  const paths = new Map<string, Promise<string>>();
  const write = async (user: User, path: string) => {
    await writeFile(path, await format(user), { mode: 0o600 });
    return path;
  };
  return (user: User): Promise<string> => {
    const key = JSON.stringify([user.name, user.groups ?? []]);
    const path = paths.get(key) ?? write(user, join(directory, `kubeconfig-${paths.size}.json`));
    paths.set(key, path);
    return path;
  };
}
