import { holdsSecret, scanBytes, scanText, textInBase64 } from '#sdk';
import { blank, emptied, madeUp, madeUpBase64, madeUpKey } from './stand-in.ts';
import { concealedText, detectNamed, type Walk } from './walk.ts';

/** Whether it holds a secret is all that policies ask of a value. */
export function secretValue(
  value: unknown,
  field: 'data' | 'stringData',
  pointer: string,
  walk: Walk,
): unknown {
  if (value === '' || value === null) return value;
  walk.replaced.push(pointer);
  if (typeof value !== 'string') {
    walk.unlike.push(pointer);
    return blank;
  }
  walk.secrets.add(value);
  const text = field === 'data' ? textInBase64(value) : undefined;
  if (text !== undefined) walk.secrets.add(text);
  if (!holdsSecret(field, value)) return '{{ redacted }}';
  return field === 'data' ? madeUpBase64 : madeUp;
}

/** A document goes whole where something was found in it: who has one credential in it may have others. */
export function configValue(name: string, value: string, field: string, pointer: string, walk: Walk): string {
  const text = field === 'binaryData' ? textInBase64(value) : value;
  if (text === undefined) {
    if (scanBytes(value).length === 0) return bytes(pointer, walk);
    walk.secrets.add(value);
    walk.replaced.push(pointer);
    return madeUpKey;
  }
  const found = scanText(name, text);
  if (found.length > 0 && text.includes('\n')) {
    for (const { secret } of found) walk.secrets.add(secret());
    const { text: clean, isAlike } = emptied(
      text,
      found,
      (document) => scanText(name, document),
      walk.inTime,
    );
    walk.replaced.push(pointer);
    if (!isAlike) walk.unlike.push(pointer);
    return field === 'binaryData' ? inBase64(clean) : clean;
  }
  const after = concealedText(text, pointer, (one) => detectNamed(name, one), walk);
  if (field === 'data') return after;
  return after === text ? bytes(pointer, walk) : inBase64(after);
}

/** Policies do not look into bytes, and a keystore is nothing else. */
function bytes(pointer: string, walk: Walk): string {
  walk.replaced.push(pointer);
  return inBase64('redacted');
}

function inBase64(text: string): string {
  return Buffer.from(text).toString('base64');
}
