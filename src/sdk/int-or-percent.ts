/**
 * The number behind a field that takes a number or a percentage (maxUnavailable, maxSurge, minAvailable …), for so
 * many pods; undefined for what is neither. Rounding is the field's business: the API reference says for each
 * whether parts of a pod count. Never throws.
 *
 * Source: k8s.io/apimachinery/pkg/util/intstr/intstr.go, GetScaledValueFromIntOrPercent.
 *
 * @example
 * scaledValue(2, 10, 'down'); // 2
 * scaledValue('25%', 10, 'down'); // 2
 * scaledValue('25%', 10, 'up'); // 3
 * scaledValue('25', 10, 'up'); // undefined
 */
export function scaledValue(value: unknown, total: number, rounds: 'up' | 'down'): number | undefined {
  if (typeof value === 'number') return value;
  const percentage = percentageOf(value);
  if (percentage === undefined) return undefined;
  return rounds === 'up' ? Math.ceil((percentage * total) / 100) : Math.floor((percentage * total) / 100);
}

/**
 * The number of a percentage, undefined for anything else. Never throws.
 *
 * Source: k8s.io/apimachinery/pkg/util/validation/validation.go, IsValidPercent.
 *
 * @example
 * percentageOf('25%'); // 25
 * percentageOf(25); // undefined
 */
export function percentageOf(value: unknown): number | undefined {
  // Nobody writes more than three digits, and what is longer need not be read.
  if (typeof value !== 'string' || value.length > 16 || !/^\d+%$/.test(value)) return undefined;
  return Number(value.slice(0, -1));
}
