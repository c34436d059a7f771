import type { Category } from '#sdk';

/** A thing that practitioners ask for before a go-live, and what looks after it. */
export interface Practice {
  readonly text: string;
  /** Ids of policies. */
  readonly policies: readonly string[];
  /** All policies of these categories too. */
  readonly categories?: readonly Category[];
}

export interface Section {
  readonly id: string;
  readonly title: string;
  /** For narrow columns. */
  readonly short: string;
  readonly practices: readonly Practice[];
  /** Words in the names of dated records (`restore-drill`) that belong here. */
  readonly records?: RegExp;
}

/** What "production ready" means, section by section. A policy may serve several. */
export const sections: readonly Section[] = [
  {
    id: 'replicas',
    title: 'Replicas and state',
    short: 'Replicas',
    records: /load|stress|soak|chaos|failover|replica/,
    practices: [
      {
        text: 'Several replicas, spread over nodes and zones, and none that clients stick to',
        policies: [
          'require-replicas',
          'require-topology-spread',
          'require-rolling-update',
          'forbid-session-affinity',
          'forbid-node-pinning',
          'forbid-naked-pod',
        ],
      },
      {
        text: 'Nothing that matters on the disk of a container',
        policies: [
          'require-read-only-root',
          'require-empty-dir-size-limit',
          'forbid-host-path',
          'forbid-ephemeral-database',
          'forbid-shared-rwo-volume',
          'require-stateful-identity',
        ],
      },
      {
        text: 'Tested under load, with failures and with several replicas',
        policies: ['require-attestation'],
      },
    ],
  },
  {
    id: 'durability',
    title: 'Durability',
    short: 'Durability',
    records: /restore|backup|recovery/,
    practices: [
      {
        text: 'Data that stays has a backup, with the loss and the time that are acceptable',
        policies: ['require-backup', 'require-storage-class'],
      },
      { text: 'Restoring it is practised', policies: ['require-attestation'] },
    ],
  },
  {
    id: 'observability',
    title: 'Observability',
    short: 'Observe',
    records: /alert|monitor|metric|trac(?:e|ing)/,
    practices: [
      {
        text: 'Metrics are collected, and logs and traces can be joined on name and version',
        policies: ['require-metrics', 'require-correlation-labels'],
      },
      { text: 'Alerts say what, why and what to do first', policies: ['require-actionable-alert'] },
    ],
  },
  {
    id: 'operations',
    title: 'Operations',
    short: 'Operations',
    practices: [
      { text: 'A runbook, an owner and a way to reach them', policies: ['require-runbook', 'require-owner'] },
    ],
  },
  {
    id: 'deployment',
    title: 'Deployment',
    short: 'Deploy',
    records: /deploy|release|rollback|canary|blue/,
    practices: [
      {
        text: 'Probes that mean something, a graceful end, and updates nobody notices',
        policies: [
          'require-rolling-update',
          'require-graceful-shutdown',
          'require-version-label',
          'require-pod-disruption-budget',
          'forbid-blocking-pdb',
        ],
        categories: ['probes'],
      },
      {
        text: 'Changes come from Git, with who and why; what was done by hand leaves a trace',
        policies: ['require-gitops-actor', 'forbid-hand-edit', 'require-change-cause'],
      },
    ],
  },
  {
    id: 'mesh',
    title: 'Mesh',
    short: 'Mesh',
    records: /mesh|mtls/,
    practices: [
      {
        text: 'A sidecar wherever one is promised, and no plain text between services',
        policies: ['require-mesh-injection', 'require-strict-mtls'],
      },
    ],
  },
  {
    id: 'secrets',
    title: 'Secrets and configuration',
    short: 'Secrets',
    records: /secret|rotat|credential|key/,
    practices: [
      {
        text: 'No credential where it can be read, few who may read the others, and none that is old',
        policies: ['bound-secret-access', 'bound-secret-age'],
        categories: ['secrets'],
      },
      {
        text: 'Configuration that is checked before it deploys and does not change under a running pod',
        policies: ['require-immutable-config', 'forbid-unknown-field'],
      },
    ],
  },
  {
    id: 'domains',
    title: 'Domains and certificates',
    short: 'Domains',
    records: /dns|domain|certificate|tls/,
    practices: [
      { text: 'Real host names, each with TLS', policies: ['forbid-test-hosts', 'require-ingress-tls'] },
    ],
  },
  {
    id: 'capacity',
    title: 'Capacity',
    short: 'Capacity',
    records: /capacity|sizing|scal/,
    practices: [
      {
        text: 'Requests and limits in sane proportion, autoscaling with bounds, quotas',
        policies: ['require-namespace-quota'],
        categories: ['resources', 'autoscaling'],
      },
    ],
  },
  {
    id: 'cost',
    title: 'Cost',
    short: 'Cost',
    records: /cost|budget/,
    practices: [
      { text: 'Somebody pays for it', policies: ['require-cost-center', 'inherit-namespace-labels'] },
    ],
  },
  {
    id: 'network',
    title: 'Network',
    short: 'Network',
    records: /network|firewall/,
    practices: [
      {
        text: 'Traffic is closed unless somebody opened it, and leads where it should',
        policies: [
          'require-network-policy',
          'forbid-open-egress',
          'bound-service-type',
          'require-service-target',
        ],
      },
    ],
  },
  {
    id: 'security',
    title: 'Security',
    short: 'Security',
    records: /security|penetration|pentest|threat/,
    practices: [
      {
        text: 'Pod Security Standards, few rights, and an identity of its own',
        policies: [],
        categories: ['security', 'rbac'],
      },
      {
        text: 'Images from known registries, each exactly the one that was tested',
        policies: ['bound-registries', 'forbid-latest-tag', 'require-image-digest'],
      },
    ],
  },
  {
    id: 'upgrades',
    title: 'Upgrades',
    short: 'Upgrades',
    records: /upgrade|drain/,
    practices: [
      { text: 'Nothing the next version of Kubernetes drops', policies: ['forbid-removed-api'] },
      {
        text: 'Nodes can be drained',
        policies: ['forbid-blocking-pdb', 'forbid-idle-pdb', 'require-unhealthy-eviction'],
      },
    ],
  },
  {
    id: 'environments',
    title: 'Environments',
    short: 'Environ.',
    records: /environment|staging|promot/,
    practices: [
      {
        text: 'Environments differ in configuration alone, and what was tested is what runs',
        policies: ['require-image-digest', 'bound-label-values'],
      },
    ],
  },
];
