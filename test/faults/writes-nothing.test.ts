import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { apiClient, inParallel, type ApiClient } from '../cluster/api-client.ts';
import { startControlPlane, type ControlPlane } from '../cluster/control-plane.ts';
import { createsThrough, namespace, register, renderWebhooks } from './creates.ts';
import { serveCommand, type ServedCommand } from './served-command.ts';

const reviews = process.env['FAULTS'] === 'long' ? 10_000 : 2_000;
const account = 'system:serviceaccount:daygate-system:daygate';
const folder = mkdtempSync(join(tmpdir(), 'daygate-writes-nothing-'));

/** Everything daygate's account asks for is written down, reads too, and what anybody writes. */
const auditPolicy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [
    { level: 'Metadata', users: [account, 'system:anonymous'] },
    { level: 'None', verbs: ['get', 'list', 'watch'] },
    { level: 'Metadata' },
  ],
};

let cluster: ControlPlane;
let api: ApiClient;
let server: ServedCommand;

beforeAll(async () => {
  const policyFile = join(folder, 'audit-policy.json');
  writeFileSync(policyFile, JSON.stringify(auditPolicy));
  cluster = await startControlPlane({
    controllers: false,
    apiServerFlags: [`--audit-policy-file=${policyFile}`],
  });
  api = apiClient(cluster);
  await cluster.kubectl(['create', 'namespace', namespace]);
  // What it could use if it wanted to talk to the API server.
  const kubeconfig = await cluster.kubeconfigFor({ name: account, groups: ['system:serviceaccounts'] });
  server = await serveCommand({
    settings: 'webhook: { failurePolicy: Fail }',
    env: { KUBECONFIG: kubeconfig },
  });
  const caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, server.caPem ?? '');
  await register(cluster, api, renderWebhooks(server.settingsFile, server.url, caFile));
});

afterAll(async () => {
  api.close();
  await server.stop();
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
});

it(`${reviews} reviews make daygate ask the API server for nothing`, async () => {
  // The account exists for the API server, has no rights, and what it does is written down.
  const forbidden = await cluster.kubectl(['get', 'pods', '-n', namespace], {
    as: { name: account, groups: ['system:serviceaccounts'] },
    expectFailure: true,
  });
  expect(forbidden.stderr).toContain('forbidden');
  const before = await cluster.auditEvents();
  expect(before.filter(({ user }) => user.username === account).length).toBeGreaterThan(0);

  const send = createsThrough(api);
  const problems = await inParallel(
    Array.from({ length: reviews }, (_, index) => index),
    async (index) => (await send(index)) ?? '',
  );
  expect(problems.filter((problem) => problem !== '')).toEqual([]);

  const events = (await cluster.auditEvents()).slice(before.length);
  const creates = events.filter(({ verb, objectRef }) => verb === 'create' && objectRef?.resource === 'pods');
  expect(creates.length).toBe(reviews);
  const others = events.filter((event) => !creates.includes(event));
  expect(others.filter(({ user }) => [account, 'system:anonymous'].includes(user.username))).toEqual([]);
  expect(await server.metric('daygate_review_duration_seconds_count')).toBeGreaterThanOrEqual(reviews);
  process.stdout.write(
    `${reviews} creates: ${creates.length} in the audit log, 0 requests by daygate's account, ${others.length} by the API server itself\n`,
  );
});
