import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { describe, expect, it } from 'vitest';
import { refusal } from '../../src/cluster/cluster-error.ts';
import { openCluster } from '../../src/cluster/open-cluster.ts';
import { inFolder } from '../cli/run-check.ts';

const server = 'https://api';

describe('what is forbidden', () => {
  const says = (verb: string, target: string, namespace?: string): string =>
    refusal(
      { verb, target, server, namespace },
      403,
      { message: `User "ops" cannot ${verb}` },
      false,
    ).message.replace(/^.*\(403\): /, '');

  it.each([
    [says('list', 'pods'), 'ClusterRole', 'list pods --all-namespaces --as ops'],
    [says('list', 'pods in namespace shop', 'shop'), 'Role', 'list pods -n shop --as ops'],
    [says('get', 'secrets "tls" in namespace shop', 'shop'), 'Role', 'get secrets/tls -n shop --as ops'],
    [says('get', 'namespaces "shop"'), 'ClusterRole', 'get namespaces/shop --as ops'],
    [says('get', '/version'), 'ClusterRole', 'get /version --as ops'],
  ])('%s', (message, role, check) => {
    expect(message).toContain(`ops needs a ${role} with the verb `);
    expect(message).toContain(`; kubectl auth can-i ${check} tells whether it has`);
  });
});

describe('an address that is none of an API server', () => {
  const ask = (address: string): Promise<string> =>
    inFolder(
      {
        config: JSON.stringify({
          clusters: [{ name: 'c', cluster: { server: address } }],
          users: [{ name: 'u', user: { token: 'planted-token-value' } }],
          contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
          'current-context': 'x',
        }),
      },
      async (folder) => {
        try {
          await openCluster({ kubeconfig: `${folder}/config` }).read('/version');
          return 'it answered';
        } catch (error) {
          return String(error);
        }
      },
    );
  const listening = async (one: Server): Promise<string> => {
    one.listen(0, '127.0.0.1');
    await once(one, 'listening');
    return `127.0.0.1:${(one.address() as AddressInfo).port}`;
  };

  it('is told by what is wrong with it, and not for a login that failed', async () => {
    const http = createHttpServer((_request, response) => response.end('hello'));
    const other = createServer((socket) => socket.on('error', () => undefined).write('SSH-2.0-OpenSSH\r\n'));
    const [plain, ssh] = [await listening(http), await listening(other)];
    const said = {
      http: await ask(`http://${plain}`),
      plain: await ask(`https://${plain}`),
      ssh: await ask(`https://${ssh}`),
      reserved: await ask('https://127.0.0.1:1'),
    };
    http.close();
    other.close();
    expect(said.http).toContain(`is http://${plain}, and daygate sends nothing without TLS: write https://`);
    expect(said.plain).toContain(`https://${plain}: what listens there does not speak TLS`);
    expect(said.ssh).toContain(`https://${ssh}: what listens there does not speak TLS`);
    expect(said.reserved).toContain('https://127.0.0.1:1: no API server listens on this port');
    expect(JSON.stringify(said)).not.toMatch(/logging in|planted-token-value/);
  });
});
