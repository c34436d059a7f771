import type { Settings } from './settings.ts';

/**
 * What `settingsSchema` makes of an empty file, which a test holds it to. It stands here for runs without a file: the
 * schema takes a tenth of a short `check` to make.
 */
export const defaultSettings: Settings = {
  profile: 'production',
  enforcement: 'enforce',
  kubernetes: '1.36',
  exemptNamespaces: ['kube-system', 'kube-public', 'kube-node-lease'],
  policyFolders: [],
  policies: {},
  profiles: {},
  exceptions: [],
  longestExceptionDays: 365,
  workloads: [],
  crds: [],
  exclude: [],
  render: [],
  facts: 'none',
  factsMaxAgeSeconds: 60,
  sandbox: { milliseconds: 200, heapMegabytes: 128, faults: 3, quarantineMinutes: 10 },
  webhook: { failurePolicy: 'Ignore', timeoutSeconds: 5, namespace: 'daygate-system', service: 'daygate' },
};
