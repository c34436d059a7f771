import { isRecord, redact, text, type JsonRecord } from '#sdk';
import type { PatchOperation } from '../engine/json-patch.ts';
import { pointerSteps } from '../engine/locate.ts';
import { placeOfField, type SecretPlace } from '../engine/secret-fields.ts';

const mask = '•••';

/** Values as they may be shown: what could be a credential of the object is masked. */
export interface Mask {
  /** A value that the object has, or that a policy has written. */
  value(value: unknown, place: SecretPlace): unknown;
  patch(patch: readonly PatchOperation[]): readonly PatchOperation[];
}

/** @param object as it is: what a policy writes itself where credentials may stand is none of them */
export function maskOf(object: unknown): Mask {
  let whole: string | undefined;
  const isOfObject = (value: string): boolean => {
    whole ??= JSON.stringify(object);
    return whole.includes(JSON.stringify(value).slice(1, -1));
  };

  function value(inner: unknown, place: SecretPlace): unknown {
    if (typeof inner === 'string') return place === 'secret' && isOfObject(inner) ? mask : redact(inner);
    if (Array.isArray(inner)) return inner.map((item: unknown) => value(item, place));
    if (isRecord(inner))
      return Object.fromEntries(
        Object.entries(inner).map(([key, field]) => [
          redact(key),
          value(field, placeBelow(place, key, field, inner)),
        ]),
      );
    return place === 'secret' && inner !== null ? mask : inner;
  }

  return {
    value,
    patch: (patch) =>
      patch.map(({ op, path, ...rest }) => ({
        op,
        path: redact(path),
        ...('value' in rest ? { value: value(rest.value, placeAt(path, rest.value)) } : {}),
      })),
  };
}

/** The place of a field's value in a table. */
export function placeBelow(above: SecretPlace, key: string, value: unknown, table: JsonRecord): SecretPlace {
  const isScalar = typeof value !== 'object' || value === null;
  return placeOfField(above, key, text(value), isScalar, text(table['name']));
}

function placeAt(path: string, value: unknown): SecretPlace {
  const steps = pointerSteps(path);
  return steps.reduce<SecretPlace>((place, step, index) => {
    const isLast = index === steps.length - 1;
    // Of a list the position says nothing.
    return /^(?:\d+|-)$/.test(step) ? place : placeBelow(place, step, isLast ? value : steps, {});
  }, 'open');
}
