import { binarySuffixes, decimalSuffixes, type Quantity } from './quantity-parse.ts';

/** CanonicalizeBytes in quantity.go. */
export function formatCanonically(quantity: Quantity): string {
  const { mantissa, scale, format } = quantity;
  if (mantissa === 0n) return '0';
  if (format === 'binarySI') {
    const whole = wholeNumber(mantissa, scale);
    // Small and fractional amounts are written in decimal, so that nothing is rounded.
    if (whole !== undefined && (whole >= 1024n || whole <= -1024n)) return formatBinary(whole);
  }
  const [digits, exponent] = shorten(mantissa, scale);
  if (format === 'decimalExponent') return exponent === 0 ? digits : `${digits}e${exponent}`;
  // No suffix is known above E: Kubernetes then leaves it out and writes 1000E as 1.
  return digits + (decimalSuffixes[exponent / 3 + 3] ?? '');
}

function wholeNumber(mantissa: bigint, scale: number): bigint | undefined {
  if (scale >= 0) return mantissa * 10n ** BigInt(scale);
  const divisor = 10n ** BigInt(-scale);
  return mantissa % divisor === 0n ? mantissa / divisor : undefined;
}

function formatBinary(value: bigint): string {
  let rest = value;
  let power = 0;
  while (rest % 1024n === 0n) {
    rest /= 1024n;
    power++;
  }
  return `${rest}${binarySuffixes[power] ?? ''}`;
}

/** Moves trailing zeros into the exponent, which stays a multiple of three. */
function shorten(mantissa: bigint, scale: number): [digits: string, exponent: number] {
  const digits = mantissa.toString();
  const significant = digits.replace(/(?<!0)0+$/, '');
  // Go counts in 32 bits, and its remainder has the sign of the dividend, as in JavaScript.
  const exponent = (scale + digits.length - significant.length) | 0;
  const spare = ((exponent % 3) + 3) % 3;
  return [significant + '0'.repeat(spare), (exponent - spare) | 0];
}
