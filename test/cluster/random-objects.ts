/** Objects of any kind, made from its schema, and objects in which one thing is wrong. Seeded: no run differs. */
import { isRecord, type FieldType, type StructType } from '#sdk';

/** A number from 0 to below 1, the next one at every call (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Random = () => number;

export function pick<T>(items: readonly T[], random: Random): T | undefined {
  return items[Math.floor(random() * items.length)];
}

const deepest = 7;

/** A value that has the form of the type. */
export function valueOf(type: FieldType, random: Random, depth = 0): unknown {
  if (type.is === 'struct') return structValue(type, random, depth);
  const count = 1 + Math.floor(random() * 2);
  const keys = ['one', 'two.three'].slice(0, count);
  if (type.is === 'map')
    return Object.fromEntries(keys.map((key) => [key, valueOf(type.values, random, depth + 1)]));
  if (type.is === 'list')
    return depth > deepest ? [] : keys.map(() => valueOf(type.items, random, depth + 1));
  return pick<unknown>(examples[type.is], random);
}

const examples = {
  any: [{ a: 1 }, 'x'],
  plain: ['x', 5, [1]],
  string: ['text', '', '5', 'true'],
  bool: [true, false],
  int32: [0, 1, -5, 2_147_483_647],
  int64: [0, 1, -5, 4_294_967_296],
  number: [0, 1.5],
  bytes: ['c2hvcA==', ''],
  quantity: ['1Gi', '500m', 1, 0.5, '1e3'],
  intOrString: [80, 'http', '50%'],
  int64OrString: [80, 'http', 4_294_967_296],
  time: ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00+01:00'],
  microTime: ['2026-01-31T12:00:00.000000Z'],
  duration: ['1h30m', '5s'],
  schemaOrBool: [true, {}],
  schemaOrArray: [{}, [{}]],
  schemaOrTexts: [{}, ['a']],
} as const;

function structValue(type: StructType, random: Random, depth: number): object {
  if (depth > deepest) return {};
  const chance = depth < 2 ? 0.8 : depth < 4 ? 0.35 : 0.25;
  const fields = [...type.fields()].filter(
    ([name, field]) =>
      field.until === undefined && name !== 'apiVersion' && name !== 'kind' && random() < chance,
  );
  return Object.fromEntries(fields.map(([name, field]) => [name, valueOf(field.type, random, depth + 1)]));
}

interface Place {
  readonly holder: Record<string | number, unknown>;
  readonly key: string | number;
  readonly type: FieldType;
  readonly parent: Place | undefined;
  /** Whether the key is the name of a field and not an index or the key of a map. */
  readonly isField: boolean;
}

/** Everything that lies in the object and is described by its schema, the head of the object left out. */
function placesIn(object: object, schema: StructType): readonly Place[] {
  const places: Place[] = [];
  const visit = (value: unknown, type: FieldType, parent: Place | undefined): void => {
    const add = (key: string | number, inner: FieldType, isField: boolean): void => {
      const holder = value as Record<string | number, unknown>;
      const place = { holder, key, type: inner, parent, isField };
      if (parent !== undefined || (key !== 'apiVersion' && key !== 'kind' && key !== 'metadata'))
        places.push(place);
      visit(holder[key], inner, place);
    };
    if (type.is === 'list' && Array.isArray(value))
      value.forEach((_, index) => add(index, type.items, false));
    else if (type.is === 'map' && isRecord(value))
      Object.keys(value).forEach((key) => add(key, type.values, false));
    else if (type.is === 'struct' && isRecord(value)) {
      for (const key of Object.keys(value)) {
        const field = type.fields().get(key);
        if (field !== undefined) add(key, field.type, true);
      }
    }
  };
  visit(object, schema, undefined);
  return places;
}

const wrongValues: readonly unknown[] = [
  'text', '', '5', 'true', 0, 5, -1, 1.5, 3_000_000_000, 1e20, true, false, [], {}, ['a'], [5], { a: 'b' }, null, [null], { a: null },
  '1Gi', 'c2hvcA', '2026-01-31', '2026-01-31T12:00:00Z', '2026-13-31T12:00:00Z', '2026-01-31T12:00:00.000000Z', '1h',
]; // prettier-ignore

const mutations: readonly ((place: Place, random: Random) => void)[] = [
  misspell,
  misspell,
  misplace,
  retype,
  retype,
  ({ holder, key }) => {
    holder[key] = null;
  },
];

/** Makes something wrong at a place that the schema describes. What comes out may, by chance, still be right. */
export function spoil(object: object, schema: StructType, random: Random): void {
  const place = pick(placesIn(object, schema), random);
  if (place !== undefined) pick(mutations, random)?.(place, random);
}

function misspell({ holder, key, isField }: Place, random: Random): void {
  if (!isField || typeof key !== 'string') return;
  const at = Math.floor(random() * key.length);
  const letter = key.charAt(at);
  const wrong = pick(
    [
      key.slice(0, at) + key.slice(at + 1),
      key.slice(0, at) + letter + key.slice(at),
      key.charAt(0).toUpperCase() + key.slice(1),
      key.toLowerCase(),
      `${key}s`,
      `x${key}`,
      key.replaceAll(/[A-Z]/g, (upper) => `-${upper.toLowerCase()}`),
    ],
    random,
  );
  if (wrong === undefined || wrong === '' || Object.hasOwn(holder, wrong)) return;
  holder[wrong] = holder[key];
  Reflect.deleteProperty(holder, key);
}

/** One level up, or into a neighbour. */
function misplace({ holder, key, parent, isField }: Place, random: Random): void {
  if (!isField) return;
  const neighbours = Object.values(holder).filter((value) => isRecord(value) && value !== holder[key]);
  const target = pick([...neighbours, ...(parent === undefined ? [] : [parent.holder])], random);
  if (!isRecord(target) || Object.hasOwn(target, key)) return;
  (target as Record<string | number, unknown>)[key] = holder[key];
  Reflect.deleteProperty(holder, key);
}

function retype({ holder, key }: Place, random: Random): void {
  holder[key] = structuredClone(pick(wrongValues, random));
}
