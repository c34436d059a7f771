/**
 * Finds etcd, kube-apiserver, kube-controller-manager, kubectl, helm and kustomize, in this order:
 *
 * 1. the folder named by KUBEBUILDER_ASSETS, if set: nothing of a control plane is then taken from elsewhere;
 * 2. the cache, filled once with Go from the module in test/cluster/control-plane/. The cache belongs to the
 *    user (`~/.cache/daygate`), so that a fresh clone needs no build. DAYGATE_TEST_CACHE names another folder.
 *
 * Run as a program it finds all of them, and prints where.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, constants, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { getPriority, homedir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './file-lock.ts';

export const KUBERNETES_VERSION = 'v1.36.3';
const HELM_VERSION = 'v4.2.4';

/** The Go packages of the programs. What they share is compiled once: they are built in one module. */
const sources = {
  etcd: 'go.etcd.io/etcd/server/v3',
  'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
  'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
  kubectl: 'k8s.io/kubernetes/cmd/kubectl',
  helm: 'helm.sh/helm/v4/cmd/helm',
  kustomize: 'sigs.k8s.io/kustomize/kustomize/v5',
} as const;
// Otherwise they call themselves v0.0.0-master+$Format and v4.0.
const versions = [
  `k8s.io/component-base/version.gitVersion=${KUBERNETES_VERSION}`,
  `helm.sh/helm/v4/internal/version.version=${HELM_VERSION}`,
];
// They are compiled once and run for minutes. Nobody debugs them, and only in what runs often is inlining worth its time.
const often = [
  'std',
  'go.etcd.io/...',
  'google.golang.org/...',
  'k8s.io/apimachinery/...',
  'sigs.k8s.io/...',
];
const gcflags = ['all=-dwarf=false -l', ...often.map((packages) => `${packages}=-dwarf=false`)];
const ldflags = ['-s', '-w', ...versions.flatMap((version) => ['-X', version])].join(' ');
const goModule = fileURLToPath(new URL('control-plane', import.meta.url));

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
  if (missing.length > 0) await buildOnce(missing);
  for (const name of missing) found.set(name, join(cacheFolder(), name));
  return Object.fromEntries(found) as Binaries<Name>;
}

function findBinary(name: BinaryName, assets: string | undefined): string | undefined {
  const fromAssets = assets ? join(assets, name) : undefined;
  if (fromAssets && isExecutable(fromAssets)) return fromAssets;
  if (assets && !tools.has(name)) return undefined;
  const cached = join(cacheFolder(), name);
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

/** Named by everything that decides what is built, so that a change never meets an old binary. */
function cacheFolder(): string {
  const hash = createHash('sha256');
  for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(join(goModule, file)));
  hash.update(`${gcflags.join(' ')} ${ldflags} ${process.platform} ${process.arch}`);
  const name = `${KUBERNETES_VERSION}-${hash.digest('hex').slice(0, 12)}`;
  const userCache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(process.env['DAYGATE_TEST_CACHE'] || join(userCache, 'daygate', 'control-plane'), name);
}

/** Fills the cache. A second process that needs it waits for the first. */
async function buildOnce(names: readonly BinaryName[]): Promise<void> {
  const folder = cacheFolder();
  await mkdir(folder, { recursive: true });
  await withLock(join(folder, 'lock'), async () => {
    const missing = names.filter((name) => !isExecutable(join(folder, name)));
    if (missing.length > 0) await build(missing, folder);
  });
}

/** In one call of Go: while one program is linked, with one core, the next is compiled. */
async function build(names: readonly BinaryName[], folder: string): Promise<void> {
  const startedAt = Date.now();
  // Two cores and an empty Go cache need five minutes for all of them.
  process.stderr.write(`Building ${names.join(', ')} for the tests, once: some minutes on two cores …\n`);
  const unfinished = await mkdtemp(join(folder, 'unfinished-'));
  try {
    const flags = ['-mod=readonly', '-trimpath', '-buildvcs=false', '-ldflags', ldflags];
    for (const some of gcflags) flags.push('-gcflags', some);
    const packages = names.map((name) => sources[name]);
    const code = await endedWithUs(() =>
      spawn('go', ['build', ...flags, '-o', unfinished, ...packages], {
        cwd: goModule,
        // Compilers are short-lived: what they collect less often costs memory, and saves an eighth of the time.
        env: { GOGC: '400', ...process.env, CGO_ENABLED: '0', GOWORK: 'off' },
        stdio: ['ignore', 'inherit', 'inherit'],
        detached: true,
      }),
    ).catch((error: unknown) => {
      throw goMissing(error);
    });
    if (code !== 0) {
      throw new Error(
        `go build of ${packages.join(', ')} failed in ${goModule}: see above. It needs Go 1.26 and the module proxy; or ${assetsHint}`,
      );
    }
    for (const name of names) await rename(join(unfinished, goName(name)), join(folder, name));
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  process.stderr.write(`Built ${names.join(', ')} in ${Math.round((Date.now() - startedAt) / 1000)} s.\n`);
}

/** The exit code of a process that is a group with what it starts, and ends with it where this process is told to. */
async function endedWithUs(start: () => ChildProcess): Promise<number | null> {
  let started: ChildProcess | undefined;
  const end = (signal: NodeJS.Signals): void => {
    if (started?.pid !== undefined) process.kill(-started.pid, 'SIGTERM');
    process.kill(process.pid, signal);
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.once(signal, end);
  try {
    started = start();
    if (started.pid !== undefined) beAsNice(started.pid);
    const [code] = (await once(started, 'close')) as [number | null];
    return code;
  } finally {
    for (const signal of signals) process.off(signal, end);
  }
}

/** Linux may weigh a group beside others by a niceness of its own, and not by that of its processes. */
function beAsNice(group: number): void {
  try {
    writeFileSync(`/proc/${group}/autogroup`, String(getPriority()));
  } catch {
    // There are no such groups here.
  }
}

/** Go names a program by the last part of its package's path that is no version. */
function goName(name: BinaryName): string {
  return basename(sources[name].replace(/\/v\d+$/, ''));
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

if (import.meta.main) console.log(await findBinaries(Object.keys(sources) as BinaryName[]));
