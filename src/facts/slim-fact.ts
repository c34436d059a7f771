import {
  builtinKinds,
  entries,
  isMadeByWorkload,
  isRecord,
  property,
  secretsWrittenBy,
  type JsonRecord,
  type KindInfo,
  type KubernetesObject,
} from '#sdk';

/**
 * What is kept of an object as a fact about others: a cluster has a hundred thousand of them. Everything that a policy
 * may read of a fact is here; the documentation of `Facts` says what that is. Undefined for what no policy asks about:
 * what a workload made stands for nothing that its maker does not stand for.
 *
 * @param kind that of the object
 */
export function slimFact(object: KubernetesObject, kind: KindInfo): KubernetesObject | undefined {
  if (kind.template !== undefined && isMadeByWorkload(object)) return undefined;
  if (isMetadataEnough(kind)) return { ...metadataOf(object) };
  const slim = without({ ...object, metadata: slimMetadata(object.metadata) }, ['status']);
  if (kind.template !== undefined) return withTemplate(slim, kind.template, slimTemplate);
  return kind === builtinKinds.ConfigMap || kind === builtinKinds.Secret ? keysOnly(slim) : slim;
}

const metadataKinds: ReadonlySet<KindInfo> = new Set([
  builtinKinds.ClusterRole,
  builtinKinds.Role,
  builtinKinds.ServiceAccount,
]);

/** Kinds of which, as facts, nothing counts but that they are there, and their labels. */
export function isMetadataEnough(kind: KindInfo): boolean {
  return metadataKinds.has(kind);
}

function metadataOf({ apiVersion, kind, metadata }: KubernetesObject): JsonRecord {
  return { apiVersion, kind, metadata: slimMetadata(metadata) };
}

/** Values may be credentials, and a megabyte long: the keys are enough. */
function keysOnly(object: JsonRecord): JsonRecord {
  const keys: Record<string, unknown> = {};
  for (const field of ['data', 'stringData', 'binaryData']) {
    const values = property(object, field);
    if (isRecord(values)) keys[field] = Object.fromEntries(entries(values).map(([key]) => [key, '']));
  }
  return { ...object, ...keys };
}

/** Whole objects are repeated there. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

function slimMetadata(metadata: unknown): unknown {
  if (!isRecord(metadata)) return metadata;
  const { annotations } = metadata;
  const kept = isRecord(annotations) ? { annotations: without(annotations, [lastApplied]) } : {};
  return { ...without(metadata, ['managedFields', 'resourceVersion', 'generation']), ...kept };
}

function withTemplate(
  object: JsonRecord,
  [step, ...more]: readonly string[],
  slim: (template: JsonRecord) => JsonRecord,
): JsonRecord {
  if (step === undefined) return slim(object);
  const below = property(object, step);
  return isRecord(below) ? { ...object, [step]: withTemplate(below, more, slim) } : object;
}

function slimTemplate(template: JsonRecord): JsonRecord {
  const spec = property(template, 'spec');
  return {
    ...template,
    ...(isRecord(template['metadata']) ? { metadata: slimMetadata(template['metadata']) } : {}),
    ...(isRecord(spec) ? { spec: slimPodSpec(spec) } : {}),
  };
}

const podSpecFields = [
  'affinity',
  'hostNetwork',
  'hostname',
  'nodeName',
  'nodeSelector',
  'resources',
  'restartPolicy',
  'serviceAccount',
  'serviceAccountName',
  'subdomain',
  'volumes',
];
const containerFields = ['image', 'name', 'ports', 'resources', 'restartPolicy', 'volumeMounts'];
/** Arguments may be long, and credentials; those of a few programs say which Secret they write. */
const withArguments = [...containerFields, 'args', 'command'];

function slimPodSpec(spec: JsonRecord): JsonRecord {
  const slim = picked(spec, podSpecFields);
  for (const field of ['containers', 'initContainers']) {
    const containers = property(spec, field);
    if (!Array.isArray(containers)) continue;
    slim[field] = containers.map((one: unknown) =>
      isRecord(one) ? picked(one, secretsWrittenBy(one).length > 0 ? withArguments : containerFields) : one,
    );
  }
  return slim;
}

function picked(object: JsonRecord, fields: readonly string[]): Record<string, unknown> {
  const own = fields.filter((field) => Object.hasOwn(object, field));
  return Object.fromEntries(own.map((field) => [field, object[field]]));
}

function without(object: JsonRecord, fields: readonly string[]): JsonRecord {
  return fields.some((field) => Object.hasOwn(object, field))
    ? Object.fromEntries(Object.entries(object).filter(([key]) => !fields.includes(key)))
    : object;
}
