/** What an API server does with a webhook that has too much to do. */
import { once } from 'node:events';
import { connect } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { start, type Running } from '../server/harness.ts';
import { startControlPlane, type ControlPlane } from './control-plane.ts';

let cluster: ControlPlane;
let server: Running;

beforeAll(async () => {
  cluster = await startControlPlane();
  server = await start({ limits: { receivedBytes: 20_000 } });
  const caBundle = Buffer.from(server.server.caPem ?? '').toString('base64');
  const webhook = {
    name: 'busy.daygate.dev',
    clientConfig: { url: `${server.server.url}/validate/production`, caBundle },
    rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }],
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'default' } },
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    failurePolicy: 'Fail',
    timeoutSeconds: 10,
  };
  const input = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'busy' },
    webhooks: [webhook],
  };
  await cluster.kubectl(['apply', '-f', '-'], { input });
});

afterAll(async () => {
  await server.end();
  await cluster.stop();
});

it('is refused with 503 and Retry-After, and asks again by itself', async () => {
  const create = (name: string) =>
    cluster.kubectl(['create', 'configmap', name, '--from-literal=owner=a', '-n', 'default']);
  const overloaded = (): Promise<number> =>
    server.metric('daygate_rejected_requests_total{reason="overloaded"}');
  const decided = async (): Promise<number> =>
    server.metric('daygate_review_duration_seconds_count{webhook="validate"}');
  // Word of the webhook travels.
  for (let i = 0; (await decided()) === 0; i++) await create(`first-${i}`);
  const socket = connect({ host: '127.0.0.1', port: server.server.port, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  socket.on('error', () => undefined);
  const head = 'POST /validate/production HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n';
  socket.write(`${head}content-length: 100000\r\n\r\n${'{'.repeat(19_500)}`);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const created = create('second');
  while ((await overloaded()) === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  socket.destroy();
  await created;
  expect(await overloaded()).toBe(1);
});
