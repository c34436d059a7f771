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
  return obstacleTo(doubt, [besideIn(doubts, doubt, subject), ...around(doubt, subject)])?.words;
}

/** The first of the others that the amount that was meant does not go with. */
function obstacleTo(doubt: Doubt, others: readonly (Counterpart | undefined)[]): Counterpart | undefined {
  const meant = parseQuantity(meantInsteadOf(doubt));
  if (meant === undefined) return undefined;
  return others.find((other) => {
    const amount = parseQuantity(other?.amount);
    if (amount === undefined) return false;
    const order = compareQuantities(meant, amount);
    return other?.isLower === true ? order < 0 : order > 0;
  });
}

interface Counterpart {
  readonly amount: string;
  readonly words: string;
  /** Whether it is to be the lower one of the two. */
  readonly isLower: boolean;
}

/** The other amount of the container, as it will be: what was meant by it, unless something keeps it as it is. */
function besideIn(
  doubts: readonly Doubt[],
  { list, resource }: Doubt,
  subject: ContainerSubject,
): Counterpart | undefined {
  const own = list === 'requests' ? 'limits' : 'requests';
  const written = amountText(property(property(subject.container.resources, own), resource));
  if (written === undefined) return undefined;
  const doubt = doubts.find((one) => one.list === own && one.resource === resource);
  const stays = doubt === undefined || obstacleTo(doubt, around(doubt, subject)) !== undefined;
  const amount = (stays ? undefined : meantInsteadOf(doubt)) ?? written;
  const isLower = own === 'requests';
  return { amount, words: `the ${isLower ? 'request' : 'limit'} ${written}`, isLower };
}

/** What bounds an amount from outside the container. */
function around({ list, resource }: Doubt, subject: ContainerSubject): readonly (Counterpart | undefined)[] {
  const limit = ofPod('limits', resource, subject);
  if (list === 'limits') return [limit];
  return [ofLimitRange(resource, subject), ofPod('requests', resource, subject), limit];
}

function ofLimitRange(resource: string, subject: ContainerSubject): Counterpart | undefined {
  if (property(property(subject.container.resources, 'limits'), resource) !== undefined) return undefined;
  const given = limitRangeDefault(subject, 'limits', resource);
  const amount = amountText(given?.amount);
  if (given === undefined || amount === undefined) return undefined;
  return { amount, words: `the limit ${amount} of LimitRange ${given.limitRange}`, isLower: false };
}

/** Containers may not ask for more than their pod, and may neither ask for more than its limit nor have a higher one. */
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
