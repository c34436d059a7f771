/** Objects with canaries: made-up credentials that no output may repeat. */
import { isRecord } from '#sdk';

/** What a detector knows by its form, so that it may stand anywhere, also in names and keys. */
export const token = ['gh', 'p_', 'CANARYcanary'.repeat(3)].join('');
/** What nothing knows for a credential: it stays inside only because nobody repeats values. */
export const word = 'kanarienvogel';

export type Plant = (object: unknown) => unknown;

/** Every string of the object, whatever it means, but what says which kind of object it is. */
const everyValue: Plant = (object) => mapTree(object, (value) => value, () => token); // prettier-ignore
/** The same with something before it: a name that has become longer. */
const everyEnd: Plant = (object) => mapTree(object, (value) => value, (value) => `${value}-${token}`); // prettier-ignore
/** Every name of a field that people choose, and fields that do not exist. */
const everyKey: Plant = (object) =>
  mapTree(object, (value) => ({ ...value, [token]: 'x', [`a ${token}`]: [token] }), (value) => value); // prettier-ignore
/** A credential where Kubernetes wants a number or a boolean. */
const everyNumber: Plant = (object) =>
  mapTree(object, (value) => value, (value) => value, () => token); // prettier-ignore

/** Places in which people put credentials, and what they hold. */
const credentialPlaces: ReadonlySet<string> = new Set(
  'env args command httpHeaders annotations data stringData binaryData'.split(' '),
);

/** The word as the value of every place that may hold a credential. */
const everyCredential: Plant = (object) => plantWord(object, '', false);

function plantWord(value: unknown, key: string, isInside: boolean): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => plantWord(item, key, isInside));
  if (typeof value === 'string') {
    // The name of a variable, header or key is no credential.
    if (!isInside || key === 'name' || key === 'key') return value;
    return key === 'binaryData' ? btoa(word) : word;
  }
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const isPlace = isInside || credentialPlaces.has(name);
      // Values of a map of data keep the name of the map.
      const known = key === 'binaryData' && isInside ? key : name;
      return [name, plantWord(inner, known, isPlace)];
    }),
  );
}

export const plants: Readonly<Record<string, Plant>> = {
  everyValue,
  everyEnd,
  everyKey,
  everyNumber,
  everyCredential,
};

function mapTree(
  object: unknown,
  ofRecord: (value: Record<string, unknown>) => Record<string, unknown>,
  ofText: (value: string) => string,
  ofNumber: (value: unknown) => unknown = (value) => value,
): unknown {
  const visit = (value: unknown, depth: number): unknown => {
    if (Array.isArray(value)) return value.map((item: unknown) => visit(item, depth + 1));
    if (typeof value === 'string') return ofText(value);
    if (typeof value === 'number' || typeof value === 'boolean') return ofNumber(value);
    if (!isRecord(value)) return value;
    const entries = Object.entries(value).map(([key, inner]) => {
      const isType = depth === 0 && (key === 'apiVersion' || key === 'kind');
      return [key, isType ? inner : visit(inner, depth + 1)] as const;
    });
    return ofRecord(Object.fromEntries(entries));
  };
  return visit(object, 0);
}

/** The places of an output that repeat a canary, without the canary; empty where there is none. */
export function leaks(output: string): readonly string[] {
  const hidden = output
    .replaceAll(token, '‹TOKEN›')
    .replaceAll(word, '‹WORD›')
    .replaceAll(btoa(word), '‹BASE64›');
  const places = [...hidden.matchAll(/‹(?:TOKEN|WORD|BASE64)›/g)];
  return [...new Set(places.map(({ index }) => hidden.slice(Math.max(0, index - 120), index + 50)))];
}
