import { describe, expect, it } from 'vitest';
import { findSourceObject, pathInSource } from '../../../src/cli/rendered/source-object.ts';
import { readManifests } from '../../../src/cli/yaml/read-manifests.ts';

const object = (kind: string, name: string, namespace?: string) => ({
  apiVersion: kind === 'Deployment' ? 'apps/v1' : 'v1',
  kind,
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
});

function found(made: object, ...written: readonly object[]): unknown {
  const { manifests } = readManifests(written.map((one) => JSON.stringify(one)).join('\n---\n'));
  return findSourceObject(made, manifests)?.document;
}

describe('findSourceObject', () => {
  const web = object('Deployment', 'web');
  const service = object('Service', 'web');
  const cache = object('Deployment', 'web-cache');

  it('knows an object by kind and name', () => {
    expect(found(web, service, cache, web)).toBe(2);
    expect(found(service, service, cache, web)).toBe(0);
    expect(found(object('ConfigMap', 'web'), service, cache, web)).toBeUndefined();
  });

  it('knows it under the prefix, the suffix and in the namespace that Kustomize gave it', () => {
    expect(found(object('Deployment', 'eu-web-blue', 'shop'), cache, web)).toBe(1);
    expect(found(object('Deployment', 'eu-web-cache-blue', 'shop'), cache, web)).toBe(0);
    expect(found(object('Deployment', 'renamed'), service, web)).toBe(1);
  });

  it('takes none where several could be it', () => {
    expect(found(object('Deployment', 'renamed'), cache, web)).toBeUndefined();
    const [blue, green] = [object('Service', 'web', 'blue'), object('Service', 'web', 'green')];
    expect(found(green, blue, green)).toBe(1);
    expect(found(object('Service', 'web', 'red'), blue, green)).toBeUndefined();
  });
});

describe('pathInSource', () => {
  const app = { name: 'app', env: [{ name: 'A' }, { name: 'B' }], args: ['-v', '--fast'] };
  const source = { spec: { containers: [app], hosts: [{ paths: ['/'] }] } };

  it('finds items by name, wherever patches have put them', () => {
    const made = { spec: { containers: [{ name: 'proxy' }, { ...app, env: [{ name: 'B' }] }] } };
    expect(pathInSource(['spec', 'containers', 1, 'image'], made, source)).toEqual([
      'spec',
      'containers',
      0,
      'image',
    ]);
    expect(pathInSource(['spec', 'containers', 1, 'env', 0, 'value'], made, source)).toEqual([
      'spec',
      'containers',
      0,
      'env',
      1,
      'value',
    ]);
  });

  it('ends at the list that an item was added to', () => {
    const made = { spec: { containers: [{ name: 'proxy' }, app] } };
    expect(pathInSource(['spec', 'containers', 0, 'image'], made, source)).toEqual(['spec', 'containers']);
  });

  it('keeps the second of two items of one name apart from the first', () => {
    const twice = { env: [{ name: 'A' }, { name: 'A' }] };
    expect(pathInSource(['env', 1, 'name'], twice, twice)).toEqual(['env', 1, 'name']);
  });

  it('knows items without a name by what they say, or by their place', () => {
    const args = (...words: readonly string[]) => ({ spec: { containers: [{ ...app, args: words }] } });
    const path = (index: number) => ['spec', 'containers', 0, 'args', index];
    expect(pathInSource(path(2), args('-q', '-v', '--fast'), source)).toEqual(path(1));
    expect(pathInSource(path(0), args('-q', '--fast'), source)).toEqual(path(0));
    expect(pathInSource(path(0), args('-q'), source)).toEqual(['spec', 'containers', 0, 'args']);
  });
});
