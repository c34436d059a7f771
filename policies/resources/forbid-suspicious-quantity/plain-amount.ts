const [zero, nine] = [48, 57];

/**
 * An amount in thousandths where it is written the plain way (`250m`, `2`, `512Mi`) and a double holds it
 * exactly; NaN otherwise, which says nothing but that somebody has to look closer. Nearly all amounts are plain,
 * and this costs a tenth of an exact parse.
 */
export function plainAmount(value: unknown): number {
  if (typeof value !== 'string') return NaN;
  let digits = 0;
  let position = 0;
  for (; position < value.length; position++) {
    const code = value.charCodeAt(position);
    if (code < zero || code > nine) break;
    digits = digits * 10 + code - zero;
  }
  if (position === 0) return NaN;
  const amount = digits * thousandthsOf(value, position);
  return Number.isSafeInteger(amount) ? amount : NaN;
}

/** Thousandths in the unit that starts at the position; NaN for rare ones. */
function thousandthsOf(text: string, position: number): number {
  const unit = text.length - position;
  if (unit === 0) return 1000;
  if (unit === 1 && text[position] === 'm') return 1;
  if (unit !== 2 || text[position + 1] !== 'i') return NaN;
  const power = 'KMG'.indexOf(text.charAt(position)) + 1;
  return power === 0 ? NaN : 1000 * 1024 ** power;
}
