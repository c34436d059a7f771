import {
  compareQuantities,
  entries,
  isRecord,
  formatQuantity,
  isZero,
  limitRangeDefault,
  parseQuantity,
  property,
  quantityRatio,
  quantityToNumber,
  remember,
  type ContainerSubject,
  type DefaultAmount,
  type Quantity,
} from '#sdk';

/** `512m` where `512Mi` was meant; beyond six digits nobody can tell. */
const thousandths = /^([1-9]\d{0,5})m$/;
/** `500Mi` or `500M` where `500m` was meant. */
const millions = /^([1-9]\d{0,5})Mi?$/;

/** What an amount may be at least and at most. */
interface Bounds {
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly maxCores: number;
}

/** An amount that cannot be meant, and which message says why. */
export interface Doubt {
  readonly message:
    | 'invalid'
    | 'thousandths'
    | 'tooSmall'
    | 'tooManyBytes'
    | 'millions'
    | 'tooLarge'
    | 'tooFine'
    | 'unknown'
    | 'fraction'
    | 'pages'
    | 'unequal'
    | 'noLimit'
    | 'aboveLimit';
  readonly list: 'requests' | 'limits';
  readonly resource: string;
  readonly quantity: string;
  /** Cores, bytes or terabytes; where a request is held against its limit the limit; the size of a page. */
  readonly amount: number | string;
}

const nothing: readonly Doubt[] = [];

/** Resources that are looked at without further thought, and all that Kubernetes knows without a domain or a size. */
const inContainers: ReadonlySet<string> = new Set(['cpu', 'memory', 'ephemeral-storage']);
const inPods: ReadonlySet<string> = new Set(['cpu', 'memory']);

/** What cannot be meant in the resources of a container, or of a pod as a whole. */
export function doubtsAbout(
  resources: unknown,
  bounds: Bounds,
  of: 'container' | 'pod' = 'container',
): readonly Doubt[] {
  const plain = of === 'pod' ? inPods : inContainers;
  const requests = property(resources, 'requests');
  const limits = property(resources, 'limits');
  if (isBeyondDoubt(requests, limits, bounds, plain) && isBeyondDoubt(limits, limits, bounds, plain))
    return nothing;
  let doubts: Doubt[] | undefined;
  for (const list of ['requests', 'limits'] as const) {
    for (const [resource, value] of entries(list === 'requests' ? requests : limits)) {
      const doubt =
        doubtAbout(resource, value, bounds, plain) ??
        (list === 'requests'
          ? doubtAgainst(resource, value, property(limits, resource), bounds, plain)
          : undefined);
      if (doubt !== undefined)
        (doubts ??= []).push({ ...doubt, list, resource, quantity: quantityShown(value) });
    }
  }
  return doubts ?? nothing;
}

/** As it stands there; what is no amount at all stands under a name that nobody knows. */
function quantityShown(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) || '""' : 'null';
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
function isBeyondDoubt(
  amounts: unknown,
  limits: unknown,
  { minBytes, maxBytes, maxCores }: Bounds,
  plain: ReadonlySet<string>,
): boolean {
  if (amounts == null) return true;
  if (!isRecord(amounts)) return false;
  for (const resource in amounts) {
    if (!plain.has(resource)) return false;
    const amount = plainAmount(amounts[resource]);
    const limit = amounts === limits ? undefined : property(limits, resource);
    const isCpu = resource === 'cpu';
    const isPlausible = isCpu
      ? amount >= 1 && amount <= maxCores * 1000
      : amount >= minBytes * 1000 && amount <= maxBytes * 1000;
    if (!isPlausible || !(limit === undefined || amount <= plainAmount(limit))) return false;
  }
  return true;
}

/** What is wrong with one amount, whatever stands beside it. Zero can be meant: it says that there is none. */
function doubtAbout(
  resource: string,
  value: unknown,
  { minBytes, maxBytes, maxCores }: Bounds,
  plain: ReadonlySet<string>,
): Pick<Doubt, 'message' | 'amount'> | undefined {
  if (!isKnown(resource, plain)) return { message: 'unknown', amount: 0 };
  // Values of another type are wrong in any field: forbid-unknown-field says so.
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const quantity = parseQuantity(value);
  if (quantity === undefined || quantity.mantissa < 0n) return { message: 'invalid', amount: 0 };
  if (isZero(quantity)) return undefined;
  const amount = quantityToNumber(quantity);
  if (resource === 'cpu') {
    if (amount < 0.001) return { message: 'tooFine', amount };
    if (amount <= maxCores) return undefined;
    return { message: millions.test(String(value)) ? 'millions' : 'tooLarge', amount };
  }
  if (plain.has(resource)) {
    if (amount > maxBytes) return { message: 'tooManyBytes', amount: Math.round(amount / 1e12) };
    if (amount >= minBytes) return undefined;
    return { message: thousandths.test(String(value)) ? 'thousandths' : 'tooSmall', amount };
  }
  return doubtAboutPieces(resource, quantity);
}

/** Whether the API server takes the name: devices and the like, which have a domain, belong to containers alone. */
function isKnown(resource: string, plain: ReadonlySet<string>): boolean {
  if (plain.has(resource) || pageOf(resource) !== undefined) return true;
  if (plain === inPods || !resource.includes('/')) return false;
  return !isExtendedResource(resource) || !resource.startsWith('requests.');
}

/** Huge pages and devices come in pieces. */
function doubtAboutPieces(
  resource: string,
  quantity: Quantity,
): Pick<Doubt, 'message' | 'amount'> | undefined {
  const page = pageOf(resource);
  const size = parseQuantity(page);
  if (page !== undefined && size !== undefined && !Number.isInteger(quantityRatio(quantity, size)))
    return { message: 'pages', amount: page };
  if (!isExtendedResource(resource)) return undefined;
  const amount = quantityToNumber(quantity);
  return Number.isInteger(amount) ? undefined : { message: 'fraction', amount };
}

/** `2Mi` of `hugepages-2Mi`. */
function pageOf(resource: string): string | undefined {
  return resource.startsWith('hugepages-') ? resource.slice('hugepages-'.length) : undefined;
}

/**
 * Devices and the like, which Kubernetes counts in whole numbers. Source: IsExtendedResourceName in
 * k8s.io/kubernetes/pkg/apis/core/v1/helper.
 */
function isExtendedResource(resource: string): boolean {
  return resource.includes('/') && !resource.includes('kubernetes.io/');
}

/**
 * A request above its limit, or other than it where the two have to be equal, unless the limit cannot be meant. The API
 * server reads null as zero.
 */
function doubtAgainst(
  resource: string,
  value: unknown,
  limit: unknown,
  bounds: Bounds,
  plain: ReadonlySet<string>,
): Pick<Doubt, 'message' | 'amount'> | undefined {
  // What is not promised twice is requested as it is limited (IsOvercommitAllowed in the same place).
  const isShared = !isExtendedResource(resource) && pageOf(resource) === undefined;
  if (limit === undefined && !isShared)
    return parseQuantity(value ?? '0') === undefined ? undefined : { message: 'noLimit', amount: 0 };
  if (limit === null) return doubtAgainst(resource, value, '0', bounds, plain);
  if (typeof limit !== 'string' && typeof limit !== 'number') return undefined;
  if (value === limit || doubtAbout(resource, limit, bounds, plain) !== undefined) return undefined;
  const [most, asked] = [parseQuantity(limit), parseQuantity(value)];
  if (most === undefined || asked === undefined) return undefined;
  const difference = compareQuantities(asked, most);
  if (difference === 0 || (isShared && difference < 0)) return undefined;
  return { message: isShared ? 'aboveLimit' : 'unequal', amount: String(limit) };
}

/** The amount that was meant, where that is plain. */
export function meantInsteadOf({ message, quantity }: Doubt): string | undefined {
  if (message === 'thousandths') return quantity.replace(thousandths, '$1Mi');
  if (message === 'millions') return quantity.replace(millions, '$1m');
  return undefined;
}

/** Requests without a limit that are above the one which a LimitRange gives the container: such a pod is refused. */
export function aboveDefaults(
  subject: ContainerSubject,
): readonly { readonly resource: string; readonly quantity: string; readonly given: DefaultAmount }[] {
  if (subject.pod.workload.facts === undefined) return [];
  const { resources } = subject.container;
  return entries(resources?.requests).flatMap(([resource, value]) => {
    const asked = parseQuantity(value);
    if (asked === undefined || property(resources?.limits, resource) !== undefined) return [];
    const given = limitRangeDefault(subject, 'limits', resource);
    const most = parseQuantity(given?.amount);
    if (given === undefined || most === undefined || compareQuantities(asked, most) <= 0) return [];
    return [{ resource, quantity: value, given: { ...given, amount: formatQuantity(most) } }];
  });
}
