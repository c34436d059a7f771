import type { Counter, Gauge } from 'prom-client';

/** Takes out the series that have another value of a label. */
export async function dropSeries<L extends string>(
  metric: Counter<L> | Gauge<L>,
  label: L,
  kept: ReadonlySet<string>,
): Promise<void> {
  const { values } = await metric.get();
  for (const { labels } of values) {
    const value = labels[label];
    if (value !== undefined && !kept.has(String(value))) metric.remove(labels);
  }
}

interface Remembered<V> {
  (key: string): V;
  readonly forget: (isGone: (key: string) => boolean) => void;
}

/** Makes a value for each key once. Only for keys from fixed lists: what is made stays until it is to be forgotten. */
export function remembered<V>(make: (key: string) => V): Remembered<V> {
  const made = new Map<string, V>();
  const get = (key: string): V => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
  const forget: Remembered<V>['forget'] = (isGone) => {
    for (const key of [...made.keys()].filter(isGone)) made.delete(key);
  };
  return Object.assign(get, { forget });
}
