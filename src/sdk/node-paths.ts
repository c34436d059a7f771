/** Sockets that container runtimes listen on, whatever directory they were moved to. */
const socketNames: ReadonlySet<string> = new Set([
  'docker.sock',
  'containerd.sock',
  'crio.sock',
  'cri-dockerd.sock',
  'dockershim.sock',
  'podman.sock',
  'docker_engine',
  'containerd-containerd',
]);

/** Where those sockets lie by default: who mounts the directory has the socket too. */
const socketDirectories: ReadonlySet<string> = new Set([
  '/run',
  '/run/containerd',
  '/run/crio',
  '/run/docker',
  '/run/k3s',
  '/run/k3s/containerd',
  '/run/podman',
]);

/** What a node runs and is run by; nobody keeps the data of a pod there. */
const systemDirectories: readonly string[] = [
  '/bin',
  '/boot',
  '/etc',
  '/lib',
  '/proc',
  '/root',
  '/run',
  '/sbin',
  '/sys',
  '/usr',
  '/var/lib/containerd',
  '/var/lib/docker',
  '/var/lib/etcd',
  '/var/lib/kubelet',
  '/var/log',
];

/**
 * Whether a path on a node is the socket of its container runtime, or a directory in which it lies by default. Who
 * can talk to the socket starts privileged containers of their own. Windows' named pipes count.
 *
 * @example
 * isRuntimeSocket('/var/run/docker.sock'); // true
 * isRuntimeSocket('/run/containerd/'); // true: the socket lies in it
 * isRuntimeSocket('/data'); // false
 */
export function isRuntimeSocket(path: string): boolean {
  const steps = stepsOf(path);
  return socketNames.has(steps.at(-1) ?? '') || socketDirectories.has(joined(steps));
}

/**
 * Whether a path on a node lies in a directory of the operating system or of Kubernetes, or contains one: `/etc/ssl`
 * and `/` do, `/mnt/disks/ssd1` and `/dev/sdb` do not.
 *
 * @example
 * isSystemPath('/etc/kubernetes'); // true
 * isSystemPath('/var'); // true: /var/lib/kubelet lies in it
 */
export function isSystemPath(path: string): boolean {
  const own = joined(stepsOf(path));
  return systemDirectories.some(
    (directory) => own === '/' || isWithin(own, directory) || isWithin(directory, own),
  );
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || (path.startsWith(directory) && path[directory.length] === '/');
}

/** `/var//run/./x/` means `/var/run/x`; the API server refuses `..` itself. `/var/run` is a link to `/run`. */
function stepsOf(path: string): readonly string[] {
  const steps = path.split(/[/\\]/).filter((step) => step !== '' && step !== '.');
  return steps[0] === 'var' && steps[1] === 'run' ? steps.slice(1) : steps;
}

function joined(steps: readonly string[]): string {
  return `/${steps.join('/')}`;
}
