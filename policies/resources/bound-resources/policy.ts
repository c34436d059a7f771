import {
  compareQuantities,
  definePolicy,
  entries,
  formatQuantity,
  isZero,
  limitRangeDefault,
  parseQuantity,
  podQuantity,
  property,
  quantityOf,
  quantityText,
  type ContainerSubject,
  type Path,
  type Quantity,
  type ResourceList,
  rememberOf,
} from '#sdk';
import { z } from 'zod';

const amounts = (what: string) =>
  z.record(z.string(), quantityText).default({}).describe(`${what}, by resource: { cpu: 10m, memory: 32Mi }`);

export default definePolicy({
  id: 'bound-resources',
  category: 'resources',
  title: 'Keep requests and limits inside bounds',
  severity: 'medium',
  target: 'container',
  optionalFacts: ['LimitRange'],
  profiles: {},
  subresources: ['resize'],
  params: z.strictObject({
    minRequests: amounts('Smallest requests of a container'),
    maxRequests: amounts('Largest requests of a container'),
    minLimits: amounts('Smallest limits of a container'),
    maxLimits: amounts('Largest limits of a container'),
  }),
  messages: {
    below: '{container} has {field} {quantity}{source}, below the minimum of {bound}.',
    above: '{container} has {field} {quantity}{source}, above the maximum of {bound}.',
  },
  why: 'A container that asks for more than a node has is never scheduled, one that asks for a hundredth of what it takes starves its neighbours, and one that asks for a whole node is paid for by everybody.',
  remediation: {
    below: 'Set {field} of the container to {bound} at least.',
    above: 'Set {field} of the container to {bound} at most, or split the work over more replicas.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/policy/limit-range/',
    'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
  ],
  validate(subject, { params, report }) {
    for (const { list, resource, bound, message } of boundsOf(params)) {
      const amount = amountOf(subject, list, resource);
      if (amount === undefined) continue;
      const difference = compareQuantities(amount.quantity, bound);
      if (message === 'below' ? difference >= 0 : difference <= 0) continue;
      const data = {
        field: `${list}.${resource}`,
        quantity: formatQuantity(amount.quantity),
        source: amount.source,
        bound: formatQuantity(bound),
      };
      report({ message, at: amount.at, data });
    }
  },
});

interface Bound {
  readonly list: ResourceList;
  readonly resource: string;
  readonly bound: Quantity;
  readonly message: 'below' | 'above';
}

type Params = Readonly<
  Record<'minRequests' | 'maxRequests' | 'minLimits' | 'maxLimits', Readonly<Record<string, string>>>
>;

/** Parameters are read once and used for every review. */
const boundsOf = rememberOf((params: Params): readonly Bound[] => {
  const read = (
    amounts: Readonly<Record<string, string>>,
    list: ResourceList,
    message: Bound['message'],
  ): readonly Bound[] =>
    entries(amounts).flatMap(([resource, text]) => {
      const bound = parseQuantity(text);
      return bound === undefined ? [] : [{ list, resource, bound, message }];
    });
  return [
    ...read(params.minRequests, 'requests', 'below'),
    ...read(params.maxRequests, 'requests', 'above'),
    ...read(params.minLimits, 'limits', 'below'),
    ...read(params.maxLimits, 'limits', 'above'),
  ];
});

interface Amount {
  readonly quantity: Quantity;
  /** Where the amount comes from, where the container does not say it itself. */
  readonly source: string;
  readonly at: Path;
}

/** What a container has in the end: its own, what a LimitRange gives it, or the limit it shares with its pod. */
function amountOf(subject: ContainerSubject, list: ResourceList, resource: string): Amount | undefined {
  const { container, pod } = subject;
  const at = subject.at('resources', list, resource);
  const own = quantityOf(container.resources, list, resource);
  if (own !== undefined) {
    // A limit of zero limits nothing.
    if (list === 'limits' && isZero(own)) return undefined;
    const isOwn = property(property(container.resources, list), resource) !== undefined;
    return { quantity: own, source: isOwn ? '' : ' by its limit', at };
  }
  const given = limitRangeDefault(subject, list, resource);
  const quantity = parseQuantity(given?.amount);
  if (given !== undefined && quantity !== undefined)
    return list === 'limits' && isZero(quantity)
      ? undefined
      : { quantity, source: ` by LimitRange ${given.limitRange}`, at };
  const ofPod = list === 'limits' ? podQuantity(pod, 'limits', resource) : undefined;
  if (ofPod === undefined || isZero(ofPod)) return undefined;
  return { quantity: ofPod, source: ' of its pod', at: pod.at('resources', 'limits', resource) };
}
