/** What looks like a credential, and whatever stands where credentials stand, is in nothing that daygate says. */
import { globSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kindKey, type KubernetesObject } from '#sdk';
import { policies } from '../../policies/index.ts';
import { fix } from '../../src/cli/fix.ts';
import { testPolicies } from '../../src/cli/test-policies.ts';
import { readManifests } from '../../src/cli/yaml/read-manifests.ts';
import { keyedFingerprint } from '../../src/config/fingerprint.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { compileOrThrow } from '../../src/config/settings-file.ts';
import { messageOf } from '../../src/errors.ts';
import type { ApiObject } from '../../src/cluster/cluster.ts';
import { auditFormats } from '../../src/report/audit/format-names.ts';
import { renderAudit } from '../../src/report/audit/formats.ts';
import { formats } from '../../src/report/format-names.ts';
import { compatible } from '../../src/policy-test/judge-fixture.ts';
import { auditOf } from '../audit/audit-of.ts';
import { inFolder, now, runCheck } from '../cli/run-check.ts';
import { start, type Running } from '../server/harness.ts';
import { admissionReview } from '../server/reviews.ts';
import { leaks, plants, token, word } from './plant.ts';

const settingsText = JSON.stringify({
  policies: Object.fromEntries(
    compatible(policies, '').map(({ id, fix: mend }) => [
      id,
      mend?.safety === 'safe' ? { action: 'deny', fix: true } : 'deny',
    ]),
  ),
  exemptNamespaces: [],
});
const fingerprint = keyedFingerprint('0f1e2d3c4b5a69788796a5b4c3d2e1f0');
const root = join(import.meta.dirname, '../..');
const objectsOf = (files: readonly string[]): readonly KubernetesObject[] =>
  files.flatMap((file) => readManifests(readFileSync(file)).manifests.map(({ object }) => object));
const objects = objectsOf(
  globSync(join(root, 'policies/*/*/fixtures/*.yaml'))
    .toSorted()
    // Many fixtures of a policy say what the others say.
    .filter((_, index) => index % 10 === 0),
);
/** What admission patches, mostly. */
const failingPods = objectsOf(globSync(join(root, 'policies/*/*/fixtures/fail*.yaml')).toSorted()).filter(
  ({ kind }, index) => kind === 'Pod' && index % 3 === 0,
);

/** All that a command prints, and what it throws at its caller. */
async function outputOf(run: (io: Parameters<typeof fix>[3]) => Promise<unknown>): Promise<string> {
  let output = '';
  const io = {
    out: (text: string) => void (output += text),
    err: (text: string) => void (output += text),
    input: () => Promise.resolve(new Uint8Array()),
    color: false,
    now: () => now,
  };
  try {
    await run(io);
  } catch (error) {
    output += messageOf(error);
  }
  return output;
}

describe.each(Object.entries(plants))('canaries in %s', (_, plant) => {
  const planted = objects.map(plant) as readonly KubernetesObject[];
  const documents = planted.map((object) => JSON.stringify(object, null, 2)).join('\n---\n');

  it('are in no output of the commands', { timeout: 240_000 }, async () => {
    await inFolder({ 'all.yaml': documents, 'daygate.yaml': settingsText }, async (folder) => {
      const settings = join(folder, 'daygate.yaml');
      const file = join(folder, 'all.yaml');
      const reports = formats.map((format) => [format, join(folder, 'reports', format)] as const);
      mkdirSync(join(folder, 'reports'));
      const output = reports.map(([format, report]) => `${format}=${report}`);
      const { out, err } = await runCheck([file], { settings, fingerprint, output });
      expect(leaks(out + err)).toEqual([]);
      for (const [format, report] of reports) {
        const said = readFileSync(report, 'utf8');
        expect(said.length, format).toBeGreaterThan(5_000);
        expect(leaks(said), format).toEqual([]);
      }
      for (const how of [{ diff: true }, { dryRun: true }, {}]) {
        const said = await outputOf((io) =>
          fix([file], { settings, suggestions: true, ...how }, policies, io),
        );
        expect(said.length).toBeGreaterThan(1_000);
        expect(leaks(said)).toEqual([]);
      }
    });
  });
});

describe.each(Object.entries(plants))('canaries in %s of a cluster', (_, plant) => {
  it('are in no report of an audit, and in no patch that it tells', { timeout: 240_000 }, async () => {
    const planted = [...objects, ...failingPods].map((object) =>
      plant({ ...object, metadata: { ...object.metadata, namespace: 'shop' } }),
    ) as readonly ApiObject[];
    const { report } = await auditOf(planted, { settings: settingsText, patches: true, pageSize: 500 });
    expect(report.errors.filter(({ code }) => code === 'internal')).toEqual([]);
    expect(report.patches?.changes.length).toBeGreaterThan(20);
    for (const format of auditFormats) {
      const said = renderAudit(format, report, { version: '1', sha256: () => '0' });
      const text = typeof said === 'string' ? said : [...said].join('');
      expect(leaks(text), format).toEqual([]);
    }
  });
});

describe('canaries in what cannot be read', () => {
  const manifest = `apiVersion: v1
kind: ConfigMap
metadata: { name: orders, annotations: { note: ${word} } }
data:
  password: "${word}"
  token: ${token}
  ${token}: x
`;
  const broken: readonly string[] = [
    ...Array.from({ length: 40 }, (_, index) =>
      manifest.slice(0, Math.floor((manifest.length * index) / 40)),
    ),
    manifest.replace('"\n', '\n'),
    manifest.replace('  token', '\ttoken'),
    manifest.replace('  token', ' token'),
    `${manifest}  ${token}: y\n`,
    manifest.replace('password: ', 'password: !!int '),
    manifest.replace('password: ', `password: *${word}\n  x: `),
    manifest.replace('password: ', 'password: "\\q'),
    manifest.replace(`"${word}"`, `{{ ${word} }}`),
    manifest.replace('v1', token),
    manifest.replace('ConfigMap', token),
    manifest.replace('ConfigMap', `[${word}]`),
    `- ${word}\n- ${token}\n`,
    word,
    `{"kind":"Pod","apiVersion":"v1","data":{"a":"${word}" oops "${token}"}}`,
    `{"kind":"Pod","apiVersion":"v1","data":{"${token}":1,"${token}":2}}`,
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [word, { kind: token }, { data: token }] }),
  ];

  it('are in no error message', { timeout: 120_000 }, async () => {
    await inFolder({}, async (folder) => {
      let errors = 0;
      for (const [index, text] of broken.entries()) {
        const { json, out, err } = await checked(text);
        errors += json;
        expect(leaks(out + err), `case ${index}`).toEqual([]);
        const said = await outputOf((io) =>
          fix([folder, '-'], { diff: true }, policies, {
            ...io,
            input: () => Promise.resolve(new TextEncoder().encode(text)),
          }),
        );
        expect(leaks(said), `fix, case ${index}`).toEqual([]);
      }
      expect(errors).toBeGreaterThan(30);
    });
  });

  async function checked(text: string): Promise<{ json: number; out: string; err: string }> {
    const { out, err } = await runCheck(['-'], { output: ['json'] }, text);
    const forPeople = await runCheck(['-'], {}, text);
    const json = out.split('"code": ').length - 1;
    return { json, out: out + forPeople.out, err: err + forPeople.err };
  }
});

describe('canaries in reviews', () => {
  let server: Running;
  beforeAll(async () => {
    const compiled = compileOrThrow(parseSettings(settingsText, 'test'), policies, { now, fingerprint });
    server = await start({ compiled: () => compiled });
  });
  afterAll(() => server.end());

  it('are in no answer, log line or metric', { timeout: 400_000 }, async () => {
    let denied = 0;
    for (const [index, object] of objects.entries()) {
      const [, plant] = Object.entries(plants)[index % Object.keys(plants).length] ?? [];
      const planted = plant?.(object);
      const withCredentials = plants['everyCredential']?.(object);
      const { apiVersion, kind } = object;
      const [version = '', group = ''] = (apiVersion ?? '').split('/').toReversed();
      const known = kindKey(apiVersion ?? '', kind ?? '');
      const parts = { group, version, kind: kind ?? '', resource: known, object: withCredentials };
      for (const review of [
        admissionReview(parts),
        admissionReview({ ...parts, object: planted, name: token }),
        admissionReview({ ...parts, operation: 'UPDATE', oldObject: planted, dryRun: true }),
        admissionReview({ ...parts, operation: 'DELETE', object: null, oldObject: planted }),
      ]) {
        const answer = await server.review(review, '/validate/production');
        if (answer.status === 200 && answer.json().response?.allowed === false) denied++;
        const mutated = await server.review(review, '/mutate/production');
        for (const { text, headers } of [answer, mutated])
          expect(leaks(text + JSON.stringify(headers)), `object ${index}`).toEqual([]);
        const patch = mutated.status === 200 ? (mutated.json().response?.patch ?? '') : '';
        expect(leaks(Buffer.from(patch, 'base64').toString()), `patch ${index}`).toEqual([]);
      }
    }
    expect(denied).toBeGreaterThan(15);
    expect(leaks(server.logText())).toEqual([]);
    expect(server.log().length).toBeGreaterThan(100);
    expect(leaks((await server.call('/metrics')).text)).toEqual([]);
  });
});

describe('canaries in fixtures', () => {
  const policy = `import { definePolicy, entries } from 'daygate/sdk';
import { z } from 'zod';
export default definePolicy({
  id: 'forbid-note', category: 'labels', title: 'Own', severity: 'medium', target: 'object', kinds: ['ConfigMap'],
  profiles: { baseline: 'deny' }, params: z.strictObject({}), messages: { note: '{kind} {name} has {value}.' },
  why: '', references: [], remediation: 'Remove it.',
  validate({ object, at }, { report }) {
    for (const [key, value] of entries(object.data)) {
      if (key === 'json') JSON.parse(value);
      report({ message: 'note', at: at('data', key), data: { value: key === 'told' ? value : 'x' } });
    }
  },
});
`;
  const configMap = (data: object): string =>
    JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data });

  it('are in nothing that daygate test says of them', { timeout: 60_000 }, async () => {
    const files = {
      'forbid-note/policy.ts': policy,
      'forbid-note/fixtures/fail-json.yaml': configMap({ json: token, [token]: token }),
      'forbid-note/fixtures/fail-broken.yaml': `${configMap({ a: token })}\n"${token}\n`,
      'forbid-note/fixtures/pass-told.yaml': configMap({ told: token }),
    };
    await inFolder(files, async (folder) => {
      for (const output of ['text', 'json']) {
        const said = await outputOf((io) => testPolicies([folder], { output }, policies, io));
        expect(said.length).toBeGreaterThan(50);
        expect(leaks(said)).toEqual([]);
      }
    });
  });
});
