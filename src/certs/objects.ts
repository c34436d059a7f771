import { z } from 'zod';
import type { Cluster } from '../cluster/cluster.ts';
import { isStatus } from '../cluster/cluster-error.ts';
import {
  mutatingWebhookConfigurations,
  nameOf,
  secrets,
  validatingWebhookConfigurations,
  type ObjectRef,
} from '../cluster/resource.ts';
import { messageOf, UserError } from '../errors.ts';
import type {
  Change,
  ConfigurationContents,
  ConfigurationKind,
  Contents,
  SecretContents,
} from './contents.ts';

/** The four objects, and no other. */
export interface Objects {
  readonly ca: ObjectRef;
  readonly tls: ObjectRef;
  readonly validating: ObjectRef;
  readonly mutating: ObjectRef;
}

/** What they are called. */
interface ObjectNames {
  readonly namespace: string;
  readonly secret: string;
  readonly caSecret: string;
  /** Of both configurations. */
  readonly configuration: string;
}

export function objectsOf({ namespace, secret, caSecret, configuration }: ObjectNames): Objects {
  return {
    ca: { ...secrets, namespace, name: caSecret },
    tls: { ...secrets, namespace, name: secret },
    validating: { ...validatingWebhookConfigurations, name: configuration },
    mutating: { ...mutatingWebhookConfigurations, name: configuration },
  };
}

const metadata = z.looseObject({
  resourceVersion: z.string(),
  annotations: z.record(z.string(), z.string()).nullish(),
});
const secretSchema = z.looseObject({
  metadata,
  immutable: z.boolean().nullish(),
  data: z.record(z.string(), z.string()).nullish(),
});
const configurationSchema = z.looseObject({
  metadata,
  webhooks: z
    .array(
      z.looseObject({
        name: z.string(),
        clientConfig: z.looseObject({ caBundle: z.string().nullish() }),
      }),
    )
    .nullish(),
});

/** Reads all of them. */
export async function readContents(cluster: Cluster, objects: Objects): Promise<Contents> {
  const [ca, tls, validating, mutating] = await Promise.all([
    readSecret(cluster, objects.ca),
    readSecret(cluster, objects.tls),
    readConfiguration(cluster, objects, 'validating'),
    readConfiguration(cluster, objects, 'mutating'),
  ]);
  return { ca, tls, configurations: [validating, mutating].filter((one) => one !== undefined) };
}

async function readSecret(cluster: Cluster, ref: ObjectRef): Promise<SecretContents> {
  const object = await cluster.get(ref).catch((error: unknown) => {
    if (!isStatus(error, 404)) throw error;
    throw new UserError(
      'certificate',
      `${messageOf(error)}: daygate certs may fill it and not make it: kubectl apply -f deploy/certs.yaml makes it, empty`,
    );
  });
  const { metadata, data, immutable } = parse(secretSchema, object, ref);
  if (immutable === true)
    throw new UserError(
      'certificate',
      `${nameOf(ref)} is immutable: its certificates can never be renewed: delete it and make it again without immutable`,
    );
  return {
    version: metadata.resourceVersion,
    annotations: metadata.annotations ?? {},
    data: Object.fromEntries(Object.entries(data ?? {}).map(([key, value]) => [key, decoded(value)])),
  };
}

async function readConfiguration(
  cluster: Cluster,
  objects: Objects,
  kind: ConfigurationKind,
): Promise<ConfigurationContents | undefined> {
  const ref = objects[kind];
  try {
    const { metadata, webhooks } = parse(configurationSchema, await cluster.get(ref), ref);
    return {
      kind,
      version: metadata.resourceVersion,
      annotations: metadata.annotations ?? {},
      webhooks: (webhooks ?? []).map(({ name, clientConfig }) => ({
        name,
        caBundle: decoded(clientConfig.caBundle ?? ''),
      })),
    };
  } catch (error) {
    // Without fixes there is no mutating configuration.
    if (isStatus(error, 404)) return undefined;
    throw error;
  }
}

/**
 * Writes a change, if the object is still as it was read.
 *
 * @throws ClusterError 409 where it is not
 */
export async function writeChange(
  cluster: Cluster,
  objects: Objects,
  contents: Contents,
  change: Change,
): Promise<void> {
  if (!('caBundles' in change)) {
    const { data = {}, annotations } = change;
    await cluster.patch(objects[change.object], {
      metadata: {
        resourceVersion: contents[change.object].version,
        ...(annotations === undefined ? {} : { annotations }),
      },
      data: Object.fromEntries(
        Object.entries(data).map(([key, value]) => [key, value === null ? null : encoded(value)]),
      ),
    });
    return;
  }
  const { object, caBundles } = change;
  const version = contents.configurations.find(({ kind }) => kind === object)?.version;
  await cluster.patch(
    objects[object],
    {
      metadata: { resourceVersion: version },
      // A strategic patch finds webhooks by their name, and touches nothing else of them.
      webhooks: Object.entries(caBundles).map(([name, pem]) => ({
        name,
        clientConfig: { caBundle: encoded(pem) },
      })),
    },
    { type: 'strategic' },
  );
}

const decoded = (base64: string): string => Buffer.from(base64, 'base64').toString();
const encoded = (text: string): string => Buffer.from(text).toString('base64');

function parse<T>(schema: z.ZodType<T>, object: unknown, ref: ObjectRef): T {
  const { success, data } = schema.safeParse(object);
  // What is wrong with it is not said: it may be a Secret.
  if (!success) throw new UserError('cluster', `the API server's answer is no ${nameOf(ref)}`);
  return data;
}
