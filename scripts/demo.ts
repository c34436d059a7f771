/**
 * Shows the main job on this machine alone: the real server over HTTPS, real AdmissionReviews as the API server
 * sends them, verdicts as kubectl shows them; then the same manifests through `daygate check`.
 */
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { relative, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { styleText } from 'node:util';
import { randomUUID } from 'node:crypto';
import { groupOf, isRecord, kindKey, property } from '#sdk';
import { policies } from '../policies/index.ts';
import { check } from '../src/cli/check.ts';
import { processIo } from '../src/cli/io.ts';
import { readManifests } from '../src/cli/yaml/read-manifests.ts';
import { parseSettings } from '../src/config/parse-settings.ts';
import { compileOrThrow } from '../src/config/settings-file.ts';
import { applyPatch, type PatchOperation } from '../src/engine/json-patch.ts';
import { serve } from '../src/server/serve.ts';

const root = join(import.meta.dirname, '..');
const examples = ['first-draft.yaml', 'fixable-pod.yaml', 'ready.yaml'].map((name) =>
  join(root, 'examples', name),
);
const settings = parseSettings(
  readFileSync(join(root, 'examples/settings/daygate.yaml'), 'utf8'),
  'examples/settings/daygate.yaml',
);
const compiled = compileOrThrow(settings, policies, { now: Date.now() });
const color = processIo().color;
const paint = (format: 'bold' | 'red' | 'green' | 'yellow' | 'dim', words: string): string =>
  color ? styleText(format, words, { validateStream: false }) : words;

interface AdmissionResponse {
  readonly allowed: boolean;
  readonly status?: { readonly message: string };
  readonly warnings?: readonly string[];
  readonly patch?: string;
}

const server = await serve({
  host: '127.0.0.1',
  port: 0,
  tls: { selfSigned: [] },
  compiled: () => compiled,
  log: { level: 'silent' },
  drainSeconds: 0,
});

/** Asks as the API server would: the webhook's path, an AdmissionReview, the CA from the configuration. */
async function ask(path: string, object: object): Promise<AdmissionResponse> {
  const apiVersion = String(property(object, 'apiVersion'));
  const kind = String(property(object, 'kind'));
  const metadata = property(object, 'metadata');
  const [group, version] = [groupOf(apiVersion), apiVersion.replace(/^.*\//, '')];
  const resource = compiled.kinds.get(kindKey(apiVersion, kind))?.resource ?? '';
  const review = {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: randomUUID(),
      kind: { group, version, kind },
      resource: { group, version, resource },
      name: property(metadata, 'name'),
      namespace: property(metadata, 'namespace'),
      operation: 'CREATE',
      userInfo: { username: 'alice', groups: ['developers', 'system:authenticated'] },
      object,
      dryRun: false,
    },
  };
  const answer = await new Promise<string>((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const call = request(
      `${server.url}${path}?timeout=5s`,
      { method: 'POST', ca: server.caPem, headers },
      (response) => {
        text(response).then(resolve, reject);
      },
    );
    call.on('error', reject);
    call.end(JSON.stringify(review));
  });
  return (JSON.parse(answer) as { response: AdmissionResponse }).response;
}

function title(object: object): string {
  const metadata = property(object, 'metadata');
  return `${String(property(object, 'kind')).toLowerCase()}/${String(property(metadata, 'name'))}`;
}

function showPatch(patch: readonly PatchOperation[]): void {
  for (const { op, path, value } of patch) {
    const sign = op === 'remove' ? paint('red', '-') : paint('green', '+');
    console.log(`  ${sign} ${path}: ${JSON.stringify(value)}`);
  }
}

async function apply(object: object): Promise<void> {
  let stored = object;
  const mutated = await ask('/mutate/production', object);
  if (mutated.patch !== undefined) {
    console.log(paint('green', 'patched before it is stored:'));
    const patch = JSON.parse(Buffer.from(mutated.patch, 'base64').toString()) as PatchOperation[];
    showPatch(patch);
    stored = applyPatch(object, patch);
  }
  const verdict = await ask('/validate/production', stored);
  for (const warning of [...(mutated.warnings ?? []), ...(verdict.warnings ?? [])]) {
    console.log(`${paint('yellow', 'Warning:')} ${warning}`);
  }
  if (verdict.allowed) console.log(`${title(object)} ${paint('green', 'created')}`);
  else
    console.log(
      `${paint('red', 'Error from server (Forbidden):')} admission webhook denied the request: ${verdict.status?.message ?? ''}`,
    );
}

console.log(
  paint('bold', `daygate answers at ${server.url}; ${policies.length} policies, profile production.`),
);
for (const file of examples) {
  const name = relative(root, file);
  console.log(`\n${paint('bold', `$ kubectl apply -f ${name}`)}`);
  for (const { object } of readManifests(readFileSync(file)).manifests) {
    if (isRecord(object)) await apply(object);
  }
}
await server.close();

console.log(`\n${paint('bold', 'The same manifests and the same engine, without a cluster:')}`);
process.chdir(root);
for (const file of examples) {
  const name = relative(root, file);
  console.log(`\n${paint('bold', `$ daygate check ${name}`)}`);
  const code = await check([name], { settings: 'examples/settings/daygate.yaml' }, policies, processIo());
  console.log(paint('dim', `exit code ${code}`));
}
