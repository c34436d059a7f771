/** Values of daygate's own chart that each are right, and have to be so together. */
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { helmTemplate, objectsIn } from './own-chart.ts';
import { buildRenderers } from './renderers.ts';

const own = relative('', join(import.meta.dirname, 'own-chart'));
const valuesOf = (...names: readonly string[]) => ['defaults', ...names].map((name) => `${own}/${name}.yaml`);

beforeAll(buildRenderers);

describe('pods of the chart', () => {
  it('let `helm test` in where connections are bounded', async () => {
    const objects = objectsIn(await helmTemplate({ values: valuesOf('enforcing') }));
    const test = objects.find(({ kind, metadata }) => kind === 'Pod' && metadata.name === 'daygate-test');
    const policy = objects.find(
      ({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'daygate',
    );
    const { from } = (policy?.spec as { ingress: [{ from: { podSelector?: { matchLabels: object } }[] }] })
      .ingress[0];
    expect(from).toHaveLength(2);
    expect(from[0]).toEqual({ ipBlock: { cidr: '10.0.0.0/8' } });
    expect((test?.metadata as { labels?: object }).labels).toMatchObject(
      from[1]?.podSelector?.matchLabels ?? { no: 'peer' },
    );
    const open = objectsIn(await helmTemplate({ values: valuesOf() })).find(
      ({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'daygate',
    );
    expect((open?.spec as { ingress: [object] }).ingress[0]).not.toHaveProperty('from');
  });

  it('may be given as long before SIGTERM as the API server allows for', async () => {
    for (const values of [valuesOf(), valuesOf('audit-service')]) {
      const objects = objectsIn(await helmTemplate({ values, set: ['preStopSeconds=45'] }));
      for (const { spec } of objects.filter(({ kind }) => kind === 'Deployment')) {
        const { terminationGracePeriodSeconds: seconds = 30 } = spec?.template?.spec as {
          terminationGracePeriodSeconds?: number;
        };
        expect(seconds).toBeGreaterThanOrEqual(45 + 25);
      }
    }
  });

  it.each([
    ['https://gate.example.com:8443/x/', { dnsNames: ['daygate.daygate-system.svc', 'gate.example.com'] }],
    ['https://10.1.2.3/', { dnsNames: ['daygate.daygate-system.svc'], ipAddresses: ['10.1.2.3'] }],
    ['https://[fd00::1]:8443', { dnsNames: ['daygate.daygate-system.svc'], ipAddresses: ['fd00::1'] }],
  ])('have a certificate of cert-manager for webhook.url, %s', async (url, names) => {
    const settings = { enforcement: 'observe', webhook: { url } };
    const objects = objectsIn(await helmTemplate({ values: valuesOf('cert-manager'), settings }));
    const certificate = objects.find(
      ({ kind, metadata }) => kind === 'Certificate' && metadata.name === 'daygate',
    );
    expect(certificate?.spec).toMatchObject(names);
    expect(Object.keys(certificate?.spec ?? {}).includes('ipAddresses')).toBe('ipAddresses' in names);
  });
});
