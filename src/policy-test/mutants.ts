import { isRecord, type Path } from '#sdk';

/** What may stand anywhere in an object that nobody has checked yet. */
const wrongValues: readonly unknown[] = [
  null,
  5,
  'x',
  true,
  [],
  {},
  [null],
  // Keys that every JavaScript object inherits; written as text, __proto__ becomes a key like any other.
  JSON.parse('{"__proto__": {"a": "b"}, "constructor": "x", "toString": null, "hasOwnProperty": 1}'),
];

/** Long texts that cost an expression with a quadratic run time seconds. */
function longTexts(length: number): readonly string[] {
  const words = ['a', ' ', '0', 'a/', '://', '-.', 'Aa0+='];
  return words.map((word) => word.repeat(length / word.length).concat('!'));
}

/** Copies of the object, each with one node replaced by something that does not belong there. */
export function* mutants(object: object): Generator<object> {
  for (const path of paths(object)) {
    for (const value of wrongValues) yield replaceAt(object, path, value) as object;
  }
}

/** Copies of the object, each with one text replaced by one that is far too long. */
export function* longMutants(object: object, length: number): Generator<object> {
  const texts = longTexts(length);
  for (const path of paths(object)) {
    if (typeof valueAt(object, path) !== 'string' || path[0] === 'apiVersion' || path[0] === 'kind') continue;
    for (const text of texts) yield replaceAt(object, path, text) as object;
  }
}

function* paths(value: unknown, path: Path = []): Generator<Path> {
  if (path.length > 0) yield path;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* paths(item, [...path, index]);
  } else if (isRecord(value)) {
    for (const [key, item] of Object.entries(value)) yield* paths(item, [...path, key]);
  }
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce((inner, step) => (inner as Record<string | number, unknown>)[step], value);
}

/** Copies only what lies on the way to the change. */
function replaceAt(value: unknown, [step, ...rest]: Path, replacement: unknown): unknown {
  if (step === undefined) return replacement;
  const copy = Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) };
  const holder = copy as Record<string | number, unknown>;
  holder[step] = replaceAt(holder[step], rest, replacement);
  return copy;
}
