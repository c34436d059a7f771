import { gatewayKind } from './gateways.ts';
import { entries, list, property, records, text } from './json.ts';
import { customKind, type BuiltinKind, type CustomKind, type KindInfo } from './kinds.ts';
import type { KubernetesObject } from './subjects.ts';

/** Kinds that pods refer to by name. */
export type ReferencedKind = 'ConfigMap' | 'Secret' | 'PersistentVolumeClaim';

/** `#` at the end of a name stands for a number. */
type Made = readonly [kind: ReferencedKind, name: string];

/** A custom object of which policies read little. */
export interface Custom extends KubernetesObject {
  readonly spec?: unknown;
}

/** A kind whose objects make others. */
export interface Maker {
  readonly kind: BuiltinKind | CustomKind<Custom>;
  /** Whether its objects belong to no namespace and make something in many. */
  readonly clusterWide?: boolean;
  readonly makes: (object: Custom, name: string) => readonly Made[];
  /** Where the annotations of what it makes stand, below `spec`. */
  readonly annotations?: readonly string[];
}

function custom(
  group: string,
  kind: string,
  resource: string,
  versions: readonly string[],
  rest: Partial<KindInfo> = {},
): CustomKind<Custom> {
  return customKind<Custom>({ group, kind, resource, versions, namespaced: true, ...rest });
}

function secrets(...names: readonly unknown[]): readonly Made[] {
  return names.flatMap((name): Made[] => (typeof name === 'string' && name !== '' ? [['Secret', name]] : []));
}

/** HashiCorp's operator; without `create` the Secret has to be there, and its keys come from the operator. */
function vault(kind: string, resource: string): Maker {
  return {
    kind: custom('secrets.hashicorp.com', kind, resource, ['v1beta1']),
    makes: ({ spec }) => {
      const destination = property(spec, 'destination');
      return property(destination, 'create') === true ? secrets(property(destination, 'name')) : [];
    },
  };
}

/** An ExternalSecret's target: by default a Secret of its own name. With `None` nothing is made. */
function externalSecret(spec: unknown, name: unknown): readonly Made[] {
  const target = property(spec, 'target');
  if (property(target, 'creationPolicy') === 'None') return [];
  const made = text(property(target, 'name')) || name;
  const kind = property(property(target, 'manifest'), 'kind') ?? 'Secret';
  return typeof made === 'string' && (kind === 'Secret' || kind === 'ConfigMap') ? [[kind, made]] : [];
}

const certManagerAnnotations = [
  'cert-manager.io/cluster-issuer',
  'cert-manager.io/issuer',
  'kubernetes.io/tls-acme',
];

const secretArgument = '--secret-name=';

/**
 * The Secrets that a container writes into its namespace before others need them, by its image and its words: the
 * certificates of kube-webhook-certgen and Contour, and the password of Argo CD's Redis. Never throws.
 *
 * @example
 * secretsWrittenBy({ image: 'argocd:v3', command: ['argocd', 'admin', 'redis-initial-password'] }); // ['argocd-redis']
 *
 * Source: https://github.com/kubernetes/ingress-nginx/tree/main/images/kube-webhook-certgen,
 * https://projectcontour.io/docs/main/grpc-tls-howto/, https://argo-cd.readthedocs.io/en/stable/faq/
 */
export function secretsWrittenBy(container: unknown): readonly string[] {
  const image = text(property(container, 'image')) ?? '';
  const words = ['command', 'args'].flatMap((field) =>
    list(property(container, field) as readonly unknown[] | undefined).flatMap((word) => text(word) ?? []),
  );
  if (image.includes('kube-webhook-certgen')) {
    return words
      .filter((word) => word.startsWith(secretArgument))
      .map((word) => word.slice(secretArgument.length));
  }
  if (image.includes('contour') && words.includes('certgen') && words.includes('--kube')) {
    return ['contourcert', 'envoycert'];
  }
  return image.includes('argocd') && words.includes('redis-initial-password') ? ['argocd-redis'] : [];
}

/** The Secrets that containers write in the pods of a workload. */
function writtenByPods({ spec }: Custom): readonly Made[] {
  const podSpec = property(property(spec, 'template'), 'spec');
  return ['initContainers', 'containers'].flatMap((field) =>
    list(property(podSpec, field) as readonly object[] | undefined).flatMap((container) =>
      secrets(...secretsWrittenBy(container)),
    ),
  );
}

function asksCertManager({ metadata }: Custom): boolean {
  return certManagerAnnotations.some((key) => property(metadata?.annotations, key) !== undefined);
}

/** Source: the API reference of each project. */
export const makers: readonly Maker[] = [
  {
    kind: 'StatefulSet',
    makes: ({ spec }, name) =>
      records(list(property(spec, 'volumeClaimTemplates') as readonly Custom[] | undefined)).map(
        ({ metadata }): Made => ['PersistentVolumeClaim', `${text(metadata?.name) ?? ''}-${name}-#`],
      ),
  },
  { kind: 'Job', makes: writtenByPods },
  { kind: 'Deployment', makes: writtenByPods },
  {
    kind: 'Ingress',
    makes: (ingress) =>
      asksCertManager(ingress) ? secrets(...itemsOf(ingress.spec, 'tls', 'secretName')) : [],
  },
  {
    kind: gatewayKind,
    makes: (gateway) =>
      asksCertManager(gateway)
        ? records(list(property(gateway.spec, 'listeners') as readonly object[] | undefined)).flatMap(
            (listener) => secrets(...itemsOf(property(listener, 'tls'), 'certificateRefs', 'name')),
          )
        : [],
  },
  {
    // OpenShift's service CA.
    kind: 'Service',
    makes: ({ metadata }) =>
      secrets(
        property(metadata?.annotations, 'service.beta.openshift.io/serving-cert-secret-name'),
        property(metadata?.annotations, 'service.alpha.openshift.io/serving-cert-secret-name'),
      ),
  },
  {
    kind: custom('external-secrets.io', 'ExternalSecret', 'externalsecrets', ['v1', 'v1beta1']),
    makes: ({ spec }, name) => externalSecret(spec, name),
    annotations: ['target', 'template', 'metadata', 'annotations'],
  },
  {
    kind: custom(
      'external-secrets.io',
      'ClusterExternalSecret',
      'clusterexternalsecrets',
      ['v1', 'v1beta1'],
      {
        namespaced: false,
      },
    ),
    clusterWide: true,
    makes: ({ spec }, name) =>
      externalSecret(
        property(spec, 'externalSecretSpec'),
        text(property(spec, 'externalSecretName')) || name,
      ),
  },
  {
    kind: custom('bitnami.com', 'SealedSecret', 'sealedsecrets', ['v1alpha1']),
    makes: (_, name) => secrets(name),
    annotations: ['template', 'metadata', 'annotations'],
  },
  {
    kind: custom('isindir.github.com', 'SopsSecret', 'sopssecrets', ['v1alpha3']),
    makes: ({ spec }) => secrets(...itemsOf(spec, 'secretTemplates', 'name')),
  },
  {
    kind: custom('onepassword.com', 'OnePasswordItem', 'onepassworditems', ['v1']),
    makes: (_, name) => secrets(name),
  },
  vault('VaultStaticSecret', 'vaultstaticsecrets'),
  vault('VaultDynamicSecret', 'vaultdynamicsecrets'),
  vault('VaultPKISecret', 'vaultpkisecrets'),
  {
    kind: custom('secrets-store.csi.x-k8s.io', 'SecretProviderClass', 'secretproviderclasses', ['v1']),
    makes: ({ spec }) => secrets(...itemsOf(spec, 'secretObjects', 'secretName')),
  },
  {
    kind: custom('cert-manager.io', 'Certificate', 'certificates', ['v1']),
    makes: ({ spec }) => secrets(property(spec, 'secretName')),
    annotations: ['secretTemplate', 'annotations'],
  },
  {
    kind: custom('trust.cert-manager.io', 'Bundle', 'bundles', ['v1alpha1'], { namespaced: false }),
    clusterWide: true,
    makes: ({ spec }, name) => {
      const target = property(spec, 'target');
      return [
        ...(property(target, 'configMap') == null ? [] : [['ConfigMap', name] as const]),
        ...(property(target, 'secret') == null ? [] : secrets(name)),
      ];
    },
  },
  {
    kind: custom('postgresql.cnpg.io', 'Cluster', 'clusters', ['v1']),
    makes: (_, name) => [
      ...secrets(...['app', 'ca', 'replication', 'server', 'superuser'].map((what) => `${name}-${what}`)),
      ['PersistentVolumeClaim', `${name}-#`],
    ],
  },
  {
    kind: custom('postgres-operator.crunchydata.com', 'PostgresCluster', 'postgresclusters', ['v1beta1']),
    makes: ({ spec }, name) => {
      const users = itemsOf(spec, 'users', 'name');
      return secrets(
        ...(users.length === 0 ? [name] : users).map((user) => `${name}-pguser-${String(user)}`),
      );
    },
  },
  {
    kind: custom('acid.zalan.do', 'postgresql', 'postgresqls', ['v1']),
    makes: ({ spec }, name) =>
      secrets(
        ...['postgres', 'standby', ...entries(property(spec, 'users')).map(([user]) => user)].map(
          (user) => `${user.replaceAll('_', '-')}.${name}.credentials.postgresql.acid.zalan.do`,
        ),
      ),
  },
  {
    kind: custom('rabbitmq.com', 'RabbitmqCluster', 'rabbitmqclusters', ['v1beta1']),
    makes: (_, name) => secrets(`${name}-default-user`, `${name}-erlang-cookie`),
  },
  {
    kind: custom('elasticsearch.k8s.elastic.co', 'Elasticsearch', 'elasticsearches', ['v1']),
    makes: (_, name) => secrets(`${name}-es-elastic-user`, `${name}-es-http-certs-public`),
  },
  {
    kind: custom('kafka.strimzi.io', 'Kafka', 'kafkas', ['v1beta2', 'v1']),
    makes: (_, name) => secrets(`${name}-cluster-ca-cert`, `${name}-clients-ca-cert`),
  },
  {
    kind: custom('kafka.strimzi.io', 'KafkaUser', 'kafkausers', ['v1beta2', 'v1']),
    makes: (_, name) => secrets(name),
  },
  {
    kind: custom('cdi.kubevirt.io', 'DataVolume', 'datavolumes', ['v1beta1']),
    makes: (_, name) => [['PersistentVolumeClaim', name]],
  },
];

function itemsOf(spec: unknown, field: string, key: string): readonly unknown[] {
  return list(property(spec, field) as readonly unknown[] | undefined).map((item) => property(item, key));
}
