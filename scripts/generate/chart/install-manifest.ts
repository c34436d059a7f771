/**
 * deploy/install.yaml: the chart with its defaults, as helm renders it. Helm is not at hand everywhere, so the file says
 * by which chart it was made and what it was: whether it is stale or was edited is known without rendering it, and
 * test/render/own-chart.test.ts renders it again.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const namespace = 'daygate-system';
/** Stands for the image until a release writes its own: nothing can be pulled by it. */
const image = { repository: 'registry.example.com/daygate', digest: `sha256:${'0'.repeat(64)}` };

function sha256(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  // Lengths keep the end of one part from being the beginning of the next.
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}\n`).update(part);
  return hash.digest('hex');
}

function chartDigest(root: string): string {
  const chart = join(root, 'deploy/chart');
  const files = readdirSync(chart, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'README.md')
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  return sha256(...files.flatMap((file) => [file.slice(chart.length), readFileSync(file, 'utf8')]));
}

function withHeader(root: string, body: string): string {
  return `# daygate, ready to apply once the image is yours: nothing can be pulled as it stands.
#
#   sed 's|${image.repository}@sha256:0\\{64\\}|YOUR-IMAGE@sha256:…|' deploy/install.yaml | kubectl apply -f -
#
# and \`kubectl delete -f deploy/install.yaml\` takes all of it away. Do not edit: \`npm run generate\` renders it from
# deploy/chart with helm.
# chart: ${chartDigest(root)}
# below: ${sha256(body)}
${body}`;
}

/** What is wrong with the file, as far as can be told without helm. */
export function installManifestProblem(root: string, text: string | undefined): string | undefined {
  const body = /^# below: [0-9a-f]{64}\n([\s\S]*)$/m.exec(text ?? '')?.[1];
  return body !== undefined && text === withHeader(root, body) ? undefined : 'stale, or edited by hand';
}

/** The file as this helm renders it. */
export function renderInstallManifest(root: string, helm: string): string {
  const values = {
    'image.repository': image.repository,
    'image.digest': image.digest,
    'namespace.create': 'true',
  };
  const rendered = execFileSync(
    helm,
    [
      ...['template', 'daygate', join(root, 'deploy/chart'), '--namespace', namespace, '--skip-tests'],
      ...Object.entries(values).flatMap(([key, value]) => ['--set', `${key}=${value}`]),
    ],
    { encoding: 'utf8', maxBuffer: 32 * 1024 * 1024 },
  );
  // kubectl applies in this order, and everything but the namespace lies in it.
  const documents = rendered
    .split(/^---\n/m)
    .map((document) => document.replace(/^# Source: .*\n/, '').trim())
    .filter((document) => document !== '');
  const isNamespace = (document: string): boolean => /^kind: Namespace$/m.test(document);
  const ordered = [...documents.filter(isNamespace), ...documents.filter((each) => !isNamespace(each))];
  return withHeader(root, ordered.map((document) => `---\n${document}\n`).join(''));
}
