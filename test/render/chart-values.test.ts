/** The values that daygate's own chart takes, and refuses. */
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { valuesSchema } from '../../scripts/generate/chart/values.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { inFolder } from '../cli/run-check.ts';
import { chart, helmTemplate, objectsIn } from './own-chart.ts';
import { buildRenderers } from './renderers.ts';

const repository = join(import.meta.dirname, '../..');
const own = relative('', join(import.meta.dirname, 'own-chart'));
const valuesOf = () => [`${own}/defaults.yaml`];

beforeAll(buildRenderers);

describe('values of the chart', () => {
  it('are all in values.yaml, and explained', () => {
    const values = parse(readFileSync(join(chart, 'values.yaml'), 'utf8')) as unknown;
    expect(valuesSchema.safeParse(values).error).toBeUndefined();
    const nameless: string[] = [];
    const visit = (schema: z.ZodType, path: string): void => {
      if (schema.description !== undefined) return;
      if (!(schema instanceof z.ZodObject)) return void nameless.push(path);
      for (const [key, type] of Object.entries(schema.shape)) visit(type as z.ZodType, `${path}.${key}`);
    };
    visit(valuesSchema, '');
    expect(nameless).toEqual([]);
  });

  it.each([
    ['replica=5', "additional properties 'replica' not allowed"],
    ['settings.enforcment=enforce', "additional properties 'enforcment' not allowed"],
    ['settings.webhook.failurePolicy=Open', 'failurePolicy'],
    ['certificates.mode=hook', 'certificates/mode'],
    ['image.digest=sha256:12', 'image/digest'],
    ['drainSeconds=-1', 'drainSeconds'],
    ['workers=65', 'workers'],
    ['replicas=10', 'autoscaling.maxReplicas: 9 is less than replicas, 10'],
    [
      'certificates.caBundle=Q0E=',
      'certificates.caBundle (or webhook.caBundle of the settings): with certificates.mode job',
    ],
    ['settings.webhook.caBundle=Q0E=', 'with certificates.mode job daygate writes its own into the webhooks'],
    [
      'certificates.mode=existing',
      'certificates.caBundle: with certificates.mode existing nobody else tells the API server which CA to trust',
    ],
  ])('are refused where they are none: %s', async (set, message) => {
    await expect(helmTemplate({ values: valuesOf(), set: [set] })).rejects.toThrow(message);
  });

  it.each([
    'certificates.caBundle=Q0E=',
    'settings.webhook.caBundle=Q0E=',
    // By a CA that everybody trusts.
    'settings.webhook.url=https://gate.example.com',
    'webhooks.create=false',
  ])('take a certificate of your own with %s', async (set) => {
    await helmTemplate({ values: valuesOf(), set: ['certificates.mode=existing', set] });
  });

  it.each([
    ['record.bytes=1023Ki', 'record.bytes: 1023Ki is too little: each worker needs 1Mi or more'],
    ['record.bytes=3Mi,workers=4', 'record.bytes: 3Mi is too little: each worker needs 1Mi or more'],
  ])('let reviews be recorded where serve would: %s', async (set, message) => {
    const helm = (more: string) => helmTemplate({ values: valuesOf(), set: [`record.enabled=true,${more}`] });
    await expect(helm(set)).rejects.toThrow(message);
    for (const enough of ['record.bytes=1024Ki', 'record.bytes=4Mi,workers=4', 'record.bytes=1Gi,workers=64'])
      await helm(enough);
  });

  it('say which image, because there is none to guess', async () => {
    await expect(helmTemplate({ values: [] })).rejects.toThrow('image.digest: say which image to run');
    expect(await helmTemplate({ values: [], set: ['image.tag=0.1.0'] })).toContain(
      'registry.example.com/daygate:0.1.0"',
    );
  });

  it('may be the daygate.yaml that CI uses, less what only CI reads', async () => {
    const settings = {
      enforcement: 'observe',
      crds: ['crds/'],
      render: [{ chart: 'x' }],
      policyFolders: ['policies'],
    };
    const map = objectsIn(await helmTemplate({ values: valuesOf(), settings })).find(
      ({ kind }) => kind === 'ConfigMap',
    );
    expect(parseAllDocuments(map?.data?.['daygate.yaml'] ?? '')[0]?.toJS()).toEqual({
      enforcement: 'observe',
      webhook: { namespace: 'daygate-system', service: 'daygate' },
    });
  });

  it('may switch policies off, although Helm reads off as false', async () => {
    const settings = `policies: { require-labels: off, require-owner: { action: off } }
profiles: { production: { policies: { forbid-naked-pod: off } } }`;
    await inFolder({ 'values.yaml': `settings:\n${settings.replace(/^/gm, '  ')}` }, async (folder) => {
      const values = [...valuesOf(), join(folder, 'values.yaml')];
      const text = await helmTemplate({ values, set: ['webhooks.create=false'] });
      const map = objectsIn(text).find(({ kind }) => kind === 'ConfigMap');
      const { policies: top, profiles } = parseSettings(
        map?.data?.['daygate.yaml'] ?? '',
        undefined,
      ).settings;
      expect(top).toEqual({ 'require-labels': 'off', 'require-owner': { action: 'off' } });
      expect(profiles['production']?.policies).toEqual({ 'forbid-naked-pod': 'off' });
    });
  });

  it('has the version of the package', () => {
    const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect(parse(readFileSync(join(chart, 'Chart.yaml'), 'utf8'))).toMatchObject({
      version,
      appVersion: version,
    });
  });
});
