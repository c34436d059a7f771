import { detectCredential, isRecord, type JsonRecord } from '#sdk';
import { commandWords, visitPath, withValues } from './redact-container.ts';
import { configValue, secretValue } from './redact-data.ts';
import { blank, madeUp, type InTime } from './stand-in.ts';
import { concealedText, detectNamed, mapRecord, type Walk } from './walk.ts';

/** JSON of which the credentials are taken out. */
interface Redacted {
  readonly value: unknown;
  /** JSON Pointers (RFC 6901) of what was replaced, in the redacted value. */
  readonly replaced: readonly string[];
  /** Those of them of which policies may say something else than of the original. */
  readonly unlike: readonly string[];
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * A copy of an object in which no credential stands that daygate knows of: made-up ones of the same kind stand in.
 * The data of Secrets goes whole, and so do documents in ConfigMaps in which something was found. managedFields,
 * which repeat the names of all fields, are left out.
 *
 * @param inTime is asked again and again, and ends it by throwing
 * @throws RangeError where the object is nested too deeply
 */
export function redactObject(object: unknown, inTime: InTime): Redacted {
  const walk: Walk = { replaced: [], unlike: [], secrets: new Set(), inTime };
  const value = redactRoot(object, walk);
  return { value: withoutRepeats(value, walk), replaced: walk.replaced, unlike: walk.unlike };
}

function redactRoot(object: unknown, walk: Walk): unknown {
  if (!isRecord(object)) return visit(object, '', '', walk);
  const { kind } = object;
  const own = (key: string, value: unknown, pointer: string): unknown => {
    if (kind === 'Secret' && (key === 'data' || key === 'stringData'))
      return mapEntries(value, pointer, walk, (text, at) => secretValue(text, key, at, walk));
    if (kind === 'ConfigMap' && (key === 'data' || key === 'binaryData'))
      return mapEntries(value, pointer, walk, (text, at, name) =>
        typeof text === 'string' ? configValue(name, text, key, at, walk) : visit(text, name, at, walk),
      );
    return visit(value, key, pointer, walk);
  };
  return mapRecord(object, '', walk, own);
}

function visit(value: unknown, key: string, pointer: string, walk: Walk): unknown {
  if (typeof value === 'string') return visitText(value, key, pointer, walk);
  if (typeof value === 'number') {
    // A password of digits, without its quotes.
    return detectCredential({ name: key, value: String(value) }) === undefined
      ? value
      : visitText(String(value), key, pointer, walk);
  }
  if (Array.isArray(value)) return visitList(value, key, pointer, walk);
  if (!isRecord(value)) return value;
  const { name } = value;
  const words = commandWords(value, pointer, walk);
  return mapRecord(value, pointer, walk, (field, inner, at) => {
    const clean = field === 'command' || field === 'args' ? words[field] : undefined;
    if (clean !== undefined) return clean;
    if (field === 'value' && typeof inner === 'string' && typeof name === 'string') {
      // Of a header; variables come as a list.
      return visitText(inner, name, at, walk);
    }
    if (field === 'path' && key === 'httpGet' && typeof inner === 'string') return visitPath(inner, at, walk);
    return visit(inner, field, at, walk);
  });
}

function visitText(text: string, key: string, pointer: string, walk: Walk): string {
  if (key === lastApplied) return visitLastApplied(text, pointer, walk);
  // Charts keep the hash of a Secret there, so that pods restart with it.
  if (key.startsWith('checksum/') && /^[\da-f]{32,128}$/i.test(text)) return text;
  // The part before the slash of an annotation is a domain and says nothing about the value.
  const name = key.slice(key.lastIndexOf('/') + 1);
  return concealedText(text, pointer, (one) => detectNamed(name, one), walk);
}

/** The copy that `kubectl apply` keeps of the object. */
function visitLastApplied(text: string, pointer: string, walk: Walk): string {
  walk.replaced.push(pointer);
  let copy: unknown;
  try {
    copy = JSON.parse(text);
  } catch {
    walk.unlike.push(pointer);
    return blank;
  }
  const inner: Walk = { ...walk, replaced: [], unlike: [] };
  return JSON.stringify(redactRoot(copy, inner));
}

function visitList(list: readonly unknown[], key: string, pointer: string, walk: Walk): unknown {
  const values = key === 'env' || key === 'httpHeaders' ? withValues(list, key, pointer, walk) : list;
  return values.map((item, index) => {
    const at = `${pointer}/${index}`;
    // Their values are done.
    if (values !== list && isRecord(item) && typeof item['value'] === 'string') {
      const { value, ...rest } = item;
      return { ...(visit(rest, key, at, walk) as JsonRecord), value };
    }
    return visit(item, key, at, walk);
  });
}

function mapEntries(
  value: unknown,
  pointer: string,
  walk: Walk,
  change: (value: unknown, pointer: string, key: string) => unknown,
): unknown {
  if (!isRecord(value)) return value === null || value === undefined ? value : change(value, pointer, '');
  return mapRecord(value, pointer, walk, (key, inner, at) => change(inner, at, key));
}

/** What looks made by a machine. A password that is a word cannot be told from the word where it stands elsewhere. */
function isUnmistakable(secret: string): boolean {
  return secret.length >= 8 && /\d/.test(secret) && /[a-z]/i.test(secret);
}

/** Takes out what was found in one place wherever else it stands. */
function withoutRepeats(value: unknown, { secrets, inTime }: Walk): unknown {
  const unmistakable = [...secrets].filter(isUnmistakable).sort((a, b) => b.length - a.length);
  if (unmistakable.length === 0) return value;
  const clean = (text: string): string => {
    inTime();
    return unmistakable.reduce(
      (rest, secret) => (rest.includes(secret) ? rest.replaceAll(secret, madeUp) : rest),
      text,
    );
  };
  const visitAll = (inner: unknown): unknown => {
    if (typeof inner === 'string') return clean(inner);
    if (Array.isArray(inner)) return inner.map(visitAll);
    if (!isRecord(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, one]) => [clean(key), visitAll(one)]));
  };
  return visitAll(value);
}
