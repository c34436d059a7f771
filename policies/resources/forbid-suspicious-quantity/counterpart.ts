import {
  compareQuantities,
  limitRangeDefault,
  parseQuantity,
  property,
  type ContainerSubject,
  type ResourceList,
} from '#sdk';
import { meantInsteadOf, type Doubt } from './doubts.ts';

/**
 * What the amount that was meant does not go with: with it a request would be above its limit, and the API server would
 * refuse what it takes now. Which of the two is wrong only people know.
 *
 * @param doubts all about the container: what was meant by the other amount counts
 */
export function counterpartOf(
  doubt: Doubt,
  doubts: readonly Doubt[],
  subject: ContainerSubject,
): string | undefined {
  const { list, resource } = doubt;
  const meant = parseQuantity(meantInsteadOf(doubt));
  if (meant === undefined) return undefined;
  const own = list === 'requests' ? 'limits' : 'requests';
  const others = [
    beside(own, resource, doubts, subject),
    ...(list === 'requests' ? [ofLimitRange(resource, subject)] : []),
    ofPod(list, resource, subject),
  ];
  for (const other of others) {
    const amount = parseQuantity(other?.amount);
    if (other === undefined || amount === undefined) continue;
    if (compareQuantities(meant, amount) === (other.isLower ? -1 : 1)) return other.words;
  }
  return undefined;
}

interface Counterpart {
  readonly amount: string;
  readonly words: string;
  /** Whether it is to be the lower one of the two. */
  readonly isLower: boolean;
}

function beside(
  list: ResourceList,
  resource: string,
  doubts: readonly Doubt[],
  { container }: ContainerSubject,
): Counterpart | undefined {
  const written = amountText(property(property(container.resources, list), resource));
  if (written === undefined) return undefined;
  const doubt = doubts.find((one) => one.list === list && one.resource === resource);
  const amount = (doubt === undefined ? undefined : meantInsteadOf(doubt)) ?? written;
  const isLower = list === 'requests';
  return { amount, words: `the ${isLower ? 'request' : 'limit'} ${written}`, isLower };
}

function ofLimitRange(resource: string, subject: ContainerSubject): Counterpart | undefined {
  if (property(property(subject.container.resources, 'limits'), resource) !== undefined) return undefined;
  const given = limitRangeDefault(subject, 'limits', resource);
  const amount = amountText(given?.amount);
  if (given === undefined || amount === undefined) return undefined;
  return { amount, words: `the limit ${amount} of LimitRange ${given.limitRange}`, isLower: false };
}

/** Containers may not ask for more than their pod, nor be limited above it. */
function ofPod(list: ResourceList, resource: string, { pod }: ContainerSubject): Counterpart | undefined {
  const amount = amountText(property(property(pod.podSpec.resources, list), resource));
  if (amount === undefined) return undefined;
  const what = list === 'requests' ? 'request' : 'limit';
  return { amount, words: `the ${what} ${amount} of the whole pod`, isLower: false };
}

/** Null is zero, as the API server reads it. */
function amountText(value: unknown): string | undefined {
  if (value === null) return '0';
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
