import { once } from 'node:events';
import { connect as connectPlain, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { client, type Client } from '../server/harness.ts';
import { serveCommand, usageOf, type ServedCommand } from './served-command.ts';
import { say, underLoad, type LoadReport } from './steady-load.ts';

let server: ServedCommand;
/** Whoever sends what no API server would. */
let stranger: Client;
const sockets: Socket[] = [];

beforeAll(async () => {
  server = await serveCommand();
  stranger = client(() => server.url, server.caPem, { maxSockets: 100 });
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  stranger.close();
  await server.stop();
});

/** Keeps a connection, and does not mind how it ends. */
function keep<S extends Socket>(socket: S): S {
  sockets.push(socket);
  socket.on('error', () => undefined);
  return socket;
}

async function secureConnection(): Promise<Socket> {
  const socket = keep(connect({ host: '127.0.0.1', port: server.port, ca: server.caPem }));
  await once(socket, 'secureConnect');
  return socket;
}

function expectUnharmed(report: LoadReport): void {
  expect(report.failures).toEqual([]);
  expect(report.calls).toBeGreaterThan(300);
}

const head =
  'POST /validate/production HTTP/1.1\r\nhost: daygate\r\ncontent-type: application/json\r\ncontent-length: ';

describe('clients that do harm cost good ones nothing:', () => {
  it('2,000 idle connections', async () => {
    const report = await underLoad(server.client, async () => {
      for (let batch = 0; batch < 20; batch++) {
        await Promise.all(Array.from({ length: 100 }, secureConnection));
      }
      return usageOf(server.child.pid ?? 0);
    });
    say('2,000 idle connections', report, `${report.result.mebibytes.toFixed(0)} MiB`);
    expectUnharmed(report);
  });

  it('200 that send a byte of their body now and then', async () => {
    const report = await underLoad(server.client, async () => {
      const slow = await Promise.all(Array.from({ length: 200 }, secureConnection));
      for (const socket of slow) socket.write(`${head}5000\r\n\r\n{`);
      for (let second = 0; second < 3; second++) {
        await sleep(1000);
        for (const socket of slow) socket.write(' ');
      }
    });
    say('200 slow-loris clients', report);
    expectUnharmed(report);
  });

  it('200 that send a byte of their headers now and then', async () => {
    const report = await underLoad(server.client, async () => {
      const slow = await Promise.all(Array.from({ length: 200 }, secureConnection));
      for (const socket of slow) socket.write('POST /validate/production HTTP/1.1\r\nx-');
      for (let second = 0; second < 3; second++) {
        await sleep(1000);
        for (const socket of slow) socket.write('a');
      }
    });
    say('200 clients with slow headers', report);
    expectUnharmed(report);
  });

  it('500 half-open TLS connections', async () => {
    const report = await underLoad(server.client, async () => {
      // The first bytes of a ClientHello, and no more.
      for (let i = 0; i < 500; i++) {
        keep(connectPlain(server.port, '127.0.0.1')).write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]));
      }
      await sleep(2000);
    });
    say('500 half-open TLS connections', report);
    expectUnharmed(report);
  });

  it('bodies over the limit', async () => {
    const tooLarge = `{"a":"${'x'.repeat(8 * 1024 * 1024)}"}`;
    const report = await underLoad(server.client, async () => {
      const statuses: number[] = [];
      for (let i = 0; i < 10; i++) {
        await stranger.review(tooLarge).then(
          ({ status }) => statuses.push(status),
          // It may hang up while the rest is still being sent.
          () => undefined,
        );
      }
      return statuses;
    });
    say('10 bodies of 8 MiB', report);
    expectUnharmed(report);
    expect(report.result.filter((status) => status !== 413)).toEqual([]);
    expect(
      await server.metric('daygate_rejected_requests_total', 'reason="too-large"'),
    ).toBeGreaterThanOrEqual(10);
  });

  it('100 bodies of 6 MiB at once', async () => {
    const large = JSON.stringify({
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      request: { uid: 'large', object: { data: 'x'.repeat(6 * 1024 * 1024) } },
    });
    const report = await underLoad(server.client, async () => {
      const answers = await Promise.allSettled(
        Array.from({ length: 100 }, () => stranger.review(large).then(({ status }) => status)),
      );
      return { answers, ...usageOf(server.child.pid ?? 0) };
    });
    say('100 bodies of 6 MiB at once', report, `${report.result.mebibytes.toFixed(0)} MiB`);
    // These are 600 MB that one process has to read, so calls wait; none may be lost.
    expectUnharmed(report);
  });
});
