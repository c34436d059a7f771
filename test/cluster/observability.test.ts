import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { foreign } from '../monitoring/promql.ts';
import { attributesOf, startCollector, type Collector } from '../server/otlp-collector.ts';
import { startControlPlane, type ControlPlane } from './control-plane.ts';
import { startDaygate, type Daygate } from './daygate-process.ts';

const pod = (name: string, securityContext: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default' },
  spec: { containers: [{ name: 'app', image: 'web:1.0', securityContext }] },
});

let folder: string;
let collector: Collector;
let cluster: ControlPlane;
let daygate: Daygate;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daygate-tracing-'));
  const tracing = join(folder, 'tracing.yaml');
  // The API server traces every request; its own spans go nowhere.
  await writeFile(
    tracing,
    'apiVersion: apiserver.config.k8s.io/v1beta1\nkind: TracingConfiguration\nendpoint: 127.0.0.1:1\nsamplingRatePerMillion: 1000000\n',
  );
  collector = await startCollector();
  cluster = await startControlPlane({
    controllers: false,
    apiServerFlags: [`--tracing-config-file=${tracing}`],
  });
  daygate = await startDaygate({
    settings: 'profile: baseline\nenforcement: enforce\nwebhook: { failurePolicy: Fail }\n',
    flags: ['--traces', '0'],
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
  });
  await daygate.register(cluster);
});

afterAll(async () => {
  await daygate.stop();
  await cluster.stop();
  await collector.end();
  await rm(folder, { recursive: true });
});

const create = (object: object): Promise<{ code: number; stderr: string }> =>
  cluster.kubectl(['create', '-f', '-'], { input: object, expectFailure: 'either' });

describe('an API server that traces', () => {
  it('is the parent of the spans of its reviews', async () => {
    expect((await create(pod('traced', { privileged: true }))).stderr).toContain('forbid-privileged');
    await vi.waitFor(
      () => {
        const [span] = collector
          .spans()
          .filter((one) => one.kind === 2 && attributesOf(one)['daygate.verdict'] === 'denied');
        expect(span).toMatchObject({
          name: 'daygate validate',
          parentSpanId: expect.stringMatching(/^[\da-f]{16}$/) as string,
        });
        expect(span === undefined ? {} : attributesOf(span)).toMatchObject({
          'daygate.kind': 'Pod',
          'daygate.operation': 'CREATE',
          'daygate.profile': 'baseline',
        });
      },
      { timeout: 10_000, interval: 200 },
    );
  });
});

describe('the metrics of the API server', () => {
  it('have the names and labels that alerts and dashboard ask for', async () => {
    expect((await create(pod('fine'))).code).toBe(0);
    await daygate.stop();
    // Policies deny Pods, so their webhook is Fail; Roles are only warned about, so theirs is Ignore.
    expect((await create(pod('refused'))).stderr).toContain('failed calling webhook');
    const role = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'reader', namespace: 'default' },
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
    };
    expect((await create(role)).code).toBe(0);
    const { stdout } = await cluster.kubectl(['get', '--raw', '/metrics']);
    const lines = stdout.split('\n');
    for (const [name, labels] of Object.entries(foreign)) {
      if (!name.startsWith('apiserver_')) continue;
      const series = lines.filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name}_count{`));
      const ours =
        series.find((line) => line.includes('daygate.dev"') || line.includes('resource="pods"')) ?? '';
      const found = [...ours.matchAll(/[{,](\w+)="/g)].map(([, label]) => label);
      expect(found.toSorted(), `${name} ${series.length}`).toEqual(labels);
    }
    const has = (pattern: RegExp): boolean => lines.some((line) => pattern.test(line));
    expect(has(/^apiserver_admission_webhook_fail_open_count\{name="\w+\.advise\.daygate\.dev"/)).toBe(true);
    expect(
      has(
        /^apiserver_admission_webhook_rejection_count\{error_type="calling_webhook_error",name="\w+\.enforce\.daygate\.dev"/,
      ),
    ).toBe(true);
    expect(has(/^apiserver_request_total\{code="201",.*resource="pods",.*subresource="",verb="POST"/)).toBe(
      true,
    );
  });
});
