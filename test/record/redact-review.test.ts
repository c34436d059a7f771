import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { text, type KubernetesObject } from '#sdk';
import { policies } from '../../policies/index.ts';
import { readManifests } from '../../src/cli/yaml/read-manifests.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { compileOrThrow } from '../../src/config/settings-file.ts';
import { judge } from '../../src/engine/judge.ts';
import type { Verdict } from '../../src/engine/review.ts';
import { compatible } from '../../src/policy-test/judge-fixture.ts';
import { recordedVerdict, redactReview } from '../../src/record/recorded-review.ts';
import { leaks, plants, token, word } from '../canary/plant.ts';
import { admissionReview, pod } from '../server/reviews.ts';

const root = join(import.meta.dirname, '../..');
const fixtures = globSync(join(root, 'policies/*/*/fixtures/*.yaml'))
  .toSorted()
  .flatMap((file) =>
    readManifests(readFileSync(file)).manifests.map(({ object }) => ({
      file: file.slice(root.length + 1),
      object,
    })),
  );
const compiled = compileOrThrow(
  parseSettings(
    JSON.stringify({
      policies: Object.fromEntries(compatible(policies, '').map(({ id }) => [id, 'deny'])),
      exemptNamespaces: [],
    }),
    'test',
  ),
  policies,
  { now: 0 },
);

function redacted(object: unknown, more: Parameters<typeof admissionReview>[0] = {}) {
  return redactReview(admissionReview({ object, ...more }).request);
}

function findingsOf(object: KubernetesObject): readonly string[] {
  return judge(compiled, { operation: 'CREATE', object, profile: 'production', now: 0 }).findings.map(
    ({ policy, messageId, locator }) => `${policy} ${messageId} ${locator}`,
  );
}

describe('a redacted review', () => {
  it('gets the verdict of the original, on every fixture of every policy', () => {
    const differing: string[] = [];
    let replaced = 0;
    for (const { file, object } of fixtures) {
      const { review, redacted: places, notCompared } = redacted(object);
      const copy = review.request['object'] as KubernetesObject;
      replaced += places.length;
      const [before, after] = [findingsOf(object), findingsOf(copy)];
      if (JSON.stringify(before) !== JSON.stringify(after) && notCompared.length === 0) {
        differing.push(
          `${file}: ${before.filter((one) => !after.includes(one)).join(', ')} -> ${after.filter((one) => !before.includes(one)).join(', ')}`,
        );
      }
    }
    expect(differing).toEqual([]);
    expect(replaced).toBeGreaterThan(70);
  });

  it('names the places where nothing could stand in, and they are few', () => {
    const marked = fixtures.filter(({ object }) => redacted(object).notCompared.length > 0);
    // A copy that was cut off, or broken otherwise, is no JSON any more.
    const broken = ['fail-cut.yaml', 'pass-exported-broken-annotation.yaml'];
    expect(marked.map(({ file }) => basename(file)).toSorted()).toEqual(broken);
  });

  it.each(Object.keys(plants))('holds no token where every place has one: %s', (name) => {
    // Many fixtures say what the others say.
    for (const { file, object } of fixtures.filter((_, index) => index % 5 === 0)) {
      const said = JSON.stringify(redacted(plants[name]?.(object), { name: token, username: token }));
      // What nothing knows for a credential stays where nothing says that it is one: see below.
      expect(leaks(said.replaceAll(word, '')), file).toEqual([]);
    }
  });

  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'orders' }, type: 'Opaque' };
  const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'orders' } };
  it.each<readonly [string, object]>([
    ['the data of Secrets', { ...secret, data: { a: btoa(word) }, stringData: { b: word } }],
    ['data that is no text', { ...secret, data: [word], stringData: { b: { c: word } } }],
    ['a document in a ConfigMap', { ...configMap, data: { '.env': `A=${word}\nDB_PASSWORD=x${word}\n` } }],
    ['a value in a ConfigMap', { ...configMap, data: { 'db.password': word } }],
    ['bytes in a ConfigMap', { ...configMap, binaryData: { store: btoa(word), other: `${btoa(word)}\0` } }],
    ['a variable', pod([{ name: 'app', image: 'a', env: [{ name: 'DB_PASSWORD', value: word }] }])],
    [
      'a variable that only its use gives away',
      pod([
        {
          name: 'app',
          image: 'a',
          env: [
            { name: 'X', value: `${word}1` },
            { name: 'URL', value: 'postgres://a:$(X)@db/b' },
          ],
        },
      ]),
    ],
    [
      'a command',
      pod([
        { name: 'app', image: 'a', command: ['mysql', `--password=${word}`], args: ['-u', 'a', `-p${word}`] },
      ]),
    ],
    [
      'a header',
      pod([
        {
          name: 'app',
          image: 'a',
          livenessProbe: { httpGet: { httpHeaders: [{ name: 'X-Auth-Token', value: `${word}1x2y3z4` }] } },
        },
      ]),
    ],
    ['a URL in an annotation', pod([], { annotations: { target: `https://a:${word}@backup.acme.dev/` } })],
    [
      'the copy of kubectl apply',
      {
        ...secret,
        metadata: {
          annotations: {
            'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({
              ...secret,
              stringData: { a: word },
            }),
          },
        },
      },
    ],
    [
      'a copy that was cut off',
      {
        ...secret,
        metadata: {
          annotations: {
            'kubectl.kubernetes.io/last-applied-configuration': `{"kind":"Secret","data":{"a":"${word}`,
          },
        },
      },
    ],
    ['managedFields', { ...configMap, metadata: { managedFields: [{ fieldsV1: { [word]: {} } }] } }],
    [
      'a field of a custom kind',
      { apiVersion: 'a.dev/v1', kind: 'Database', spec: { auth: { password: word } } },
    ],
    [
      'the end of a line too long to be searched',
      { ...configMap, data: { a: `${'x '.repeat(9_000)}password=${word}` } },
    ],
  ])('holds nothing of %s', (_, object) => {
    const { review, redacted: places } = redacted(object, { oldObject: object, operation: 'UPDATE' });
    expect(leaks(JSON.stringify(review))).toEqual([]);
    if (!JSON.stringify(object).includes('managedFields')) expect(places.length).toBeGreaterThan(0);
  });

  it('leaves out what the authentication knows of a person', () => {
    const { request } = redacted(pod()).review;
    expect(request['userInfo']).toEqual({ username: 'jane', uid: '1', groups: ['system:authenticated'] });
  });

  it('blanks a text that holds more credentials than it looks for', () => {
    const passwords = Array.from({ length: 80 }, (_, index) => `${word}${index}x`);
    const replicas = passwords.map((password) => `postgres://a:${password}@db/b`).join(' ');
    const { review, notCompared } = redacted(pod([], { annotations: { replicas } }));
    expect(passwords.filter((password) => JSON.stringify(review).includes(password))).toEqual([]);
    expect(notCompared).toEqual(['/object/metadata/annotations/replicas']);
  });

  it.each([
    ['gsk_', 'a8Kd93ks0Lq2'.repeat(5).slice(0, 52)],
    ['glpat-', 'a8Kd93ks0Lq2Zx7Pq41w'],
    ['xoxb-', '123456789012-123456789012-a8Kd93ks0Lq2Zx7Pq41wabcd'],
    ['sk_live_', 'a8Kd93ks0Lq2a8Kd93ks0Lq2'],
    ['ghp_', 'a8Kd93ks0Lq2'.repeat(3)],
    ['AKIA', 'Q3XZ7LMNP5RSTV2W'],
  ])('lets the %s of a token stand, which says whose it is', (prefix, rest) => {
    const { review, notCompared } = redacted(pod([], { annotations: { value: prefix + rest } }));
    const copy = review.request['object'] as KubernetesObject;
    const said = text(copy.metadata?.annotations?.['value']) ?? '';
    expect(said.slice(0, prefix.length)).toBe(prefix);
    expect(said).toHaveLength(prefix.length + rest.length);
    expect(said).not.toContain(rest.slice(0, 5));
    expect(notCompared).toEqual([]);
  });

  it('takes a random credential out wherever it is repeated', () => {
    const value = 'a8Kd93ks0Lq2';
    const said = JSON.stringify(
      redacted(
        pod([{ name: 'app', image: 'a', env: [{ name: 'API_TOKEN', value }] }], {
          annotations: { note: `see ${value}!` },
        }),
      ).review,
    );
    expect(said).not.toContain(value);
  });

  it('keeps what is no credential as it is', () => {
    const object = pod([
      { name: 'app', image: 'web:1.0', env: [{ name: 'LOG_LEVEL', value: 'info' }], args: ['--verbose'] },
    ]);
    const { review, redacted: places } = redacted(object);
    expect(review.request['object']).toEqual(object);
    expect(places).toEqual([]);
  });
});

describe('a recorded verdict', () => {
  it('names each policy that failed once, and what an exception covers', () => {
    const object = pod([{ name: 'app', image: 'web:latest' }]) as KubernetesObject;
    const { findings } = judge(compiled, { operation: 'CREATE', object, profile: 'production', now: 0 });
    const [finding] = findings.filter(({ policy }) => policy === 'forbid-latest-tag');
    if (finding === undefined) throw new Error('nothing was found');
    const error = { policy: 'require-owner', message: 'it threw' };
    const recorded = recordedVerdict({
      ...{ allowed: true, enforcement: 'enforce', skipped: [] },
      findings: [{ ...finding, exception: { owner: 'web', reason: 'r', expires: '2027-01-01' } }],
      errors: [error, error],
    } as unknown as Verdict);
    expect(recorded.failed).toEqual(['require-owner']);
    expect(recorded.findings).toEqual([
      expect.objectContaining({ policy: 'forbid-latest-tag', pointer: finding.pointer, excepted: true }),
    ]);
    expect(JSON.stringify(recorded)).not.toContain('it threw');
  });
});
