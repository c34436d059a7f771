import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { definePolicy, type Policy, type Schemas } from '#sdk';
import { judge } from '../../src/engine/judge.ts';
import { webhookConfigurations } from '../../src/engine/webhooks.ts';
import { compiled, pod, policies, review } from './compile-test-settings.ts';

const about = {
  category: 'schema', severity: 'high', target: 'object', kinds: ['Any'], profiles: { production: 'deny' },
  params: z.strictObject({}), why: 'A test.', remediation: 'Do.', references: [],
} as const; // prettier-ignore

/** Reports every object it sees, with the version it was written in. */
const forbidAny = definePolicy({
  ...about,
  id: 'forbid-any',
  title: 'Forbid any',
  messages: { seen: 'Written in {version}.' },
  validate({ writtenVersion, at }, { report }) {
    report({ message: 'seen', at: at('kind'), data: { version: writtenVersion } });
  },
});

/** Reports every object whose schema it is given. */
const forbidSchema = definePolicy({
  ...about,
  id: 'forbid-schema',
  title: 'Forbid a schema',
  needsSchema: true,
  messages: { seen: 'Has a schema.' },
  validate({ at }, { report }) {
    report({ message: 'seen', at: at('kind') });
  },
});

const schemas: Schemas = {
  find: (_, kind) =>
    kind === 'Nobody' ? 'has none' : { struct: { is: 'struct', fields: () => new Map(), isOpen: true } },
  kindOf: (key) =>
    key === 'example.com/Known'
      ? { kind: 'Known', group: 'example.com', versions: ['v1'], resource: 'knowns', namespaced: false }
      : undefined,
};

function said(library: readonly Policy[], object: object, rest: object = {}) {
  const { findings, skipped } = judge(compiled({}, {}, library), review(object, rest));
  return { found: findings.map(({ policy, message }) => `${policy}: ${message}`), skipped };
}

const storageClass = { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'a' } };
const known = { apiVersion: 'example.com/v1', kind: 'Known', metadata: { name: 'a' } };

describe('a policy about any kind', () => {
  it('sees kinds of Kubernetes that no other policy names', () => {
    expect(said([forbidAny], storageClass).found).toEqual(['forbid-any: Written in storage.k8s.io/v1.']);
    expect(said(policies, storageClass).skipped).toMatchObject([
      { reason: 'no policy knows StorageClass of storage.k8s.io/v1' },
    ]);
  });

  it('sees the version in which a request was written', () => {
    const { found } = said([forbidAny], storageClass, { writtenVersion: 'storage.k8s.io/v1beta1' });
    expect(found).toEqual(['forbid-any: Written in storage.k8s.io/v1beta1.']);
  });

  it('adds nothing to the webhooks', () => {
    const rendered = (library: readonly Policy[]): unknown =>
      webhookConfigurations(compiled({}, {}, library));
    expect(rendered([...policies, forbidAny, forbidSchema])).toEqual(rendered(policies));
    expect(rendered([forbidAny, forbidSchema])).toEqual([]);
  });

  it('sees a custom kind only by its schema', () => {
    expect(said([forbidAny, forbidSchema], known, { schemas }).found).toEqual([
      'forbid-schema: Has a schema.',
    ]);
    expect(said([forbidAny, forbidSchema], known).skipped).toMatchObject([
      { reason: 'no policy knows Known of example.com/v1' },
    ]);
  });
});

describe('a policy that needs a schema', () => {
  it('is silent at admission, where there are none', () => {
    expect(said([forbidSchema], pod())).toEqual({ found: [], skipped: [] });
  });

  it('says where manifests are checked what has no schema', () => {
    const { found, skipped } = said([forbidSchema], { ...storageClass, kind: 'Nobody' }, { schemas });
    expect(found).toEqual([]);
    expect(skipped).toMatchObject([{ policy: 'forbid-schema', reason: 'has none' }]);
  });
});
