/**
 * Writes everything that follows from something else: types, the list of policies, the headers of their READMEs,
 * and the reference pages. With --check it writes nothing, names what is stale and exits with 1.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { webhooksYaml } from '../src/cli/render.ts';
import { compileOrThrow, readSettings } from '../src/config/settings-file.ts';
import { settingsJsonSchema } from '../src/config/settings-json-schema.ts';
import { checkOutputJsonSchema } from './generate/check-output-schema.ts';
import { cliPage } from './generate/cli-page.ts';
import { dashboardJson } from './generate/dashboard.ts';
import { findPolicies } from './generate/find-policies.ts';
import { kubernetesTypes } from './generate/kubernetes-types.ts';
import { policiesPage } from './generate/policies-page.ts';
import { metricsPage } from './generate/metrics-page.ts';
import { podSecurityPage } from './generate/pod-security-page.ts';
import { policyIndex } from './generate/policy-index.ts';
import { policyReadme } from './generate/policy-readme.ts';
import { changedSince } from './kubernetes-apis/digests.ts';

const { values: options } = parseArgs({
  options: { check: { type: 'boolean', default: false }, root: { type: 'string' } },
});
const root = options.root ?? join(import.meta.dirname, '..');

function read(file: string): string | undefined {
  const path = join(root, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

async function formatted(file: string, content: string): Promise<string> {
  const path = join(root, file);
  return format(content, { ...(await resolveConfig(path)), filepath: path });
}

const found = await findPolicies(root);
// What a fresh installation applies. No exception ends by the clock here, so any time will do.
const installed = compileOrThrow(
  readSettings(join(import.meta.dirname, '../deploy/daygate.yaml')),
  found.map(({ policy }) => policy),
  { now: 0 },
);
const files: Readonly<Record<string, string>> = {
  'src/sdk/kubernetes.ts': await formatted('src/sdk/kubernetes.ts', kubernetesTypes()),
  'policies/index.ts': await formatted('policies/index.ts', policyIndex(found)),
  'docs/cli.md': cliPage(read('docs/cli.md')),
  'docs/metrics.md': await metricsPage(),
  'docs/policies.md': policiesPage(found),
  'docs/pod-security.md': podSecurityPage(),
  'docs/check-output.schema.json': await formatted('docs/check-output.schema.json', checkOutputJsonSchema()),
  'deploy/monitoring/dashboard.json': await formatted('deploy/monitoring/dashboard.json', dashboardJson()),
  'deploy/webhooks.yaml': webhooksYaml(installed),
  'docs/settings.schema.json': await formatted(
    'docs/settings.schema.json',
    JSON.stringify(settingsJsonSchema(found.map(({ policy }) => policy))),
  ),
  ...Object.fromEntries(
    found.map(({ folder, policy }) => {
      const file = `policies/${folder}/README.md`;
      return [file, policyReadme(policy, read(file))];
    }),
  ),
};

const stale = Object.entries(files).filter(([file, content]) => read(file) !== content);
for (const [file, content] of stale) {
  if (options.check) console.error(`${file} is stale: run npm run generate`);
  else {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
    console.log(`wrote ${file}`);
  }
}
if (options.check && stale.length > 0) process.exitCode = 1;
// In another folder there are policies only.
if (options.check && options.root === undefined) {
  const recorded: unknown = JSON.parse(
    readFileSync(join(import.meta.dirname, 'kubernetes-apis/sources.json'), 'utf8'),
  );
  // Whether they still say what the Go modules say is for those who have Go and the modules to find out.
  const changed = changedSince(recorded, join(import.meta.dirname, '..'));
  for (const file of changed) console.error(`${file} is not that of the last npm run generate:kubernetes`);
  if (changed.length === 0)
    console.log('Kubernetes APIs: as generated; not compared with the Go modules they come from');
  if (changed.length > 0) process.exitCode = 1;
}
