/** The container image, but for the container: its root file system, and the server run from it. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { findFreePorts } from '../cluster/free-ports.ts';
import { requireTier } from '../server/own-policies.ts';
import { makeCa, makeLeaf, writePems } from '../server/pems.ts';
import { addBase, buildImageRoot, contained, dockerfile, instruction } from './image-root.ts';

const repository = join(import.meta.dirname, '../..');
const packageFile = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};
let roots: readonly [string, string] = ['', ''];
let [digests, kilobytes]: [readonly string[], number] = [[], 0];
const mounted = mkdtempSync(join(tmpdir(), 'daygate-image-mounted-'));
const node = '/usr/local/bin/node';

const entries = () => readdirSync(roots[0], { recursive: true, withFileTypes: true });
/** Everything a layer holds: names, modes, owners, times, links and bytes. */
function digest(root: string): string {
  const options =
    '--sort=name --owner=0 --group=0 --numeric-owner --format=posix --pax-option=delete=atime,delete=ctime';
  const { stdout } = spawnSync('sh', ['-c', `tar ${options} -cf - . | sha256sum`], {
    cwd: root,
    encoding: 'utf8',
  });
  return stdout;
}

beforeAll(async () => {
  roots = await Promise.all([buildImageRoot(), buildImageRoot()]);
  digests = roots.map(digest);
  kilobytes = Number(spawnSync('du', ['-sk', roots[0]], { encoding: 'utf8' }).stdout.split('\t')[0]);
}, 600_000);

afterAll(() => {
  for (const folder of [...roots.filter(Boolean).map(dirname), mounted])
    rmSync(folder, { recursive: true, force: true });
}, 300_000);

describe('the root of the image', () => {
  it('is all that the Dockerfile adds to its base', () => {
    const steps = [...dockerfile.matchAll(/^(?:RUN|COPY|ADD) .*$/gm)].map(([line]) => line);
    expect(steps).toEqual(['COPY . .', 'RUN sh scripts/image-root.sh /image', 'COPY --from=build /image /']);
    expect(readdirSync(roots[0]).toSorted()).toEqual(['app', 'usr']);
    // The Node.js of the build is the one that daygate is tested with, and neither base is a tag that means the newest.
    const { devDependencies } = packageFile;
    expect(dockerfile).toContain(`ARG NODE_IMAGE=node:${devDependencies['node'] ?? ''}-`);
    expect(dockerfile).not.toMatch(/:latest|^FROM (?!\$\{)/m);
  });

  it('is the same, byte for byte, each time it is built', () => {
    expect(digests[0]).toMatch(/^[0-9a-f]{64}/);
    expect(digests[1]).toBe(digests[0]);
  });

  it('is small enough to be pulled while somebody waits', () => {
    console.log(`the image adds ${Math.round(kilobytes / 1024)} MiB to its base`);
    // Node.js alone is 120 MiB.
    expect(kilobytes).toBeLessThan(200 * 1024);
  });

  it('has no dependency of developers, no source map, no TypeScript, no tests and nothing of git', () => {
    const names = entries().map(({ name }) => name);
    for (const name of ['.git', 'test', '.package-lock.json', 'package-lock.json'])
      expect(names).not.toContain(name);
    expect(names.filter((name) => /\.(?:map|[mc]?ts)$/.test(name))).toEqual([]);
    const modules = join(roots[0], 'app/node_modules');
    for (const name of ['typescript', 'vitest', 'eslint', 'node', 'npm'])
      expect(existsSync(join(modules, name))).toBe(false);
    for (const name of Object.keys(packageFile.dependencies))
      expect(existsSync(join(modules, name)), name).toBe(true);
  });

  it('has no key in it', () => {
    const files = entries().filter((entry) => entry.isFile() && entry.name !== 'node');
    expect(files.length).toBeGreaterThan(1000);
    const keys = files.filter((entry) =>
      // A key has a body: code that reads keys names their frame, too.
      /-----BEGIN [A-Z ]*PRIVATE KEY-----\s*(?:[\w-]+: .*\s+)*[A-Za-z0-9+/=\s]{40}/.test(
        readFileSync(join(entry.parentPath, entry.name), 'latin1'),
      ),
    );
    expect(keys.map(({ parentPath, name }) => join(parentPath, name))).toEqual([]);
  });

  it('can be read by everybody and written by nobody but root', () => {
    const { stdout } = spawnSync(
      'find',
      [roots[0], '!', '-type', 'l', '(', '-perm', '/022', '-o', '!', '-perm', '-004', ')'],
      {
        encoding: 'utf8',
      },
    );
    expect(stdout).toBe('');
  });

  it('carries a list of exactly the packages that are there, and of Node.js', () => {
    interface Bom {
      readonly bomFormat: string;
      readonly metadata: { readonly component: { readonly version: string } };
      readonly components: readonly {
        readonly name: string;
        readonly version: string;
        readonly purl: string;
      }[];
    }
    const bom = JSON.parse(readFileSync(join(roots[0], 'app/sbom.cdx.json'), 'utf8')) as Bom;
    expect(bom).toMatchObject({
      bomFormat: 'CycloneDX',
      metadata: { component: { version: packageFile.version } },
    });
    const installed = entries()
      .filter(
        ({ name, parentPath }) =>
          name === 'package.json' && /node_modules\/(?:@[^/]+\/)?[^/@]+$/.test(parentPath),
      )
      .map(({ parentPath }) => {
        const { name, version } = JSON.parse(
          readFileSync(join(parentPath, 'package.json'), 'utf8'),
        ) as Record<string, string>;
        return `${name ?? ''}@${version ?? ''}`;
      });
    const listed = bom.components.map(({ name, version }) => `${name}@${version}`);
    expect(new Set(listed)).toEqual(
      new Set([...installed, `node@${packageFile.devDependencies['node'] ?? ''}`]),
    );
  });
});

describe('the server in it', () => {
  const { spec } = (
    parse(
      readFileSync(join(repository, 'deploy/install.yaml'), 'utf8')
        .split(/^---$/m)
        .find((document) => /^kind: Deployment$/m.test(document)) ?? '',
    ) as { spec: { template: { spec: unknown } } }
  ).spec.template as {
    spec: {
      readonly securityContext: { readonly runAsUser: number; readonly runAsGroup: number };
      readonly containers: readonly { readonly args: readonly string[] }[];
    };
  };
  const entrypoint = JSON.parse(instruction('ENTRYPOINT')) as readonly string[];
  let child: ChildProcess | undefined;
  let [url, log] = ['', ''];

  function run(command: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const [program = '', ...args] = contained(roots[0], mounted, command);
    return spawnSync(program, args, { encoding: 'utf8', env: { PATH: process.env['PATH'], ...env } });
  }

  beforeAll(async () => {
    addBase(roots[0]);
    const ca = await makeCa();
    for (const name of ['tls', 'settings', 'policies']) mkdirSync(join(mounted, name));
    writePems(await makeLeaf(ca), ca, undefined, join(mounted, 'tls'));
    writeFileSync(join(mounted, 'settings/daygate.yaml'), 'enforcement: enforce\n');
    writeFileSync(join(mounted, 'policies/require-tier.ts'), requireTier);
    chmodSync(mounted, 0o755);
    const [port = 0] = await findFreePorts(1);
    url = `https://127.0.0.1:${port}`;
    // As the Deployment runs it, with policies of a team's own; last options win.
    const given = [...(spec.containers[0]?.args ?? []), '--policies=/etc/daygate/policies'];
    const options = [...given, '--host=127.0.0.1', `--port=${port}`, '--drain-seconds=0'];
    const [program = '', ...args] = contained(roots[0], mounted, [...entrypoint, ...options]);
    child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'] } });
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (log += text));
    for (let attempt = 0; !log.includes('"serving"'); attempt++) {
      if (attempt > 600 || child.exitCode !== null) throw new Error(`the server does not start:\n${log}`);
      await sleep(50);
    }
  }, 60_000);

  afterAll(async () => {
    if (child === undefined || child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  });

  it('runs as the user that the Deployment names', () => {
    const { runAsUser, runAsGroup } = spec.securityContext;
    expect(instruction('USER')).toBe(`${runAsUser}:${runAsGroup}`);
    const status = readFileSync(`/proc/${child?.pid ?? 0}/status`, 'utf8');
    if (process.getuid?.() === 0) {
      expect(status).toMatch(new RegExp(`^Uid:(?:\\s+${runAsUser}){4}$`, 'm'));
      expect(status).toMatch(/^CapEff:\s+0+$/m);
    }
  });

  it('answers a review as the test of the chart asks for one, from the same image', async () => {
    const script = readFileSync(join(repository, 'deploy/chart/files/test.js'), 'utf8');
    const env = { DAYGATE_URL: url, NODE_EXTRA_CA_CERTS: '/etc/daygate/tls/ca.crt' };
    const { status, stdout, stderr } = run([node, '-e', script], env);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('judges');
    // The team's own policy was asked, too.
    await vi.waitFor(() => expect(log).toContain('require-tier'), 5_000);
    // Without the CA there is no answer to believe.
    expect(run([node, '-e', script], { DAYGATE_URL: url }).status).toBe(1);
  });

  it('can write nothing, and finds no shell', () => {
    const write = `for (const file of ['/app/x', '/tmp/x', '/x', '/etc/daygate/settings/daygate.yaml'])
      try { require('fs').writeFileSync(file, ''); console.log(file) } catch {}`;
    expect(run([node, '-e', write])).toMatchObject({ status: 0, stdout: '' });
    expect(run(['/bin/sh', '-c', 'true']).status).not.toBe(0);
    expect(log).not.toMatch(/EROFS|ENOENT|"level":(?:50|60)/);
  });

  it('ends in peace when it is told to', async () => {
    expect(child?.kill('SIGTERM')).toBe(true);
    while (child?.exitCode === null) await sleep(20);
    expect(child?.exitCode).toBe(0);
  });
});
