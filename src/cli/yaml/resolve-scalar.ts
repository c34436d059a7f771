import type { ScalarValue } from './source-node.ts';

/**
 * What an unquoted word or number of YAML means to Kubernetes. This is `resolve` of go-yaml v2 (through
 * sigs.k8s.io/yaml), not the table of any YAML specification: `y` and `n` are booleans, `0777` and `0o777` are
 * octal, `1_000` is a thousand, `12:30:45` and dates stay strings.
 */

const tagPrefix = 'tag:yaml.org,2002:';

const words: ReadonlyMap<string, ScalarValue> = new Map<string, ScalarValue>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((w) => [w, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(
    (w) => [w, false] as const,
  ),
  ...['', '~', 'null', 'Null', 'NULL'].map((w) => [w, null] as const),
  ...['.nan', '.NaN', '.NAN'].map((w) => [w, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((w) => [w, Infinity] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((w) => [w, -Infinity] as const),
]);

/** A number is kept with its text: map keys print integers exactly and floats as Go prints a float32. */
export type Resolved =
  | { readonly type: 'null' | 'bool' | 'str'; readonly value: ScalarValue }
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'float'; readonly value: number };

const maxInt64 = 2n ** 63n - 1n;
const maxUint64 = 2n ** 64n - 1n;
const decimalFloat = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?$/i;
const pointFloat = /^\.\d+(?:_\d+)*(?:e[-+]?\d+(?:_\d+)*)?$/i;
const integer =
  /^(?<sign>[-+]?)(?:0(?<mark>[xbo])(?<based>[\da-f]+)|(?<octal>0[0-7]+)|(?<decimal>0|[1-9]\d*))$/i;
/** `0b` is also cut off by hand in go-yaml, which lets a sign through behind it: `0b-101` is -5. */
const signedBinary = /^0b(?<sign>[-+])(?<digits>[01]+)$/;
const base64 = /^(?:[A-Z\d+/]{4})*(?:[A-Z\d+/]{2}==|[A-Z\d+/]{3}=)?$/i;
const timestamp =
  /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt]\d{1,2}:\d{1,2}:\d{1,2}(?:[.,]\d+)?(?:Z|[-+]\d{2}:\d{2})| \d{1,2}:\d{1,2}:\d{1,2}(?:[.,]\d+)?)?$/;

/**
 * @param text the scalar, unescaped and folded
 * @param tag its explicit tag in full, if any
 * @param plain whether it stands without quotes and is no block scalar
 * @returns undefined where Kubernetes refuses the tag for this text
 */
export function resolveScalar(text: string, tag: string | undefined, plain: boolean): Resolved | undefined {
  if (tag === undefined) return plain ? untagged(text) : string(text);
  if (!tag.startsWith(tagPrefix)) return string(text);
  const wanted = tag.slice(tagPrefix.length);
  switch (wanted) {
    case 'str':
      return string(text);
    case 'binary':
      return decodeBinary(text);
    case 'timestamp':
      return timestamp.test(text) ? string(text) : undefined;
    case 'null':
    case 'bool':
    case 'int':
    case 'float': {
      const found = untagged(text);
      if (found.type === wanted) return found;
      const widens = wanted === 'float' && found.type === 'int' && found.value <= maxInt64;
      return widens ? { type: 'float', value: Number(found.value) } : undefined;
    }
    default:
      return string(text);
  }
}

function string(value: string): Resolved {
  return { type: 'str', value };
}

function untagged(text: string): Resolved {
  const word = words.get(text);
  if (word !== undefined) {
    if (typeof word === 'number') return { type: 'float', value: word };
    return { type: word === null ? 'null' : 'bool', value: word };
  }
  const first = text.charCodeAt(0);
  // 46 is "."; Go wants every underscore between two digits here, and nowhere else.
  if (first === 46) return pointFloat.test(text) ? float(text.replaceAll('_', ''), text) : string(text);
  const isNumeric = first === 43 || first === 45 || (first >= 48 && first <= 57);
  return isNumeric ? numeric(text) : string(text);
}

function numeric(text: string): Resolved {
  const plain = text.replaceAll('_', '');
  const whole = parseInteger(plain);
  if (whole !== undefined) return { type: 'int', value: whole };
  if (decimalFloat.test(plain)) return float(plain, text);
  const odd = signedBinary.exec(plain)?.groups;
  if (odd === undefined) return string(text);
  const size = BigInt(`0b${odd.digits ?? ''}`);
  const value = odd.sign === '-' ? -size : size;
  return value > maxInt64 || value < -maxInt64 - 1n ? string(text) : { type: 'int', value };
}

/** strconv.ParseInt with base 0, then ParseUint: decimal, 0x, 0o, 0b and a leading 0 for octal. */
function parseInteger(text: string): bigint | undefined {
  const parts = integer.exec(text)?.groups;
  if (parts === undefined) return undefined;
  const { sign, mark, based, octal, decimal } = parts;
  let size: bigint;
  try {
    if (mark !== undefined) size = BigInt(`0${mark.toLowerCase()}${based ?? ''}`);
    else if (octal !== undefined) size = BigInt(`0o${octal.slice(1)}`);
    else size = BigInt(decimal ?? '');
  } catch {
    // A digit beyond the base, as in 0b12 or 0o9.
    return undefined;
  }
  if (sign === '-') return size <= maxInt64 + 1n ? -size : undefined;
  return size <= (sign === '+' ? maxInt64 : maxUint64) ? size : undefined;
}

/** Go refuses a float beyond float64 (1e999) instead of rounding it to infinity: it stays a string. */
function float(digits: string, text: string): Resolved {
  const value = Number(digits);
  return Number.isFinite(value) ? { type: 'float', value } : string(text);
}

function decodeBinary(text: string): Resolved | undefined {
  const compact = text.replace(/[\r\n]/g, '');
  if (!base64.test(compact)) return undefined;
  return string(Buffer.from(compact, 'base64').toString('utf8'));
}

/** The text of a map key as sigs.k8s.io/yaml turns it into JSON; undefined where it refuses. */
export function keyText(key: Resolved): string | undefined {
  switch (key.type) {
    case 'null':
      return undefined;
    case 'int':
      return key.value > maxInt64 ? undefined : key.value.toString();
    case 'float':
      return formatFloat32(key.value);
    case 'bool':
    case 'str':
      return String(key.value);
  }
}

/** strconv.FormatFloat(value, 'g', -1, 32): the shortest digits that give the same float32. */
function formatFloat32(value: number): string {
  const single = Math.fround(value);
  if (Number.isNaN(single)) return '.nan';
  if (!Number.isFinite(single)) return single > 0 ? '.inf' : '-.inf';
  if (single === 0) return Object.is(single, -0) ? '-0' : '0';
  let shortest = single.toExponential();
  // Nine digits tell any two float32 apart.
  for (let digits = 0; digits < 9; digits++) {
    const candidate = single.toExponential(digits);
    if (Math.fround(Number(candidate)) === single) {
      shortest = candidate;
      break;
    }
  }
  const [mantissa = '', exponent = '0'] = shortest.split('e');
  const power = Number(exponent);
  // With the shortest precision Go chooses %e below 1e-4 and from 1e6 on.
  if (power >= -4 && power < 6) return Number(shortest).toString();
  const size = Math.abs(power).toString().padStart(2, '0');
  return `${mantissa}e${power < 0 ? '-' : '+'}${size}`;
}
