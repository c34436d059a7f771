import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { inFolder } from '../../cli/run-check.ts';
import { runProgram } from '../../cli/run-program.ts';

const service = ['--every', '10m', '--listen', '127.0.0.1:0'];

it.each<[readonly string[], string]>([
  [['--listen', ':9090'], '--listen goes with --every, such as --every 10m --listen :9090'],
  [['--history', 'x'], '--history goes with --every'],
  [['--metrics-namespaces', '3'], '--metrics-namespaces goes with --every'],
  [['--every', '10m'], '--every goes with --listen, such as --listen :9090'],
  [['--every', '1d', '--listen', ':1'], '--every 1d: expected a time from 10s to 24h'],
  [['--every', '10m', '--listen', '9090'], '--listen 9090: expected an address with a port'],
  [[...service, '-o', 'json'], '--output is for one run'],
  [[...service, '--fail-on', 'deny'], '--fail-on is for one run'],
  [[...service, '--since', 'x.json'], '--since is for one run'],
  [[...service, '--history', 'x', '--keep', '0'], '--keep 0: expected a whole number from 1 to 10000'],
  [
    [...service, '--metrics-namespaces', '101'],
    '--metrics-namespaces 101: expected a whole number from 1 to 100',
  ],
  [[...service, '--log-level', 'loud'], '--log-level loud: expected one of trace'],
  [[...service, '--kubeconfig', '/nowhere'], '/nowhere'],
])('daygate audit %j is refused', async (args, message) => {
  const { code, err } = await runProgram(['audit', ...args]);
  expect(err).toContain(message);
  expect(code).toBe(2);
});

it('says of an address that cannot be listened on which it is, and why', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const kubeconfig = JSON.stringify({
    clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:6443' } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    users: [{ name: 'u', user: {} }],
    'current-context': 'x',
  });
  await inFolder({ kubeconfig }, async (folder) => {
    const listen = (address: string) => {
      const where = ['--kubeconfig', `${folder}/kubeconfig`, '--listen', address];
      return runProgram(['audit', '--every', '10m', '--log-level', 'silent', ...where]);
    };
    expect(await listen(`127.0.0.1:${port}`)).toMatchObject({
      code: 2,
      err: `daygate: 127.0.0.1:${port}: another program listens there already: end it (lsof -i :${port} names it), or name another address with --listen\n`,
    });
    expect((await listen(`192.0.2.1:${port}`)).err).toBe(
      `daygate: 192.0.2.1:${port}: this machine has no such address: correct --listen\n`,
    );
  });
  taken.close();
});
