import { isRecord, list, property, text } from './json.ts';
import type { EmptyDirVolumeSource, Volume } from './kubernetes.ts';
import type { ContainerSubject, KubernetesObject } from './subjects.ts';

/**
 * The `emptyDir` of a volume, undefined for a volume of another kind. A volume that names no source at all, as
 * `emptyDir:` with nothing behind it does, is an emptyDir. Never throws.
 *
 * Source: SetDefaults_Volume in kubernetes/pkg/apis/core/v1/defaults.go.
 *
 * @example
 * emptyDirOf({ name: 'cache', emptyDir: { sizeLimit: '1Gi' } }); // { sizeLimit: '1Gi' }
 * emptyDirOf({ name: 'cache' }); // {}
 * emptyDirOf({ name: 'data', persistentVolumeClaim: { claimName: 'data' } }); // undefined
 */
export function emptyDirOf(volume: Volume): EmptyDirVolumeSource | undefined {
  if (!isRecord(volume)) return undefined;
  if (volume.emptyDir != null) return isRecord(volume.emptyDir) ? volume.emptyDir : undefined;
  for (const key in volume) if (key !== 'name' && property(volume, key) != null) return undefined;
  return noFields;
}

const noFields: EmptyDirVolumeSource = {};

/**
 * The names of the claim templates of a StatefulSet, or of another kind that has them in the same place: its controller
 * puts the claims in the place of volumes of these names, which then never exist. Never throws.
 *
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/stateful-set-v1/#StatefulSetSpec.
 *
 * @example
 * claimTemplateNames({ kind: 'StatefulSet', spec: { volumeClaimTemplates: [{ metadata: { name: 'data' } }] } }); // Set { 'data' }
 */
export function claimTemplateNames(object: KubernetesObject): ReadonlySet<unknown> {
  const templates: readonly unknown[] = list(
    property(property(object, 'spec'), 'volumeClaimTemplates') as readonly unknown[] | undefined,
  );
  return templates.length === 0
    ? noNames
    : new Set(templates.map((template) => property(property(template, 'metadata'), 'name') ?? ''));
}

const noNames: ReadonlySet<unknown> = new Set();

/** What an image volume says, as it stands there. */
export interface ImageVolume {
  readonly name: string;
  readonly reference: unknown;
  readonly pullPolicy: unknown;
}

/**
 * Calls `visit` for every image volume (`spec.volumes[].image`, Kubernetes 1.31) with its position, when asked with
 * the pod's first container: container policies judge images, and these are images that no container names.
 *
 * @example
 * eachImageVolume(subject, (volume, index) => report({ message: 'volume', at: subject.pod.at('volumes', index) }));
 */
export function eachImageVolume(
  subject: ContainerSubject,
  visit: (volume: ImageVolume, index: number) => void,
): void {
  const { pod } = subject;
  const { volumes } = pod.podSpec;
  if (pod.containers[0] !== subject || !Array.isArray(volumes)) return;
  for (let index = 0; index < volumes.length; index++) {
    const volume: unknown = (volumes as readonly unknown[])[index];
    const image = property(volume, 'image');
    if (!isRecord(image)) continue;
    const name = text(property(volume, 'name')) ?? '';
    visit({ name, reference: image['reference'], pullPolicy: image['pullPolicy'] }, index);
  }
}
