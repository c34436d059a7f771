import {
  claimTemplateNames,
  list,
  property,
  text,
  type Container,
  type PodSubject,
  type ReferencedKind,
  type Path,
} from '#sdk';

/** Something a pod cannot start without. */
export interface Reference {
  readonly target: ReferencedKind;
  readonly name: string;
  /** Undefined where the whole object is meant. */
  readonly key: string | undefined;
  readonly at: Path;
}

/**
 * What a pod names and does not call optional. Secrets for pulling images are left out: the kubelet goes on without
 * one that is missing.
 */
export function referencesOf({ podSpec, containers, workload, at }: PodSubject): readonly Reference[] {
  const found: Reference[] = [];
  for (const container of containers) collectEnv(container.container, container.at, found);
  const templates = claimTemplateNames(workload.object);
  list(podSpec.volumes).forEach((volume: unknown, index) => {
    // The StatefulSet controller replaces volumes that are named like its claims.
    if (templates.has(property(volume, 'name'))) return;
    collectVolume(volume, at('volumes', index), found);
  });
  return found;
}

const envSources = [
  ['configMapKeyRef', 'ConfigMap'],
  ['secretKeyRef', 'Secret'],
] as const;
const envFromSources = [
  ['configMapRef', 'ConfigMap'],
  ['secretRef', 'Secret'],
] as const;

function collectEnv(container: Container, at: (...path: Path) => Path, found: Reference[]): void {
  list(container.env).forEach((variable: unknown, index) => {
    const source = property(variable, 'valueFrom');
    for (const [field, target] of envSources) {
      const reference = property(source, field);
      const key = text(property(reference, 'key'));
      if (key !== undefined)
        add(found, target, reference, at('env', index, 'valueFrom', field), 'name', [[key, ['key']]]);
    }
  });
  list(container.envFrom).forEach((source: unknown, index) => {
    for (const [field, target] of envFromSources)
      add(found, target, property(source, field), at('envFrom', index, field), 'name', []);
  });
}

/** Volumes of drivers that read a Secret beside them. */
const driversWithSecret = ['cephfs', 'flexVolume', 'iscsi', 'rbd', 'scaleIO', 'storageos'];

function collectVolume(volume: unknown, at: Path, found: Reference[]): void {
  const plain = (target: ReferencedKind, field: string, nameField: string, below: Path = []): void => {
    const source = below.reduce<unknown>(
      (value, step) => property(value, String(step)),
      property(volume, field),
    );
    add(found, target, source, [...at, field, ...below], nameField, []);
  };
  const projection = (target: ReferencedKind, source: unknown, place: Path, nameField: string): void => {
    const items = list(property(source, 'items') as readonly unknown[] | undefined);
    const keys = items.flatMap((item, index): Key[] => {
      const key = text(property(item, 'key'));
      return key === undefined ? [] : [[key, ['items', index, 'key']]];
    });
    add(found, target, source, place, nameField, keys);
  };
  projection('ConfigMap', property(volume, 'configMap'), [...at, 'configMap'], 'name');
  projection('Secret', property(volume, 'secret'), [...at, 'secret'], 'secretName');
  plain('PersistentVolumeClaim', 'persistentVolumeClaim', 'claimName');
  plain('Secret', 'csi', 'name', ['nodePublishSecretRef']);
  plain('Secret', 'azureFile', 'secretName');
  for (const driver of driversWithSecret) plain('Secret', driver, 'name', ['secretRef']);
  const sources = list(property(property(volume, 'projected'), 'sources') as readonly unknown[] | undefined);
  sources.forEach((source, index) => {
    const place = [...at, 'projected', 'sources', index];
    projection('ConfigMap', property(source, 'configMap'), [...place, 'configMap'], 'name');
    projection('Secret', property(source, 'secret'), [...place, 'secret'], 'name');
  });
}

type Key = readonly [key: string, at: Path];

/** A name that is empty names nothing. */
function add(
  found: Reference[],
  target: ReferencedKind,
  source: unknown,
  at: Path,
  nameField: string,
  keys: readonly Key[],
): void {
  const name = text(property(source, nameField)) ?? '';
  if (name === '' || property(source, 'optional') === true) return;
  found.push({ target, name, key: undefined, at: [...at, nameField] });
  for (const [key, place] of keys) found.push({ target, name, key, at: [...at, ...place] });
}
