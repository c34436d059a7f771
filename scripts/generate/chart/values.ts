import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { isRecord } from '#sdk';
import { settingsSchema } from '../../../src/engine/settings.ts';
import { auditFormats } from '../../../src/report/audit/format-names.ts';
import { cell, table } from '../markdown.ts';

const text = z.string();
const filled = text.min(1);
const count = z.int().positive();
const labels = z.record(text, text);
/** A piece of a Kubernetes object, which the API server checks. */
const piece = z.record(text, z.unknown());
const quantities = z.strictObject({
  cpu: z.union([text, z.number()]).optional().describe('CPU'),
  memory: text.optional().describe('Memory'),
  'ephemeral-storage': text
    .optional()
    .describe('What a container takes of the disk of its node: its log, for daygate writes no files'),
});
const labelValue = text.regex(/^[^\W_](?:[\w.-]{0,61}[^\W_])?$/, 'expected a value that a label may have');

/** What deploy/chart takes: values.schema.json and the table in its README follow from here. */
export const valuesSchema = z.strictObject({
  image: z.strictObject({
    repository: filled.describe('Where the image lies'),
    digest: text
      .regex(/^(?:sha256:[0-9a-f]{64})?$/)
      .describe('Which image, for ever: `sha256:…`. Needed unless there is a tag'),
    tag: text
      .regex(/^(?:\w[\w.-]{0,127})?$/)
      .describe('Which image, as long as nobody moves the tag. With a digest it is for people only'),
    pullPolicy: z.enum(['IfNotPresent', 'Always', 'Never']).describe('When the node pulls it'),
    pullSecrets: z.array(z.strictObject({ name: filled })).describe('Secrets to pull it with'),
  }),
  settings: settingsSchema.describe(
    'daygate.yaml as it is; the namespace and the Service of this release are filled in',
  ),
  settingsFile: text.describe(
    'The same as text, instead of `settings`: `--set-file settingsFile=daygate.yaml`',
  ),
  webhooks: z.strictObject({
    create: z.boolean().describe('Whether the webhook configurations are part of the release'),
    rendered: text.describe(
      'What `daygate render` writes, for settings that change what the webhooks ask about: `--set-file webhooks.rendered=webhooks.yaml`',
    ),
    namespaceSelector: z
      .strictObject({ matchLabels: labels.optional(), matchExpressions: z.array(piece).optional() })
      .describe('Narrows the webhooks of namespaced kinds, besides what `exemptNamespaces` leaves out'),
  }),
  facts: z.strictObject({
    rendered: text.describe(
      'What `daygate render --rbac serve` writes, where `facts: cluster` in the settings needs other rights than the policies as they ship: `--set-file facts.rendered=rbac.yaml`',
    ),
  }),
  ownPolicies: z.strictObject({
    configMap: text.describe(
      'ConfigMap with policies of your own, one `.ts` file each; needs `webhooks.rendered`',
    ),
  }),
  certificates: z.strictObject({
    mode: z
      .enum(['job', 'cert-manager', 'existing'])
      .describe(
        '`job`: daygate makes and renews its own. `cert-manager`: that does. `existing`: the Secret daygate-tls is yours',
      ),
    caBundle: text.describe('Base64 of the CA that signed an `existing` certificate'),
    certManager: z.strictObject({
      issuerRef: piece.describe(
        'cert-manager’s issuer; where it is empty the chart makes a CA for daygate alone',
      ),
    }),
  }),
  replicas: count.describe('Pods; with autoscaling the fewest'),
  autoscaling: z.strictObject({
    enabled: z.boolean().describe('Whether a HorizontalPodAutoscaler sets the number of pods'),
    maxReplicas: count.describe('The most pods'),
    targetCPUUtilizationPercentage: count.describe('Of the CPU that pods request'),
  }),
  workers: z
    .int()
    .min(0)
    .max(64)
    .describe(
      'Processes that share the port of a pod, each with memory of its own; 0: what daygate does by itself',
    ),
  logLevel: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .describe('How much to log'),
  record: z.strictObject({
    enabled: z
      .boolean()
      .describe('Whether each pod keeps the reviews it answers, without credentials, as long as it lives'),
    bytes: z
      .string()
      .regex(/^[1-9]\d*(?:Ki|Mi|Gi)$/)
      .describe('How much they may take: less than the `ephemeral-storage` of `resources`'),
  }),
  drainSeconds: z
    .int()
    .min(0)
    .max(3600)
    .describe('How long a pod keeps answering after SIGTERM. terminationGracePeriodSeconds follows'),
  preStopSeconds: count.describe('How long a pod that is to go is not told, while endpoints are withdrawn'),
  resources: z
    .strictObject({ requests: quantities, limits: quantities })
    .describe('Of the container; docs/scale.md says how much for which cluster'),
  priorityClassName: filled.describe('Of all pods of daygate'),
  nodeSelector: labels.describe('Nodes that its pods may run on'),
  tolerations: z.array(piece).describe('Taints that its pods put up with'),
  owner: labelValue.describe('Who answers for daygate here: the label `owner`'),
  costCenter: labelValue.describe('Who pays for it: the label `cost-center`'),
  contact: filled.describe('Where to reach the owner: the annotation `contact`'),
  runbook: filled
    .regex(/^https:/)
    .describe('The page to open at three in the morning: the annotation `runbook`'),
  networkPolicy: z.strictObject({
    enabled: z.boolean().describe('Whether connections of its pods are bounded'),
    from: z
      .array(piece)
      .describe(
        'Who may connect (NetworkPolicyPeer). API servers are outside of the pod network: empty is everybody',
      ),
    apiServer: z.strictObject({
      cidrs: z
        .array(filled)
        .min(1)
        .describe(
          'Addresses of the API server, for the jobs that change objects, and with `facts: cluster` for all pods',
        ),
      ports: z.array(z.int().min(1).max(65_535)).min(1).describe('Its ports: of its Service, and of itself'),
    }),
  }),
  monitoring: z.strictObject({
    serviceMonitor: z.boolean().describe('Whether Prometheus’ operator is told to collect metrics'),
    prometheusRule: z.boolean().describe('Whether it is given the alerts of deploy/monitoring/alerts.yaml'),
    labels: labels.describe('Further labels of both, by which an operator picks its own'),
  }),
  breakglass: z.strictObject({
    undo: z.strictObject({
      enabled: z
        .boolean()
        .describe('Whether a CronJob ends what `daygate breakglass` began, when its time is up'),
    }),
  }),
  audit: z.strictObject({
    enabled: z.boolean().describe('Whether what runs already is audited: docs/audit.md'),
    mode: z
      .enum(['CronJob', 'Deployment', 'IndexedJob'])
      .describe(
        '`CronJob`: one pod now and then. `Deployment`: the service, with page and metrics. `IndexedJob`: several pods share the cluster now and then',
      ),
    cluster: z
      .string()
      .regex(/^\w[\w.-]{0,252}$/)
      .describe('What reports call this cluster'),
    schedule: filled.describe('When a `CronJob` or `IndexedJob` runs, UTC'),
    outputs: z
      .array(z.string().regex(new RegExp(`^(?:${auditFormats.join('|')})(?:=/var/lib/daygate/[\\w./-]+)?$`)))
      .min(1)
      .describe('What a `CronJob` writes: `FORMAT` to its log, `FORMAT=/var/lib/daygate/FILE` to the volume'),
    shards: z.int().min(2).max(1000).describe('How many pods share the cluster as an `IndexedJob`'),
    every: z
      .string()
      .regex(/^[1-9]\d{0,4}[smh]$/)
      .describe('How often the `Deployment` runs an audit'),
    keep: z.int().min(1).max(10_000).describe('How many reports the `Deployment` keeps'),
    metricsNamespaces: z
      .int()
      .min(0)
      .max(100)
      .describe('How many namespaces have metrics of their own in the `Deployment`'),
    from: z
      .array(piece)
      .describe(
        'Who may read page and metrics of the `Deployment` (NetworkPolicyPeer): empty is the pods of the namespace of daygate',
      ),
    policyReports: z
      .boolean()
      .describe('Whether PolicyReports of wgpolicyk8s.io are written into the cluster, with rights for that'),
    readSecrets: z
      .boolean()
      .describe(
        'Whether it may read all Secrets; without that, policies that look into or for them are off in the audit',
      ),
    claim: text.describe(
      'PersistentVolumeClaim of yours that reports are kept on: optional, but for an `IndexedJob`',
    ),
    rendered: text.describe(
      'What `daygate render --rbac audit` writes, for policies and profiles of your own: `--set-file audit.rendered=audit.yaml`',
    ),
    resources: z
      .strictObject({ requests: quantities, limits: quantities })
      .describe('Of its container; docs/audit.md says how much for which cluster'),
  }),
  namespace: z.strictObject({
    create: z
      .boolean()
      .describe(
        'Whether the namespace is part of the manifests: for `helm template`, not for `helm install`',
      ),
  }),
  // Helm fills it in where the chart is part of another.
  global: piece.optional().describe('Not used'),
});

/** values.schema.json: helm refuses what it refuses, at install and upgrade. */
export function valuesJsonSchema(): string {
  const schema = z.toJSONSchema(valuesSchema, {
    io: 'input',
    override: ({ jsonSchema }) => {
      if (jsonSchema.enum?.includes('off') !== true) return;
      // Helm reads YAML 1.1, where `off` is false; templates/_settings.tpl makes `off` of it again.
      jsonSchema.enum = [...jsonSchema.enum, false];
      delete jsonSchema.type;
    },
  });
  return JSON.stringify(schema);
}

interface Row {
  readonly path: string;
  readonly type: z.ZodType;
}

function rows(schema: z.ZodType, path: string): readonly Row[] {
  // What has a description is explained as a whole.
  if (!(schema instanceof z.ZodObject) || schema.description !== undefined) return [{ path, type: schema }];
  return Object.entries(schema.shape).flatMap(([key, type]) =>
    rows(type as z.ZodType, path === '' ? key : `${path}.${key}`),
  );
}

function shown(value: unknown): string {
  return value === undefined ? '' : `\`${JSON.stringify(value)}\``;
}

/** deploy/chart/README.md: all values, with the defaults of values.yaml. */
export function chartPage(root: string): string {
  const values: unknown = parse(readFileSync(join(root, 'deploy/chart/values.yaml'), 'utf8'));
  const valueAt = (path: string): unknown =>
    path.split('.').reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), values);
  const body = rows(valuesSchema, '').map(({ path, type }) => [
    `\`${path}\``,
    cell(shown(valueAt(path))),
    cell(type.description ?? ''),
  ]);
  return `<!-- generated by \`npm run generate\`: do not edit -->
# The chart's values

[docs/install.md](../../docs/install.md) tells how to install daygate and how to take it away again.

${table(['Value', 'Default', 'Meaning'], body)}
`;
}
