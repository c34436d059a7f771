/** Milliseconds. */
export const day = 86_400_000;

/** The first moment after a day written as 2027-03-31, in milliseconds since 1970. */
export function endOfDay(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) + day;
}

/** The UTC day of a moment in milliseconds since 1970: `2027-03-31`. */
export function dateOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** The same to the second: `2027-03-31T12:00:00Z`. */
export function dateTimeOf(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
