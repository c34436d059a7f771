/**
 * Finds etcd, kube-apiserver, kube-controller-manager, kubectl, helm and kustomize, in this order:
 *
 * 1. the folder named by KUBEBUILDER_ASSETS, if set: nothing of a control plane is then taken from elsewhere;
 * 2. the cache, filled once with Go from the modules in test/cluster/control-plane/. The cache belongs to the
 *    user (`~/.cache/daygate`), so that a fresh clone needs no build. DAYGATE_TEST_CACHE names another folder.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, readFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './file-lock.ts';

export const KUBERNETES_VERSION = 'v1.36.3';
const ETCD_VERSION = 'v3.6.8'; // What kubeadm installs with this Kubernetes.

interface GoModule {
  readonly folder: string;
  readonly version: string;
  readonly ldflags: string;
}

const kubernetes: GoModule = {
  folder: 'kubernetes',
  version: KUBERNETES_VERSION,
  // Otherwise the server calls itself v0.0.0-master+$Format.
  ldflags: `-s -w -X k8s.io/component-base/version.gitVersion=${KUBERNETES_VERSION}`,
};
const etcd: GoModule = { folder: 'etcd', version: ETCD_VERSION, ldflags: '-s -w' };

const helm: GoModule = {
  folder: 'helm',
  version: 'v4.3.1',
  ldflags: '-s -w -X helm.sh/helm/v4/internal/version.version=v4.3.1',
};
const kustomize: GoModule = { folder: 'kustomize', version: 'v5.8.2', ldflags: '-s -w' };

// Times are for two cores and an empty Go cache.
const sources = {
  etcd: { module: etcd, package: 'go.etcd.io/etcd/server/v3', buildSeconds: 80 },
  'kube-apiserver': {
    module: kubernetes,
    package: 'k8s.io/kubernetes/cmd/kube-apiserver',
    buildSeconds: 240,
  },
  'kube-controller-manager': {
    module: kubernetes,
    package: 'k8s.io/kubernetes/cmd/kube-controller-manager',
    buildSeconds: 60,
  },
  kubectl: { module: kubernetes, package: 'k8s.io/kubernetes/cmd/kubectl', buildSeconds: 30 },
  helm: { module: helm, package: 'helm.sh/helm/v4/cmd/helm', buildSeconds: 140 },
  kustomize: { module: kustomize, package: 'sigs.k8s.io/kustomize/kustomize/v5', buildSeconds: 30 },
} as const;

export type BinaryName = keyof typeof sources;
export type Binaries<Name extends BinaryName> = Readonly<Record<Name, string>>;

/** What a folder for KUBEBUILDER_ASSETS need not hold. */
const tools: ReadonlySet<BinaryName> = new Set(['kubectl', 'helm', 'kustomize']);
const controlPlane = (Object.keys(sources) as BinaryName[]).filter((name) => !tools.has(name)).join(', ');

/** Paths of programs, built if need be. Throws an Error that names what is missing and how to get it. */
export async function findBinaries<Name extends BinaryName>(names: readonly Name[]): Promise<Binaries<Name>> {
  const assets = process.env['KUBEBUILDER_ASSETS'];
  const found = new Map<Name, string>();
  const missing: Name[] = [];
  for (const name of names) {
    const path = findBinary(name, assets);
    if (path === undefined) missing.push(name);
    else found.set(name, path);
  }
  const missingAssets = missing.filter((name) => !tools.has(name));
  if (assets && missingAssets.length > 0) throw missingInAssets(assets, missingAssets);
  for (const [index, name] of missing.entries()) {
    if (index === 0) announceBuild(missing);
    found.set(name, await buildOnce(name));
  }
  return Object.fromEntries(found) as Binaries<Name>;
}

function findBinary(name: BinaryName, assets: string | undefined): string | undefined {
  const fromAssets = assets ? join(assets, name) : undefined;
  if (fromAssets && isExecutable(fromAssets)) return fromAssets;
  if (assets && !tools.has(name)) return undefined;
  const cached = join(cacheFolder(sources[name].module), name);
  if (isExecutable(cached)) return cached;
  return assets ? findOnPath(name) : undefined;
}

function findOnPath(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function moduleFolder(module: GoModule): string {
  return fileURLToPath(new URL(`control-plane/${module.folder}`, import.meta.url));
}

/** Named by everything that decides what is built, so that a change never meets an old binary. */
function cacheFolder(module: GoModule): string {
  const hash = createHash('sha256');
  for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(join(moduleFolder(module), file)));
  hash.update(`${module.ldflags} ${process.platform} ${process.arch}`);
  const name = `${module.folder}-${module.version}-${hash.digest('hex').slice(0, 12)}`;
  const userCache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(process.env['DAYGATE_TEST_CACHE'] || join(userCache, 'daygate', 'control-plane'), name);
}

function announceBuild(names: readonly BinaryName[]) {
  const seconds = names.reduce((sum, name) => sum + sources[name].buildSeconds, 0);
  process.stderr.write(
    `Building ${names.join(', ')} for the tests: about ${Math.ceil(seconds / 60)} minutes on two cores, once.\n`,
  );
}

/** Returns the path in the cache. A second process that needs the same folder waits for the first. */
async function buildOnce(name: BinaryName): Promise<string> {
  const folder = cacheFolder(sources[name].module);
  const target = join(folder, name);
  await mkdir(folder, { recursive: true });
  await withLock(join(folder, 'lock'), async () => {
    if (isExecutable(target)) return;
    const unfinished = `${target}.${process.pid}`;
    try {
      await build(name, unfinished);
      await rename(unfinished, target);
    } finally {
      await rm(unfinished, { force: true });
    }
  });
  return target;
}

async function build(name: BinaryName, output: string) {
  const { module, package: packagePath } = sources[name];
  const startedAt = Date.now();
  process.stderr.write(`Building ${name} …\n`);
  const flags = ['-mod=readonly', '-trimpath', '-buildvcs=false', '-ldflags', module.ldflags];
  const go = spawn('go', ['build', ...flags, '-o', output, packagePath], {
    cwd: moduleFolder(module),
    env: { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    go.once('error', (error) => reject(goMissing(error)));
    go.once('close', resolve);
  });
  if (code !== 0) {
    throw new Error(
      `go build ${packagePath} failed in ${moduleFolder(module)}: see above. It needs Go 1.26 and the module proxy; or ${assetsHint}`,
    );
  }
  process.stderr.write(`Built ${name} in ${Math.round((Date.now() - startedAt) / 1000)} s.\n`);
}

const assetsHint = `set KUBEBUILDER_ASSETS to a folder with ${controlPlane} and kubectl.`;

function goMissing(cause: unknown): Error {
  return new Error(
    `The tests build the programs they need with Go, which cannot be run: install Go 1.26 or newer (https://go.dev/dl/), or ${assetsHint}`,
    { cause },
  );
}

function missingInAssets(folder: string, names: readonly string[]): Error {
  const note = names.includes('kube-controller-manager') ? ' (setup-envtest does not bring it)' : '';
  return new Error(
    `KUBEBUILDER_ASSETS=${folder} has no executable ${names.join(', ')}${note}. Put it there, or unset KUBEBUILDER_ASSETS to have everything built with Go.`,
  );
}
