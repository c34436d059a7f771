/** How a quantity was written, which is how Kubernetes writes it back: `1500m`, `1536Mi` or `12e6`. */
export type QuantityFormat = 'decimalSI' | 'binarySI' | 'decimalExponent';

/** An amount of something: cores, bytes, pieces. Its value is `mantissa × 10^scale`, exactly. */
export interface Quantity {
  readonly mantissa: bigint;
  /** Power of ten; never below −9, because Kubernetes rounds finer values up to a billionth. */
  readonly scale: number;
  readonly format: QuantityFormat;
  /** The text as written, where Kubernetes keeps it instead of writing the number anew. */
  readonly text?: string;
}

interface Suffix {
  readonly format: QuantityFormat;
  /** Power of ten, or of two for binary suffixes. */
  readonly exponent: number;
}

// Source: k8s.io/apimachinery/pkg/api/resource/suffix.go.
/** Suffixes by power of a thousand, from -3 on. */
export const decimalSuffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
/** Suffixes by power of 1024. */
export const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const suffixes = new Map<string, Suffix>();
for (const [power, text] of binarySuffixes.entries())
  suffixes.set(text, { format: 'binarySI', exponent: power * 10 });
// After the binary ones: a number without a suffix is a decimal one.
for (const [index, text] of decimalSuffixes.entries())
  suffixes.set(text, { format: 'decimalSI', exponent: (index - 3) * 3 });

/** Decimal digits that always fit into an int64 (maxInt64Factors in math.go). */
const int64Digits = 18;
const int64Max = 2n ** 63n - 1n;
const nano = -9;
/** The longest text anybody writes has some 30 characters; a megabyte of digits must not cost us a second. */
const longest = 1024;
/** 10^15 is below 2^53: numbers of up to 15 digits are exact. */
const safeDigits = 15;

/** The quantity in a JSON string, or undefined; see `parseQuantity`. */
export function parseText(json: string): Quantity | undefined {
  return parseCommon(json) ?? (json.length > longest ? undefined : parseAny(trim(json)));
}

/** Digits and a suffix, such as `100m`, `256Mi` and `2`: nearly all there is, and read for each container. */
function parseCommon(text: string): Quantity | undefined {
  let value = 0;
  let position = 0;
  for (; position < text.length; position++) {
    const digit = text.charCodeAt(position) - 48;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  if (position === 0 || position > safeDigits || text.charCodeAt(0) === 48) return undefined;
  const suffix = suffixes.get(position === text.length ? '' : text.slice(position));
  if (suffix === undefined) return undefined;
  const { format, exponent } = suffix;
  if (format !== 'binarySI') {
    const quantity = { mantissa: BigInt(value), scale: exponent, format };
    return value % 1000 === 0 ? quantity : { ...quantity, text };
  }
  const bytes = value * 2 ** exponent;
  if (bytes > Number.MAX_SAFE_INTEGER) return undefined;
  const quantity = { mantissa: BigInt(bytes), scale: 0, format };
  return value % 8 === 0 ? quantity : { ...quantity, text };
}

// JSON escapes are not decoded before Go trims the text (UnmarshalJSON), so of white space only what JSON lets
// stand unescaped is trimmed: no tabs, no line breaks. U+FEFF is white space for JavaScript and not for Go.
const space = /[ \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

function trim(json: string): string {
  let start = 0;
  let end = json.length;
  while (start < end && space.test(json.charAt(start))) start++;
  while (end > start && space.test(json.charAt(end - 1))) end--;
  return json.slice(start, end);
}

function parseAny(text: string): Quantity | undefined {
  if (text === '') return undefined;
  if (text === '0') return { mantissa: 0n, scale: 0, format: 'decimalSI', text };
  const parts = scan(text);
  const suffix = readSuffix(parts.suffix);
  if (suffix === undefined) return undefined;
  return parseSmall(text, parts, suffix) ?? parseLarge(parts, suffix);
}

interface Parts {
  readonly negative: boolean;
  /** Digits before the point without leading zeros, `0` where none are left. */
  readonly integer: string;
  readonly fraction: string;
  readonly suffix: string;
  readonly hasDigits: boolean;
}

/** parseQuantityString in quantity.go. Digits are optional there: `.`, `+` and `Ki` are zero. */
function scan(text: string): Parts {
  const start = text.startsWith('+') || text.startsWith('-') ? 1 : 0;
  const point = afterDigits(text, start);
  const hasPoint = text[point] === '.';
  const end = hasPoint ? afterDigits(text, point + 1) : point;
  const fraction = hasPoint ? text.slice(point + 1, end) : '';
  return {
    negative: text.startsWith('-'),
    integer: text.slice(start, point).replace(/^0+/, '') || '0',
    fraction,
    suffix: text.slice(end),
    hasDigits: point > start || fraction !== '',
  };
}

function afterDigits(text: string, from: number): number {
  let position = from;
  while (position < text.length) {
    const code = text.charCodeAt(position);
    if (code < 48 || code > 57) break;
    position++;
  }
  return position;
}

/** A suffix, or an exponent such as `e3`, `E-6`, `e+2`; `E` alone is exa. */
function readSuffix(text: string): Suffix | undefined {
  const known = suffixes.get(text);
  if (known !== undefined) return known;
  if (!/^e[+-]?\d+$/i.test(text)) return undefined;
  const exponent = BigInt(text.slice(text[1] === '+' ? 2 : 1));
  // Go reads 64 bits and keeps the lower 32 of them.
  if (exponent > int64Max || exponent < -int64Max - 1n) return undefined;
  return { format: 'decimalExponent', exponent: Number(BigInt.asIntN(32, exponent)) };
}

/** What fits into Kubernetes' int64 amount: no cap, no rounding, and canonical text is kept as it is. */
function parseSmall(text: string, parts: Parts, { format, exponent }: Suffix): Quantity | undefined {
  const { integer, fraction, negative } = parts;
  const digits = integer + fraction;
  const binary = format === 'binarySI';
  // The arithmetic of ParseQuantity: 10 bits of a binary suffix count as 3 digits.
  const spare = binary
    ? 15 - integer.length - Math.trunc((exponent * 3) / 10) - 1
    : int64Digits - digits.length;
  const scale = binary ? 0 : (exponent - fraction.length) | 0;
  if (spare < 0 || scale < nano || (binary && fraction !== '')) return undefined;
  const value = BigInt(digits);
  const size = binary ? value << BigInt(exponent) : value;
  if (size > int64Max) return undefined;
  const canonical = binary
    ? (value & 7n) !== 0n
    : scale % 3 === 0 && !digits.endsWith('000') && !digits.startsWith('0');
  const quantity = { mantissa: negative ? -size : size, scale, format };
  return canonical ? { ...quantity, text } : quantity;
}

/** The rest: rounded up to a billionth, and capped where the suffix is binary. */
function parseLarge(parts: Parts, { format, exponent }: Suffix): Quantity | undefined {
  const { integer, fraction, negative, hasDigits } = parts;
  if (!hasDigits) return undefined;
  const binary = format === 'binarySI';
  const digits = BigInt(integer + fraction);
  const amount = roundUp(
    binary ? digits << BigInt(exponent) : digits,
    (binary ? 0 : exponent) - fraction.length,
  );
  const tooLarge = binary && amount.mantissa > int64Max * 10n ** BigInt(-amount.scale);
  const { mantissa, scale } = tooLarge ? { mantissa: int64Max, scale: 0 } : amount;
  const belowOne = mantissa > 0n && scale < 0 && mantissa < 10n ** BigInt(-scale);
  return {
    mantissa: negative ? -mantissa : mantissa,
    scale,
    format: binary && belowOne ? 'decimalSI' : format,
  };
}

function roundUp(mantissa: bigint, scale: number): { readonly mantissa: bigint; readonly scale: number } {
  if (mantissa === 0n) return { mantissa, scale: 0 };
  if (scale >= nano) return { mantissa, scale };
  // Below a billionth whatever the digits: no need to write out 10^2000000000 to see that.
  if (nano - scale > longest + int64Digits) return { mantissa: 1n, scale: nano };
  const divisor = 10n ** BigInt(nano - scale);
  const quotient = mantissa / divisor;
  return { mantissa: quotient * divisor === mantissa ? quotient : quotient + 1n, scale: nano };
}
