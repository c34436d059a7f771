import { describe, expect, it } from 'vitest';
import { checkText, inFolder, runCheck, type JsonOutput } from './run-check.ts';

const app = '{ name: app, image: app:1.2 }';

interface Asks {
  readonly kind?: string;
  readonly name?: string;
  readonly spec?: string;
}

/** A Deployment whose pods have these metadata. */
function workload(metadata: string, { name = 'web', spec = `containers: [${app}]` }: Asks = {}): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec: { selector: { matchLabels: { app: web } }, template: { metadata: ${metadata}, spec: { ${spec} } } }
`;
}

function namespace(metadata: string, name = 'shop'): string {
  return `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name}, ${metadata} }\n`;
}

const plain = workload('{}');
const optedOut = workload("{ labels: { sidecar.istio.io/inject: 'false' } }");
const istio = "{ labels: { sidecar.istio.io/inject: 'true' } }";
const enabled = 'labels: { istio-injection: enabled }';

describe('check says how many workloads it judged before a mesh injects its sidecar', () => {
  it.each([
    ['a label of the pod', workload(istio)],
    ['an annotation of the pod', workload('{ annotations: { linkerd.io/inject: enabled } }')],
    ['a revision of Istio', workload('{ labels: { istio.io/rev: stable } }')],
    ['a namespace beside it', `${namespace(enabled)}---\n${plain}`],
    ['a namespace of Linkerd', `${namespace('annotations: { linkerd.io/inject: enabled }')}---\n${plain}`],
    [
      'a proxy that is left to Istio',
      workload(istio, { spec: 'containers: [{ name: istio-proxy, image: auto }]' }),
    ],
  ])('by %s', async (_, text) => {
    const { json } = await checkText(text);
    expect(json.coverage).toMatchObject({ beforeInjection: 1 });
  });

  it.each([
    ['nobody asks', plain],
    ['the pod opts out', `${namespace(enabled)}---\n${optedOut}`],
    ['another namespace asks', `${namespace(enabled, 'other')}---\n${plain}`],
    [
      'only the workload, and not its pod, has the label',
      plain.replace('{ name: web,', `{ name: web, labels: { sidecar.istio.io/inject: 'true' },`),
    ],
    ['the mesh injects nothing', workload('{ labels: { istio.io/dataplane-mode: ambient } }')],
    [
      'the pod is on the network of its node',
      workload(istio, { spec: `hostNetwork: true, containers: [${app}]` }),
    ],
    [
      'the proxy is there already',
      workload(istio, { spec: `containers: [${app}, { name: istio-proxy, image: 'istio/proxyv2:1.29.0' }]` }),
    ],
    ['what asks makes no pods', namespace(enabled)],
  ])('and nothing where %s', async (_, text) => {
    const { json } = await checkText(text);
    expect(json.coverage).not.toHaveProperty('beforeInjection');
  });

  it('in its last line, by the namespaces of other files', async () => {
    const files = {
      'namespace.yaml': namespace(enabled),
      'web.yaml': plain,
      'api.yaml': workload('{}', { name: 'api' }),
      'out.yaml': optedOut.replace('name: web', 'name: out'),
    };
    await inFolder(files, async (folder) => {
      const { out } = await runCheck([folder], {});
      expect(out).toMatch(
        /^4 objects judged in 4 files \(2 workloads as written, before a mesh injects its sidecar\): /m,
      );
      const quiet = await runCheck([folder], { output: ['json'], only: ['require-replicas'] });
      expect((JSON.parse(quiet.out) as JsonOutput).coverage).toMatchObject({ beforeInjection: 2 });
    });
  });
});
