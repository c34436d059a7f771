const grouped = new Intl.NumberFormat('en-US');

/** `12,345` */
export function number(value: number): string {
  return grouped.format(value);
}

/** `1 finding`, `1,200 findings` */
export function counted(value: number, word: string, plural = `${word}s`): string {
  return `${number(value)} ${value === 1 ? word : plural}`;
}

/** `0.25`, `3.5`, `128`, `1,240`: three digits that count, for cores. */
export function cores(value: number): string {
  return short(value);
}

/** Bytes as GiB: `0.5`, `12.3`, `1,024`. */
export function gibibytes(bytes: number): string {
  return short(bytes / 2 ** 30);
}

/** `2.4×`, or a dash where there is nothing to compare. */
export function ratio(limit: number, request: number): string {
  return limit > 0 && request > 0 ? `${short(limit / request)}×` : '–';
}

/** `+12`, `−3`, `±0` */
export function change(value: number): string {
  if (value === 0) return '±0';
  return value > 0 ? `+${number(value)}` : `−${number(-value)}`;
}

/** `in 12 days`, `today`, `40 days ago`; nothing where the date is none. */
export function inDays(days: number): string {
  if (Number.isNaN(days)) return '';
  if (days === 0) return 'today';
  const many = counted(Math.abs(days), 'day');
  return days > 0 ? `in ${many}` : `${many} ago`;
}

function short(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 0.1 || value === 0 ? 2 : 3;
  return grouped.format(Number(value.toFixed(digits)));
}
