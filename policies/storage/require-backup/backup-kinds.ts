import { customKind, type KubernetesObject } from '#sdk';

/** A custom object of which little is read. */
export interface Custom extends KubernetesObject {
  readonly spec?: unknown;
}

/** Source: https://velero.io/docs/main/api-types/schedule/ */
export const veleroSchedule = customKind<Custom>({
  group: 'velero.io',
  versions: ['v1'],
  kind: 'Schedule',
  resource: 'schedules',
  namespaced: true,
});
/** Source: https://docs.k8up.io/k8up/references/api-reference.html */
export const k8upSchedule = customKind<Custom>({
  group: 'k8up.io',
  versions: ['v1'],
  kind: 'Schedule',
  resource: 'schedules',
  namespaced: true,
});
/** Source: https://volsync.readthedocs.io/en/stable/usage/ */
export const replicationSource = customKind<Custom>({
  group: 'volsync.backube',
  versions: ['v1alpha1'],
  kind: 'ReplicationSource',
  resource: 'replicationsources',
  namespaced: true,
});
/** Source: https://cloudnative-pg.io/documentation/current/cloudnative-pg.v1/ */
export const scheduledBackup = customKind<Custom>({
  group: 'postgresql.cnpg.io',
  versions: ['v1'],
  kind: 'ScheduledBackup',
  resource: 'scheduledbackups',
  namespaced: true,
});
export const postgresCluster = customKind<Custom>({
  group: 'postgresql.cnpg.io',
  versions: ['v1'],
  kind: 'Cluster',
  resource: 'clusters',
  namespaced: true,
});
