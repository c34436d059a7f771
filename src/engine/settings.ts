import { z } from 'zod';
import { apiGroup, apiVersion, resourceName } from './api-names.ts';

const action = z.enum(['deny', 'warn', 'audit', 'off']);
const enforcementMode = z.enum(['enforce', 'observe']);
const date = z.iso
  .date('expected a day of the calendar, such as 2027-03-31')
  .describe('A day, as 2027-03-31; it ends at midnight UTC after that day');

const policyReportDetail = z.enum(['full', 'summary', 'none']);

const policySettings = z.union([
  action,
  z.strictObject({
    action: action.optional().describe('What a finding leads to: deny, warn, audit (recorded only), or off'),
    params: z.record(z.string(), z.unknown()).optional().describe('See `daygate explain ID`'),
    fix: z.boolean().optional().describe('Let admission patch what this policy can fix safely'),
    grandfatherUntil: date.optional().describe('After this day, findings an object already had block too'),
    policyReport: policyReportDetail
      .optional()
      .describe(
        'What PolicyReports of an audit have of its findings: full (each, as by default), summary (their number by namespace), none; other formats have each',
      ),
  }),
]);
const policies = z.record(z.string(), policySettings);

const exception = z.strictObject({
  policies: z
    .array(z.string().min(1))
    .min(1)
    .describe('Ids of the policies whose findings it takes out of the count'),
  match: z
    .strictObject({
      namespace: z.string().min(1).optional().describe('Exact, unless a pattern such as shop-* is written'),
      kind: z
        .string()
        // eslint-disable-next-line regexp/use-ignore-case -- the JSON Schema has no flags
        .regex(/^[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/, 'expected a kind alone, without group or pattern')
        .optional()
        .describe('A whole name, such as Deployment'),
      name: z.string().min(1).optional().describe('Exact, unless a pattern such as legacy-* is written'),
      container: z
        .strictObject({
          name: z.string().min(1).describe('Exact, unless a pattern such as *-proxy is written'),
          image: z
            .string()
            .min(1)
            .describe(
              'As the runtime reads it, with tag or digest: docker.io/istio/proxyv2:1.*; patterns may follow the registry',
            ),
        })
        .optional()
        .describe(
          'Only what is found on containers of this name and image, such as one that a mesh injects: nothing about the pod',
        ),
    })
    .describe(
      'Which objects, or containers of them: at least one of namespace, kind, name and container; a workload stands for its pods, too',
    ),
  owner: z.string().min(1).describe('Who answers for it'),
  reason: z.string().min(1).describe('Why, for whoever reads it later'),
  expires: date.describe(
    'The last day on which it holds, such as 2027-03-31; it ends at midnight UTC after that day',
  ),
});

const workload = z.strictObject({
  group: apiGroup.describe('Its API group, such as argoproj.io'),
  versions: z.array(apiVersion).min(1).default(['v1']).describe('Versions of its API'),
  kind: z.string().min(1).describe('Such as Rollout'),
  resource: resourceName.describe('The plural name, as in URLs, such as rollouts'),
  template: z
    .string()
    .regex(
      /^\w+(?:\.\w+)*$/,
      'expected the fields on the way to it with dots between them, such as spec.template',
    )
    .default('spec.template')
    .describe('Where the pod template lies'),
  scalable: z.boolean().default(false).describe('Whether it has the scale subresource'),
  controller: z
    .string()
    .min(1)
    .optional()
    .describe(
      'The user that makes what belongs to it, such as system:serviceaccount:argo-rollouts:argo-rollouts: that was judged with it, and is warned about only',
    ),
});

/** A whole name: nothing of Kubernetes' own selects namespaces by patterns of names, and webhooks are such a thing. */
const namespaceName = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    'expected the whole name of a namespace: lower-case letters, digits and dashes',
  );

const enforcement = z.union([
  enforcementMode,
  z.strictObject({
    default: enforcementMode.default('enforce').describe('Where neither namespaces nor the profile say more'),
    namespaces: z
      .record(namespaceName, enforcementMode)
      .default({})
      .describe('Namespace → enforce or observe'),
  }),
]);

const kubernetesVersion = z
  .string('expected a version in quotes, such as "1.36": without them YAML reads a number')
  .regex(/^1\.\d{1,3}$/, 'expected a version like 1.36');
const path = z.string().min(1);
const pathPattern = path.regex(/^[^!]/, 'expected a pattern without !: what is left out is left out');
/** Helm joins both in many a name: what may be one is what Kubernetes takes as a label. */
const dnsLabel = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,51}[a-z0-9])?$/, 'expected lower-case letters, digits and dashes');

function oneOrMore<T extends z.ZodType>(item: T, expected: string) {
  return z.union([item, z.array(item).min(1)], { error: `expected ${expected}, or a list of them` });
}

const rendering = z
  .strictObject({
    name: z.string().min(1).max(100).optional().describe('What findings call it (default: its path)'),
    chart: path.optional().describe('Folder or archive of a Helm chart, seen from the folder of this file'),
    kustomize: path.optional().describe('Kustomize folder, seen from the folder of this file'),
    values: z
      .union([path, z.array(z.union([path, z.array(path).min(1)])).min(1)], {
        error: 'expected a file, or a list of files and of lists of files',
      })
      .optional()
      .describe(
        'Values files, seen from the folder of this file. Each entry of a list is rendered on its own; files that belong together are a list in the list',
      ),
    set: z
      .record(
        z.string().regex(/^[^\s=,{}][^\s=,]*$/, 'expected a key as in helm --set, such as image.tag'),
        z.union([z.string(), z.number(), z.boolean(), z.null()], {
          error: 'expected a text, a number, true or false: lists and tables belong in a values file',
        }),
      )
      .optional()
      .describe('Values as in helm --set, such as image.tag: v2'),
    kubernetes: oneOrMore(kubernetesVersion, 'a version in quotes, such as "1.36"')
      .optional()
      .describe('Version of the cluster it is rendered and judged for (default: that of the settings)'),
    release: oneOrMore(dnsLabel, 'a name')
      .optional()
      .describe('Name of the release (default: that of the folder)'),
    namespace: oneOrMore(dnsLabel, 'a name')
      .optional()
      .describe('Namespace of the release (default: its name)'),
    apiVersions: z
      .array(z.string().min(1))
      .optional()
      .describe('What templates find in .Capabilities.APIVersions beside the built-in ones'),
  })
  .superRefine((entry, context) => {
    if ((entry.chart === undefined) === (entry.kustomize === undefined)) {
      context.addIssue({ code: 'custom', message: 'expected either chart or kustomize' });
    }
    if (entry.kustomize === undefined) return;
    for (const key of ['values', 'set', 'release', 'apiVersions'] as const) {
      if (entry[key] === undefined) continue;
      context.addIssue({
        code: 'custom',
        path: [key],
        message: 'is for charts: Kustomize has no such thing',
      });
    }
  });

/** What the API server takes as the address of a webhook. Source: ValidateWebhookURL in k8s.io/apiserver. */
export const webhookUrl = z
  .url({ protocol: /^https$/, error: 'expected an address that begins with https://' })
  .refine(
    (text) => !/^https:\/\/[^/]*@|[?#]/.test(text),
    'expected an address without user, query and fragment',
  );

/** The settings file, daygate.yaml: one for admission, check and audit. */
export const settingsSchema = z.strictObject({
  profile: z.string().min(1).default('production').describe('Profile of namespaces that name none'),
  enforcement: enforcement
    .default('enforce')
    .describe('observe caps every deny at warn, for the cluster or for the listed namespaces'),
  kubernetes: kubernetesVersion.default('1.36').describe('Version of the cluster, in quotes'),
  exemptNamespaces: z
    .array(namespaceName)
    .default(['kube-system', 'kube-public', 'kube-node-lease'])
    .describe('Nothing in these is judged'),
  policyFolders: z
    .array(z.string().min(1))
    .default([])
    .describe('Folders of policies of your own, seen from the folder of this file'),
  policies: policies.default({}).describe('Action, parameters and fix of a policy in every profile'),
  profiles: z
    .record(
      z
        .string()
        .regex(/^[a-z0-9](?:[a-z0-9-]{0,40}[a-z0-9])?$/, 'expected lower-case letters, digits and dashes')
        // webhooks.ts names them after profiles, and these besides.
        .refine(
          (name) => !['cluster', 'own', 'own-cluster'].includes(name),
          'expected another name: daygate has webhooks called cluster, own and own-cluster',
        ),
      z.strictObject({
        extends: z.string().min(1).optional().describe('The profile it starts from'),
        enforcement: enforcementMode.optional().describe('observe caps every deny of this profile at warn'),
        policies: policies.default({}).describe('Action, parameters and fix of a policy in this profile'),
      }),
    )
    .default({})
    .describe('Profiles of your own, by name, and amendments to those that ship'),
  exceptions: z.array(exception).default([]).describe('Findings that somebody answers for until a day'),
  longestExceptionDays: z
    .int()
    .positive()
    .default(365)
    .describe('No exception may end later than this from now'),
  workloads: z.array(workload).default([]).describe('Custom kinds that make pods'),
  crds: z
    .array(z.string().min(1))
    .default([])
    .describe('Files and folders with the CustomResourceDefinitions of custom kinds, for check'),
  exclude: z
    .array(pathPattern)
    .default([])
    .describe(
      'Files and folders that check and fix leave out, seen from the folder of this file; patterns such as **/docker-compose*.yaml',
    ),
  render: z
    .array(rendering)
    .default([])
    .describe(
      'Charts and Kustomize folders that check renders in other ways than by default. A list in values, kubernetes, release or namespace makes one rendering of each entry',
    ),
  facts: z
    .enum(['none', 'cluster'])
    .default('none')
    .describe(
      'Whether admission looks at other objects: cluster watches those that policies ask about, with the rights that `daygate render --rbac serve` prints',
    ),
  factsMaxAgeSeconds: z
    .int()
    .min(10)
    .max(3600)
    .default(60)
    .describe('After how long without a word of the API server facts at admission count as unknown'),
  sandbox: z
    .strictObject({
      milliseconds: z
        .int()
        .min(10)
        .default(200)
        .describe('How long a policy of your own may take for one review'),
      heapMegabytes: z.int().min(32).default(128).describe('How much memory all of them may fill'),
      faults: z
        .int()
        .positive()
        .default(3)
        .describe('After so many time-outs or crashes within quarantineMinutes a policy is left out'),
      quarantineMinutes: z.int().positive().default(10).describe('How long it is left out'),
    })
    .prefault({})
    .describe('Bounds on policies of your own in `serve`'),
  webhook: z
    .strictObject({
      failurePolicy: z.enum(['Ignore', 'Fail']).default('Ignore').describe('Of the enforcing webhook'),
      timeoutSeconds: z
        .int()
        .min(1)
        .max(30)
        .default(5)
        .describe('How long the API server waits for an answer'),
      namespace: namespaceName.default('daygate-system').describe('Where daygate runs'),
      service: z.string().min(1).default('daygate').describe('Name of its Service'),
      url: webhookUrl.optional().describe('Instead of a Service: where daygate answers'),
      caBundle: z
        .string()
        .regex(/^[\w+/=\s]+$/, 'expected a PEM file in base64')
        .optional()
        .describe('Base64 of the CA that signed its certificate'),
    })
    .prefault({})
    .describe('What `render` writes into the webhook configurations'),
});

/** Settings as they are after defaults are filled in. */
export type Settings = z.output<typeof settingsSchema>;
/** Settings as somebody writes them. */
export type SettingsInput = z.input<typeof settingsSchema>;
export type PolicyReportDetail = z.output<typeof policyReportDetail>;
export type PolicySettings = z.output<typeof policySettings>;
export type RenderEntry = z.output<typeof rendering>;
export type Exception = z.output<typeof exception>;
