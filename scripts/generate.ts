/**
 * Writes everything that follows from something else: types, the list of policies, the headers of their READMEs,
 * and the reference pages. With --check it writes nothing, names what is stale and exits with 1.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { settingsJsonSchema } from '../src/config/settings-json-schema.ts';
import { auditOutputJsonSchema } from './generate/audit-output-schema.ts';
import { checkOutputJsonSchema } from './generate/check-output-schema.ts';
import { installManifestProblem, renderInstallManifest } from './generate/chart/install-manifest.ts';
import { chartAlerts } from './generate/chart/alerts.ts';
import { chartPage, valuesJsonSchema } from './generate/chart/values.ts';
import { chartRights, chartWebhooks } from './generate/chart/webhooks.ts';
import { cliPage } from './generate/cli-page.ts';
import { dashboardJson } from './generate/dashboard.ts';
import { findPolicies } from './generate/find-policies.ts';
import { kubernetesTypes } from './generate/kubernetes-types.ts';
import { policiesPage } from './generate/policies-page.ts';
import { metricsPage } from './generate/metrics-page.ts';
import { podSecurityPage } from './generate/pod-security-page.ts';
import { policyIndex } from './generate/policy-index.ts';
import { policyReadme } from './generate/policy-readme.ts';
import { settingsPage } from './generate/settings-page.ts';
import { changedSince } from './kubernetes-apis/digests.ts';

const { values: options } = parseArgs({
  options: { check: { type: 'boolean', default: false }, root: { type: 'string' } },
});
/** In another folder there are policies only. */
const isOurs = options.root === undefined;
const root = options.root ?? join(import.meta.dirname, '..');

function read(file: string): string | undefined {
  const path = join(root, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** Code and JSON as prettier has them; all else is written as it is meant to be. */
async function formatted(file: string, content: string): Promise<string> {
  const path = join(root, file);
  return /\.(?:ts|json)$/.test(file)
    ? format(content, { ...(await resolveConfig(path)), filepath: path })
    : content;
}

const found = await findPolicies(root);
const policies = found.map(({ policy }) => policy);
const drafts: Readonly<Record<string, string>> = {
  'src/sdk/kubernetes.ts': kubernetesTypes(),
  'policies/index.ts': policyIndex(found),
  'docs/cli.md': cliPage(read('docs/cli.md')),
  'docs/metrics.md': await metricsPage(),
  'docs/policies.md': policiesPage(found),
  'docs/pod-security.md': podSecurityPage(),
  'docs/settings.md': settingsPage(read('docs/settings.md')),
  'docs/check-output.schema.json': checkOutputJsonSchema(),
  'docs/audit-output.schema.json': auditOutputJsonSchema(),
  ...(isOurs
    ? {
        ...chartWebhooks(policies),
        ...chartRights(policies),
        'deploy/chart/values.schema.json': valuesJsonSchema(),
        'deploy/chart/README.md': chartPage(root),
        'deploy/chart/files/alerts.yaml': chartAlerts(root),
      }
    : {}),
  'deploy/monitoring/dashboard.json': dashboardJson(),
  'docs/settings.schema.json': JSON.stringify(settingsJsonSchema(policies)),
  ...Object.fromEntries(
    found.map(({ folder, policy }) => {
      const file = `policies/${folder}/README.md`;
      return [file, policyReadme(policy, read(file))];
    }),
  ),
};

const files = await Promise.all(
  Object.entries(drafts).map(async ([file, draft]) => [file, await formatted(file, draft)] as const),
);
const stale = files.filter(([file, content]) => read(file) !== content);
for (const [file, content] of stale) {
  if (options.check) console.error(`${file} is stale: run npm run generate`);
  else {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
    console.log(`wrote ${file}`);
  }
}
if (options.check && stale.length > 0) process.exitCode = 1;
// It follows from the chart as it now is.
const installManifest = 'deploy/install.yaml';
if (isOurs && installManifestProblem(root, read(installManifest)) !== undefined) {
  if (options.check) {
    console.error(`${installManifest} is stale or was edited: run npm run generate`);
    process.exitCode = 1;
  } else {
    const { findBinaries } = await import('../test/cluster/binaries.ts');
    const { helm } = await findBinaries(['helm']);
    writeFileSync(join(root, installManifest), renderInstallManifest(root, helm));
    console.log(`wrote ${installManifest}`);
  }
}
if (options.check && isOurs) {
  const recorded: unknown = JSON.parse(
    readFileSync(join(import.meta.dirname, 'kubernetes-apis/sources.json'), 'utf8'),
  );
  // Whether they still say what the Go modules say is for those who have Go and the modules to find out.
  const changed = changedSince(recorded, root);
  for (const file of changed) console.error(`${file} is not that of the last npm run generate:kubernetes`);
  if (changed.length > 0) process.exitCode = 1;
  else console.log('Kubernetes APIs: as generated; not compared with the Go modules they come from');
}
