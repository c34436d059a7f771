/**
 * One engine, one verdict: every object gets byte-identical findings from the HTTPS server, from `check` and from an
 * audit.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { apiVersionOf, builtinKinds, isRecord, kindKey, property, type KubernetesObject } from '#sdk';
import { policies } from '../policies/index.ts';
import { auditCluster } from '../src/audit/audit-cluster.ts';
import { readManifests } from '../src/cli/yaml/read-manifests.ts';
import { keyedFingerprint } from '../src/config/fingerprint.ts';
import { parseSettings } from '../src/config/parse-settings.ts';
import type { SettingsFile } from '../src/config/parse-settings.ts';
import { compileOrThrow } from '../src/config/settings-file.ts';
import type { Compiled } from '../src/engine/compiled.ts';
import { kindsRead } from '../src/engine/kinds-read.ts';
import type { Finding } from '../src/engine/review.ts';
import type { AuditReport } from '../src/report/audit/audit-report.ts';
import { serve, type Served as Server } from '../src/server/serve.ts';
import { compatible } from '../src/policy-test/judge-fixture.ts';
import { listedCluster } from './audit/listed-cluster.ts';
import { checkText, inFolder, now } from './cli/run-check.ts';

// `check` runs for each object by itself, and reads and compiles its settings for the first of them.
vi.mock(import('../src/config/settings-file.ts'), async (original) => {
  const real = await original();
  const [files, compiled] = [
    new Map<string | undefined, Promise<SettingsFile>>(),
    new Map<string | undefined, Compiled>(),
  ];
  return {
    ...real,
    readSettings: (named) => {
      const file = files.get(named) ?? real.readSettings(named);
      files.set(named, file);
      return file;
    },
    compileOrThrow: (given, ...more) => {
      const one = compiled.get(given.file) ?? real.compileOrThrow(given, ...more);
      compiled.set(given.file, one);
      return one;
    },
  };
});

// Everything on, so that every policy has its say; a request policy has nobody to ask about in `check`.
const relations = new Set(policies.filter(({ target }) => target === 'relation').map(({ id }) => id));
// At admission the API server has read the object by its schema already.
const schemas = new Set(policies.filter(({ needsSchema }) => needsSchema === true).map(({ id }) => id));
const requests = new Set(policies.filter(({ target }) => target === 'request').map(({ id }) => id));
const settingsText = JSON.stringify({
  policies: Object.fromEntries(
    compatible(policies, '').map(({ id }) => [id, requests.has(id) ? 'off' : 'deny']),
  ),
  exceptions: [
    {
      policies: ['require-memory-limit'],
      match: { name: 'a*' },
      owner: 'ana',
      reason: 'test',
      expires: new Date(now + 30 * 86_400_000).toISOString().slice(0, 10),
    },
    {
      policies: ['require-cpu-request', 'require-read-only-root'],
      match: { container: { name: 'a*', image: 'registry.example.com/shop/orders:*' } },
      owner: 'bo',
      reason: 'test',
      expires: new Date(now + 30 * 86_400_000).toISOString().slice(0, 10),
    },
  ],
  exemptNamespaces: [],
});
// The same key on both sides, as where both are run by the same people.
const fingerprint = keyedFingerprint('0f1e2d3c4b5a69788796a5b4c3d2e1f0');
const compiled = compileOrThrow(parseSettings(settingsText, 'test'), policies, { now, fingerprint });
const auditedKinds = new Set(kindsRead(compiled, [compiled.settings.profile]).judged);
const root = join(import.meta.dirname, '..');

interface Case {
  readonly name: string;
  readonly object: KubernetesObject;
}

function objectsIn(files: readonly string[]): readonly Case[] {
  return files.flatMap((file) =>
    readManifests(readFileSync(file)).manifests.map(({ object }, index) => ({
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

let server: Server;
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

interface Answer {
  readonly auditAnnotations?: Annotations;
  readonly status?: {
    readonly details: {
      readonly causes: readonly {
        readonly reason: string;
        readonly field: string;
        readonly message: string;
      }[];
    };
  };
}

interface Served {
  readonly annotations: Annotations;
  /** `policy field message` of every cause, with what to write instead. */
  readonly causes: readonly string[];
}

async function askServer(object: KubernetesObject): Promise<Served> {
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
  const { response } = JSON.parse(answer) as { response?: Answer };
  if (response === undefined) throw new Error(answer);
  const causes = response.status?.details.causes ?? [];
  return {
    annotations: response.auditAnnotations ?? {},
    causes: causes.map(({ reason, field, message }) => `${reason} ${field} ${message}`),
  };
}

/**
 * What both sides say of a finding. Only `check` knows of files and lines; the audit annotation leaves out the
 * object, which the request names, and what to write instead, which the causes of the refusal hold.
 */
function comparable(finding: Finding): string {
  const { policy, severity, action, message, pointer } = finding;
  const { locator, messageId, fixable, leniency, exception } = finding;
  return JSON.stringify({
    policy,
    severity,
    action,
    message,
    pointer,
    locator,
    messageId,
    fixable,
    fingerprint: finding.fingerprint,
    leniency,
    exception,
  });
}

/**
 * What an audit says of the object, alone in a cluster. The API server is made up, since a real one would refuse many of
 * these objects; all behind it is what `daygate audit` runs.
 */
async function askAudit(object: KubernetesObject): Promise<AuditReport> {
  const [apiVersion, kind] = [object.apiVersion ?? '', object.kind ?? ''];
  const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const resource = compiled.kinds.get(kindKey(apiVersion, kind))?.resource ?? 'things';
  const cluster = listedCluster([{ group, version, kind, resource, count: 1, at: () => ({ ...object }) }]);
  const options = { cluster, name: 'test', compiled, settings: '', now };
  return (await auditCluster({ ...options, pageSize: 500, callsPerSecond: Infinity })).report;
}

/**
 * Not what an audit never sees: a kind that no policy asks for, a version that no API server has any more (what was
 * written in it is handed out in another), an object that is going.
 */
function isAudited({ metadata, ...object }: KubernetesObject): boolean {
  const [apiVersion, kind] = [object.apiVersion ?? '', object.kind ?? ''];
  const info = compiled.kinds.get(kindKey(apiVersion, kind));
  if (info === undefined || !auditedKinds.has(info) || metadata?.deletionTimestamp != null) return false;
  const isOwnGroup = kindKey(apiVersion, kind) === kindKey(`${info.group}/`, kind);
  return isOwnGroup && apiVersionOf(apiVersion, kind)?.removed === undefined;
}

function causeOf({ policy, locator, message, remediation }: Finding): string {
  return `${policy} ${locator} ${remediation === '' ? message : `${message} ${remediation}`}`;
}

describe('one verdict', () => {
  it('is asked about at least 1,000 objects', () => {
    expect(cases.length).toBeGreaterThanOrEqual(1_000);
    expect(cases.filter(({ object }) => isAudited(object)).length).toBeGreaterThanOrEqual(1_000);
  });

  it(
    'is the same from the server, from check and from an audit, byte for byte',
    { timeout: 1_800_000 },
    async () => {
      await inFolder({ 'daygate.yaml': settingsText }, async (folder) => {
        const settings = join(folder, 'daygate.yaml');
        const differences: unknown[] = [];
        let [compared, marked, audited, ofContainers] = [0, 0, 0, 0];
        for (const { name, object } of cases) {
          const { annotations, causes } = await askServer(object);
          const { json } = await checkText(JSON.stringify(object), { settings, fingerprint });
          // The server has no facts; that it could not judge relations it must say.
          const own = json.findings
            .filter(({ policy }) => !relations.has(policy) && !schemas.has(policy))
            .map(comparable)
            .toSorted();
          const related = json.findings.filter(({ policy }) => relations.has(policy));
          for (const { policy } of related) expect(annotations.skipped, name).toContain(policy);
          const served = (JSON.parse(annotations.findings ?? '[]') as Finding[]).map(comparable).toSorted();
          expect(annotations['findings-omitted'], name).toBeUndefined();
          const denied = json.findings.filter(
            ({ policy, action }) => action === 'deny' && !relations.has(policy) && !schemas.has(policy),
          );
          expect(causes.toSorted(), name).toEqual(denied.map(causeOf).toSorted());
          if (JSON.stringify(own) !== JSON.stringify(served)) differences.push({ name, own, served });
          compared += own.length;
          ofContainers += json.findings.filter(({ exception }) => exception?.owner === 'bo').length;
          if (!isAudited(object)) continue;
          const report = await askAudit(object);
          const found = report.findings.map(comparable).toSorted();
          const checked = json.findings
            .filter(({ policy }) => !schemas.has(policy))
            .map(comparable)
            .toSorted();
          if (JSON.stringify(found) !== JSON.stringify(checked))
            differences.push({
              name,
              onlyChecked: checked.filter((one) => !found.includes(one)),
              onlyAudited: found.filter((one) => !checked.includes(one)),
            });
          audited += found.length;
          marked += json.findings.filter((finding) => finding.fingerprint !== undefined).length;
        }
        expect(differences.slice(0, 3)).toEqual([]);
        // Agreeing on nothing would be easy.
        expect(compared).toBeGreaterThan(500);
        expect(marked).toBeGreaterThan(50);
        expect(audited).toBeGreaterThan(5_000);
        expect(ofContainers).toBeGreaterThan(500);
      });
    },
  );
});
