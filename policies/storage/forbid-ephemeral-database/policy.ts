import {
  claimTemplateNames,
  databaseOf,
  definePolicy,
  emptyDirOf,
  entries,
  list,
  parseImageReference,
  property,
  records,
  startsServer,
  text,
  type Container,
  type ContainerSubject,
  type Database,
  type Volume,
} from '#sdk';
import { z } from 'zod';

const image = z
  .string()
  .refine(
    (name) => name !== '' && repositoryOf(name) === name,
    'expected registry/path without a tag, such as registry.example.com/platform/postgres or docker.io/library/postgres',
  );

export default definePolicy({
  id: 'forbid-ephemeral-database',
  category: 'storage',
  title: 'Forbid databases without persistent storage',
  severity: 'critical',
  target: 'container',
  containers: ['app', 'sidecar'],
  profiles: { baseline: 'warn', production: 'deny' },
  params: z.strictObject({
    images: z
      .record(image, z.string().startsWith('/'))
      .default({})
      .describe('Further images of databases, as registry/path, each with the directory of its data'),
  }),
  messages: {
    none: '{container} runs {database} without a persistent volume at {directory}.',
    scratch: '{container} runs {database} with its data in the volume {volume}, which ends with the pod.',
  },
  why: 'What a database writes to the disk of its container, or to a volume that lives as long as its pod, is gone with the next rollout, eviction or failed node.',
  remediation: {
    none: 'Mount a volume with a persistentVolumeClaim at {directory}, best from the volumeClaimTemplates of a StatefulSet.',
    scratch:
      'Make {volume} a volume with a persistentVolumeClaim, best from the volumeClaimTemplates of a StatefulSet.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/storage/persistent-volumes/',
    'https://kubernetes.io/docs/concepts/storage/ephemeral-volumes/',
    'https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-storage',
  ],
  validate(subject, { params, report }) {
    const { container, pod, at } = subject;
    const database = databaseOf(container) ?? listed(container.image, params.images, subject);
    // What ends by itself (a test, a migration) takes its database with it on purpose.
    if (database === undefined || pod.runsToCompletion || list(container.volumeDevices).length > 0) return;
    const mounts = mountsOf(subject);
    // A configuration file may give a node another role, or its data another place.
    if (database.roles === 'environment or file' && mounts.some(isConfig)) return;
    const directories = statedDirectories(container) ?? database.directories;
    if (mayBeElsewhere(container, mounts, directories)) {
      if (mounts.some(({ kind }) => kind === 'persistent')) return;
    } else if (directories.some((directory) => isKept(directory, mounts))) return;
    const scratch = mounts.find(
      ({ kind, path }) => kind === 'scratch' && directories.some((place) => covers(path, place)),
    );
    const data = { database: database.name };
    if (scratch === undefined) {
      const directory = directories[0] ?? 'its data directory';
      report({ message: 'none', at: at('volumeMounts'), data: { ...data, directory } });
    } else {
      const { index, volume } = scratch;
      report({ message: 'scratch', at: at('volumeMounts', index), data: { ...data, volume } });
    }
  },
});

function repositoryOf(image: unknown): string | undefined {
  const reference = parseImageReference(image);
  return reference && `${reference.registry}/${reference.repository}`;
}

function listed(
  image: unknown,
  images: Readonly<Record<string, string>>,
  { container }: ContainerSubject,
): Database | undefined {
  for (const [name, directory] of entries(images)) {
    if (repositoryOf(image) !== name || !startsServer(container, [])) continue;
    return { name: name.slice(name.lastIndexOf('/') + 1), directories: [directory], programs: [] };
  }
  return undefined;
}

/** What is mounted where. A claim template of a StatefulSet goes before a volume of its name. */
interface Mount {
  readonly index: number;
  readonly path: string;
  readonly volume: string;
  readonly kind: 'persistent' | 'scratch' | 'read-only';
}

function mountsOf({ container, pod }: ContainerSubject): readonly Mount[] {
  const volumes = records(pod.podSpec.volumes);
  const claims = claimTemplateNames(pod.workload.object);
  const mounts: readonly unknown[] = list(container.volumeMounts);
  return mounts.flatMap((mount, index): Mount[] => {
    const path = text(property(mount, 'mountPath'));
    const volume = text(property(mount, 'name'));
    if (path === undefined || volume === undefined) return [];
    const source = claims.has(volume) ? undefined : volumes.find(({ name }) => name === volume);
    return [{ index, volume, path: path.replace(/(?<!\/)\/+$/, ''), kind: kindOf(source) }];
  });
}

/** hostPath keeps data, if on one node only, and inline CSI volumes may: other policies speak of those. */
function kindOf(volume: Volume | undefined): Mount['kind'] {
  // A name that no volume has can only be that of a claim template.
  if (volume === undefined) return 'persistent';
  if (emptyDirOf(volume) !== undefined || volume.ephemeral != null) return 'scratch';
  const { configMap, secret, projected, downwardAPI, image, gitRepo } = volume;
  return (configMap ?? secret ?? projected ?? downwardAPI ?? image ?? gitRepo) == null
    ? 'persistent'
    : 'read-only';
}

/** Scripts that run once, and the service account's token, which is there at admission and in no manifest. */
function isConfig({ kind, path }: Mount): boolean {
  const isKnown = path === '/docker-entrypoint-initdb.d' || path.startsWith('/var/run/secrets/');
  return kind === 'read-only' && !isKnown;
}

const directoryVariable =
  /^PGDATA$|DATA_?DIR|DATA_PATH|DB_(?:DIR|PATH)|ENGINE_PATH|STORAGE_PATH|MNESIA_(?:BASE|DIR)|VOLUME_DIR|^path\.data$/i;
const directoryFlag =
  /^-D|^-sd?$|--store|data[-_]?dir|db[-_]?path|engine-path|path\.data|config|defaults|^-f$/i;

/** Directories that the environment names. */
function statedDirectories({ env }: Container): readonly string[] | undefined {
  const stated = records(env).filter(({ name }) => directoryVariable.test(text(name) ?? ''));
  const values = stated.map(({ value }) => text(value) ?? '').filter((value) => value.startsWith('/'));
  return values.length === 0 ? undefined : values;
}

/** Whether something may put the data where nobody can see it from here: then any persistent volume will do. */
function mayBeElsewhere(
  { command, args, env, envFrom }: Container,
  mounts: readonly Mount[],
  directories: readonly string[],
): boolean {
  return (
    directories.length === 0 ||
    list(envFrom).length > 0 ||
    records(env).some(
      ({ name, valueFrom }) => valueFrom != null && directoryVariable.test(text(name) ?? ''),
    ) ||
    [...list(command), ...list(args)].some((word) => directoryFlag.test(text(word) ?? '')) ||
    mounts.some(isConfig)
  );
}

/** Whether a persistent volume is mounted at the directory or below, or above it with nothing in between. */
function isKept(directory: string, mounts: readonly Mount[]): boolean {
  let nearest: Mount | undefined;
  for (const mount of mounts) {
    if (mount.kind === 'persistent' && covers(directory, mount.path)) return true;
    if (covers(mount.path, directory) && mount.path.length >= (nearest?.path.length ?? 0)) nearest = mount;
  }
  return nearest?.kind === 'persistent';
}

/** Whether a path is a directory or lies below it. */
function covers(directory: string, path: string): boolean {
  return path === directory || path.startsWith(directory.endsWith('/') ? directory : `${directory}/`);
}
