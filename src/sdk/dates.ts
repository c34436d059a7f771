/**
 * The start of the day of a date, or of an RFC 3339 time as `date --iso-8601=seconds` prints it, in milliseconds since
 * 1970; NaN for all else, days that no month has included. Never throws.
 *
 * @example startOfDay('2026-03-31T08:00:00Z') === startOfDay('2026-03-31') // true
 */
export function startOfDay(value: string): number {
  const day = /^(\d{4}-\d\d-\d\d)(?:T\d\d:\d\d[\d:.]{0,16}(?:Z|[+-]\d\d:\d\d)?)?$/.exec(value)?.[1];
  const start = day === undefined ? NaN : Date.parse(day);
  // JavaScript takes 31 February for a day in March.
  return !Number.isNaN(start) && new Date(start).toISOString().slice(0, 10) === day ? start : NaN;
}
