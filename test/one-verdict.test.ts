/** One engine, one verdict: every object gets byte-identical findings from the HTTPS server and from `check`. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtinKinds, isRecord, kindKey, property, type KubernetesObject } from '#sdk';
import { policies } from '../policies/index.ts';
import { readManifests } from '../src/cli/yaml/read-manifests.ts';
import { compileOrThrow, parseSettings } from '../src/config/settings-file.ts';
import type { Finding } from '../src/engine/review.ts';
import { serve, type Served } from '../src/server/serve.ts';
import { checkText, inFolder, now } from './cli/run-check.ts';

// Everything on, so that every policy has its say; a request policy has nobody to ask about in `check`.
const relations = new Set(policies.filter(({ target }) => target === 'relation').map(({ id }) => id));
// At admission the API server has read the object by its schema already.
const schemas = new Set(policies.filter(({ needsSchema }) => needsSchema === true).map(({ id }) => id));
const requests = new Set(policies.filter(({ target }) => target === 'request').map(({ id }) => id));
const settingsText = JSON.stringify({
  policies: Object.fromEntries(policies.map(({ id }) => [id, requests.has(id) ? 'off' : 'deny'])),
  exceptions: [
    {
      policies: ['require-memory-limit'],
      match: { name: 'a*' },
      owner: 'ana',
      reason: 'test',
      expires: new Date(now + 30 * 86_400_000).toISOString().slice(0, 10),
    },
  ],
  exemptNamespaces: [],
});
const compiled = compileOrThrow(parseSettings(settingsText, 'test'), policies, { now });
const root = join(import.meta.dirname, '..');

interface Case {
  readonly name: string;
  readonly object: KubernetesObject;
}

function objectsIn(files: readonly string[]): readonly Case[] {
  return files.flatMap((file) =>
    readManifests(readFileSync(file), file).manifests.map(({ object }, index) => ({
      name: `${file}#${index}`,
      object,
    })),
  );
}

/** A Pod as every kind that makes pods. */
function wrapped({ name, object }: Case): readonly Case[] {
  if (object.kind !== 'Pod') return [];
  const template = { metadata: property(object, 'metadata'), spec: property(object, 'spec') };
  return Object.values(builtinKinds).flatMap(({ kind, group, versions, template: path }) => {
    if (path === undefined || path.length === 0) return [];
    const body = path.reduceRight<unknown>((inner, step) => ({ [step]: inner }), template);
    if (!isRecord(body)) return [];
    const apiVersion = group === '' ? String(versions[0]) : `${group}/${String(versions[0])}`;
    const wrapping = { apiVersion, kind, metadata: { name: 'a-workload', namespace: 'shop' }, ...body };
    return [{ name: `${name} as ${kind}`, object: wrapping }];
  });
}

const fixtures = objectsIn(globSync(join(root, 'policies/*/*/fixtures/*.yaml')).toSorted());
const shared = join(root, '../shared/manifests');
const found = existsSync(shared) ? globSync(join(shared, '**/*.{yaml,yml}')).toSorted() : [];
const cases = [...fixtures, ...fixtures.flatMap(wrapped), ...objectsIn(found)];

let server: Served;
let agent: Agent;

beforeAll(async () => {
  const options = {
    host: '127.0.0.1',
    tls: { selfSigned: [] },
    log: { level: 'silent' },
    drainSeconds: 0,
    processMetrics: false,
  } as const;
  server = await serve({ ...options, compiled: () => compiled, now: () => now });
  agent = new Agent({ ca: server.caPem, keepAlive: true, maxSockets: 4 });
});

afterAll(async () => {
  agent.destroy();
  await server.close();
});

interface Annotations {
  readonly findings?: string;
  readonly skipped?: string;
  readonly 'findings-omitted'?: string;
}

async function askServer(object: KubernetesObject): Promise<Annotations> {
  const [group = '', version = ''] = (object.apiVersion ?? '').includes('/')
    ? (object.apiVersion ?? '').split('/')
    : ['', object.apiVersion ?? ''];
  const kind = object.kind ?? '';
  const resource = compiled.kinds.get(kindKey(object.apiVersion ?? '', kind))?.resource ?? 'things';
  const envelope = {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: 'u',
      kind: { group, version, kind },
      resource: { group, version, resource },
      operation: 'CREATE',
      name: object.metadata?.name ?? '',
      namespace: object.metadata?.namespace ?? '',
      userInfo: { username: 'alice', groups: [] },
      object,
      dryRun: false,
    },
  };
  const answer = await new Promise<string>((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const call = request(
      `${server.url}/validate/production`,
      { method: 'POST', agent, headers },
      (response) => {
        text(response).then(resolve, reject);
      },
    );
    call.on('error', reject);
    call.end(JSON.stringify(envelope));
  });
  const parsed = JSON.parse(answer) as { response?: { auditAnnotations?: Annotations } };
  if (parsed.response === undefined) throw new Error(answer);
  return parsed.response.auditAnnotations ?? {};
}

/** What both sides say of a finding; only `check` knows of files and lines. */
function comparable(finding: Finding): string {
  const { policy, severity, action, message, remediation, object, pointer } = finding;
  const { locator, messageId, fixable, leniency, exception } = finding;
  return JSON.stringify({
    policy,
    severity,
    action,
    message,
    remediation,
    object,
    pointer,
    locator,
    messageId,
    fixable,
    leniency,
    exception,
  });
}

describe('one verdict', () => {
  it('is asked about at least 300 objects', () => {
    expect(cases.length).toBeGreaterThanOrEqual(300);
  });

  it('is the same from the server and from check, byte for byte', { timeout: 300_000 }, async () => {
    await inFolder({ 'daygate.yaml': settingsText }, async (folder) => {
      const settings = join(folder, 'daygate.yaml');
      const differences: unknown[] = [];
      let compared = 0;
      for (const { name, object } of cases) {
        const annotations = await askServer(object);
        const { json } = await checkText(JSON.stringify(object), { settings });
        // The server has no facts; that it could not judge relations it must say.
        const own = json.findings
          .filter(({ policy }) => !relations.has(policy) && !schemas.has(policy))
          .map(comparable)
          .toSorted();
        const related = json.findings.filter(({ policy }) => relations.has(policy));
        for (const { policy } of related) expect(annotations.skipped, name).toContain(policy);
        const served = (JSON.parse(annotations.findings ?? '[]') as Finding[]).map(comparable).toSorted();
        expect(annotations['findings-omitted'], name).toBeUndefined();
        if (JSON.stringify(own) !== JSON.stringify(served)) differences.push({ name, own, served });
        compared += own.length;
      }
      expect(differences.slice(0, 3)).toEqual([]);
      // Agreeing on nothing would be easy.
      expect(compared).toBeGreaterThan(500);
    });
  });
});
