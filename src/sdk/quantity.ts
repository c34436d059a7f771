import { formatCanonically } from './quantity-format.ts';
import { parseText, type Quantity } from './quantity-parse.ts';
import { remember } from './remember.ts';

export type { Quantity, QuantityFormat } from './quantity-parse.ts';

/** The same few amounts stand in all manifests. */
const parseKnown = remember(4_096, parseText);
const zero: Quantity = { mantissa: 0n, scale: 0, format: 'decimalSI', text: '0' };

/**
 * Reads a quantity as the API server does, from text or from a JSON number. What it does not take for a quantity
 * (`''`, `'2 Gi'`, `'1KB'`, true) is undefined; so is an absent field. A field that is null is zero, as in
 * Kubernetes. Binary quantities are capped at 2^63 − 1, finer ones than a billionth are rounded up, away from
 * zero. Text of more than 1,024 characters is undefined, which Kubernetes would accept. Never throws.
 *
 * Source: k8s.io/apimachinery/pkg/api/resource/quantity.go (ParseQuantity, UnmarshalJSON).
 *
 * @example
 * parseQuantity('100m'); // a tenth of a core: { mantissa: 100n, scale: -3, … }
 * parseQuantity('256Mi'); // 268,435,456 bytes
 * parseQuantity(0.5); // the same as '500m'
 * parseQuantity('1 Gi'); // undefined
 */
export function parseQuantity(value: unknown): Quantity | undefined {
  if (typeof value === 'string') return parseKnown(value);
  // A JSON number reaches Go as its text. JavaScript has parsed it already and writes it as Go's encoder does;
  // only the look is lost (1e3 is 1000 here).
  if (typeof value === 'number') return Number.isFinite(value) ? parseText(String(value)) : undefined;
  return value === null ? zero : undefined;
}

/**
 * The canonical text of a quantity as Kubernetes writes it: no fractions, the largest suffix that loses nothing,
 * of the kind the quantity was written with. Never throws.
 *
 * Source: k8s.io/apimachinery/pkg/api/resource/quantity.go (String, CanonicalizeBytes). Its habits are kept: what
 * looks canonical already stays as it is (`+1`, `1.500`), and above `E` the suffix is lost.
 *
 * @example
 * formatQuantity(parseQuantity('1.5Gi')); // '1536Mi'
 * formatQuantity(parseQuantity('0.5')); // '500m'
 */
export function formatQuantity(quantity: Quantity): string {
  return quantity.text ?? formatCanonically(quantity);
}

/**
 * Orders two quantities by value: negative, zero or positive, whatever their units. Exact. Never throws.
 *
 * @example
 * compareQuantities(parseQuantity('1Gi'), parseQuantity('1G')); // positive: 1 Gi is more than 1 G
 */
export function compareQuantities(a: Quantity, b: Quantity): number {
  if (a.scale === b.scale) return order(a.mantissa, b.mantissa);
  const signs = signOf(a) - signOf(b);
  if (signs !== 0 || a.mantissa === 0n) return signs;
  // `1e2000000000` is a quantity: sizes are compared before anything is multiplied out.
  const digits = magnitude(a) - magnitude(b);
  if (digits !== 0) return digits * signOf(a);
  const scale = Math.min(a.scale, b.scale);
  return order(atScale(a, scale), atScale(b, scale));
}

/**
 * How many times the request fits into the limit: 2 for a limit of 2Gi over a request of 1Gi. Infinity over a
 * request of zero, NaN for zero over zero. Exact up to 2^53, the nearest number beyond. Never throws.
 *
 * @example
 * quantityRatio(parseQuantity('2'), parseQuantity('500m')); // 4
 */
export function quantityRatio(limit: Quantity, request: Quantity): number {
  if (request.mantissa === 0n || limit.mantissa === 0n) {
    return Number(limit.mantissa) / Number(request.mantissa);
  }
  const sign = signOf(limit) * signOf(request);
  const digits = magnitude(limit) - magnitude(request);
  // Doubles reach from 10^-324 to 10^308: outside, nothing needs to be multiplied out.
  if (digits > 310) return sign * Infinity;
  if (digits < -326) return 0;
  const scale = Math.min(limit.scale, request.scale);
  const [over, under] = [atScale(limit, scale), atScale(request, scale)];
  // Where both fit into a double, one division is correctly rounded: 3 ÷ 300m is exactly 10.
  if (isSafe(over) && isSafe(under)) return Number(over) / Number(under);
  // A double holds 17 digits: 20 digits of the quotient are enough.
  const shift = Math.max(0, 20 - digits);
  return Number(`${(over * 10n ** BigInt(shift)) / under}e-${shift}`);
}

/**
 * The sum of two quantities, written as the first one is. Exact, but that beside a number of 400 more digits the other
 * is nothing. Never throws.
 *
 * @example
 * formatQuantity(addQuantities(parseQuantity('1Gi'), parseQuantity('512Mi'))); // '1536Mi'
 */
export function addQuantities(a: Quantity, b: Quantity): Quantity {
  if (isZero(b)) return a;
  if (isZero(a)) return b;
  // `1e2000000000` is a quantity: nothing is multiplied out for what no sum would show.
  const digits = magnitude(a) - magnitude(b);
  if (Math.abs(digits) > 400) return digits > 0 ? a : b;
  const scale = Math.min(a.scale, b.scale);
  return { mantissa: atScale(a, scale) + atScale(b, scale), scale, format: a.format };
}

/**
 * Whether a quantity is zero, however it is written (`0`, `0Mi`, `0e3`). Never throws.
 *
 * @example
 * isZero(parseQuantity('0m')); // true
 */
export function isZero(quantity: Quantity): boolean {
  return quantity.mantissa === 0n;
}

/**
 * A quantity as a plain number of its unit (cores, bytes): the nearest one, ±Infinity beyond 10^308. For prices
 * and charts; bounds are to be judged with `compareQuantities`, which is exact. Never throws.
 *
 * @example
 * quantityToNumber(parseQuantity('250m')); // 0.25
 */
export function quantityToNumber(quantity: Quantity): number {
  return quantityRatio(quantity, one);
}

const one: Quantity = { mantissa: 1n, scale: 0, format: 'decimalSI' };

function order(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function signOf(quantity: Quantity): number {
  return order(quantity.mantissa, 0n);
}

function isSafe(value: bigint): boolean {
  return value <= 9_007_199_254_740_991n && value >= -9_007_199_254_740_991n;
}

/** Number of digits before the decimal point (negative for small fractions). */
function magnitude(quantity: Quantity): number {
  const digits = quantity.mantissa.toString().length;
  return (quantity.mantissa < 0n ? digits - 1 : digits) + quantity.scale;
}

function atScale(quantity: Quantity, scale: number): bigint {
  return quantity.mantissa * 10n ** BigInt(quantity.scale - scale);
}
