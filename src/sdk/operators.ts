import { entries, property, propertyAt, text } from './json.ts';
import { customKind, type CustomKind } from './kinds.ts';
import type { LabelSelector } from './kubernetes.ts';
import { labelIndex } from './label-index.ts';
import { rememberOf } from './remember.ts';
import type { Facts, Workload } from './subjects.ts';

/** A kind whose operator makes pods and Services. */
interface Operated {
  readonly kind: CustomKind<Workload>;
  /** Labels that the operator writes on the pods; of those under a domain of its own nobody has to be told. */
  readonly labels: (name: string, object: Workload) => Readonly<Record<string, unknown>>;
  /** Where people say, below `spec`, which labels the pods get beside. */
  readonly given?: readonly string[];
  /** The names of the Services. */
  readonly services: (name: string, object: Workload) => readonly string[];
}

function custom(
  group: string,
  kind: string,
  resource: string,
  ...versions: readonly string[]
): CustomKind<Workload> {
  return customKind({ group, kind, resource, versions, namespaced: true });
}

/** Kinds of the Prometheus operator. Source: https://prometheus-operator.dev/docs/api-reference/api/ */
function monitoring(kind: string, resource: string, version: string, software: string): Operated {
  return {
    kind: custom('monitoring.coreos.com', kind, resource, version),
    labels: (name) => ({ 'app.kubernetes.io/name': software, 'app.kubernetes.io/instance': name }),
    given: ['podMetadata', 'labels'],
    services: () => [`${software}-operated`],
  };
}

/** Kinds of the VictoriaMetrics operator. Source: https://docs.victoriametrics.com/operator/api/ */
function victoria(kind: string, software: string): Operated {
  return {
    kind: custom('operator.victoriametrics.com', kind, `${software}s`, 'v1beta1'),
    labels: (name) => ({
      'app.kubernetes.io/name': software,
      'app.kubernetes.io/instance': name,
      'app.kubernetes.io/component': 'monitoring',
    }),
    given: ['podMetadata', 'labels'],
    services: (name) => [`${software}-${name}`],
  };
}

/** Kinds of Elastic's operator, whose labels are under its domain. Source: https://www.elastic.co/docs/deploy-manage/deploy/cloud-on-k8s */
function elastic(group: string, kind: string, resource: string, ...services: readonly string[]): Operated {
  return {
    kind: custom(`${group}.k8s.elastic.co`, kind, resource, 'v1'),
    labels: () => ({}),
    services: (name) => services.map((service) => `${name}-${service}`),
  };
}

/** The Deployment that Flagger looks after. */
function targetOf({ spec }: Workload): string {
  return text(property(property(spec, 'targetRef'), 'name')) ?? '';
}

/** Source: the documentation of each project, and what its operator writes. */
const operated: readonly Operated[] = [
  monitoring('Prometheus', 'prometheuses', 'v1', 'prometheus'),
  monitoring('PrometheusAgent', 'prometheusagents', 'v1alpha1', 'prometheus-agent'),
  monitoring('Alertmanager', 'alertmanagers', 'v1', 'alertmanager'),
  monitoring('ThanosRuler', 'thanosrulers', 'v1', 'thanos-ruler'),
  victoria('VMSingle', 'vmsingle'),
  victoria('VMAgent', 'vmagent'),
  victoria('VMAlert', 'vmalert'),
  victoria('VMAlertmanager', 'vmalertmanager'),
  {
    kind: custom('rabbitmq.com', 'RabbitmqCluster', 'rabbitmqclusters', 'v1beta1'),
    labels: (name) => ({
      'app.kubernetes.io/name': name,
      'app.kubernetes.io/component': 'rabbitmq',
      'app.kubernetes.io/part-of': 'rabbitmq',
    }),
    services: (name) => [name, `${name}-nodes`],
  },
  {
    kind: custom('kafka.strimzi.io', 'Kafka', 'kafkas', 'v1', 'v1beta2'),
    labels: (name) => ({
      'app.kubernetes.io/name': 'kafka',
      'app.kubernetes.io/instance': name,
      'app.kubernetes.io/part-of': `strimzi-${name}`,
    }),
    given: ['kafka', 'template', 'pod', 'metadata', 'labels'],
    services: (name) => [`${name}-kafka-bootstrap`, `${name}-kafka-brokers`],
  },
  {
    kind: custom('postgresql.cnpg.io', 'Cluster', 'clusters', 'v1'),
    labels: () => ({}),
    given: ['inheritedMetadata', 'labels'],
    services: (name) => [`${name}-rw`, `${name}-ro`, `${name}-r`],
  },
  {
    kind: custom('acid.zalan.do', 'postgresql', 'postgresqls', 'v1'),
    labels: (name, { spec }) => ({
      application: 'spilo',
      'cluster-name': name,
      team: property(spec, 'teamId'),
    }),
    services: (name) => [name, `${name}-repl`, `${name}-pooler`, `${name}-pooler-repl`],
  },
  {
    kind: custom(
      'opentelemetry.io',
      'OpenTelemetryCollector',
      'opentelemetrycollectors',
      'v1beta1',
      'v1alpha1',
    ),
    labels: (name, { metadata }) => ({
      'app.kubernetes.io/name': `${name}-collector`,
      'app.kubernetes.io/instance': `${text(metadata?.namespace) ?? 'default'}.${name}`,
      'app.kubernetes.io/component': 'opentelemetry-collector',
      'app.kubernetes.io/part-of': 'opentelemetry',
    }),
    services: (name) => [`${name}-collector`, `${name}-collector-headless`, `${name}-collector-monitoring`],
  },
  {
    kind: custom('k8s.keycloak.org', 'Keycloak', 'keycloaks', 'v2beta1', 'v2alpha1'),
    labels: (name) => ({
      app: 'keycloak',
      'app.kubernetes.io/instance': name,
      'app.kubernetes.io/component': 'server',
    }),
    services: (name) => [`${name}-service`, `${name}-discovery`],
  },
  {
    kind: custom('grafana.integreatly.org', 'Grafana', 'grafanas', 'v1beta1'),
    labels: (name) => ({ app: name }),
    given: ['deployment', 'spec', 'template', 'metadata', 'labels'],
    services: (name) => [`${name}-service`],
  },
  {
    // The copy that serves while the Deployment itself is scaled to zero.
    kind: custom('flagger.app', 'Canary', 'canaries', 'v1beta1'),
    labels: (_, object) => {
      const primary = `${targetOf(object)}-primary`;
      return { app: primary, name: primary, 'app.kubernetes.io/name': primary };
    },
    services: (_, object) => {
      const name = text(property(property(object.spec, 'service'), 'name')) || targetOf(object);
      return [name, `${name}-canary`, `${name}-primary`];
    },
  },
  elastic('elasticsearch', 'Elasticsearch', 'elasticsearches', 'es-http', 'es-internal-http', 'es-transport'),
  elastic('kibana', 'Kibana', 'kibanas', 'kb-http'),
  elastic('apm', 'ApmServer', 'apmservers', 'apm-http'),
  {
    kind: custom('minio.min.io', 'Tenant', 'tenants', 'v2'),
    labels: () => ({}),
    services: (name) => ['minio', `${name}-console`, `${name}-hl`],
  },
];

/** Kinds whose operators make pods from no template: they are in no manifest. */
export const operatedKinds: readonly CustomKind<Workload>[] = operated.map(({ kind }) => kind);

const indexes = operated.map((one) =>
  rememberOf((objects: readonly Workload[]) => labelIndex(objects, (object) => labelsOf(object, one))),
);

/** Operators hand on the labels of the object itself, too. */
function labelsOf(object: Workload, { labels, given }: Operated): Readonly<Record<string, string>> {
  const below = given && propertyAt(object.spec, given);
  const all = [object.metadata?.labels, labels(text(object.metadata?.name) ?? '', object), below];
  return Object.fromEntries(
    all.flatMap((some: unknown) => entries(some)).map(([key, value]) => [key, text(value) ?? '']),
  );
}

/**
 * Whether well-known operators make pods, or Services, that a label selector selects, from objects at hand. What else is
 * to be known of those pods, nobody can tell. Needs `optionalFacts: podMakerKinds`. Never throws.
 *
 * @param namespace one, or `any` of them
 * @example
 * areOperated({ matchLabels: { 'app.kubernetes.io/name': 'prometheus' } }, { namespace: 'monitoring' }, facts);
 * // true where a Prometheus of the Prometheus operator is at hand there
 */
export function areOperated(
  selector: LabelSelector | null | undefined,
  namespace: 'any' | { readonly name: string | undefined },
  facts: Facts,
): boolean {
  return operated.some(({ kind }, index) => {
    const objects = namespace === 'any' ? facts.all(kind) : facts.list(kind, namespace.name);
    return objects.length > 0 && (indexes[index]?.(objects).matching(selector).length ?? 0) > 0;
  });
}

const serviceNames = operated.map(({ services }) =>
  rememberOf(
    (objects: readonly Workload[]) =>
      new Set(objects.flatMap((object) => services(text(object.metadata?.name) ?? '', object))),
  ),
);

/**
 * Whether a well-known operator makes a Service of that name from an object at hand, so that it exists though no manifest
 * shows it. Needs `optionalFacts: podMakerKinds`. Never throws.
 *
 * @example
 * isServiceOperated('logs-kb-http', 'logging', facts); // true where the Kibana logs is at hand
 */
export function isServiceOperated(name: string, namespace: string | undefined, facts: Facts): boolean {
  return operated.some(({ kind }, index) => {
    const objects = facts.list(kind, namespace);
    return objects.length > 0 && serviceNames[index]?.(objects).has(name) === true;
  });
}
