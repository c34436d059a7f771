import {
  compareQuantities,
  entries,
  isRecord,
  isZero,
  parseQuantity,
  property,
  quantityToNumber,
  remember,
} from '#sdk';

/** `512m` where `512Mi` was meant; beyond six digits nobody can tell. */
const thousandths = /^([1-9]\d{0,5})m$/;
/** `500Mi` or `500M` where `500m` was meant. */
const millions = /^([1-9]\d{0,5})Mi?$/;

/** What an amount may be at least and at most. */
interface Bounds {
  readonly minBytes: number;
  readonly maxCores: number;
}

/** An amount that cannot be meant, and which message says why. */
interface Doubt {
  readonly message:
    'invalid' | 'thousandths' | 'tooSmall' | 'millions' | 'tooLarge' | 'tooFine' | 'aboveLimit';
  readonly list: 'requests' | 'limits';
  readonly resource: string;
  readonly quantity: string;
  /** Cores or bytes; for aboveLimit the limit. */
  readonly amount: number | string;
}

const nothing: readonly Doubt[] = [];

/** What cannot be meant in the resources of a container or a pod. */
export function doubtsAbout(resources: unknown, bounds: Bounds): readonly Doubt[] {
  const requests = property(resources, 'requests');
  const limits = property(resources, 'limits');
  if (isBeyondDoubt(requests, limits, bounds) && isBeyondDoubt(limits, limits, bounds)) return nothing;
  let doubts: Doubt[] | undefined;
  for (const list of ['requests', 'limits'] as const) {
    for (const [resource, value] of entries(list === 'requests' ? requests : limits)) {
      const doubt =
        doubtAbout(resource, value, bounds) ??
        (list === 'requests' ? doubtAgainst(resource, value, property(limits, resource), bounds) : undefined);
      if (doubt !== undefined) (doubts ??= []).push({ ...doubt, list, resource, quantity: String(value) });
    }
  }
  return doubts ?? nothing;
}

/**
 * An amount in thousandths where a double holds it exactly; NaN otherwise, which says nothing but that somebody has
 * to look closer. The same few amounts come with every review.
 */
const exactAmount = remember(4_096, (text): number => {
  const quantity = parseQuantity(text);
  const amount = quantity === undefined ? NaN : quantityToNumber(quantity) * 1000;
  return Number.isSafeInteger(amount) ? amount : NaN;
});

function plainAmount(value: unknown): number {
  return typeof value === 'string' ? exactAmount(value) : NaN;
}

/** Whether all amounts are plainly written, plausible and no higher than their limits: the answer for nearly all. */
function isBeyondDoubt(amounts: unknown, limits: unknown, { minBytes, maxCores }: Bounds): boolean {
  if (amounts == null) return true;
  if (!isRecord(amounts)) return false;
  for (const resource in amounts) {
    const amount = plainAmount(amounts[resource]);
    const limit = property(limits, resource);
    const isCpu = resource === 'cpu';
    const isPlausible = isCpu ? amount >= 1 && amount <= maxCores * 1000 : amount >= minBytes * 1000;
    if (!isPlausible || !(limit === undefined || amount <= plainAmount(limit))) return false;
  }
  return true;
}

/** What cannot be meant about one amount. Zero can: it says that there is none. */
function doubtAbout(
  resource: string,
  value: unknown,
  { minBytes, maxCores }: Bounds,
): Pick<Doubt, 'message' | 'amount'> | undefined {
  // Values of another type are wrong in any field: forbid-unknown-field says so.
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const quantity = parseQuantity(value);
  if (quantity === undefined || quantity.mantissa < 0n) return { message: 'invalid', amount: 0 };
  if (isZero(quantity)) return undefined;
  const amount = quantityToNumber(quantity);
  if (resource === 'cpu') {
    if (amount < 0.001) return { message: 'tooFine', amount };
    if (amount > maxCores) return { message: millions.test(String(value)) ? 'millions' : 'tooLarge', amount };
  } else if (resource === 'memory' || resource === 'ephemeral-storage') {
    if (amount < minBytes)
      return { message: thousandths.test(String(value)) ? 'thousandths' : 'tooSmall', amount };
  }
  return undefined;
}

/** A request above its limit, unless the limit is the one that cannot be meant. */
function doubtAgainst(
  resource: string,
  value: unknown,
  limit: unknown,
  bounds: Bounds,
): Pick<Doubt, 'message' | 'amount'> | undefined {
  if (typeof limit !== 'string' && typeof limit !== 'number') return undefined;
  if (value === limit || doubtAbout(resource, limit, bounds) !== undefined) return undefined;
  const [most, asked] = [parseQuantity(limit), parseQuantity(value)];
  if (most === undefined || asked === undefined || compareQuantities(asked, most) <= 0) return undefined;
  return { message: 'aboveLimit', amount: String(limit) };
}

/** The amount that was meant, where that is plain. */
export function meantInsteadOf({ message, quantity }: Doubt): string | undefined {
  if (message === 'thousandths') return quantity.replace(thousandths, '$1Mi');
  if (message === 'millions') return quantity.replace(millions, '$1m');
  return undefined;
}
