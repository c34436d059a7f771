import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { policies } from '../../policies/index.ts';
import { builtinTypes } from '../../src/schemas/builtin-types.ts';
import { schemasFor } from '../../src/schemas/schemas.ts';
import { apiVersionOf, isServed } from '#sdk';
import { checkText, inFolder, runCheck, type JsonOutput } from '../cli/run-check.ts';

const only = ['forbid-unknown-field'];

const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'things.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Cluster',
    names: { plural: 'things', kind: 'Thing' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } },
          },
        },
      },
    ],
  },
};
const thing = { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'a' }, spec: { sise: 1 } };
const texts = (...objects: readonly object[]): string =>
  objects.map((object) => JSON.stringify(object)).join('\n---\n');

function brief({ findings }: JsonOutput): readonly string[] {
  return findings.map(({ messageId, locator }) => `${messageId} ${locator}`);
}

describe('what sops has encrypted', () => {
  const encrypted = (data: string): string => `ENC[AES256_GCM,data:${data},iv:YmFy,tag:YmF6,type:str]`;
  const sops = { mac: encrypted('Zm9v'), lastmodified: '2026-01-01T00:00:00Z', version: '3.9.0' };
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'orders' },
    data: { password: encrypted('p673w2Zm9v') },
  };

  it('is no finding, and all else of the object is checked', async () => {
    const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'a' } };
    const spec = { parallelism: encrypted('Mw=='), completions: 'ENC', colour: encrypted('cmVk') };
    const { json } = await checkText(texts({ ...secret, sops }, { ...job, spec, sops }), { only });
    expect(brief(json)).toEqual(['wrongType spec.completions', 'unknown spec.colour']);
  });

  it('is known by its mac', async () => {
    const { json } = await checkText(texts({ ...secret, sops: {} }), { only });
    expect(brief(json)).toEqual(['wrongType data.password', 'unknown sops']);
  });
});

describe('a custom kind', () => {
  it('is checked by the definition beside it', async () => {
    const { json } = await checkText(texts(thing, definition), { only });
    expect(brief(json)).toEqual(['misspelt spec.sise']);
    expect(json.coverage.judged).toBe(2);
    expect(json.skipped).toEqual([]);
  });

  it('may have anything where its definition names a type that there is not', async () => {
    const odd = JSON.parse(JSON.stringify(definition).replace('"integer"', '"constructor"')) as object;
    const { json } = await checkText(texts({ ...thing, spec: { size: [] } }, odd), { only });
    expect(json.errors).toEqual([]);
    expect(brief(json)).toEqual([]);
  });

  it('is checked by a definition that --crds or the settings name', async () => {
    await inFolder(
      {
        'crds/thing.yaml': texts(definition),
        'settings/daygate.yaml': 'crds: [../crds]',
        'thing.yaml': texts(thing),
      },
      async (folder) => {
        const file = join(folder, 'thing.yaml');
        const byFlag = await runCheck([file], { only, crds: [join(folder, 'crds')], output: ['json'] });
        expect(brief(JSON.parse(byFlag.out) as JsonOutput)).toEqual(['misspelt spec.sise']);
        const settings = join(folder, 'settings/daygate.yaml');
        const bySettings = await runCheck([file], { only, settings, output: ['json'] });
        expect(brief(JSON.parse(bySettings.out) as JsonOutput)).toEqual(['misspelt spec.sise']);
        const missing = await runCheck([file], { only, crds: [join(folder, 'no')] });
        expect(missing.code).toBe(2);
        expect(missing.out).toContain('no such file');
      },
    );
  });

  it('without a definition is not judged, and said to be', async () => {
    const { code, json } = await checkText(texts(thing), { only });
    expect(json.coverage.judged).toBe(0);
    expect(json.skipped).toMatchObject([
      {
        reason:
          'no policy knows Thing of example.com/v1: --crds names files or folders with its CustomResourceDefinition',
      },
    ]);
    expect(code).toBe(2);
  });

  it('that makes pods is said to hide them, until settings list it, also where its definition is at hand', async () => {
    const pods = { template: { spec: { containers: [{ name: 'app', image: 'app:1' }] } } };
    const maker = { ...thing, spec: pods };
    const hidden = 'no policy sees the pods that Thing makes: list it under workloads in the settings';
    const settings = 'workloads: [{ group: example.com, kind: Thing, resource: things }]';
    await inFolder({ 'crd.yaml': texts(definition), 'daygate.yaml': settings }, async (folder) => {
      for (const crds of [[], [join(folder, 'crd.yaml')]]) {
        const { json } = await checkText(texts(maker), { crds });
        expect(json.skipped.map(({ reason }) => reason)).toContain(hidden);
        const known = await checkText(texts(maker), { crds, settings: join(folder, 'daygate.yaml') });
        expect(known.json.skipped.map(({ reason }) => reason)).not.toContain(hidden);
        expect(known.json.findings.map(({ policy }) => policy)).toContain('require-memory-limit');
      }
    });
  });

  it('that other policies look at names the policy that could not', async () => {
    await inFolder(
      { 'daygate.yaml': 'workloads: [{ group: example.com, kind: Thing, resource: things }]' },
      async (folder) => {
        const { json } = await checkText(texts(thing), { settings: join(folder, 'daygate.yaml') });
        expect(json.skipped).toMatchObject([
          { reason: 'this Thing has no pod spec at spec.template.spec: nothing is said of its pods' },
          { policy: 'forbid-unknown-field', reason: expect.stringContaining('--crds') as string },
        ]);
      },
    );
  });
});

describe('a kind of Kubernetes', () => {
  it('is judged although no other policy knows it', async () => {
    const object = {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'a' },
      provisoner: 'x',
    };
    const { json } = await checkText(texts(object));
    expect(brief(json)).toContain('misspelt provisoner');
    expect(json.coverage.judged).toBe(1);
  });

  it('has the fields of the version that the manifests are meant for', async () => {
    const object = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a' },
      spec: { hostnameOverride: 'a', containers: [], evictionResponders: [] },
    };
    const found = async (kubernetes: string) => (await checkText(texts(object), { only, kubernetes })).json;
    const [first, last] = ['otherVersion spec.hostnameOverride', 'otherVersion spec.evictionResponders'];
    expect(brief(await found('1.33')).toSorted()).toEqual([last, first]);
    expect(brief(await found('1.34'))).toEqual([last]);
    expect(brief(await found('1.36'))).toEqual([last]);
    expect(await found('1.37')).toMatchObject({ findings: [], skipped: [], coverage: { judged: 1 } });
    expect((await found('1.30')).skipped).toMatchObject([
      { policy: 'forbid-unknown-field', reason: 'knows the fields of Kubernetes 1.33 to 1.37 only' },
    ]);
  });

  it('of a version that is gone is left to the policy about that', async () => {
    const object = {
      apiVersion: 'batch/v1beta1',
      kind: 'CronJob',
      metadata: { name: 'a' },
      spec: { shedule: '' },
    };
    const { json } = await checkText(texts(object), { only: ['forbid-unknown-field,forbid-removed-api'] });
    expect(brief(json)).toEqual(['rewritable apiVersion']);
    expect(json.skipped).toMatchObject([{ policy: 'forbid-unknown-field' }]);
  });

  it('and a kubeconfig beside it are told apart', async () => {
    const { json } = await checkText(texts({ apiVersion: 'v1', kind: 'Config', clusters: [] }), { only });
    expect(json.findings).toEqual([]);
    expect(json.coverage.judged).toBe(0);
    expect(json.skipped).toMatchObject([{ policy: 'forbid-unknown-field' }]);
  });
});

describe('the fields at hand', () => {
  it('are those of every kind that the versions serve', () => {
    for (const minor of builtinTypes().minors) {
      const schemas = schemasFor(minor, []);
      for (const [apiVersion, kind] of [
        ['v1', 'Pod'],
        ['apps/v1', 'Deployment'],
        ['admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy'],
        ['apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
        ['apiregistration.k8s.io/v1', 'APIService'],
      ] as const) {
        const known = apiVersionOf(apiVersion, kind);
        expect(known !== undefined && isServed(known, minor)).toBe(true);
        expect(schemas.find(apiVersion, kind)).toHaveProperty('struct.is', 'struct');
      }
    }
  });

  it('cost nothing where no policy asks for them', () => {
    const reads = (args: readonly string[]): boolean => {
      const { stderr } = spawnSync(
        process.execPath,
        ['--import', join(import.meta.dirname, 'say-what-is-read.ts'), 'src/main.ts', 'check', ...args],
        { cwd: join(import.meta.dirname, '../..'), encoding: 'utf8' },
      );
      return stderr.includes('kubernetes-fields.json');
    };
    const file = 'policies/schema/forbid-unknown-field/fixtures/pass-forms.yaml';
    expect(reads(['--only', 'require-replicas', file])).toBe(false);
    expect(reads(['--only', 'forbid-unknown-field', file])).toBe(true);
  });

  it('are asked for by policies about any kind alone', () => {
    const asking = policies.filter(({ needsSchema }) => needsSchema === true);
    expect(asking.map(({ id }) => id)).toEqual(['forbid-unknown-field']);
  });
});
