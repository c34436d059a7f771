import {
  builtinKinds,
  list,
  podTemplateOf,
  property,
  quantityOf,
  records,
  redact,
  text,
  type KindInfo,
  type KubernetesObject,
  type Quantity,
} from '#sdk';
import type { Entry } from '../engine/compiled.ts';
import { compareTexts } from '../engine/order.ts';
import type { ObjectReference } from '../engine/review.ts';
import type { AuditObject, AuditWorkload } from '../report/audit/audit-report.ts';

/** Where objects say whose they are. */
export interface OwnerLabels {
  readonly team: readonly string[];
  readonly costCenter: readonly string[];
}

/** The labels that require-owner and require-cost-center ask for, or would. */
export function ownerLabels(entries: readonly Entry[]): OwnerLabels {
  const params = (id: string): unknown => entries.find(({ policy }) => policy.id === id)?.params;
  const owners = property(params('require-owner'), 'ownerLabels');
  const payer = property(params('require-cost-center'), 'label');
  return {
    team: Array.isArray(owners) ? owners.flatMap((label: unknown) => text(label) ?? []) : ['owner', 'team'],
    costCenter: [text(payer) ?? 'cost-center'],
  };
}

const attested = 'daygate.dev/attested-';

/** What the report says of a top-level object beside its findings. */
export function describeObject(
  object: KubernetesObject,
  kind: KindInfo,
  about: {
    readonly reference: ObjectReference;
    readonly profile: string;
    /** The profile that its namespace asks for. */
    readonly asks: string;
    readonly labels: OwnerLabels;
    /** Labels of its namespace: whoever owns that owns what says nothing. */
    readonly inherited: unknown;
    readonly skipped: readonly string[];
  },
): AuditObject {
  const { reference, profile, asks, labels, inherited, skipped } = about;
  const own = object.metadata?.labels;
  const team = labelOf(own, labels.team) ?? labelOf(inherited, labels.team);
  const costCenter = labelOf(own, labels.costCenter) ?? labelOf(inherited, labels.costCenter);
  const workload = kind.template === undefined ? undefined : workloadOf(object, kind);
  const attestations = attestationsOf(object);
  return {
    ...reference,
    profile,
    ...(asks === profile ? {} : { asks }),
    ...(team === undefined ? {} : { team }),
    ...(costCenter === undefined ? {} : { costCenter }),
    ...(workload === undefined ? {} : { workload }),
    ...(attestations === undefined ? {} : { attestations }),
    ...(skipped.length === 0 ? {} : { skipped }),
  };
}

function labelOf(labels: unknown, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = text(property(labels, key));
    // Anything can be written into a label, a credential too.
    if (value !== undefined && value !== '') return redact(value);
  }
  return undefined;
}

/** Only what reads as a day is one: an annotation may say anything. */
function attestationsOf({ metadata }: KubernetesObject): AuditObject['attestations'] {
  const annotations: unknown = metadata?.annotations;
  if (typeof annotations !== 'object' || annotations === null) return undefined;
  const found = Object.entries(annotations)
    .filter(([key, value]) => key.startsWith(attested) && /^\d{4}-\d\d-\d\d(?:T|$)/.test(String(value)))
    .map(([key, value]): [string, string] => [redact(key.slice(attested.length)), String(value).slice(0, 10)])
    .sort(([a], [b]) => compareTexts(a, b));
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** What the pods of a workload ask for together: app containers and sidecars, or what the pod as a whole says. */
function workloadOf(object: KubernetesObject, kind: KindInfo): AuditWorkload | undefined {
  const spec = podTemplateOf(kind, object)?.podSpec;
  if (spec === undefined) return undefined;
  const replicas = replicasOf(object, kind);
  const running = [
    ...records(spec.containers),
    ...records(spec.initContainers).filter(({ restartPolicy }) => restartPolicy === 'Always'),
  ];
  const sum = (kindOf: 'requests' | 'limits', resource: string): { total: number; without: number } => {
    const whole = numberOf(quantityOf(spec.resources, kindOf, resource));
    if (whole !== undefined) return { total: whole * replicas, without: 0 };
    const amounts = running.map(({ resources }) => numberOf(quantityOf(resources, kindOf, resource)));
    return {
      total: rounded(amounts.reduce<number>((total, amount) => total + (amount ?? 0), 0) * replicas),
      without: amounts.filter((amount) => amount === undefined).length * replicas,
    };
  };
  const [cpu, memory] = [sum('requests', 'cpu'), sum('requests', 'memory')];
  return {
    replicas,
    requests: { cpu: cpu.total, memory: memory.total },
    limits: { cpu: sum('limits', 'cpu').total, memory: sum('limits', 'memory').total },
    withoutRequests: { cpu: cpu.without, memory: memory.without },
  };
}

/** Sums of tenths are no tenths in binary. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** Kubernetes has no larger quantities; a custom kind may hold what nobody has looked at. */
const largestQuantity = 2 ** 63;
const mostReplicas = 2 ** 31;

function numberOf(quantity: Quantity | undefined): number | undefined {
  const number = quantity === undefined ? Number.NaN : Number(quantity.mantissa) * 10 ** quantity.scale;
  return number >= 0 && number <= largestQuantity ? number : undefined;
}

/** How many pods there are meant to be now. What runs only at times reserves nothing in between. */
function replicasOf(object: KubernetesObject, info: KindInfo): number {
  const { kind, template } = info;
  const [spec, status] = [property(object, 'spec'), property(object, 'status')];
  const number = (value: unknown, otherwise: number): number =>
    Number.isInteger(value) && Number(value) >= 0 && Number(value) <= mostReplicas
      ? Number(value)
      : otherwise;
  if (template?.length === 0) {
    const phase = property(status, 'phase');
    return phase === 'Succeeded' || phase === 'Failed' ? 0 : 1;
  }
  if (kind === 'DaemonSet') return number(property(status, 'desiredNumberScheduled'), 0);
  if (kind === 'Job') return number(property(status, 'active'), 0);
  if (kind === 'CronJob') return list(property(status, 'active') as readonly unknown[]).length;
  if (info === builtinKinds.PodTemplate) return 0;
  return number(property(spec, 'replicas'), 1);
}
