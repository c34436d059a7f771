/** Builds what the Dockerfile builds, by the same script and from the same files, where there is no container engine. */
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import picomatch from 'picomatch';

const repository = join(import.meta.dirname, '../..');

export const dockerfile = readFileSync(join(repository, 'Dockerfile'), 'utf8').replaceAll('\\\n', ' ');

/** The argument of the last instruction of this name. */
export function instruction(name: string): string {
  const found = [...dockerfile.matchAll(new RegExp(`^${name} +(.*)$`, 'gm'))].at(-1)?.[1];
  if (found === undefined) throw new Error(`the Dockerfile has no ${name}`);
  return found;
}

/** Copies what `COPY . .` copies: what git keeps or would keep, as far as .dockerignore lets it through. */
function copyContext(to: string): void {
  const { stdout, status } = spawnSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    {
      cwd: repository,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  if (status !== 0) throw new Error('git ls-files failed');
  // The last rule that matches counts; a rule for a folder is one for all below it.
  const rules = readFileSync(join(repository, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({
      takes: line.startsWith('!'),
      matches: picomatch([line.replace('!', ''), `${line.replace('!', '')}/**`], { dot: true }),
    }));
  for (const file of stdout.split('\0').filter(Boolean)) {
    if (rules.findLast(({ matches }) => matches(file))?.takes === false) continue;
    mkdirSync(dirname(join(to, file)), { recursive: true });
    cpSync(join(repository, file), join(to, file));
  }
}

/** Runs the steps in a folder of its own and returns where the root of the image lies. */
export async function buildImageRoot(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'daygate-image-'));
  const [source, root] = [join(folder, 'src'), join(folder, 'root')];
  mkdirSync(source);
  copyContext(source);
  const script = instruction('RUN')
    .replace(/ \/image$/, '')
    .split(' ');
  const [program, ...args] = [...script, root];
  // The base image of the build has this version of Node.js, and little else to find on PATH.
  const env = {
    PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
    HOME: process.env['HOME'],
    npm_config_prefer_offline: 'true',
  };
  const child = spawn(program, args, { cwd: source, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new Error(`${script.join(' ')} failed\n${said}`);
  return root;
}

/**
 * Puts the libraries of this machine under a root: they stand for the base image, which cannot be pulled here. Nothing
 * else of the base takes part.
 */
export function addBase(root: string): void {
  const { stdout } = spawnSync('ldd', [join(root, 'usr/local/bin/node')], { encoding: 'utf8' });
  for (const [file] of stdout.matchAll(/\/\S+\.so\S*/g)) {
    mkdirSync(join(root, dirname(file)), { recursive: true });
    copyFileSync(file, join(root, file));
  }
  for (const folder of ['etc/daygate', 'proc', 'dev']) mkdirSync(join(root, folder), { recursive: true });
}

/**
 * The command line that runs a program as the kubelet has it run: this root and nothing else to see, read-only, with a
 * folder of ours at /etc/daygate, /proc and /dev (of this machine: a container's are narrower), as the user of the Dockerfile. A user who is not root cannot become another one here,
 * and stays who he is.
 */
export function contained(root: string, mounted: string, command: readonly string[]): readonly string[] {
  const isRoot = process.getuid?.() === 0;
  const script = [
    // Where chroot is, and only root's PATH leads to on some systems.
    'PATH=$PATH:/usr/sbin:/sbin',
    'mount --bind "$1" "$1"',
    'mount --bind "$2" "$1/etc/daygate"',
    'mount -o remount,ro,bind "$1/etc/daygate"',
    'for each in proc dev; do mount --rbind /$each "$1/$each"; done',
    'mount -o remount,ro,bind "$1"',
    'folder=$1; shift 2',
    `exec chroot ${isRoot ? `--userspec=${instruction('USER')}` : ''} "$folder" "$@"`,
  ].join(' && ');
  const unshare = ['unshare', ...(isRoot ? [] : ['--map-root-user']), '--mount'];
  return [...unshare, 'sh', '-c', script, 'sh', root, mounted, ...command];
}
