import { expect, it } from 'vitest';
import {
  isAnyServiceMonitored,
  serviceMonitorKinds,
  type Facts,
  type KubernetesObject,
  type Service,
} from '#sdk';
import { factsOf } from '../../src/facts/facts-of.ts';

const labelled = (app: string): Service => ({
  metadata: { labels: { app } },
  spec: { ports: [{ name: 'http' }] },
});
const monitor: KubernetesObject = {
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'ServiceMonitor',
  metadata: { name: 'web' },
  spec: { selector: { matchLabels: { app: 'web' } }, endpoints: [{ port: 'http' }] },
} as KubernetesObject;
const factsWith = (objects: readonly KubernetesObject[]): Facts =>
  factsOf(
    objects.map((object) => ({ object, namespace: 'shop' })),
    serviceMonitorKinds,
  );

it('finds a monitor of one of several Services', () => {
  const isMonitored = (...apps: readonly string[]): boolean =>
    isAnyServiceMonitored(apps.map(labelled), 'shop', factsWith([monitor]));
  expect(isMonitored('cart', 'web')).toBe(true);
  expect(isMonitored('cart', 'bank')).toBe(false);
  expect(isMonitored()).toBe(false);
});

it('looks up the monitors once for all Services', () => {
  const facts = factsWith([]);
  let asked = 0;
  const all: Facts['all'] = (kind) => {
    asked++;
    return facts.all(kind);
  };
  const services = Array.from({ length: 100 }, (_, index) => labelled(`web-${index}`));
  expect(isAnyServiceMonitored(services, 'shop', { ...facts, all })).toBe(false);
  expect(asked).toBe(serviceMonitorKinds.length);
});
