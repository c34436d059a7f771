import { isRecord } from '../json.ts';
import { parseQuantity } from '../quantity.ts';
import type { FieldType, Scalar } from './field-type.ts';

const wholeNumber = 'a whole number';

interface Reader {
  /** What to write, as in "takes a whole number". */
  readonly name: string;
  /** Whether the API server can read the value. Never null. */
  reads(value: unknown): boolean;
}

/** RFC 3339, as Go's time package reads it: with seconds, and a zone or Z; a zone of 24 hours or 60 minutes, too. */
const instant = /^(\d{4})-(\d\d)-(\d\d)T(\d\d?):(\d\d):(\d\d)(?:[.,]\d+)?(?:Z|[+-](\d\d):(\d\d))$/;

function isInstant(value: unknown): boolean {
  const match = typeof value === 'string' && value.length < 64 ? instant.exec(value) : null;
  if (match === null) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, zoneHour = 0, zoneMinute = 0] = match
    .slice(1)
    .map((part) => Number(part || 0));
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const isDay = month >= 1 && month <= 12 && day >= 1 && day <= lastDay;
  return isDay && hour < 24 && minute < 60 && second < 60 && zoneHour <= 24 && zoneMinute <= 60;
}

const microSeconds = /:\d\d[.,]\d{6}(?:Z|[+-]\d\d:\d\d)$/;
/** Go's base64 (standard alphabet, padded); it passes over line breaks. */
const base64 = /^(?:[A-Z0-9+/]{4})*(?:[A-Z0-9+/]{2}==|[A-Z0-9+/]{3}=)?$/i;
const goDuration = /^[+-]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|[smh]))+)$/;

function isInteger(value: unknown, bits: 32 | 64): boolean {
  return Number.isInteger(value) && Number(value) >= -(2 ** (bits - 1)) && Number(value) < 2 ** (bits - 1);
}

function isQuantity(value: unknown): boolean {
  if (typeof value === 'number') return parseQuantity(String(value)) !== undefined;
  return typeof value === 'string' && parseQuantity(value) !== undefined;
}

const isText = (value: unknown): boolean => typeof value === 'string';

/** Source: the UnmarshalJSON functions of k8s.io/apimachinery, and encoding/json for the rest. */
const readers: Readonly<Record<Scalar, Reader>> = {
  any: { name: 'anything', reads: () => true },
  plain: { name: 'anything', reads: () => true },
  string: { name: 'text', reads: isText },
  bool: { name: 'true or false', reads: (value) => typeof value === 'boolean' },
  int32: { name: wholeNumber, reads: (value) => isInteger(value, 32) },
  int64: { name: wholeNumber, reads: (value) => isInteger(value, 64) },
  number: { name: 'a number', reads: (value) => typeof value === 'number' },
  bytes: { name: 'base64 text', reads: (value) => isBytes(value) },
  quantity: { name: 'a quantity such as 500m or 1Gi', reads: isQuantity },
  intOrString: {
    name: 'a whole number or text',
    reads: (value) => isText(value) || isInteger(value, 32),
  },
  int64OrString: {
    name: 'a whole number or text',
    reads: (value) => isText(value) || isInteger(value, 64),
  },
  time: { name: 'a time such as 2026-01-31T12:00:00Z', reads: isInstant },
  microTime: {
    name: 'a time with microseconds such as 2026-01-31T12:00:00.000000Z',
    reads: (value) => isInstant(value) && microSeconds.test(String(value)),
  },
  duration: {
    name: 'a duration such as 1h30m',
    reads: (value) => typeof value === 'string' && goDuration.test(value),
  },
  schemaOrBool: {
    name: 'a schema, true or false',
    reads: (value) => isRecord(value) || typeof value === 'boolean',
  },
  schemaOrArray: {
    name: 'a schema or a list of schemas',
    reads: (value) => isRecord(value) || Array.isArray(value),
  },
  schemaOrTexts: {
    name: 'a schema or a list of texts',
    reads: (value) => isRecord(value) || Array.isArray(value),
  },
};

/** A list of numbers is a list of bytes to encoding/json, too, and null is a zero. */
function isBytes(value: unknown): boolean {
  if (typeof value === 'string') return base64.test(value.replace(/[\r\n]/g, ''));
  return (
    Array.isArray(value) &&
    value.every(
      (item) => item === null || (Number.isInteger(item) && Number(item) >= 0 && Number(item) < 256),
    )
  );
}

/** Whether a value has the form of the type, without looking at what is inside lists, maps and structs. */
export function fits(value: unknown, type: FieldType): boolean {
  if (value === null) return type.refusesNull !== true;
  if (type.is === 'list') return Array.isArray(value);
  if (type.is === 'map' || type.is === 'struct') return isRecord(value);
  return readers[type.is].reads(value);
}

/** What a field takes, in words. */
export function expectation(type: FieldType): string {
  if (type.is === 'list') return 'a list';
  return type.is === 'map' || type.is === 'struct' ? 'a mapping' : readers[type.is].name;
}

/** What stands there instead, in words that quote nothing of it. */
export function describeValue(value: unknown, type: FieldType): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'boolean') return 'true or false';
  if (typeof value === 'number') {
    const takesNumbers = type.is === 'int32' || type.is === 'int64' || /^int/.test(type.is);
    if (!takesNumbers) return 'a number';
    return Number.isInteger(value) ? 'a number that is too large' : 'a number with a fraction';
  }
  return typeof value === 'string' ? (readsTexts.has(type.is) ? 'other text' : 'text') : 'a mapping';
}

const readsTexts: ReadonlySet<FieldType['is']> = new Set([
  'bytes',
  'quantity',
  'time',
  'microTime',
  'duration',
]);

/** The value that a text was meant to be, where there is no doubt: `"3"` for a whole number. */
export function unquoted(value: unknown, type: FieldType): number | boolean | undefined {
  if (typeof value !== 'string') return undefined;
  const meant =
    value === 'true' || value === 'false'
      ? value === 'true'
      : /^(?:0|-?[1-9]\d{0,14})$/.test(value)
        ? Number(value)
        : undefined;
  return meant !== undefined && fits(meant, type) ? meant : undefined;
}
